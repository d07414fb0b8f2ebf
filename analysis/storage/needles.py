"""What the stored JSON of a commit must hold if one of its texts has a word, whatever the case; pure.

That is looked at before anything is parsed. It may be there although no text has the word, as a part of a
date, say; but where none of it is there, none has it. So what is found is to be looked at again.
"""

import json
from collections.abc import Sequence
from functools import cache

ESCAPE = "\\u"
"""Before a character that is written as its number: it might be any."""
LETTERS_END = 0x20000
"""No character from here on has a small and a capital form."""


def needles_of(word: str) -> tuple[str, ...]:
    """Of these at least one is in the stored JSON, once its capitals of ASCII are made small.

    `k` also stands in a text as the sign of kelvin, and `ss` as `ß`: a text with such a character may have
    the word. Unicode's full case folding says which those are, as `str.casefold` does it.
    """
    folded = word.casefold()
    others = {other for char in folded for other in _folded_to().get(char, ())}
    return (json.dumps(folded, ensure_ascii=False)[1:-1], *sorted(others), ESCAPE)


def needles_of_any(words: Sequence[str]) -> tuple[str, ...]:
    """The same of several words of which a text has one; nothing if one of them is empty."""
    each = dict.fromkeys(needle for word in words for needle in needles_of(word))
    return tuple(each) if all(words) else ()


def needles_of_value(values: Sequence[str]) -> tuple[str, ...]:
    """Of these one is there if a member has one of the values, which are small letters of ASCII."""
    return tuple(f'"{value}"' for value in values)


@cache
def _folded_to() -> dict[str, tuple[str, ...]]:
    """The characters beyond ASCII that folding changes, by each character that they are changed to."""
    found: dict[str, tuple[str, ...]] = {}
    for char in map(chr, range(0x80, LETTERS_END)):
        for small in set(char.casefold()) - {char}:
            found[small] = (*found.get(small, ()), char)
    return found
