"""What a commit is called: by its pull request, its subject, its patch, and the series it is a part of; pure.

A name holds no blank. Two commits with the same name, or one that is asked for by it, belong together.
"""

import re
from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal

from analysis.importance.titles import ChangeType, parse_title
from analysis.models import CommitFacts, Sha

SHA, NUMBER, TITLE, PATCH, SERIES = "@#=+~"
"""What a name begins with: each sort has its own."""

LONGEST = 400
"""Characters of a subject that are read."""
A_DAY = 86_400
STEPS_APART = 45 * A_DAY
"""Seconds within which the numbered parts of one series follow each other."""
TITLES_APART = 7 * A_DAY
"""Seconds within which one author begins two subjects alike because of one thing."""
ANY_TIME = 100 * 366 * A_DAY

_SUFFIXES = re.compile(r"(?:\s*\(#\d{1,9}(?:(?:,|,? and) ?#\d{1,9}){0,9}\)){1,9}\s*\Z")
_SUFFIX = re.compile(r"\(#(\d{1,9})\)\s*\Z")
_MERGED = re.compile(r"Merge pull request #(\d{1,9}) from ")
_RELAND = re.compile(r"\[?\b(?:re-?(?:land|apply)(?:ed|ing|s)?|redo)\b\]?:?", re.IGNORECASE)
_STEP = re.compile(
    r"""(?<![\w./-]) [\[(]? (?:part|step|phase)? \s? (?: \d{1,2} \s? / \s? (?: \d{1,2} | [nx] ) ) (?![\w./])
        (?: [^\[\]()]{0,30} [\])] )?                                        # [3/N], (Step 2/2 for that), 4/n
      | [\[(]? \b (?: part | phase ) [ -] \d{1,2} (?![\w.]) [\])]?          # (part 2)
      | \b step [ ] \d{1,2} (?![\w.])
    """,
    re.IGNORECASE | re.VERBOSE,
)
_WORD = re.compile(r"[\w.#-]*\w")
_SPELT = re.compile(r"[^\W\d_]{2,}")
_SMALL = frozenset(
    {"a", "an", "the", "and", "or", "for", "to", "in", "on", "of", "with", "from", "by", "at", "as"}
)
_PROGRAM = re.compile(r"bot\b|\[bot\]|\bautomation\b|\bactions?\b", re.IGNORECASE)
"""Names of authors that give one title to whatever they do."""
_ALIKE, _ALIKE_STEPS = 4, 2
"""Words with which two subjects must begin; fewer when both are numbered."""
_LONG_ENOUGH = 12
"""Characters of a subject from which on hardly two are the same by chance."""
_UNTOLD = frozenset(
    {ChangeType.REVERT, ChangeType.RELEASE, ChangeType.DEPENDENCY, ChangeType.MERGE, ChangeType.STYLE}
)
"""Titles that are alike without any connection."""


@dataclass(frozen=True)
class Shared:
    """A name that all commits of one thing have."""

    kind: Literal["same-change", "series"]
    name: str
    apart: int
    """Seconds that may lie between two of them."""
    evidence: str


def names_of(commit: CommitFacts) -> tuple[str, ...]:
    """By which others may ask for a commit."""
    number, title = pull_number(commit.subject), stem(commit.subject)
    found = [sha_name(commit.sha), number_name(number) if number else "", title_name(title) if title else ""]
    return tuple(name for name in found if name)


def shared_names(commit: CommitFacts) -> tuple[Shared, ...]:
    """What it has in common with the other parts of its series, or with the same change made elsewhere."""
    found = _series(commit)
    if commit.patch_id:
        found.append(Shared("same-change", f"{PATCH}{commit.patch_id[:16]}", ANY_TIME, "patch-id"))
    return tuple(found)


def sha_name(sha: Sha) -> str:
    """Of a whole sha or of 7 characters and more."""
    return f"{SHA}{sha[:7]}"


def number_name(number: int) -> str:
    """Of a pull request."""
    return f"{NUMBER}{number}"


def title_name(title: str) -> str:
    """Of what `stem` made of a subject."""
    return f"{TITLE}{_short(title)}"


def pull_number(subject: str) -> int | None:
    """The pull request that brought a commit, as GitHub writes it into the subject."""
    found = _SUFFIX.search(subject[:LONGEST]) or _MERGED.match(subject)
    return int(found[1]) if found else None


def without_numbers(subject: str) -> str:
    """The subject without the numbers of pull requests at its end."""
    return _SUFFIXES.sub("", subject[:LONGEST])


def is_reland(subject: str) -> bool:
    """Whether it says that it brings something back."""
    return _RELAND.search(subject[:LONGEST]) is not None


def stem(subject: str) -> str:
    """What stays of a subject whoever reverts it or brings it back; empty when that is too little.

    `[Core][Bugfix] Fix x (#12)`, `Reland: Fix x` -> `fix x`; `Revert "Fix x" (#13)` -> `revert fix x`
    """
    title = parse_title(without_numbers(subject))
    if title.reverts is not None:
        reverted = stem(title.reverts)
        return f"revert {reverted}" if reverted else ""
    first = _RELAND.sub(" ", without_numbers(subject), count=1).strip('"“” ')
    words = " ".join(parse_title(without_numbers(first)).rest.casefold().split())
    return words if len(words) >= _LONG_ENOUGH and len(_SPELT.findall(words)) > 1 else ""


def _series(commit: CommitFacts) -> list[Shared]:
    subject = without_numbers(commit.subject)
    step = _STEP.search(subject)
    title = parse_title(_STEP.sub(" ", subject, count=1) if step else subject)
    if _UNTOLD.intersection((title.type, parse_title(subject).type)):
        return []
    words = [word for word in _WORD.findall(title.rest.casefold()) if word not in _SMALL]
    if step:
        areas = (_WORD.findall(area.casefold()) for area in title.areas)
        told = [["area", *area] for area in areas if area] + [["step", *words[:_ALIKE_STEPS]]]
        return [_of_author(commit, each, STEPS_APART, step[0].strip()) for each in told]
    if len(words) < _ALIKE or _PROGRAM.search(commit.author):
        return []
    return [_of_author(commit, ["title", *words[:_ALIKE]], TITLES_APART)]


def _of_author(commit: CommitFacts, told: list[str], apart: int, evidence: str = "") -> Shared:
    name = _short("\n".join([commit.author, *told]))
    return Shared("series", f"{SERIES}{name}", apart, evidence)


def _short(text: str) -> str:
    return blake2b(text.encode(errors="surrogatepass"), digest_size=8).hexdigest()
