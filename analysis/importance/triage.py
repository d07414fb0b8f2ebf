"""Importance by rule: each rule that fires adds its weight and is a reason shown to the reader.

A title can claim what it likes; what the patch touches decides how far the claim carries. A verdict needs the
facts and the signs found in the patch and nothing else: both are stored, so it can be given again any time.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from analysis.diff.paths import MADE, SKIPPABLE, Kind, is_data, is_page, kind_of_file
from analysis.importance.evidence import SIGNS, signs
from analysis.importance.places import places
from analysis.importance.subjects import claims, looks, stakes
from analysis.importance.weights import DEFAULT, FLOOR, Weights
from analysis.models import Commit, CommitFacts, FileChange, Importance, Reason, Verdict
from analysis.redact import redact

LONGEST_EVIDENCE = 300
"""Characters of what a rule fired on that are shown."""
MOSTLY = 5
"""Lines of CI and translations to one that runs, from which on these are what a commit is about."""
TESTED = 5
"""Lines of tests from which on a commit brings some."""
ADAPTED = 2
"""Lines of tests that may come besides those that go, for the tests to be the same ones, changed."""
_CARRYING = frozenset({Kind.CORE, Kind.BUILD})
_SAID_ONLY = SKIPPABLE - {Kind.CI}
"""Where a word of danger is only spoken of; a token that leaks in CI is a leak."""


def triage(commit: Commit, weights: Weights = DEFAULT, known: Iterable[Reason] = ()) -> Verdict:
    """How much a commit matters, argued from its title, message and patch; pure.

    Args:
        commit: with its patches.
        weights: what each rule weighs.
        known: signs from elsewhere: `reverts-high`, when the ledger has the reverted commit as high.
    """
    return replay(commit, [*known, *signs(commit)], weights)


def replay(facts: CommitFacts, seen: Iterable[Reason], weights: Weights = DEFAULT) -> Verdict:
    """The verdict on facts and on the signs that were seen in the patch; reasons of other rules are left out.

    So the reasons that are stored with an entry can be given as they are.
    """
    lines = lines_by_kind(facts)
    found = list(_heard(seen, lines))
    reasons = [_presentable(each) for each in _reasons(facts, found, lines, weights.sizes)]
    if not serious(reasons) and (only := _only(facts, found, lines)):
        others = (sign for sign in found if sign.rule != only.rule)
        return Verdict(importance=Importance.LOW, reasons=(only, *map(_presentable, others)))
    reasons.sort(key=lambda reason: -abs(weights.of(reason.rule)))
    level = weights.level(sum(weights.of(reason.rule) for reason in reasons))
    return Verdict(importance=at_least(level, floor(reasons)), reasons=tuple(reasons))


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
        lines[kind_of_file(file)] += max(1, (file.additions or 0) + (file.deletions or 0))
    return lines


def _heard(seen: Iterable[Reason], lines: Counter[Kind]) -> Iterator[Reason]:
    for sign in seen:
        if sign.rule in SIGNS and not (sign.rule.endswith("-in-body") and _spoken_of(lines)):
            yield sign


def _spoken_of(lines: Counter[Kind]) -> bool:
    return bool(lines) and lines.keys() <= _SAID_ONLY


def _presentable(reason: Reason) -> Reason:
    """A title or a default may hold a secret, and a title may be of any length."""
    shown = redact(reason.evidence)
    cut = shown if len(shown) <= LONGEST_EVIDENCE else f"{shown[:LONGEST_EVIDENCE]}…"
    return Reason(rule=reason.rule, evidence=cut)


def _only(facts: CommitFacts, found: list[Reason], lines: Counter[Kind]) -> Reason | None:
    """What decides alone: nothing is touched, nothing that runs, or only the comments in it.

    Newer versions in a lock file can be skipped too, unless the body says that they close a hole.
    """
    if not facts.files and not facts.at_history_edge:
        return Reason(rule="no-files")
    if facts.files and all(map(_is_empty, facts.files)):
        return Reason(rule="only-empty", evidence=facts.files[0].path)
    comments = next((sign for sign in found if sign.rule == "only-comments"), None)
    hole = any(sign.rule == "security-in-body" for sign in found)
    carrying = lines.keys() - MADE - (set() if hole else {Kind.LOCK})
    if not lines or not carrying <= SKIPPABLE | ({Kind.CORE} if comments else set()):
        return None
    kinds = ", ".join(kind.value for kind, _ in lines.most_common())
    return _presentable(comments) if comments else Reason(rule="only-skippable", evidence=kinds)


def _is_empty(file: FileChange) -> bool:
    """Whether it comes or goes without a line; of a binary file the lines are not known."""
    return file.status in {"A", "D"} and (file.additions, file.deletions) == (0, 0)


def _reasons(
    facts: CommitFacts, found: list[Reason], lines: Counter[Kind], sizes: Mapping[str, int]
) -> Iterator[Reason]:
    depends = any(sign.rule == "major-dependency" for sign in found)
    claimed = [each for each in claims(facts.subject) if not (depends and each.rule == "major-bump")]
    feared = [] if _spoken_of(lines) else list(stakes(facts.subject))
    shown = [Reason(rule="only-pages"), *looks(facts.subject)] if _pages_only(facts) else []
    built = [Reason(rule="only-build")] if lines[Kind.BUILD] and not lines[Kind.CORE] else []
    touched = list(places(facts))
    yield from (*claimed, *feared, *shown, *built, *found, *touched)
    yield from _mostly(lines)
    yield from _besides(lines)
    yield from _replaced(facts, lines)
    yield from _size(facts, sizes)


def _pages_only(facts: CommitFacts) -> bool:
    core = [file.path for file in facts.files if kind_of_file(file) is Kind.CORE]
    return bool(core) and all(map(is_page, core))


def _mostly(lines: Counter[Kind]) -> Iterator[Reason]:
    """Where the code that runs is the smaller part: a word in passing."""
    carried = lines[Kind.CORE] + lines[Kind.BUILD]
    besides = {kind: lines[kind] for kind in (Kind.CI, Kind.TRANSLATION)}
    if carried and sum(besides.values()) >= MOSTLY * carried:
        yield Reason(rule="mostly-skippable", evidence=max(besides, key=lambda kind: besides[kind]).value)


def _besides(lines: Counter[Kind]) -> Iterator[Reason]:
    """What else a commit changes says what its code is about: a behaviour, or the project's own tools."""
    if lines.keys() & _CARRYING:
        if lines[Kind.TEST] >= TESTED:
            yield Reason(rule="tests-too", evidence=str(lines[Kind.TEST]))
        if lines[Kind.CI]:
            yield Reason(rule="ci-too", evidence=str(lines[Kind.CI]))


def _replaced(facts: CommitFacts, lines: Counter[Kind]) -> Iterator[Reason]:
    """What does not stay beside the code: tests that now say something else, whole files of code."""
    if lines[Kind.CORE] and lines[Kind.TEST]:
        tests = [file for file in facts.files if kind_of_file(file) is Kind.TEST]
        come, gone = (sum(getattr(file, side) or 0 for file in tests) for side in ("additions", "deletions"))
        if come and gone and come <= gone + ADAPTED:
            yield Reason(rule="tests-changed", evidence=f"+{come} -{gone}")
    left = (file for file in facts.files if file.status == "D" and not is_data(file.path))
    if file := next((file for file in left if kind_of_file(file) is Kind.CORE), None):
        yield Reason(rule="removed-file", evidence=file.path)


def _size(facts: CommitFacts, sizes: Mapping[str, int]) -> Iterator[Reason]:
    """How much code of the core is touched."""
    code = [file for file in facts.files if kind_of_file(file) in _CARRYING and not is_data(file.path)]
    count = sum((file.additions or 0) + (file.deletions or 0) for file in code)
    found = next((rule for rule, least in sizes.items() if count >= least), None)
    if found:
        yield Reason(rule=found, evidence=str(count))
