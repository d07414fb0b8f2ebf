"""Whether a name or a number stands in a long text by itself, not as a part of another one; pure.

Each pattern begins with a literal, and looks at what stands before it only then: that is what makes megabytes
cheap to search.
"""

import re
from functools import lru_cache

_JOINED = r"[A-Za-z0-9_]"
_HYPHENATED = r"(?:[A-Za-z0-9_]|-[A-Za-z0-9])"
_HASH = r"[0-9a-f]{8}"


def stands(name: str, text: str) -> bool:
    """A name, spelt exactly so: `parse_arg` does not stand in `parse_args`, nor `a-b` in `a-b-c`."""
    return name != "" and name in text and _whole(name).search(text) is not None


def stands_as_word(word: str, text: str) -> bool:
    """A plain word in any case, also as part of a name: `failed` in `PhaseFailed` and `on_failed`."""
    lower, capital, upper = word.lower(), word.capitalize(), word.upper()
    return (
        (lower in text and _part(lower, r"[A-Za-z]", r"[a-z]").search(text) is not None)
        or (capital in text and _part(capital, r"(?!)", r"[a-z]").search(text) is not None)
        or (upper in text and _part(upper, r"[A-Z]", r"[A-Z]").search(text) is not None)
    )


def stands_as_number(digits: str, text: str) -> bool:
    """A number in decimal or hexadecimal digits, however its thousands are set apart; not within a hash."""
    return digits[:1] in text and _number(digits).search(text) is not None


@lru_cache(maxsize=4096)
def _whole(name: str) -> re.Pattern[str]:
    literal = re.escape(name)
    before = _JOINED if name[0].isalnum() or name[0] in "_$" else r"[A-Za-z0-9_-]"
    hyphenated = "-" in name.strip("-")
    after = _HYPHENATED if hyphenated or name.startswith("-") else _JOINED
    word_before = rf"(?<![A-Za-z0-9_]-{literal})" if hyphenated else ""
    word_after = rf"(?!{after})" if name[-1].isalnum() or name[-1] == "_" else ""
    return re.compile(rf"{literal}(?<!{before}{literal}){word_before}{word_after}")


@lru_cache(maxsize=4096)
def _part(word: str, before: str, after: str) -> re.Pattern[str]:
    literal = re.escape(word)
    return re.compile(rf"{literal}(?<!{before}{literal})(?!{after})")


@lru_cache(maxsize=4096)
def _number(digits: str) -> re.Pattern[str]:
    first, rest = re.escape(digits[0]), re.escape(digits[1:])
    if digits.isdigit() and len(digits) > len("999"):
        groups = f"{int(digits):,}".split(",") if digits[0] != "0" else [digits]
        rest = "[,_']?".join(groups)[1:]
    if digits.count(".") == 1:
        rest = rest.replace(r"\.", "[._-]")  # `4-7` in a name is version 4.7
    before = rf"(?<!\d{first})(?<!\d\.{first})(?<!{_HASH}{first})"
    after = rf"(?!\d|{_HASH})" + ("" if "." in digits else r"(?!\.[1-9])")
    return re.compile(rf"{first}{before}{rest}{after}")
