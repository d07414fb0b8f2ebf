"""A digest in parts that GitHub takes as issues or comments, each a document by itself; pure.

A form gives its blocks, what stands between blank lines; a commit with all that is said of it is one block.
A part ends only between two of them, two rows of a table or two lines of a list.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from analysis.words import Words
from report.anchors import Anchors

LIMIT = 65_536
"""What an issue may have, as GitHub says it: "body is too long (maximum is 65536 characters)"; see `size`."""
COMMIT = 60_000
"""What one commit may take of it: the rest is for the title and the headings that a part repeats."""
WIDEST = 9_999
"""No number of a part is written with more digits."""
ID = "user-content-"
"""What GitHub, GitLab and Gitea put before every id. Pages of files resolve a link without it by a script,
issues and comments do not; with it the id is simply the one that is there."""
BLANK = "\n\n"

_HELD = "\0"
"""Marks what is settled when the parts are known; `analysis/text/unseen.py` leaves none in others' texts."""
_TARGET = re.compile(r'<a id="\0([^"]+)">')
_TARGET_ALONE = re.compile(r'<a id="[^"]+"></a>')
_LINK = re.compile(r"\[\0([^\0]*)\]\(#\0([^)]+)\)")
_PAGE = re.compile(r"\[([^\[\]\0]*)\]\(\0/[^)]*\)")
_HEADING = re.compile(r"(#{1,6}) ")
_LIST = re.compile(r"- |\d+\. ")
_NUMBER = re.compile(rf"(?<!\d)\d{{1,{len(str(WIDEST))}}}(?!\d)", re.ASCII)


def size(text: str) -> int:
    """Characters as GitHub may count them, whichever way that is.

    By its message it counts characters. Its API was measured to take 65,536 code points in a pull request,
    and 262,144 bytes in an issue or a comment (github.com/dead-claudia/github-limits, pull request 13,
    2025-10); a browser counts units of UTF-16, and sends each line's end as two. So these units are counted,
    and two for a line's end: no fewer than code points, and no fewer than a third of the bytes.
    """
    return len(text.encode("utf-16-le", "surrogatepass")) // 2 + text.count("\n")


class LooseAnchors(Anchors):
    """Anchors of a text that is going to be split: where a link leads is not settled yet."""

    def target(self, name: str) -> str:
        """Marked."""
        return super().target(_HELD + name)

    def link(self, text: str, name: str) -> str:
        """Marked."""
        return super().link(_HELD + text, _HELD + name)


def public(base_url: str) -> str:
    """What our own paths follow; without a public URL they lead nowhere on GitHub, so the links go."""
    return base_url or _HELD


def split(blocks: Iterable[str], words: Words, home: str) -> tuple[str, ...]:
    """The parts, numbered in their titles if there are several; each is of at most LIMIT by `size`.

    Args:
        blocks: with `LooseAnchors`; the first is the title, the last is of the whole.
        words: of the digest.
        home: the page of the whole, where a link leads whose target is in another part; by `public`.
    """
    blocks = tuple(blocks)
    layout = _Layout(words, home)
    whole = BLANK.join(blocks) + "\n"
    if size(layout.longest(whole)) <= LIMIT:
        return (layout.settled(whole, {}, 1),)
    title, _, status = blocks[0].partition("\n")
    atoms = [_Atom(status), *_atoms(blocks[1:-1]), _Atom(blocks[-1])]
    room = LIMIT - size(f"{layout.title(title, WIDEST, WIDEST)}{BLANK}\n")
    return layout.documents(title, layout.packed(atoms, room))


def is_head(line: str, title: str, number: int, words: Words) -> bool:
    """Whether a line is the first of that part of a text with this title, however many parts there were."""
    counts = (int(digits) for digits in _NUMBER.findall(line))
    return any(line == words("parts.title", title=title, number=number, count=count) for count in counts)


@dataclass(frozen=True)
class _Atom:
    """What is never taken apart, and what a part repeats that begins with it."""

    text: str
    above: tuple[str, ...] = ()
    """The headings it stands under."""
    within: tuple[str, ...] = ()
    """The lines it is under: a table's head, or the items that it is nested in."""
    tight: bool = False
    """It goes on with the block of what is before it."""

    @property
    def opening(self) -> str:
        """As the beginning of a part."""
        return BLANK.join([*self.above, "\n".join([*self.within, self.text])])

    @property
    def following(self) -> str:
        """As what comes next."""
        return ("\n" if self.tight else BLANK) + self.text


@dataclass(frozen=True)
class _Layout:
    """Where things go."""

    words: Words
    home: str

    def packed(self, atoms: Iterable[_Atom], room: int) -> list[str]:
        """As many in a part as it has room for."""
        parts: list[list[str]] = []
        left = 0
        for atom in atoms:
            needed = size(self.longest(atom.following))
            if needed <= left:
                parts[-1].append(atom.following)
                left -= needed
            else:
                parts.append([atom.opening])
                left = room - size(self.longest(atom.opening))
        return ["".join(part) for part in parts]

    def documents(self, title: str, texts: Sequence[str]) -> tuple[str, ...]:
        """With titles, and links that know the part of their target."""
        parts = {name: number for number, text in enumerate(texts, 1) for name in _TARGET.findall(text)}
        return tuple(
            f"{self.title(title, number, len(texts))}{BLANK}{self.settled(text, parts, number)}\n"
            for number, text in enumerate(texts, 1)
        )

    def title(self, title: str, number: int, count: int) -> str:
        """Of one of them."""
        return self.words("parts.title", title=title, number=number, count=count)

    def settled(self, text: str, parts: Mapping[str, int], here: int) -> str:
        """As it is read in a part, or in the only one if none is named."""
        return _settled(text, lambda said, name: self.link(said, name, parts.get(name, here), here))

    def longest(self, text: str) -> str:
        """No shorter than it will be."""
        return _settled(
            text,
            lambda said, name: max(self.link(said, name, 1, 1), self.link(said, name, WIDEST, 1), key=size),
        )

    def link(self, said: str, name: str, part: int, here: int) -> str:
        """To its target if that is in the same part, else to the page of the whole if there is one."""
        if part == here:
            return f"[{said}](#{ID}{name})"
        if self.home.startswith(_HELD):
            return self.words("parts.elsewhere", text=said, number=part)
        return f"[{said}]({self.home}#{name})"


def _settled(text: str, link: Callable[[str, str], str]) -> str:
    """Without marks."""
    linked = _LINK.sub(lambda match: link(match[1], match[2]), text)
    return _PAGE.sub(r"\1", linked).replace(_HELD, "")


def _atoms(blocks: Iterable[str]) -> Iterator[_Atom]:
    """Headings and targets stay with what comes after them."""
    headings: list[str] = []
    lead: list[str] = []
    above: tuple[str, ...] = ()
    for block in blocks:
        if heading := _HEADING.match(block):
            headings = [other for other in headings if other.index(" ") < len(heading[1])]
            above = above if _leads(lead) else tuple(headings)
            headings.append(block.partition("\n")[0])
        if heading or _TARGET_ALONE.fullmatch(block):
            lead.append(block)
            continue
        first, *others = _lines(block)
        yield _Atom(BLANK.join([*lead, first.text]), above if lead else tuple(headings))
        yield from (_Atom(other.text, tuple(headings), other.within, tight=True) for other in others)
        lead = []
    if lead:
        yield _Atom(BLANK.join(lead), above)


def _leads(lead: Iterable[str]) -> bool:
    """Whether there is a heading in it."""
    return any(map(_HEADING.match, lead))


def _lines(block: str) -> Iterator[_Atom]:
    """The rows of a table, the first with its head; the lines of a list; else the block."""
    if block.startswith("| "):
        head, ruler, *rows = block.split("\n")
        yield _Atom("\n".join([head, ruler, *rows[:1]]))
        yield from (_Atom(row, within=(head, ruler)) for row in rows[1:])
    elif _LIST.match(block):
        yield from _items(block.split("\n"))
    else:
        yield _Atom(block)


def _items(lines: Iterable[str]) -> Iterator[_Atom]:
    """The lines of a list, each within those that it is nested in."""
    around: list[str] = []
    for line in lines:
        around = [other for other in around if _indent(other) < _indent(line)]
        yield _Atom(line, within=tuple(around))
        around.append(line)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
