"""What a patch asks of who installs: another Python, a new major version of a dependency; pure."""

import re
from collections.abc import Iterator

from analysis.diff.hunks import exchanges
from analysis.diff.sides import Sides

_RUNTIME = re.compile(
    r"\s*\"?(?P<name>requires-python|python_requires|rust-version|node|engines|go|toolchain|java\.version)\"?"
    r"\s*[=: ]\s*(?P<version>[\"']?[~^>=<v]*\s?\d[\w.,<>= *]{0,40}[\"']?),?\s*"
)
_DEPENDENCY = re.compile(
    r"\s*[\"']?(?P<name>@?[A-Za-z][\w./@-]{1,80}?)[\"']?\s*(?:\[[\w, -]{1,60}\])?\s*[=:]?\s*"
    r"(?:\{\s*version\s*=\s*)?(?:[\"'][~^>=<v ]*|[~=<>!]=\s?|[<>]\s?| v)(?P<major>\d{1,4})(?![\d]).*"
)
_OWN = frozenset({"version", "name", "edition", "resolver"})
"""Keys of a build file that name no dependency."""
_TOOL = re.compile(
    r"@types/|.*(?:eslint|prettier|babel|webpack|pytest|codespell|stylelint)|"
    r"(?:vite(?:st)?|jest|ruff|mypy|black|flake8|pylint|coverage|pre-commit|biome|tsx?|typescript)\Z"
)
"""Dependencies of who develops the project: nobody who runs it has them."""
_VERSION = re.compile(r"\d[\w.+-]*")
_PATCH_ZERO = re.compile(r"(?<=\d)\.0(?![\d.])")
"""Go's `1.24` and `1.24.0` ask for the same."""
_COMPILED = "# via"
"""How pip-compile and `uv pip compile` say where a pin comes from: such a file is a lock."""


def requirement_changes(sides: Sides) -> Iterator[str]:
    """`requires-python: ">=3.8" → ">=3.9"` for each runtime that is asked for in another version."""
    before, after = (_versions(_RUNTIME, text, "version") for text in (sides.before, sides.after))
    yield from (
        f"{name}: {before[name]} → {after[name]}"
        for name in before
        if _PATCH_ZERO.sub("", after.get(name, before[name])) != _PATCH_ZERO.sub("", before[name])
    )


def major_bumps(sides: Sides) -> Iterator[str]:
    """`redis 4 → 5` for each dependency whose first number differs, those of a compiled list apart."""
    if _COMPILED in sides.text:
        return
    for exchange in exchanges(sides.text):
        before, after = (
            _versions(_DEPENDENCY, "\n".join(each), "major") for each in (exchange.removed, exchange.added)
        )
        for name, old in before.items():
            new = after.get(name, old)
            if new != old and name not in _OWN and not _TOOL.match(name):
                yield f"{name} {old} → {new}"


def only_versions(sides: Sides) -> bool:
    """Whether nothing changes but versions of dependencies that are there before and after."""
    exchanged = list(exchanges(sides.text))
    return bool(exchanged) and all(
        len(each.removed) == len(each.added) and all(map(_same_dependency, each.removed, each.added))
        for each in exchanged
    )


def _same_dependency(old: str, new: str) -> bool:
    """Whether two lines ask for the same dependency, in whichever version and with the same features."""
    before, after = _DEPENDENCY.fullmatch(old), _DEPENDENCY.fullmatch(new)
    known = before and after and before["name"] not in _OWN and not _RUNTIME.fullmatch(old)
    return bool(known) and _VERSION.sub("", old) == _VERSION.sub("", new)


def _versions(pattern: re.Pattern[str], text: str, group: str) -> dict[str, str]:
    matches = filter(None, map(pattern.fullmatch, text.split("\n")))
    return {match["name"]: match[group].strip("\"' ") for match in matches}
