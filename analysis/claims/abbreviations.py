"""Abbreviations that a text spells out: `KV (Key-Value)`, `Key-Value (KV)`, `TTFT（首字延迟）`; pure."""

import re
from collections.abc import Iterator

from analysis.claims.common_names import is_common
from analysis.text.spelling import plainly

_SHORT_FIRST = re.compile(r"(?<![A-Za-z0-9_])([A-Z][A-Za-z0-9]{1,7})\*{0,2}\s?\(([^()\n\0]{2,60})\)")
_LONG_FIRST = re.compile(r"(?<=[A-Za-z*])\s?\(([A-Z][A-Za-z0-9]{1,7})\)")
_NO_PHRASE = re.compile(r"[^A-Za-z &/-]")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_SMALL = frozenset({"of", "the", "and", "for", "to", "in", "a", "an", "on", "by"})
_IDEOGRAPH = re.compile(r"[\u4e00-\u9fff]")
_REMARK = re.compile(
    r"[的了默选新仅已未不无非如见即含由从按例等或与和及需会将在用是为被原旧改删加移均也都只再此该本这那其各两一二三第经到对给让"
    r"把使受有关启禁，。；：、,;:=→`]|\d"
)
"""Characters of a remark in brackets, which an expansion does not have."""
_REACH = 80
"""Characters before the brackets in which the long form stands."""


def abbreviations_in(prose: str) -> Iterator[tuple[int, int]]:
    """Start and stop of each short form with its long form, whichever comes first; blanks are no words."""
    text = plainly(prose)
    for match in _SHORT_FIRST.finditer(text):
        if _spells_out(match[2], match[1]) or _translates(match[2], match[1]):
            yield match.span()
    for match in _LONG_FIRST.finditer(text):
        phrase = _NO_PHRASE.split(text[max(0, match.start() - _REACH) : match.start()])[-1]
        if length := _length(phrase, match[1]):
            yield match.start() - length, match.end()


def long_form(claim: str) -> str:
    """The words that the short form stands for."""
    outside, _, inside = plainly(claim).rstrip(")").partition("(")
    return inside if len(inside) > len(outside.strip("* ")) else outside.strip("* ")


def pattern_of(form: str) -> re.Pattern[str]:
    """How a source may spell the words: any case, with white space, hyphens or nothing between them."""
    words = [re.escape(word) for word in re.split(r"[\s_-]+", form) if word]
    return re.compile(r"[\s_-]*".join(words), re.IGNORECASE)


def _spells_out(words: str, short: str) -> bool:
    return words.isascii() and short.lower() in {_initials(words), _initials(words, small=False)}


def _initials(words: str, *, small: bool = True) -> str:
    found = _WORD.findall(words)
    return "".join(word[0] for word in found if small or word.lower() not in _SMALL).lower()


def _length(phrase: str, short: str) -> int:
    """How many characters at the end of a phrase spell an abbreviation out; 0 when they do not."""
    starts = [match.start() for match in re.finditer(r"\b[A-Za-z]", phrase)]
    longest = 2 * len(short)
    fits = (start for start in reversed(starts[-longest:]) if _spells_out(phrase[start:], short))
    return next((len(phrase) - start for start in fits), 0)


def _translates(gloss: str, short: str) -> bool:
    """Whether a gloss in Chinese is as long as an expansion would be, and reads like a name."""
    size = len(_IDEOGRAPH.findall(gloss)) + 2 * len(re.findall(r"[A-Za-z]+", gloss))
    letters = sum(char.isupper() for char in short)
    named = _IDEOGRAPH.search(gloss) and not _REMARK.search(gloss) and not is_common(short)
    return bool(named) and 1 < letters <= size <= 2 * letters + 2
