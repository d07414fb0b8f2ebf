"""A move from one server to another by a file: the new one goes on where the old one stopped."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from landings import make_landed
from moving import without_expiry
from processes import Site, table
from repositories import Origin

from analysis.storage.entry import Source, State

NAME = "example/project"
DAY = "2026-01-09"


def site(folder: Path, origin: Origin) -> Site:
    folder.mkdir()
    terms = {"REPORT_TIMEZONE": "UTC", "BASE_URL": "https://digest.example.org"}
    return Site(folder, tables=[table(NAME, origin, poll="1s")], **terms)


READ = tuple(f"digest {DAY} --format {form}" for form in ("markdown", "html", "json"))


def said(site: Site, *commands: str) -> list[str]:
    """What commands print, one after the other: output, then errors."""
    done = site.run_all((command, {}) for command in commands)
    assert [each.code for each in done] == [0] * len(commands)
    return [each.out + each.err for each in done]


def test_a_new_server_goes_on_where_the_old_one_stopped(tmp_path: Path) -> None:
    origin, file = Origin(tmp_path / "origin.git"), tmp_path / "all.jsonl"
    origin.commit("Begin", {"a.py": "x = 0\n"})
    seen = origin.commit("fix: answer in time", {"a.py": "x = 1\n"})
    with site(tmp_path / "old", origin) as old:
        assert old.run("backfill", NAME, "--since", DAY, "--until", DAY).code == 0
        waits = origin.commit("feat: wait", {"a.py": "x = 2\n"})
        landed = [(make_landed("waits", sha=waits), datetime.now(UTC))]
        old.shop.ledger.record_landed(NAME, "main", landed, source=Source.POLL)
        old.shop.agenda.advance(NAME, "main", cursor=None, head=waits)
        nothing, text, *before = said(old, f"export -o {file}", f"export {NAME.upper()}", *READ)
        written = file.read_text(encoding="utf-8").splitlines()
        assert file.stat().st_mode & 0o777 == 0o600
        assert (nothing, [path.name for path in tmp_path.glob("all*")]) == ("", ["all.jsonl"])
        assert without_expiry(text.splitlines()[1:]) == without_expiry(written[1:])
    missed = origin.commit("feat: while we moved", {"a.py": "x = 3\n"})
    with site(tmp_path / "new", origin) as new:
        piped = [sys.executable, "-m", "workers", "import", "-"]
        done = subprocess.run(
            piped, input=text, cwd=new.folder, env=new.environment, text=True, capture_output=True, check=True
        )
        assert (done.stdout, done.stderr) == ("", "3 commits are new, 0 completed, 0 known already\n")
        *after, again = said(new, *READ, f"import {file}")
        assert after == before
        assert again == "0 commits are new, 0 completed, 3 known already\n"

        new.start("worker", "clock")
        one, other = new.until_all(NAME, [waits, missed])
        assert (one.day, other.day) == (new.today, new.today)
        assert (one.source, other.source) == (Source.POLL, Source.POLL)
        known = new.entry(NAME, seen)
        assert known is not None
        assert (str(known.day), known.state) == (DAY, State.ANALYSED)


def test_an_export_that_fails_leaves_the_last_one_alone(tmp_path: Path) -> None:
    origin, file = Origin(tmp_path / "origin.git"), tmp_path / "backup.jsonl"
    origin.commit("Begin", {"a.py": "x = 0\n"})
    file.write_text("yesterday's", encoding="utf-8")
    with site(tmp_path / "site", origin) as one:
        one.server.stop()
        done = one.run("export", "-o", str(file))
        assert (done.code, done.out, done.err.count("\n")) == (1, "", 1)
        assert file.read_text(encoding="utf-8") == "yesterday's"
        one.server.start()
        assert one.run("export", "-o", str(file)).code == 0
    header, end = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    assert (header["counts"]["entries"], end) == (0, {"kind": "end", "lines": 1})
