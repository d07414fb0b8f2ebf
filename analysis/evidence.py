"""What a patch does that its followers may feel: interfaces gone, defaults moved, schemas touched.

Each sign is a `Reason` whose evidence stands in the patch, word for word.
"""

import re
from collections.abc import Iterator

from analysis.hunks import exchanges
from analysis.models import Commit, Reason
from analysis.paths import Kind, kind_of

SHOWN = 3
"""Names of one rule that are shown; the rest would not change what a reader does."""
LONGEST_LINE = 300
"""Characters of a line that is looked at: a longer one was made by a program."""

_LONG_LINE = re.compile(rf"^.{{{LONGEST_LINE}}}.+$", re.MULTILINE)
_API = re.compile(
    r"^(?P<sign>[-+])(?:"
    r"(?: {4})?(?:async )?(?:def|class) (?P<python>[A-Za-z]\w*)\b|"
    r"[ \t]*pub (?:async |const |unsafe )*(?:fn|struct|enum|trait|type|mod|static) (?P<rust>\w+)|"
    r"(?:func (?:\([^)\n]{0,80}\) )?|type )(?P<go>[A-Z]\w*)|"
    r"export (?:default |async |declare |abstract )*"
    r"(?:function|class|const|interface|type|enum) (?P<script>\w+)|"
    r"[ \t]*public (?:(?:static|final|abstract|async|virtual|override) )*"
    r"(?:class |interface |enum |record |[\w<>\[\], ]{1,60}? )(?P<java>\w{1,60})[ \t]*[({<]"
    r")",
    re.MULTILINE,
)
_FLAG = re.compile(
    r"""^(?P<sign>[-+])(?:.*(?:add_argument|option\(|Option\(|\.arg\(|Flags\(\)|flag\.\w{1,20}\(|long\s?=)"""
    r"""[^"'\n]{0,20}|[ \t]*)["'](?P<flag>--[a-z0-9][\w-]+)(?:/--[\w-]+)?["']""",
    re.MULTILINE,
)
_VARIABLE = re.compile(
    r"""^(?P<sign>[-+]).*?(?:environ(?:\.get\(|\[)|[gG]etenv\(|env::var\(|process\.env[.\[])"""
    r"""[ \t]{0,9}["']?(?P<name>[A-Z][A-Z0-9_]{2,})""",
    re.MULTILINE,
)
_LITERAL = r"(?P<value>-?\d[\w.]*|\"[^\"\n]{0,60}\"|'[^'\n]{0,60}'|True|False|None|true|false|null)"
_ASSIGNED = re.compile(
    r"\s*(?:(?P<upper>[A-Z][A-Z0-9_]{2,})(?:\s*:[^=]+)?\s*=\s*|(?P<typed>[a-z]\w*)\s*:\s*[^=]+=\s*|"
    rf".*?\b(?P<default>default(?:_value)?)\s*[=:(]\s*){_LITERAL}(?:\s*[,)].*|\s*(?:#|//).*|\s*)"
)
_LONG_OPTION = re.compile(r"--[a-z0-9][\w-]+")
_SCHEMAS = (
    (
        "migration",
        re.compile(r"(?:.*/)?(?:migrations?|alembic/versions|db/migrate|migrate)/.+\.\w+|.*\.sql", re.DOTALL),
    ),
    ("wire-format", re.compile(r".*\.(?:proto|thrift|avsc|fbs|capnp|graphql|xsd)", re.DOTALL)),
    (
        "schema",
        re.compile(
            r"(?:.*/)?(?:openapi|swagger|schema)[^/]*\.(?:ya?ml|json|rb|graphqls)|(?:.*/)?crds?/.+", re.DOTALL
        ),
    ),
)


def signs(commit: Commit) -> Iterator[Reason]:
    """All that the patches show, from the files that carry the project's own behaviour.

    Of patches that were cut, nothing is said to be gone: it may come back in what was not read.
    """
    core = [_LONG_LINE.sub("", patch.text) for patch in commit.patches if kind_of(patch.path) is Kind.CORE]
    if not (commit.capped or any(patch.truncated for patch in commit.patches)):
        yield from _gone("removed-flag", _FLAG, core)
        yield from _gone("removed-variable", _VARIABLE, core)
        yield from _gone("removed-api", _API, core)
    yield from _changed_defaults(core)
    yield from _schemas(commit)


def _gone(rule: str, pattern: re.Pattern[str], patches: list[str]) -> Iterator[Reason]:
    """Names on removed lines that no added line of the commit brings back."""
    found: dict[str, dict[str, None]] = {"-": {}, "+": {}}
    for match in (match for patch in patches for match in pattern.finditer(patch)):
        sign, *names = match.groups()
        found[sign] |= dict.fromkeys(name for name in names if name)
    gone = [name for name in found["-"] if name not in found["+"]]
    if gone:
        yield Reason(rule=rule, evidence=_shown(gone))


def _changed_defaults(patches: list[str]) -> Iterator[Reason]:
    changes = dict.fromkeys(change for patch in patches for change in _default_changes(patch))
    if changes:
        yield Reason(rule="changed-default", evidence=_shown(list(changes)))


def _default_changes(patch: str) -> Iterator[str]:
    """`name: 512 → 384`, where lines were exchanged for as many that differ in their literal only."""
    for exchange in exchanges(patch):
        before, after = _literals(exchange.removed), _literals(exchange.added)
        for line, (name, old) in before.items():
            new = after.get(line, (name, []))[1]
            if len(new) == len(old):
                yield from (f"{name}: {a} → {b}" for a, b in zip(old, new, strict=True) if a != b)


def _literals(lines: tuple[str, ...]) -> dict[str, tuple[str, list[str]]]:
    """Lines that give a default, without their literal -> what it is the default of, and the literals."""
    found: dict[str, tuple[str, list[str]]] = {}
    for line in lines:
        match = _ASSIGNED.fullmatch(line)
        if match:
            rest = line[: match.start("value")] + line[match.end("value") :]
            flag = _LONG_OPTION.search(rest)
            name = flag[0] if flag else match["upper"] or match["typed"] or match["default"]
            found.setdefault(rest, (name, []))[1].append(match["value"])
    return found


def _schemas(commit: Commit) -> Iterator[Reason]:
    for rule, pattern in _SCHEMAS:
        touched = [
            file.path
            for file in commit.files
            if pattern.fullmatch(file.path) and kind_of(file.path) in (Kind.CORE, Kind.BUILD)
        ]
        if touched:
            yield Reason(rule=rule, evidence=_shown(touched))


def _shown(names: list[str]) -> str:
    more = f" +{len(names) - SHOWN}" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more
