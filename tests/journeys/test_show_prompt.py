"""`show-prompt` tells the truth: what it prints is what a model then receives, whatever the commit holds."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from commits import lines
from hostile_commits import BIDI, FENCES, HIDDEN, TERMINAL
from loopback_model import LoopbackModel, Request
from planted import PLANTED
from processes import Site, table
from repositories import Header, Origin

NAME, DAY = "example/project", "2026-01-09"
FENCE = re.compile(r"\b[0-9a-f]{16}\b")
"""The mark around data, drawn anew for each prompt."""


@dataclass(frozen=True)
class Shown:
    """What was printed of a commit before a model saw it, and what the model was asked then."""

    printed: str
    asked: list[Request]


def _small(origin: Origin) -> str:
    text = "\n".join([FENCES, BIDI, HIDDEN, TERMINAL, PLANTED["openai"][0]])
    return origin.commit(f"fix: {TERMINAL}\n\n{text}", {"engine/a.py": f'NOTE = """\n{text}\n"""\n'})


def _large(origin: Origin) -> str:
    files = {f"engine/part_{number}.py": lines(400, f"value{number}") for number in range(8)}
    return origin.commit(f"feat!: remove API\n\n{FENCES}", files)


def _shown(folder: Path, *, large: bool) -> Shown:
    origin = Origin(folder / "origin.git")
    origin.commit("Begin", {"README.md": "An engine.\n"}, header=Header(authored="1767800000 +0800"))
    sha = (_large if large else _small)(origin)
    with LoopbackModel() as model:
        terms = {"LLM_MODEL": "openai/any", "LLM_API_BASE": model.url, "LLM_MAX_INPUT_TOKENS": 8000}
        with Site(folder, tables=[table(NAME, origin)], **terms) as site:
            printed = site.run("show-prompt", NAME, sha)
            assert (printed.code, model.requests) == (0, []), printed.err
            done = site.run("backfill", NAME, "--since", DAY, "--until", DAY)
            assert done.code == 0, done.err
        return Shown(printed.out, list(model.requests))


@pytest.fixture(scope="module", params=[False, True], ids=["one prompt", "several parts"])
def shown(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Shown:
    return _shown(tmp_path_factory.mktemp("shown"), large=request.param)


def _told(request: Request) -> str:
    return "".join(f"--- {message['role']}\n{message['content']}\n" for message in request["messages"])


def test_what_is_printed_is_what_is_sent_first(shown: Shown) -> None:
    printed, asked = FENCE.sub("", shown.printed), [FENCE.sub("", _told(each)) for each in shown.asked]
    parts = len(asked) - 1 if len(asked) > 1 else 1
    assert printed == "".join(asked[:parts])


def test_nothing_that_is_sent_was_not_printed(shown: Shown) -> None:
    """But what a model itself said of the parts, which the last prompt joins."""
    if len(shown.asked) == 1:
        return
    assert len(shown.asked) > 2
    *_, last = shown.asked
    assert "value7_399" not in _told(last)
    assert "value7_399" in shown.printed


def test_what_is_printed_drives_no_terminal_and_holds_no_secret(shown: Shown) -> None:
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b]", shown.printed)
    assert PLANTED["openai"][1] not in shown.printed
