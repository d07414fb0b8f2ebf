"""What git's pretty formats say of a commit: records of NUL-separated fields, whatever their bytes."""

from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, timezone

from analysis.models import Landed
from analysis.redact import redact

LANDED = "%H%x00%P%x00%an%x00%ad%x00%cd%x00%s"
LANDED_FIELDS, SHA, COMMITTED = 6, 0, 4
OPTIONS = ("-z", "--encoding=UTF-8", "--date=raw", "--no-color", "--no-mailmap")
"""Git itself turns a message in another encoding into UTF-8; `raw` dates are seconds and an offset. A mailmap
would be looked for in the files of HEAD, which our repositories do not have."""

LONGEST, LONGEST_LINE = 65_536, 1_000
"""Bytes of a body, and of a name or a subject; whoever commits may write as much as they like."""
EARLIEST, LATEST = 0, int(datetime(9998, 12, 31, tzinfo=UTC).timestamp())
MINUTES = 60


def records(chunks: Iterable[bytes], fields: int) -> Iterator[tuple[bytes, ...]]:
    """A stream of `-z` records, each of that many fields."""
    rest, record = b"", list[bytes]()
    for chunk in chunks:
        *complete, rest = (rest + chunk).split(b"\0")
        for text in complete:
            record.append(text)
            if len(record) == fields:
                yield tuple(record)
                record.clear()


def parse_landed(record: tuple[bytes, ...]) -> Landed:
    """A record that begins with the fields of LANDED."""
    sha, parents, author, authored, committed, subject = record[:LANDED_FIELDS]
    return Landed(
        sha=sha.decode("ascii"),
        parents=tuple(parents.decode("ascii").split()),
        subject=redact(cut_text(subject, LONGEST_LINE)),
        author=redact(cut_text(author, LONGEST_LINE)),
        authored_at=parse_date(authored),
        committed_at=parse_date(committed),
    )


def parse_date(raw: bytes) -> datetime:
    """`1767916800 +0800` -> the instant with its own offset.

    A commit may claim any date. One that a datetime cannot hold becomes the nearest that it can, one that
    git could not read (it takes no date before 1970) the epoch, and an offset of a day or more none.
    """
    seconds, _, offset = raw.decode("ascii", "replace").partition(" ")
    moment = min(max(int(seconds), EARLIEST), LATEST) if seconds.isdecimal() else EARLIEST
    return datetime.fromtimestamp(moment, _zone(offset))


def text(raw: bytes) -> str:
    """Text that survives JSON: bytes that are not UTF-8 are shown as escapes."""
    return raw.decode("utf-8", "backslashreplace")


def cut_text(raw: bytes, limit: int) -> str:
    """At most the first so many bytes as text: cut at a line's end, unless that would lose half of them."""
    if len(raw) <= limit:
        return text(raw)
    kept = raw[:limit]
    kept = kept[: kept.rfind(b"\n", limit // 2) + 1] or kept
    return getincrementaldecoder("utf-8")("backslashreplace").decode(kept)


def _zone(offset: str) -> timezone:
    sign, digits = offset[:1], offset[1:]
    if sign not in {"+", "-"} or not digits.isdecimal():
        return UTC
    hours, minutes = divmod(int(digits), 100)
    east = timedelta(minutes=hours * MINUTES + minutes)
    return UTC if east >= timedelta(days=1) else timezone(east if sign == "+" else -east)
