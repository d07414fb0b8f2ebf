"""Defaults that a patch moves: lines exchanged for as many that differ in their literal only; pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from analysis.diff.hunks import exchanges
from analysis.diff.sides import Sides

_LITERAL = r"(?P<value>-?\d[\w.]*|\"[^\"\n]{0,60}\"|'[^'\n]{0,60}'|True|False|None|true|false|null)"
_REST = r"(?:\s*[,;)].*|\s*(?:#|//).*|\s*)"
_CODE = re.compile(
    r"(?:(?:pub |export |static |const )*(?P<upper>[A-Z][A-Z0-9_]{2,})(?:\s*:[^=]+)?\s*=\s*|"
    r"(?P<typed>[a-z]\w*)\s*:\s*[^=]+=\s*|"
    rf".*?\b(?P<default>default(?:_value)?)\s*[=:(]\s*){_LITERAL}{_REST}"
)
_NAMED = re.compile(
    r".*?\b(?:SetDefault\(|(?:Int|Uint|String|Bool|Float|Duration)\w{0,10}\((?:&?[\w.]{1,60},\s?)?)"
    rf"\"(?P<name>[\w.-]{{2,60}})\",\s?(?:\"\w?\",\s?)?{_LITERAL}{_REST}"
)
_CONFIG = re.compile(
    r"create\w{1,20}Config\(\"(?P<name>[\w-]{2,60})\",.*?\bserver\.[\w.\[\]]{1,60},\s*"
    r"(?P<value>\"[^\"\n]{0,60}\"|[\w.*+-]{1,60}),.*"
)
_DIRECTIVE = re.compile(r"(?:# )?(?P<name>[a-z][a-z0-9]*(?:-[a-z0-9]+)+) (?P<value>\S{1,60})")
_FORMS = {".go": (_NAMED, _CODE), ".c": (_CONFIG,), ".h": (), ".conf": (_DIRECTIVE,)}
"""How defaults are given, by a file's suffix; in every other language like in Python."""
_LONG_OPTION = re.compile(r"--[a-z0-9][\w-]+")
_VERSION = re.compile(
    r"(?i:version|revision|release|_?sha\d*|checksum|digest|commit|copyright)|\A(?:rev|ref)\Z"
)
"""Names whose values change with every release: nobody's default."""


@dataclass(frozen=True)
class Moved:
    """A value that was exchanged: `name: 512 → 384`."""

    name: str
    before: str
    after: str

    @property
    def constant(self) -> bool:
        """A name in capitals that does not say it is a default: it may be nobody's to set."""
        return self.name.isupper() and "DEFAULT" not in self.name

    def __str__(self) -> str:
        return f"{self.name}: {self.before} → {self.after}"


def moved_values(sides: Sides) -> Iterator[Moved]:
    """Each default or constant that was moved, in order."""
    suffix = sides.path[sides.path.rfind(".") :].lower()
    forms = _FORMS.get(suffix, (_CODE,))
    for exchange in exchanges(sides.text):
        before, after = _literals(exchange.removed, forms), _literals(exchange.added, forms)
        for line, (name, old) in before.items():
            new = after.get(line, (name, []))[1]
            if len(new) == len(old) and not _VERSION.search(name):
                yield from (Moved(name, a, b) for a, b in zip(old, new, strict=True) if a != b)


def _literals(lines: tuple[str, ...], forms: tuple[re.Pattern[str], ...]) -> dict[str, tuple[str, list[str]]]:
    """Lines that give a default, without their literal -> what it is the default of, and the literals."""
    found: dict[str, tuple[str, list[str]]] = {}
    for line in filter(None, map(str.strip, lines)):
        match = next(filter(None, (form.fullmatch(line) for form in forms)), None)
        if match:
            rest = line[: match.start("value")] + line[match.end("value") :]
            found.setdefault(rest, (_name(match, rest), []))[1].append(match["value"])
    return found


def _name(match: re.Match[str], rest: str) -> str:
    groups = match.groupdict()
    flag = _LONG_OPTION.search(rest) if groups.get("default") else None
    named = (groups.get(each) for each in ("name", "upper", "typed", "default"))
    return flag[0] if flag else next(filter(None, named))
