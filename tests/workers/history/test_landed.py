"""What a walk says of each commit, whatever its header holds."""

from datetime import UTC

import pytest
from mirrors import NOTHING, subjects, walked
from repositories import Header, Origin

from analysis.models import Landed
from workers.history import Mirror


def test_a_commit_says_who_and_when_with_its_own_offset(origin: Origin, mirror: Mirror) -> None:
    cursor = origin.commit("Begin")
    header = Header("Ada Lovelace <ada@example.org>", "1767916800 -0330", "1767920400 +0545")
    head = origin.commit("One line\nand its second\n\nThe body", header=header)
    mirror.fetch()
    (landed,) = walked(mirror, head, cursor=cursor, known=NOTHING)
    assert landed.subject == "One line and its second"
    assert landed.author == "Ada Lovelace"
    assert landed.authored_at.isoformat() == "2026-01-08T20:30:00-03:30"
    assert landed.committed_at.isoformat() == "2026-01-09T06:45:00+05:45"


def test_other_encodings_and_no_encoding_at_all_become_text(origin: Origin, mirror: Mirror) -> None:
    cursor = origin.commit("Begin")
    latin = Header("Ren\xe9 <r@example.org>".encode("latin-1"), encoding="ISO-8859-1")
    origin.commit("\xe9cole".encode("latin-1"), header=latin)
    origin.commit("数据".encode("gbk"), header=Header(encoding="GBK"))
    origin.commit(b"\xe9cole")
    origin.commit(b"\xe9cole", header=Header(encoding="no-such-encoding"))
    mirror.fetch()
    landed = list(walked(mirror, origin.head(), cursor=cursor, known=NOTHING))
    assert subjects(landed) == ["école", "数据", "\\xe9cole", "\\xe9cole"]
    assert landed[0].author == "René"
    assert [Landed.model_validate_json(commit.model_dump_json()) for commit in landed] == landed


def test_a_mailmap_changes_no_author(origin: Origin, mirror: Mirror) -> None:
    cursor = origin.commit("Begin", {".mailmap": "Somebody Else <one@example.org>\n"})
    head = origin.commit("Go on")
    mirror.fetch()
    assert [commit.author for commit in walked(mirror, head, cursor=cursor, known=NOTHING)] == ["Author One"]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("1767916800 +9999", "2026-01-09T00:00:00+00:00"),
        ("99999999999999 +0000", "9998-12-31T00:00:00+00:00"),
        ("18446744073709551615 +0000", "1970-01-01T00:00:00+00:00"),
        ("-5 +0000", "1970-01-01T00:00:00+00:00"),
        ("", "1970-01-01T00:00:00+00:00"),
        ("1767916800", "1970-01-01T00:00:00+00:00"),
    ],
)
def test_absurd_dates_are_clamped(origin: Origin, mirror: Mirror, raw: str, expected: str) -> None:
    cursor = origin.commit("Begin")
    tree = origin.git("rev-parse", f"{cursor}^{{tree}}")
    ident = f"Author One <one@example.org> {raw}"
    text = f"tree {tree}\nparent {cursor}\nauthor {ident}\ncommitter {ident}\n\nOdd\n"
    head = origin.raw_commit(text.encode())
    mirror.fetch()
    (landed,) = walked(mirror, head, cursor=cursor, known=NOTHING)
    assert landed.authored_at.isoformat() == expected
    assert landed.committed_at.isoformat() == expected
    assert landed.committed_at.astimezone(UTC)
