"""A model's Markdown, kept to what a field may hold: paragraphs, lists, emphasis and code.

Headings, rules, quotations and tables become plain lines; links and images their text; HTML, mentions and
issue numbers are shown as written. What is left stays inside the place it is put, whatever it holds.
"""

import re
from collections.abc import Callable

from analysis.text.unseen import many_lines, one_line
from report.escape import ACTIVE, WORD, escape_start, split_word

FENCE = re.compile(r"\s*(`{3,}|~{3,})")
RULE = re.compile(r"\s*(?:[-*_=]\s*){3,}$")
ITEM = re.compile(r"(?P<indent>\s*)(?P<mark>[-*+]|\d{1,9}[.)])\s+(?P<text>.*)")
BLOCK = re.compile(r"\s*(?:(?:#{1,6}|>+)(?:\s+|$))*")
"""The marks of headings and quotations at the beginning of a line."""

CODE = r"(?<!`) (?P<fence> `+ ) (?!`) (?P<code> .+? ) (?<!`) (?P=fence) (?!`)"
LINK = r"""
    (?<! [!-;=?-{}~] ) !? \[ (?P<text> [^\[\]`]* ) \] \( [^()\s]* (?: \s [^()]* )? \)
    (?= [.,;:!?)]* (?: $ | \s | [^\x00-\x7f] ) )   # by itself: its text must not join a name beside it
"""
MARKS = r"""
    (?P<kept> \\ [!"%-,./:-?\[-`{-~] )   # a backslash before punctuation, but for @ # $ and the - of GH-1
  | (?P<mark> [\\`\[\]<|~] | & (?=\#?[A-Za-z0-9]+;) )
  | (?P<emphasis> [*_]+ )
"""
ESCAPED = re.compile(r"\\([!-/:-@\[-_{-~])")
"""Punctuation with a backslash before it, which would be seen inside code."""
QUIET = re.compile(f"{CODE} | {LINK} | {MARKS}", re.VERBOSE)
BUSY = re.compile(f"{CODE} | {LINK} | (?P<word> {WORD} ) | {MARKS}", re.VERBOSE)


def tame(markdown: str) -> str:
    """Blocks of a field, without a blank line at either end."""
    if "\n" not in markdown and not ITEM.match(markdown):
        return tame_line(markdown)
    lines: list[str] = []
    levels: list[int] = []
    fence, fenced = "", list[str]()
    for line in many_lines(markdown).expandtabs(4).splitlines():
        opening = FENCE.match(line)
        if fence and not _closes(fence, line):
            fenced.append(line)
        elif fence or opening:
            lines += _code_block(fenced) if fence else []
            fence, fenced = (opening[1] if opening and not fence else ""), []
        else:
            lines += _block_line(line, levels, after=lines[-1] if lines else "")
    lines += _code_block(fenced) if fence else []
    return "\n".join(lines).strip("\n")


def tame_line(markdown: str, *, emphasis: bool = True) -> str:
    """One line of a field; line breaks become spaces, emphasis is kept or shown as written."""
    line = BLOCK.sub("", one_line(markdown), count=1)
    if RULE.match(line):
        return ""
    tame_match = _keep_emphasis if emphasis else _escape_emphasis
    return escape_start((BUSY if ACTIVE.search(line) else QUIET).sub(tame_match, line).strip())


def indent(markdown: str, width: int) -> str:
    """All lines but the first moved to the right, as the content of a list's item."""
    return markdown.replace("\n", "\n" + " " * width) if "\n" in markdown else markdown


def _block_line(line: str, levels: list[int], *, after: str) -> list[str]:
    """One line of the source; `levels` holds the indents of the lists it stands in."""
    item = None if RULE.match(line) else ITEM.match(line)
    text = tame_line(item["text"] if item else line)
    if not item or not text:
        levels.clear()
        return [text]
    while levels and len(item["indent"]) < levels[-1]:
        levels.pop()
    if not levels or len(item["indent"]) > levels[-1]:
        levels.append(len(item["indent"]))
    mark = item["mark"] if item["mark"][0].isdigit() else "-"
    gap = [""] if after and not ITEM.match(after) else []
    return [*gap, f"{'    ' * (len(levels) - 1)}{mark} {text}"]


def _closes(fence: str, line: str) -> bool:
    """Whether a line ends a block of code: the same mark, at least as long, and nothing else."""
    mark = line.strip()
    return mark.startswith(fence) and set(mark) == {fence[0]}


def _code_block(lines: list[str]) -> list[str]:
    runs = re.findall(r"`+", "\n".join(lines))
    fence = "`" * max(3, 1 + max(map(len, runs), default=0))
    return [fence, *lines, fence]


def _keep_emphasis(match: re.Match[str]) -> str:
    return match[0] if match["emphasis"] else _tame_match(match, _keep_emphasis)


def _escape_emphasis(match: re.Match[str]) -> str:
    return re.sub(".", r"\\\g<0>", match[0]) if match["emphasis"] else _tame_match(match, _escape_emphasis)


def _tame_match(match: re.Match[str], again: Callable[[re.Match[str]], str]) -> str:
    found = match.groupdict()
    if found["fence"] or found["kept"]:
        return match[0]
    if found["text"] is not None:
        return (BUSY if ACTIVE.search(found["text"]) else QUIET).sub(again, found["text"])
    if found.get("word") is None:
        return f"\\{match[0]}"
    before, name, after = split_word(match[0])
    name = ESCAPED.sub(r"\1", name)
    if not before and match.string[: match.start()].endswith("`"):
        name = f" {name}"  # backticks that touch would make one run
    if not after and match.string.startswith("`", match.end()):
        name = f"{name} "
    return QUIET.sub(again, before) + name + QUIET.sub(again, after)
