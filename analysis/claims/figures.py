"""Numbers and versions in prose, with their units, and the ways in which a source may write them; pure."""

import re
from collections.abc import Iterator
from decimal import Decimal

from analysis.claims.claim import Kind

COUNTED = 10
"""Up to this a bare number counts what the text speaks of; it is a claim only as a value, before or after."""

_TIMES = """
1e-9 ns 纳秒
1e-6 µs us μs 微秒
1e-3 ms millisecond milliseconds 毫秒
1 s sec secs second seconds 秒
60 min mins minute minutes 分钟
3600 h hour hours 小时
86400 d day days 天
604800 w week weeks 周
"""
_SECONDS = {
    name: Decimal(size) for size, *names in map(str.split, _TIMES.strip().splitlines()) for name in names
}
_THOUSANDS = {"k": 1, "m": 2, "g": 3, "t": 4, "b": 3}
_PLAIN = """
% ‰ × x X 倍 bytes byte bits bit 字节 比特 B KB MB GB TB KiB MiB GiB TiB kB
Hz kHz MHz GHz K k M G 万 亿 tokens token
"""
_UNITS = "|".join(sorted((re.escape(unit) for unit in (*_SECONDS, *_PLAIN.split())), key=len, reverse=True))
_VALUE = (
    r"[vV]?\d+(?:\.\d+)+(?:[-.]?(?:rc|alpha|beta|a|b|dev|post|preview|pre)[-.]?\d+)?|"
    r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:_\d{3})*"
)
_FIGURE = (
    rf"(?P<value>{_VALUE})(?:(?:[–~-]|\s[–~-]\s)(?P<high>\d+(?:\.\d+)*))?"
    rf"(?:\s?(?P<unit>{_UNITS})(?:(?<=[^\x00-\x7f])|(?<=[%×xX])|(?![A-Za-z0-9])))?"
)
_NO_CLAIM = (
    r"\d{4}-\d{1,2}-\d{1,2}|0\d-\d\d(?!\d)|\d{1,2}:\d{2}(?::\d{2})?|(?:19|20)\d\d\s?年|\d{1,2}\s?[月日]|"
    r"(?:RFC|ISO|OAuth|TLS|SSL|SHA|HTTP/|ECMAScript|ES|IEEE|POSIX|C\+\+)[ -]?v?[\d.]+"
)
"""Dates, times of day and the names of standards."""
_IN_PROSE = re.compile(
    rf"(?<![A-Za-z0-9_.#$\\])(?<![A-Za-z][-/])"
    rf"(?:(?:{_NO_CLAIM})|{_FIGURE}(?![A-Za-z_])(?:\+|-[A-Za-z]+|×[A-Za-z]\w*)?)"
)
_ALONE = re.compile(_FIGURE)
_BEFORE = (
    *("→", "->", "=>", "从", "由", "默认", "默认值", "上限", "下限", "默认是", "上限是", "下限是"),
    *(verb + word for verb in "改调变升降提增减设换整高低加少短长宽认值限" for word in "为成到至"),
    *("from", "default to", "defaults to", "default is", "default of", "set to", "changed to"),
    *("raised to", "lowered to", "reduced to", "increased to"),
)
"""What a number follows that is a value before or after a change."""
_AFTER = re.compile(r"\s*(?:→|->|=>|[改调变升降提增减换]|(?:延长|缩短|放宽)|to \d)")
_COUNTING = re.compile(r"(?:第|\blines? |\bL)\s?$")
_NUMBERED = re.compile(r"(?:^|\n)[ \t]*$")
_REACH = 20
"""Characters before a number that may say that it is a value."""


def figures_in(prose: str) -> Iterator[tuple[Kind, int, int]]:
    """Kind, start and stop of each number that is a claim."""
    for match in _IN_PROSE.finditer(prose):
        if match["value"] and _claims(match, prose):
            yield _kind(match), match.start(), match.end()


def kind_of_figure(code: str) -> Kind | None:
    """Of a code span that holds one figure and nothing else."""
    match = _ALONE.fullmatch(code)
    return _kind(match) if match else None


def spellings(figure: str) -> tuple[tuple[str, ...], ...]:
    """For a number, or for both ends of a range, the spellings any of which bears it out."""
    match = _ALONE.match(figure)
    if match is None:
        return ()
    unit = match["unit"] or ""
    return tuple(_ways(end.lstrip("vV"), unit) for end in (match["value"], match["high"]) if end)


def _kind(match: re.Match[str]) -> Kind:
    version = match["value"][0] in "vV" or match["value"].count(".") > 1
    return Kind.VERSION if version and not match["unit"] else Kind.NUMBER


def _claims(match: re.Match[str], prose: str) -> bool:
    """Whether it is a value, rather than how many things there are or which of them is meant."""
    value, unit = match["value"], match["unit"]
    before = prose[max(0, match.start() - _REACH) : match.start()]
    if unit == "%" and value in {"0", "100"}:
        return False
    if unit or not value.isdigit() or match["high"]:
        return True
    numbered = prose.startswith((".", ")", "、"), match.end()) and _NUMBERED.search(before)
    if numbered or _COUNTING.search(before):
        return False
    lead = before.rstrip()
    after_change = lead.endswith(_BEFORE) or (lead.endswith(" to") and "from " in lead)
    return int(value[:9]) > COUNTED or after_change or _AFTER.match(prose, match.end()) is not None


def _ways(value: str, unit: str) -> tuple[str, ...]:
    """As written, and as a source would write it that counts in smaller units."""
    digits = value.replace(",", "").replace("_", "")
    if not re.fullmatch(r"\d{1,18}(?:\.\d{1,9})?", digits):
        return (digits,)
    number = Decimal(digits)
    scaled = [number * factor for factor in _factors(unit)]
    return tuple(dict.fromkeys([digits, *(_written(each) for each in scaled), *_hexadecimal(number)]))


def _factors(unit: str) -> list[Decimal]:
    if unit in {"%", "‰"}:
        return [Decimal("0.01") if unit == "%" else Decimal("0.001")]
    if unit in {"万", "亿"}:
        return [Decimal(10_000 if unit == "万" else 100_000_000)]
    if unit in _SECONDS:
        sizes = sorted(set(_SECONDS.values()))
        return [_SECONDS[unit] / size for size in sizes if size < _SECONDS[unit]]
    steps = _THOUSANDS.get(unit[:1].lower(), 0) if unit not in {"B", "bytes", "byte", "bits", "bit"} else 0
    return [Decimal(base) ** power for base in (1000, 1024) for power in range(1, steps + 1)]


def _written(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _hexadecimal(number: Decimal) -> list[str]:
    whole = number == number.to_integral_value()
    return [f"0x{int(number):x}"] if whole and number > COUNTED else []
