"""Names, refs, shas and URLs that would be options, paths or commands: git gets to see none of them."""

import json
import os
import re
import shlex
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from processes import Site, table
from promises import SECRETS
from pushes import payload, signed
from recording_git import RecordingGit
from repositories import Origin
from waiting import until

NAME, OPTION_LIKE = "example/project", "example/--exec"
"""GitHub allows the second one."""
CANARY = "canary7f3d"
"""Stands in everything hostile."""
HOSTILE = [
    f"--upload-pack=touch {CANARY}",
    f"--output={CANARY}",
    f"-c{CANARY}",
    f"../../{CANARY}",
    f"/etc/{CANARY}",
    f"ext::sh -c touch% {CANARY}",
    f"file:///srv/{CANARY}.git",
    f"$(touch {CANARY})",
    f"`touch {CANARY}`",
    f"; touch {CANARY}",
    f"{CANARY}\nHEAD",
    f"HEAD:{CANARY}",
    f"@{{u}}{CANARY}",
]
BRANCHES = [f"--upload-pack={CANARY}", f"-{CANARY}", f"--{CANARY}/main"]
"""Such branches there can be, and they are read like any other."""
URLS = ("clone_url", "git_url", "ssh_url", "svn_url", "url", "html_url", "mirror_url", "git_refs_url")
OURS = re.compile(r"\^?[0-9a-f]{40}|HEAD|refs/heads/\*|\+refs/heads/\*:refs/heads/\*|--")
"""What may follow `--end-of-options`, beside the URLs of the settings."""


@dataclass(frozen=True)
class Town:
    """A site whose git is recorded, after it was told everything hostile."""

    site: Site
    git: RecordingGit
    origin: Origin
    shas: dict[str, str]
    """Branch -> its own commit."""
    answers: dict[str, int]
    """What was said -> the status of the answer."""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("names")
    origin, git = Origin(folder / "origin.git"), RecordingGit(folder / "recorded")
    before = origin.commit("Begin", {"a.py": "x = 1\n"})
    patterns = ["*", f"--upload-pack={CANARY}", f"../{CANARY}", f"$({CANARY})"]
    tables = [table(NAME, origin, branches=patterns, poll="1h"), table(OPTION_LIKE, origin, poll="1h")]
    with Site(folder, tables=tables, PATH=f"{git.folder}:{os.environ['PATH']}") as site:
        site.start("web", "worker", "clock")
        until(lambda: site.shop.agenda.branch(NAME, "main").cursor == before, what="the first walk")
        shas = {
            branch: origin.commit(
                f"Go on with {number}", {"a.py": f"x = {number}\n"}, branch=branch, parents=[before]
            )
            for number, branch in enumerate(("main", *BRANCHES), start=2)
        }
        answers = _tell(site, payload(NAME, origin, before))
        for branch in BRANCHES:  # of which nothing is known yet: they start at the payload's `before`
            answers[branch] = _deliver(site, payload(NAME, origin, before, branch))
        for name in (NAME, OPTION_LIKE):
            answers[name] = _deliver(site, payload(name, origin, before))
        site.until_all(NAME, shas.values())
        site.until_all(OPTION_LIKE, [shas["main"]])
        _read(site, answers)
        _command(site, answers)
        yield Town(site, git, origin, shas, answers)


def _tell(site: Site, push: dict[str, Any]) -> dict[str, int]:
    """Deliveries with one hostile part each."""
    answers = {}
    for hostile in HOSTILE:
        owner = push["repository"] | {"full_name": hostile}
        branch = push["repository"] | {"default_branch": hostile}
        elsewhere = push["repository"] | dict.fromkeys(URLS, hostile)
        commit = {"id": hostile, "message": "m", "timestamp": "2026-01-09T11:00:00Z"}
        parts: dict[str, dict[str, Any]] = {
            "repository": {"repository": owner},
            "owner and repository": {
                "repository": push["repository"] | {"full_name": f"{hostile}/{hostile}"}
            },
            "default branch": {"repository": branch, "ref": f"refs/heads/{hostile}"},
            "ref": {"ref": hostile},
            "branch": {"ref": f"refs/heads/{hostile}"},
            "before": {"before": hostile},
            "after": {"after": hostile},
            "commit": {"commits": [commit]},
            "urls": {"repository": elsewhere, "compare": hostile, "commits": []},
        }
        for part, fields in parts.items():
            answers[f"{part} {hostile}"] = _deliver(site, push | fields)
    return answers


def _deliver(site: Site, push: dict[str, Any]) -> int:
    body = json.dumps(push).encode()
    headers = signed(body, SECRETS["GITHUB_WEBHOOK_SECRET"], str(uuid.uuid4()))
    return site.ask("POST", "/webhooks/github", body=body, headers=headers).status


def _read(site: Site, answers: dict[str, int]) -> None:
    for hostile in map(quote, HOSTILE):
        for address in (
            f"/commits/{NAME}/{hostile}",
            f"/commits/{hostile}/x/{'f' * 40}",
            f"/reports/{hostile}/x/2026-01-09",
        ):
            answers[address] = site.get(address).status


def _command(site: Site, answers: dict[str, int]) -> None:
    commands = [
        shlex.join(command)
        for hostile in HOSTILE[:6]
        for command in (
            ["show-prompt", NAME, "--", hostile],
            ["show-prompt", "--", hostile, "f" * 40],
            ["backfill", "--since", "2026-01-09", "--", hostile],
            ["backfill", NAME, "--since", "2026-01-09", "--url", hostile],
            ["retry", NAME, "--", hostile],
        )
    ]
    for command, done in zip(
        commands, site.run_all((command, {"LLM_MODEL": "openai/none"}) for command in commands), strict=True
    ):
        answers[command] = done.code


def test_each_is_refused_or_ignored_and_the_real_ones_are_taken(town: Town) -> None:
    assert set(town.answers.values()) <= {1, 2, 200, 202, 400, 404}
    refused = [said for said in town.answers if said.startswith(("commit ", "before ", "after "))]
    assert {town.answers[said] for said in refused} == {400}
    ignored = [said for said in town.answers if said.startswith(("repository ", "owner ", "ref "))]
    assert {town.answers[said] for said in ignored} == {200}
    assert [town.answers[name] for name in (NAME, OPTION_LIKE, *BRANCHES)] == [202] * 5
    assert {code for said, code in town.answers.items() if said.startswith(("show", "back", "retry"))} == {
        1,
        2,
    }


def test_git_got_to_see_none_of_them(town: Town) -> None:
    seen = town.git.arguments()
    assert set(town.shas.values()) <= {argument.removesuffix("^{commit}") for argument in seen}, (
        "it was not recorded"
    )
    assert [argument for argument in seen if CANARY in argument] == []
    assert [argument for argument in seen if argument.startswith("--exec")] == []


def test_every_url_that_git_got_is_the_settings_one(town: Town) -> None:
    seen = town.git.arguments()
    assert {argument for argument in seen if "::" in argument or "://" in argument} == {town.origin.url}
    following = [seen[place + 1] for place, argument in enumerate(seen) if argument == "--end-of-options"]
    assert following
    assert [each for each in following if each != town.origin.url and not OURS.fullmatch(each)] == []


def test_nothing_that_they_ask_for_was_done(town: Town) -> None:
    assert [*town.site.folder.parent.rglob(CANARY), *Path.cwd().glob(f"*{CANARY}*")] == []
