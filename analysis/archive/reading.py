"""Bytes -> the lines of an export, one at a time and in bounded memory; pure but for the stream."""

from collections.abc import Iterator
from typing import BinaryIO

from pydantic import ValidationError

from analysis.archive.lines import HEADER, LINE, End, Line
from analysis.storage.schema import SCHEMA

LONGEST = 64 * 1024 * 1024
"""Bytes of a line: none of ours comes near."""
LONGEST_VALUE = 60
"""Characters of a value that a message quotes."""


class NewerExport(Exception):
    """A newer version of ours has written the lines; the message is one line."""


class DamagedLine(Exception):
    """A line that cannot be taken over; the message is one line with its number and what is wrong with it."""


def read_lines(stream: BinaryIO) -> Iterator[Line | DamagedLine]:
    """The lines behind the header, up to the last or to the first that is damaged, which ends it.

    Raises:
        NewerExport: the header is a newer version's.
        DamagedLine: there is no header.
    """
    _read_header(stream)
    number = 1
    while raw := stream.readline(LONGEST + 1):
        number += 1
        line = _parsed(raw, number)
        if isinstance(line, End):
            line = _checked(line, number, stream)
        yield line
        if isinstance(line, DamagedLine | End):
            return
    yield DamagedLine(f"line {number} is the last, but not the end: the rest is missing")


def _read_header(stream: BinaryIO) -> None:
    try:
        header = HEADER.validate_json(stream.readline(LONGEST))
    except ValidationError:
        raise DamagedLine("line 1: no export of pushdigest begins like this") from None
    if header.form > SCHEMA:
        message = f"this export was written by a newer pushdigest (schema {header.form}); upgrade"
        raise NewerExport(message)


def _parsed(raw: bytes, number: int) -> Line | DamagedLine:
    if len(raw) > LONGEST:
        return DamagedLine(f"line {number}: longer than {LONGEST >> 20} MB")
    try:
        return LINE.validate_json(raw)
    except ValidationError as error:
        return DamagedLine(f"line {number}: {_reason(error)}")


def _checked(end: End, number: int, stream: BinaryIO) -> End | DamagedLine:
    if end.lines != number - 1:
        return DamagedLine(f"line {number}: once {end.lines} lines came before it, now {number - 1}")
    if stream.read(LONGEST).strip():
        return DamagedLine(f"line {number + 1}: nothing may follow the end")
    return end


def _reason(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False)[0]
    if first["type"] == "union_tag_invalid":
        return f"no line of ours is of the kind {str(first['input'].get('kind'))[:LONGEST_VALUE]!r}"
    if first["type"] == "union_tag_not_found":
        return "it does not say of which kind it is"
    where = ".".join(str(part) for part in first["loc"])
    return " ".join(f"{where}: {first['msg']}".lstrip(": ").split())
