"""What is wrong with a setting, in one line that says what to write; pure.

A value is repeated only where it is one of a few words: others may be secrets.
"""

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

Place = tuple[int | str, ...]

WRITE: Mapping[str, str] = MappingProxyType(
    {
        "tuple_type": 'write a list: ["..."]',
        "string_type": 'write one text in quotes: "..."',
        "bool_type": "write true or false",
        "bool_parsing": "write true or false",
        "int_type": "write a whole number",
        "int_parsing": "write a whole number",
        "int_from_float": "write a whole number",
        "float_type": "write a number",
        "float_parsing": "write a number",
        "time_delta_type": "write it like 30m, 1h or 2d",
        "time_delta_parsing": "write it like 30m, 1h or 2d",
        "time_type": "write it like 00:10",
        "time_parsing": "write it like 00:10",
    }
)
"""What to do about an error of pydantic, by its type."""
NO_TABLE = frozenset({"tuple_type", "model_type", "dict_type"})
"""Errors of something that should have been a table, or tables."""


def unknown(name: str, known: Collection[str], otherwise: str) -> str:
    """Of a name that means nothing, which one was probably meant, and what to read where none is near."""
    near = get_close_matches(name, known, 1)
    return f"there is no {name!r}; {f'is it {near[0]}?' if near else otherwise}"


def mistake(error: ValidationError, tables: Mapping[str, str], fields: Mapping[str, Collection[str]]) -> str:
    """The first one.

    Args:
        error: of reading the settings.
        tables: how the settings are spelt that are tables of the TOML, by their names here.
        fields: what each table takes, by that spelling.
    """
    first: Mapping[str, Any] = error.errors(include_url=False)[0]
    setting, *rest = first["loc"] or ("",)
    name = tables.get(str(setting), str(setting).upper())
    if name in fields and first["type"] in NO_TABLE and not any(isinstance(part, str) for part in rest):
        one = first["type"] != "tuple_type" and not rest
        return f"{name}: write it as a table that begins with {f'[{name}]' if one else f'[[{name}]]'}"
    place, what = _what(first, tuple(rest), fields.get(name, ()))
    where = _where(name, place)
    return f"{where}: {what}" if where else what


def _what(error: Mapping[str, Any], rest: Place, known: Collection[str]) -> tuple[Place, str]:
    """Where in the setting, and what is wrong there."""
    kind, value = error["type"], error["input"]
    if kind == "extra_forbidden":
        return rest[:-1], unknown(str(rest[-1]), known, f"it takes {', '.join(known)}")
    if kind == "missing" and rest:
        return rest[:-1], f"{rest[-1]} is missing"
    if kind == "string_pattern_mismatch":
        return rest, f"{value!r} is no repository; write it as owner/name"
    if kind in {"enum", "literal_error"}:
        return rest, f"{value!r} will not do; write {error['ctx']['expected']}"
    said = error["msg"].removeprefix("Value error, ").replace("Input should", "it must")
    return rest, WRITE.get(kind, said)


def _where(name: str, place: Place) -> str:
    """`[[watches]] number 2, paths`: tables are counted from one, and values of a list are not counted."""
    fields = [str(part) for part in place if isinstance(part, str)]
    if place and isinstance(place[0], int) and name.islower():
        return ", ".join([f"[[{name}]] number {place[0] + 1}", *fields])
    return ".".join([name, *fields])
