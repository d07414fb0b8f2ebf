"""Importance by rule: each rule that fires adds its weight and is a reason shown to the reader.

A title can claim what it likes; what the patch touches decides how far the claim carries.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from analysis.alarms import alarms
from analysis.evidence import signs
from analysis.models import Commit, CommitFacts, Importance, Reason, Verdict
from analysis.paths import SKIPPABLE, Kind, kind_of
from analysis.redact import redact
from analysis.titles import Title, parse_title
from analysis.weights import FLOOR, HIGH, MEDIUM, SIZES, TINY, WEIGHTS

LONGEST_EVIDENCE = 300
"""Characters of what a rule fired on that are shown."""

_BREAKING_TAG = re.compile(r"(?i:[\[(]breaking(?:[ -]change)?[\])])|(?<!-)\bBREAKING\b")
_BREAKING_FOOTER = re.compile(r"^BREAKING[ -]CHANGE:[ \t]*(?!(?:none|no|n/?a)\b)(\S.*)", re.MULTILINE)
_RELAND = re.compile(r"\bre-?(?:land|apply)\b", re.IGNORECASE)
_BUMP = re.compile(r"\bfrom v?(?P<old>\d+)(?:\.[\w.+-]*)? to v?(?P<new>\d+)(?:\.[\w.+-]*)?")
_SAID_ONLY = frozenset({Kind.DOCS, Kind.TEST, Kind.EXAMPLE, Kind.BENCHMARK})


def triage(commit: Commit) -> Verdict:
    """How much a commit matters, argued from its title, message and patch. Pure."""
    lines = lines_by_kind(commit)
    reasons = [
        Reason(rule=each.rule, evidence=_presentable(each.evidence)) for each in _reasons(commit, lines)
    ]
    if lines and lines.keys() <= SKIPPABLE and not serious(reasons):
        kinds = ", ".join(kind.value for kind, _ in lines.most_common())
        return Verdict(importance=Importance.LOW, reasons=(Reason(rule="only-skippable", evidence=kinds),))
    reasons.sort(key=lambda reason: -abs(WEIGHTS[reason.rule]))
    found = _level(sum(WEIGHTS[reason.rule] for reason in reasons))
    return Verdict(importance=at_least(found, floor(reasons)), reasons=tuple(reasons))


def floor(reasons: Iterable[Reason]) -> Importance:
    """The least importance that these reasons allow."""
    return Importance.MEDIUM if serious(reasons) else Importance.LOW


def serious(reasons: Iterable[Reason]) -> bool:
    """Whether a rule fired that no other judgement may take to low."""
    return any(reason.rule in FLOOR for reason in reasons)


def at_least(importance: Importance, least: Importance) -> Importance:
    """The more important of the two."""
    return min(importance, least, key=lambda each: each.rank)


def lines_by_kind(commit: CommitFacts) -> Counter[Kind]:
    """Changed lines by kind of file; a file without lines (binary, mode) counts as one."""
    lines: Counter[Kind] = Counter()
    for file in commit.files:
        lines[kind_of(file.path)] += max(1, (file.additions or 0) + (file.deletions or 0))
    return lines


def breaking_note(commit: CommitFacts) -> str | None:
    """What the `BREAKING CHANGE:` footer says (conventionalcommits.org 1.0.0, 8 to 13)."""
    footer = _BREAKING_FOOTER.search(commit.body)
    return footer[1].strip() if footer else None


def _presentable(evidence: str) -> str:
    """A title or a default may hold a secret, and a title may be of any length."""
    shown = redact(evidence)
    return shown if len(shown) <= LONGEST_EVIDENCE else f"{shown[:LONGEST_EVIDENCE]}…"


def _level(weight: int) -> Importance:
    if weight >= HIGH:
        return Importance.HIGH
    return Importance.MEDIUM if weight >= MEDIUM else Importance.LOW


def _reasons(commit: Commit, lines: Counter[Kind]) -> Iterator[Reason]:
    claims = list(_claims(commit, parse_title(commit.subject)))
    words = [] if lines and lines.keys() <= _SAID_ONLY else list(_words(commit))
    shown = list(signs(commit))
    yield from (*claims, *words, *shown)
    yield from _size(lines, alone=not words and not shown)


def _claims(commit: Commit, title: Title) -> Iterator[Reason]:
    """What the title says of itself; of a revert also what the reverted title said."""
    yield Reason(rule=title.type.value, evidence=title.rest if title.reverts is None else title.reverts)
    if title.reverts is not None:
        yield from _claims(commit, parse_title(title.reverts))
    note = breaking_note(commit)
    tag = _BREAKING_TAG.search(commit.subject)
    if title.breaking or note or tag:
        yield Reason(rule="breaking-mark", evidence=note or (tag[0] if tag else "!"))
    if reland := _RELAND.search(commit.subject):
        yield Reason(rule="reland", evidence=reland[0])
    bump = _BUMP.search(commit.subject)
    if bump and bump["old"] != bump["new"]:
        yield Reason(rule="major-bump", evidence=bump[0])


def _words(commit: Commit) -> Iterator[Reason]:
    for rule, word in alarms(commit.subject):
        yield Reason(rule=rule, evidence=word)
    for rule, word in alarms(commit.body):
        if rule == "security-word" and rule not in dict(alarms(commit.subject)):
            yield Reason(rule="security-in-body", evidence=word)


def _size(lines: Counter[Kind], *, alone: bool) -> Iterator[Reason]:
    """How much of the core is touched; that it is little says nothing when something else speaks."""
    core = lines[Kind.CORE] + lines[Kind.BUILD]
    large = next((rule for rule, least in SIZES if core >= least), None)
    if large:
        yield Reason(rule=large, evidence=str(core))
    elif alone and 0 < core <= TINY:
        yield Reason(rule="size-tiny", evidence=str(core))
