"""A model's Markdown, kept to what a field may hold: paragraphs, lists, emphasis and code.

Headings, rules, quotations and tables become plain lines; links and images their text; HTML, mentions and
issue numbers are shown as written. What is left stays inside the place it is put, whatever it holds.
"""

import re

from report.escape import ACTIVE, START, escape_plain, one_line, split_active

FENCE = re.compile(r"\s*(`{3,}|~{3,})")
RULE = re.compile(r"\s*(?:[-*_=]\s*){3,}$")
ITEM = re.compile(r"(?P<indent>\s*)(?P<mark>[-*+]|\d{1,9}[.)])\s+(?P<text>.*)")
BLOCK = re.compile(r"\s*(?:(?:#{1,6}|>+)(?:\s+|$))*")
"""The marks of headings and quotations at the beginning of a line."""

INLINE = re.compile(
    rf"""
    (?<!`) (?P<fence> `+ ) (?!`) (?P<code> .+? ) (?<!`) (?P=fence) (?!`)
  | !? \[ (?P<text> [^\[\]`]* ) \] \( [^()\s]* (?: \s [^()]* )? \)
  | (?P<kept> \\ [!"%-/:-?\[-`{{-~] )   # a backslash before punctuation, but for @ # $
  | (?P<active> {ACTIVE} )
  | (?P<special> [\\`\[\]<|~] | & (?=\#?[A-Za-z0-9]+;) )
  | (?P<emphasis> [*_]+ )
    """,
    re.VERBOSE,
)


def tame(markdown: str) -> str:
    """Blocks of a field, without a blank line at either end."""
    if "\n" not in markdown and not ITEM.match(markdown):
        return tame_line(markdown)
    lines: list[str] = []
    levels: list[int] = []
    fenced: list[str] | None = None
    for line in markdown.expandtabs(4).splitlines():
        if FENCE.match(line):
            lines += _code_block(fenced) if fenced else []
            fenced = [] if fenced is None else None
        elif fenced is not None:
            fenced.append(line)
        elif not RULE.match(line):
            lines += _block_line(line, levels, after=lines[-1] if lines else "")
    lines += _code_block(fenced) if fenced else []
    return "\n".join(lines).strip("\n")


def tame_line(markdown: str, *, emphasis: bool = True) -> str:
    """One line of a field; line breaks become spaces, emphasis is kept or shown as written."""
    line = BLOCK.sub("", one_line(markdown), count=1)
    tamed = INLINE.sub(_keep_emphasis if emphasis else _escape_emphasis, line).strip()
    return START.sub(lambda match: match[0] + "\\", tamed, count=1) if START.match(tamed) else tamed


def indent(markdown: str, width: int) -> str:
    """All lines but the first moved to the right, as the content of a list's item."""
    return markdown.replace("\n", "\n" + " " * width) if "\n" in markdown else markdown


def _block_line(line: str, levels: list[int], *, after: str) -> list[str]:
    """One line of the source; `levels` holds the indents of the lists it stands in."""
    item = ITEM.match(line)
    if not item:
        levels.clear()
        return [tame_line(line)]
    while levels and len(item["indent"]) < levels[-1]:
        levels.pop()
    if not levels or len(item["indent"]) > levels[-1]:
        levels.append(len(item["indent"]))
    mark = item["mark"] if item["mark"][0].isdigit() else "-"
    gap = [""] if after and not ITEM.match(after) else []
    return [*gap, f"{'    ' * (len(levels) - 1)}{mark} {tame_line(item['text'])}"]


def _code_block(lines: list[str]) -> list[str]:
    runs = re.findall(r"`+", "\n".join(lines))
    fence = "`" * max(3, 1 + max(map(len, runs), default=0))
    return [fence, *lines, fence]


def _keep_emphasis(match: re.Match[str]) -> str:
    return match[0] if match["emphasis"] else _tame_match(match)


def _escape_emphasis(match: re.Match[str]) -> str:
    return escape_plain(match[0]) if match["emphasis"] else _tame_match(match)


def _tame_match(match: re.Match[str]) -> str:
    if match["fence"] or match["kept"]:
        return match[0]
    if match["text"] is not None:
        return INLINE.sub(_escape_emphasis, match["text"])
    return _active(match) if match["active"] else "\\" + match[0]


def _active(match: re.Match[str]) -> str:
    """As code, apart from code that stands beside it: backticks that touch would make one run."""
    name, rest = split_active(match["active"])
    before = " " if match.string[: match.start()].endswith("`") else ""
    after = " " if not rest and match.string.startswith("`", match.end()) else ""
    return f"{before}{name}{after}{INLINE.sub(_keep_emphasis, rest)}"
