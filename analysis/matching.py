"""What of a commit a path, an area or a word is held against, for filters, watches and mutes; pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache

from analysis.models import Analysis
from analysis.storage.entry import Entry
from analysis.storage.skim import Argued, Skim

_CJK = r"\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc\U00020000-\U0003ffff"
"""For a class in a pattern: scripts that put no blank between words, and Korean, which adds to them."""
_LETTER = rf"(?:[^\W{_CJK}]|[\u0300-\u036f])"
"""A character that a whole word must not go on with, an accent upon a letter too."""


def paths_of(commit: Entry | Skim) -> list[str]:
    """Every path that a commit touches, the former ones too; none while it has not been read."""
    files = commit.facts.files if commit.facts else ()
    return [path for file in files for path in (file.path, file.old_path) if path]


def texts_of(commit: Entry | Skim) -> Iterator[str]:
    """Subject, message, and what the analysis says in words."""
    yield commit.landed.subject
    if commit.facts:
        yield commit.facts.body
    if commit.analysis:
        yield from told_by(commit.analysis)


def told_by(analysis: Analysis | Argued) -> Iterator[str]:
    """The texts of an analysis; Markdown."""
    yield analysis.summary
    yield from (insight.text for insight in analysis.insights)
    yield from (risk.text for risk in analysis.risks)
    yield from analysis.advice
    yield from (place.why for place in analysis.scope)


def covers(pattern: str, path: str) -> bool:
    """Whether a path is a file, lies in a folder, or is as a pattern says.

    In a pattern `*` stands for any characters, a `/` too, so `*.py` is such a file at any depth; `**/` may
    also stand for nothing.
    """
    folder = pattern.rstrip("/") + "/"
    if path == pattern or path.startswith(folder):
        return True
    return any(fnmatchcase(path, each) for each in {pattern, pattern.replace("**/", "")})


def certain_part(pattern: str) -> str:
    """What every path begins with that `covers` finds; empty where nothing is certain."""
    return re.split(r"[*?[]", pattern)[0].rstrip("/")


def lies_in(area: str, path: str) -> bool:
    """Whether a path lies in an area, as ranges name them.

    `engine/` or `engine` is a folder with all in it, `engine/*` what lies in none of its folders, `*` what
    lies in no folder at all.
    """
    folder, _, rest = area.rpartition("/")
    if rest == "*":
        return path.rpartition("/")[0] == folder
    return path.startswith(area.rstrip("/") + "/")


def says(words: Iterable[str], texts: Iterable[str]) -> bool:
    """Whether one of the words stands in one of the texts, as a whole word and in any case."""
    parts, pattern = _whole(tuple(words))
    return any(_has_parts(parts, text) and pattern.search(text) for text in map(str.casefold, texts))


def _has_parts(words: Iterable[Sequence[str]], text: str) -> bool:
    """Whether all parts of a word are anywhere; to look for them takes a tenth of the time of a pattern."""
    return any(all(part in text for part in word) for word in words)


@lru_cache(maxsize=200)
def _whole(words: tuple[str, ...]) -> tuple[list[list[str]], re.Pattern[str]]:
    """The parts of each word, and what finds any of the words."""
    return [word.casefold().split() for word in words], re.compile("|".join(map(_whole_word, words)))


def _whole_word(word: str) -> str:
    """Between two characters of which one is Chinese, Japanese or Korean any place may end a word."""
    spelt = word.casefold()
    before = f"(?<!{_LETTER})" if re.match(_LETTER, spelt) else ""
    after = f"(?!{_LETTER})" if re.match(_LETTER, spelt[-1:]) else ""
    return before + r"\s+".join(map(re.escape, spelt.split())) + after
