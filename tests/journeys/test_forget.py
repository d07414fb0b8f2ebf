"""A repository that was pushed, analysed and published, and is then forgotten: on disk too."""

from pathlib import Path

import traces
from processes import Site, table
from repositories import Origin
from waiting import until

NAME = "example/project"


def test_no_trace_is_left_in_the_server_or_under_data_dir(tmp_path: Path) -> None:
    origin = Origin(tmp_path / "origin.git")
    before = origin.commit("Begin", {"a.py": "x = 0\n"})
    shas = [origin.commit(f"fix: number {number}", {"a.py": f"x = {number}\n"}) for number in (1, 2)]
    words = [NAME, before[:12], *(sha[:12] for sha in shas)]
    with Site(tmp_path, tables=[table(NAME, origin)]) as site:
        data = site.folder / "var"
        site.start("web", "worker", "clock")
        assert site.push(NAME, origin, before).status == 202
        site.until_all(NAME, shas)
        until(lambda: site.shop.agenda.branch(NAME, "main").cursor == shas[-1], what="the walk")
        site.stop("web", "clock")
        assert len(traces.in_server(site.server.url, words)) > 10
        assert len(traces.in_folder(data, words)) > 2

        nobody = site.run("forget", NAME)
        assert (nobody.code, nobody.out) == (1, "")
        assert nobody.err.endswith("\npushdigest: nothing is removed without an answer; --yes does not ask\n")
        commands = (f"forget {NAME}", f"forget {NAME} --yes", f"forget {NAME} --yes")
        asked, done, again = site.run_all((command, {}) for command in commands)
        assert (asked.code, asked.out) == (1, "")
        assert "Remove example/project with 2 commits on 1 day, for good?" in asked.err
        assert (done.code, done.err) == (0, "")
        assert done.out.splitlines() == [
            "example/project is forgotten: 2 commits on 1 day",
            "Its mirror on this machine is gone; on other machines, run the same command.",
            "It is still in the settings, so it is followed again, from its head on: take it out there.",
        ]
        assert again.err == f"pushdigest: nothing is kept of {NAME}\n"
        assert traces.in_server(site.server.url, words) == []
        until(lambda: not traces.in_folder(data, words), what="the end of the old file")
