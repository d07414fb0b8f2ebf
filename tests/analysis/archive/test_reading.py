"""Exports that are damaged, cut off or too new: the line is named, and nothing before it is lost."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from builders import REPOSITORY
from estate import furnish
from invariants import assert_sound, snapshot
from moving import LATER, exported, imported

from analysis.archive.export import Export
from analysis.archive.reading import LONGEST, DamagedLine, NewerExport, read_lines
from analysis.archive.restore import Restore
from analysis.storage.ledger import Ledger
from analysis.storage.removal import NothingKept
from analysis.storage.schema import SCHEMA

Lines = list[str]


def changed(line: str, **fields: Any) -> str:
    return json.dumps(json.loads(line) | fields)


def without(line: str, name: str) -> str:
    return json.dumps({key: value for key, value in json.loads(line).items() if key != name})


DAMAGE: dict[str, tuple[Callable[[str], str], str]] = {
    "half a line": (lambda line: line[: len(line) // 2], "Invalid JSON"),
    "another kind": (lambda line: changed(line, kind="party"), "no line of ours is of the kind 'party'"),
    "no kind": (lambda line: without(line, "kind"), "it does not say of which kind it is"),
    "no day": (lambda line: without(line, "day"), "entry.day: Field required"),
    "another sha": (lambda line: changed(line, sha="../../etc"), "entry.sha: String should match pattern"),
    "another name": (lambda line: changed(line, repository="a b"), "entry.repository: String should match"),
    "a state that is none": (lambda line: changed(line, state="lost"), "entry.state: Input should be"),
    "a list": (lambda line: f"[{line}]", "Input should be"),
    "empty": (lambda _: "", "Invalid JSON"),
}


@pytest.mark.parametrize("how", DAMAGE)
def test_a_damaged_line_is_named_and_what_came_before_it_stays(
    ledger: Ledger, target: Ledger, how: str
) -> None:
    furnish(ledger)
    lines = exported(ledger)
    number = [index for index, line in enumerate(lines) if '"kind":"entry"' in line][5]
    damage, reason = DAMAGE[how]
    with pytest.raises(DamagedLine) as told:
        imported(target, [*lines[:number], damage(lines[number]), *lines[number + 1 :]])
    message = str(told.value)
    assert message.startswith(f"line {number + 1}: ")
    assert message.endswith("(the lines before it are imported)")
    assert (reason in message, message.count("\n"), len(message) < 300) == (True, 0, True)
    found = [entry for day in target.days(REPOSITORY) for entry in target.day(REPOSITORY, day)]
    assert len(found) == 5
    assert imported(target, lines).unchanged == 5
    assert_sound(target)


def test_a_url_that_git_may_not_be_given_is_damage(ledger: Ledger, target: Ledger) -> None:
    furnish(ledger)
    lines = exported(ledger)
    number = next(index for index, line in enumerate(lines) if '"kind":"url"' in line)
    lines[number] = changed(lines[number], url="ext::sh -c touch% /tmp/x")
    with pytest.raises(DamagedLine, match=rf"line {number + 1}: url.url: .* is no URL git may be given"):
        imported(target, lines)
    assert target.urls() == {}


def test_bytes_that_are_no_text_are_damage(ledger: Ledger, target: Ledger) -> None:
    furnish(ledger)
    header, *_ = exported(ledger)
    with pytest.raises(DamagedLine, match="line 2: Invalid JSON"):
        Restore.into(target, LATER).run(io.BytesIO(header.encode() + b'\n{"kind":"\xff"}\n'))


@pytest.mark.parametrize("first", ["", "{}", "not ours", '{"kind":"entry"}', "[]", '{"kind":"header"}'])
def test_what_does_not_begin_like_an_export_is_none(target: Ledger, first: str) -> None:
    with pytest.raises(DamagedLine, match="line 1: no export of pushdigest begins like this"):
        imported(target, [first])
    assert snapshot(target.redis) == {}


def test_a_newer_export_is_refused_untouched(ledger: Ledger, target: Ledger) -> None:
    furnish(ledger)
    header, *rest = exported(ledger)
    with pytest.raises(NewerExport) as refused:
        imported(target, [changed(header, schema=SCHEMA + 1), *rest])
    line = f"this export was written by a newer pushdigest (schema {SCHEMA + 1}); upgrade"
    assert (str(refused.value), snapshot(target.redis)) == (line, {})


def test_an_older_export_is_taken(ledger: Ledger, target: Ledger) -> None:
    furnish(ledger)
    header, *rest = exported(ledger)
    assert imported(target, [changed(header, schema=1), *rest]).new == 13


@pytest.mark.parametrize(
    ("cut", "message"),
    [
        (lambda lines: lines[:-1], "is the last, but not the end: the rest is missing"),
        (lambda lines: lines[:1], "line 1 is the last, but not the end"),
        (lambda lines: [*lines[:4], *lines[5:]], "lines came before it, now"),
        (lambda lines: [*lines, lines[3]], "nothing may follow the end"),
    ],
)
def test_an_export_that_is_not_whole_is_told(
    ledger: Ledger, target: Ledger, cut: Callable[[Lines], Lines], message: str
) -> None:
    furnish(ledger)
    with pytest.raises(DamagedLine, match=message):
        imported(target, cut(exported(ledger)))


def test_a_line_without_an_end_does_not_fill_the_memory(ledger: Ledger) -> None:
    furnish(ledger)
    header, *_ = exported(ledger)
    endless = io.BytesIO(header.encode() + b"\n" + b"x" * (LONGEST + 10))
    (damaged,) = read_lines(endless)
    assert str(damaged) == "line 2: longer than 64 MB"


def test_a_repository_of_which_nothing_is_kept_is_not_exported(ledger: Ledger) -> None:
    furnish(ledger)
    with pytest.raises(NothingKept, match=r"^nothing is kept of octo/nobody$"):
        exported(ledger, "octo/nobody")
    assert Export.of(ledger, [], LATER).repositories == ("octo/engine", "octo/other", "octo/quiet")
