"""Which commits a message names, and what it says that it does to them; pure.

Written by GitHub (`Revert "x" (#1)`, `Reverts owner/name#1`), by git (`This reverts commit SHA`, `cherry
picked from commit SHA`), by custom (`Fixes: SHA ("x")`), or in somebody's own words.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from analysis.importance.titles import ChangeType, parse_title
from analysis.models import CommitFacts
from analysis.story.calling import LONGEST, is_reland, number_name, pull_number, sha_name, stem, title_name
from analysis.story.mentions import Mention, mentions

Kind = Literal["reverts", "relands", "fixes", "names"]
"""The first that applies counts."""

FEW = 10
"""Commits that a message names in passing; if there are more, it lists what was released."""

_OWN_NUMBER = re.compile(r"\s*\(#\d{1,9}\)\s*\Z")
_QUOTED = re.compile(r"[\"“].*[\"”]", re.DOTALL)
_NUMBERS = re.compile(r"\((#\d{1,9}(?:(?:,? and |, ?| )#\d{1,9})*)\)\s*\Z")
_BARE_NUMBER = re.compile(r"(?i:revert)\S* (?:(?i:pr|pull request) )?#?(\d{3,9})\s*\Z")
_SQUASHED = re.compile(r"(?:fixup|squash|amend)! (?=\S)")
_LISTS = frozenset({ChangeType.DEPENDENCY, ChangeType.RELEASE})
"""What they name is somebody else's, or everything."""
_MENDS = frozenset({ChangeType.FIX, ChangeType.SECURITY})

_FILLERS = frozenset(
    {"the", "this", "that", "these", "those", "a", "an", "our", "erroneous", "faulty", "merge", "made"}
    | {"issue", "issues", "bug", "bugs", "commit", "commits", "pr", "prs", "pull", "request", "requests"}
    | {"change", "changes", "of", "from", "in", "by", "since", "after", "to", "with"}
)  # fmt: skip
_SINCE = frozenset({"from", "in", "by", "since", "after"})
_STARTS = _SINCE | {"to", "with"}
"""Between a verb and a name these say that something began there: not that the named commit is reverted."""
_REVERTS = frozenset({"revert", "reverts", "reverting"})
_RELANDS = re.compile(r"re-?(?:land|appl(?:y|ie)|introduce|instate)(?:s|d|ed|ing)?|redo")
_FIXES = re.compile(r"(?:hot|bug|quick)?fix(?:es|ed|ing|up)?")
_FAULT = re.compile(
    r"(?:regress|bug|broke|break|crash|fail|fault|oversight|mistake|leak|deadlock|hang|wrong|incorrect)\w*"
)
_CAUSED = frozenset({"caused", "introduced", "fallout"})
_CAUSES = frozenset({"broke", "breaks", "caused", "causes", "regressed"})
_ELSEWHERE = frozenset({"as", "like", "same", "similar", "see", "reported"}) | {
    *("fixed", "resolved", "addressed", "solved", "handled")
}
"""Before `in #1`: what was wrong is told or mended there."""
_BETWEEN = frozenset({"which", "that", "has", "have", "also", "accidentally"})
_NEAR = 6
"""Words between a fault and the name of the commit that is blamed."""


@dataclass(frozen=True)
class Reference:
    """One commit that is named."""

    kind: Kind
    name: str
    """As in `analysis.story.calling`."""
    evidence: str = ""
    """The number or the sha as written; empty when it is the subject that is quoted."""


def references_of(commit: CommitFacts) -> tuple[Reference, ...]:
    """What a commit names in its message, each once, by the strongest that is said of it."""
    subject = _OWN_NUMBER.sub("", commit.subject[:LONGEST])
    found = [*_by_title(subject), *_by_number(subject), *_in_words(commit, subject)]
    best: dict[str, Reference] = {}
    for reference in sorted(found, key=lambda reference: get_args(Kind).index(reference.kind)):
        best.setdefault(reference.name, reference)
    if (own := pull_number(commit.subject)) is not None:
        best.pop(number_name(own), None)
    passing = sum(reference.kind == "names" for reference in best.values())
    return tuple(each for each in best.values() if each.kind != "names" or passing <= FEW)


def _by_title(subject: str) -> Iterator[Reference]:
    """Whose subject is quoted."""
    if squashed := _SQUASHED.match(subject):
        yield from _asked("names", stem(subject[squashed.end() :]))
    reverted = _reverted(subject)
    if reverted is not None:
        yield from _asked("reverts", stem(reverted))
        yield from _asked("relands", stem(_reverted(reverted) or ""))
    elif is_reland(subject):
        yield from _asked("relands", stem(subject))


def _by_number(subject: str) -> Iterator[Reference]:
    """Whose number follows what is quoted: `Revert "x (#1)" (#2)`, `[Reland] x (#1, #2)`."""
    reverted = _reverted(subject)
    if reverted is not None or is_reland(subject):
        kind: Kind = "relands" if reverted is None else "reverts"
        numbers = [*_trailing(subject), *_trailing(reverted or "")]
        yield from (_numbered(kind, number) for number in numbers)
    elif bare := _BARE_NUMBER.search(subject):
        yield _numbered("reverts", int(bare[1]))


def _in_words(commit: CommitFacts, subject: str) -> Iterator[Reference]:
    """Whose number or sha stands in a sentence."""
    kind = parse_title(subject).type
    said = _QUOTED.sub(" ", subject) if _reverted(subject) is not None else subject
    for mention in mentions(said, commit.repository):
        yield _reference(_kind(mention, mends=kind in _MENDS, in_title=True), mention)
    for mention in mentions("" if kind in _LISTS else commit.body, commit.repository):
        yield _reference(_kind(mention, mends=kind in _MENDS, in_title=False), mention)


def _kind(mention: Mention, *, mends: bool, in_title: bool) -> Kind:
    said, linked = _split(mention.before)
    verb, near = said[-1:], said[-_NEAR:]
    if not _STARTS.intersection(linked[:1]):
        if _REVERTS.intersection(verb):
            return "reverts"
        if any(map(_RELANDS.fullmatch, verb)):
            return "relands"
        if any(map(_FIXES.fullmatch, verb)) and linked[:1] != ("of",):
            return "fixes"
    after = bool(_SINCE.intersection(linked)) and mends and (in_title or bool(_CAUSED.intersection(verb)))
    blamed = after or (bool(_STARTS.intersection(linked)) and any(map(_FAULT.fullmatch, near)))
    mended = blamed and not _ELSEWHERE.intersection(verb)
    return "fixes" if mended or _is_blamed(mention.after) else "names"


def _is_blamed(after: Iterable[str]) -> bool:
    """`... which broke x`, `... introduced a regression`."""
    words = [word for word in after if word not in _BETWEEN][:_NEAR]
    caused = words[:1] and words[0].startswith("introduce") and any(map(_FAULT.fullmatch, words))
    return bool(caused or _CAUSES.intersection(words[:1]))


def _split(words: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is said, and the small words that lead from there to the name."""
    end = len(words)
    while end and words[end - 1] in _FILLERS:
        end -= 1
    return words[:end], words[end:]


def _reverted(subject: str) -> str | None:
    title = parse_title(subject)
    return title.reverts if title.reverts is not None else parse_title(title.rest).reverts


def _trailing(text: str) -> Iterator[int]:
    while found := _NUMBERS.search(text := text.rstrip(' "”')):
        yield from (int(number.strip("# ")) for number in re.findall(r"#\d+", found[1]))
        text = text[: found.start()]


def _asked(kind: Kind, title: str) -> Iterator[Reference]:
    if title:
        yield Reference(kind, title_name(title))


def _numbered(kind: Kind, number: int) -> Reference:
    return Reference(kind, number_name(number), f"#{number}")


def _reference(kind: Kind, mention: Mention) -> Reference:
    if mention.number is not None:
        return _numbered(kind, mention.number)
    return Reference(kind, sha_name(mention.text), mention.text)
