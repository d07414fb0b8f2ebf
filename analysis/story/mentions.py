"""The numbers of pull requests and the shas that stand in a text, and the words around them; pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST = 10_000
"""Characters of a text that are read."""
AROUND = 90
"""Characters before and after that say what something is mentioned for."""

_QUOTED = re.compile(
    r"<!--.{0,2000}?-->|^(```|~~~).{0,4000}?^\1|^\s{0,9}>[^\n]*|<a\s.{0,500}?</a>"
    r"|^[\w-]{1,30}-by:[^\n]*"  # a trailer
    r"|^\s{0,9}[-*]\s[^\n]{0,200}\(#\d{1,9}\)[ \t]*$"  # another commit's subject, squashed into this one
    r"|reversing\s+changes\s+made\s+to\s+[0-9a-f]{7,40}",  # where the branch of a reverted merge began
    re.MULTILINE | re.DOTALL,
)
_LINK = re.compile(r"\[[^\[\]\n]{0,200}\]\(([^()\s]{1,500})\)")
_URL = re.compile(r"https?://[^\s<>()\"'\]]{1,500}")
_OWN = re.compile(r"https?://[^/\s]+/([\w.-]+/[\w.-]+)/(?:pull|issues|commit)/(\d{1,9}|[0-9a-f]{7,40})\b")
_NUMBER = r"(?<![\w/&.-])(?:[\w.-]{1,100}/[\w.-]{1,100})?\#\d{1,9}\b"
_SHA = r"(?<![\w/.@:\#+=-])(?=\w*\d)[0-9a-f]{7,40}(?![\w/=-]|\.\w)"
_NAME = rf"(?:{_NUMBER}|{_SHA})"
_NAMES = re.compile(rf"{_NAME}(?:(?:\W{{1,4}}|[\s,]{{1,3}}(?:and|or)\s){_NAME}){{0,99}}")
_ONE = re.compile(
    r"(?:(?P<owner>[\w.-]{1,100}/[\w.-]{1,100})?#(?P<number>\d{1,9})\b|(?P<sha>[0-9a-f]{7,40}))"
)
_END = re.compile(r"[.!?;](?=\s)|(?<![:\s])(?=\s*\n\s*(?:\n|[-*]\s))")
"""Of a sentence, a paragraph or an item; a colon leads on to what follows."""
_WORD = re.compile(r"[^\W\d_](?:[\w'-]*\w)?")


@dataclass(frozen=True)
class Mention:
    """A number or a sha, and the words of its sentence, in lower case."""

    number: int | None
    sha: str | None
    """7 to 40 hex digits."""
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def text(self) -> str:
        """As it is written: `#12`, `0123abc`."""
        return f"#{self.number}" if self.number is not None else (self.sha or "")


def mentions(text: str, repository: str) -> Iterator[Mention]:
    """What a text mentions of its repository; not what it quotes, nor what it links to elsewhere."""
    read = _plain(text[:LONGEST], repository)
    for found in _NAMES.finditer(read):
        before = _END.split(read[max(0, found.start() - AROUND) : found.start()])[-1]
        after = _END.split(read[found.end() : found.end() + AROUND])[0]
        around = (_words(before), _words(after))
        for one in _ONE.finditer(found[0]):
            if (one["owner"] or repository).casefold() == repository.casefold():
                yield Mention(int(one["number"]) if one["number"] else None, one["sha"], *around)


def _plain(text: str, repository: str) -> str:
    """The text with links to its own repository as numbers and shas, and without all others."""
    unlinked = _LINK.sub(r" \1 ", _QUOTED.sub("\n", text))
    return _URL.sub(lambda url: _local(url[0], repository), unlinked)


def _local(url: str, repository: str) -> str:
    own = _OWN.match(url)
    if own is None or own[1].casefold() != repository.casefold():
        return " "
    return f" #{own[2]} " if "/commit/" not in url else f" {own[2]} "


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.lower()))
