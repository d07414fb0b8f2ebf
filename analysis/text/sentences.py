"""The first sentence of a text, and texts cut to a line; pure."""

import re

LONGEST_READ = 4_000
"""Characters that are looked at: whoever writes a longer line has no sentence in it."""
LONGEST_WORD = 20
"""Characters that are given up so as not to cut a word in two."""
_SENTENCE = re.compile(r"(?:`[^`]*`|[^`])*?(?:[。！？]|[.!?](?=\s+[^a-z\s]|\s*$)|$)")
_STOP = re.compile(r"(?:(?<!\.)\.|。)$")
_BLOCK = re.compile(r"(?:[-*+]|#{1,6}|\d{1,9}[.)])\s|[>|]|```|~~~")
_LEAD = re.compile(r"^\s*(?:[-*+]|\d+[.)]|#+|>)\s+")


def first_sentence(markdown: str, longest: int) -> str:
    """The first sentence, without list or heading marks; a full stop inside code ends nothing."""
    lines = (line for line in markdown[:LONGEST_READ].splitlines() if line.strip())
    line = next((_LEAD.sub("", line) for line in lines), "").strip()
    match = _SENTENCE.match(line)
    return cut(match[0].strip() if match else line, longest)


def split_sentence(markdown: str) -> tuple[str, str]:
    """The first sentence of a text that begins with a paragraph, and all that follows it.

    The first is empty when no sentence stands by itself there: the text begins with a list, a heading or a
    block of code, or a mark of emphasis or code is opened in the sentence and closed behind it.
    """
    text = markdown.strip()
    line = text[:LONGEST_READ].partition("\n")[0]
    match = None if _BLOCK.match(line) else _SENTENCE.match(line)
    sentence = match[0] if match else ""
    if any(sentence.count(mark) % 2 for mark in ("`", "*", "**", "__")):
        return "", text
    return sentence.strip(), text[len(sentence) :].strip()


def cut(line: str, longest: int) -> str:
    """The line; a longer one ends in `…`, not inside a code span and, if it can be, not inside a word."""
    if len(line) <= longest:
        return line
    kept = line[: longest - 1]
    if kept.count("`") % 2:
        kept = kept[: kept.rindex("`")]
    words, _, last = kept.rpartition(" ")
    return f"{(words if words and len(last) <= LONGEST_WORD else kept).rstrip()}…"


def repeats(sentence: str, title: str) -> bool:
    """Whether it says no more than a title does, whatever the marks."""
    return _letters(sentence) in _letters(title)


def without_stop(sentence: str) -> str:
    """As a headline: a full stop at its end is left out, other marks are not."""
    return sentence[:-1].rstrip() if _STOP.search(sentence) else sentence


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
