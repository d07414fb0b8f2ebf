"""The analysis made without a model: what git alone proves, and nothing else; pure."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from analysis.diff.coverage import seen_by_rules
from analysis.diff.paths import SKIPPABLE, Kind, kind_of_file
from analysis.diff.scope import scope_of, what_happened
from analysis.importance.evidence import breaking_note
from analysis.importance.titles import ChangeType, Title, parse_title
from analysis.language import Language
from analysis.models import Analysis, Commit, Importance, Reason, Verdict
from analysis.redact import redact
from analysis.replies.reply import FIELDS
from analysis.text.opening import opening_of
from analysis.text.quoting import code, plain
from analysis.words import Words, words_for

LONGEST_SUBJECT = 200
LONGEST_QUOTE = 280
"""Characters of the author's text that are quoted."""
WIDE_STOPS = ("。", "！", "？")

_PULL_REQUEST = re.compile(r"\s*\(#\d+\)\s*\Z")
_TYPE_OF_KIND = {
    Kind.TEST: ChangeType.TEST,
    Kind.DOCS: ChangeType.DOCS,
    Kind.CI: ChangeType.CI,
    Kind.LOCK: ChangeType.DEPENDENCY,
    Kind.BUILD: ChangeType.BUILD,
}


def analyse_by_rules(commit: Commit, verdict: Verdict, *, language: Language, now: datetime) -> Analysis:
    """What the title claims, what the patch shows, and what follows from it; true whatever else is."""
    words = words_for(language)
    fields = FIELDS[verdict.importance]
    return Analysis(
        source="rules",
        language=language,
        type=words(f"rules.type.{_type(commit)}"),
        importance=verdict.importance,
        reasons=verdict.reasons,
        summary=_joined(_sentences(commit, verdict, words), words),
        scope=scope_of(commit, language) if "scope" in fields else (),
        advice=tuple(_advice(commit, verdict, words)) if "advice" in fields else (),
        coverage=seen_by_rules(commit),
        analysed_at=now,
    )


def _type(commit: Commit) -> ChangeType:
    """As claimed; where nothing is claimed, by the one kind of file that is touched."""
    title, kinds = parse_title(commit.subject), {kind_of_file(file) for file in commit.files}
    if title.types or len(kinds) != 1:
        return title.type
    return _TYPE_OF_KIND.get(kinds.pop(), ChangeType.OTHER)


def _sentences(commit: Commit, verdict: Verdict, words: Words) -> Iterator[str]:
    """What breaks, what the change is called, what the patch shows, what its author says, and numbers."""
    brief = verdict.importance is Importance.LOW
    if note := breaking_note(commit):
        yield words("rules.breaking", note=plain(redact(note), LONGEST_QUOTE))
    yield _named(commit, words)
    if not brief:
        yield from _found(verdict, words)
    quote = opening_of(commit.body)
    if quote and not (brief and commit.subject.strip()):
        yield words("rules.said", text=plain(redact(quote), LONGEST_QUOTE))
    yield from _facts(commit, words)


def _found(verdict: Verdict, words: Words) -> Iterator[str]:
    for reason in verdict.reasons:
        key = f"rules.found.{reason.rule}"
        if words.has(key):
            yield words(key, evidence=_evidence(reason, words))


def _named(commit: Commit, words: Words) -> str:
    title = parse_title(redact(_PULL_REQUEST.sub("", commit.subject)))
    if commit.merged:
        return words("rules.merge", count=commit.merged, subject=plain(title.rest, LONGEST_SUBJECT))
    if not commit.subject.strip():
        return words("rules.untitled")
    if title.reverts is not None:
        return words("rules.reverted", subject=plain(title.reverts, LONGEST_SUBJECT))
    return _in_areas(title, words)


def _in_areas(title: Title, words: Words) -> str:
    subject = plain(title.rest, LONGEST_SUBJECT)
    areas = words("rules.comma").join(plain(area, LONGEST_SUBJECT) for area in title.areas)
    return words("rules.in-areas", areas=areas, subject=subject) if areas else subject


def _facts(commit: Commit, words: Words) -> Iterator[str]:
    """What git counted."""
    kinds = Counter(kind_of_file(file) for file in commit.files)
    if not commit.files:
        missing = "edge" if commit.at_history_edge else "merge-clean" if commit.merged else "empty"
        yield words(f"rules.{missing}")
    elif len(commit.files) == 1:
        only = commit.files[0]
        yield words("rules.one-file", path=code(only.path), fate=what_happened(only, words))
    else:
        counted = [
            words("rules.counted", kind=words(f"rules.kind.{kind}"), count=n)
            for kind, n in kinds.most_common()
        ]
        yield words(
            "rules.files",
            count=len(commit.files),
            additions=commit.additions,
            deletions=commit.deletions,
            kinds=words("rules.comma").join(counted),
        )
        yield from _fates(commit, words)
    if kinds and kinds.keys() <= SKIPPABLE:
        named = words("rules.comma").join(words(f"rules.kind.{kind}") for kind, _ in kinds.most_common())
        yield words("rules.only", kinds=named)


def _fates(commit: Commit, words: Words) -> Iterator[str]:
    fates = Counter(file.status for file in commit.files)
    for count, key in ((fates["A"], "new-files"), (fates["D"], "gone-files"), (fates["R"], "moved-files")):
        if count:
            yield words(f"rules.{key}", count=count)


def _advice(commit: Commit, verdict: Verdict, words: Words) -> Iterator[str]:
    """Only where something in the commit calls for it, each sentence once."""
    given: set[str] = set()
    for reason in verdict.reasons:
        key = f"rules.advice.{reason.rule}"
        if words.has(key):
            sentence = words(key, evidence=_evidence(reason, words), sha=commit.sha[:7])
            if sentence not in given:
                yield sentence
            given.add(sentence)


def _evidence(reason: Reason, words: Words) -> str:
    """Each name in a code span of its own, and how many more there are."""
    listed, plus, more = reason.evidence.rpartition(" +")
    names, rest = (listed, f" +{more}") if plus and more.isdigit() else (reason.evidence, "")
    return words("rules.comma").join(code(name) for name in names.split(", ")) + rest


def _joined(sentences: Iterator[str], words: Words) -> str:
    """As one paragraph: a blank follows a sentence, unless its stop is as wide as one."""
    ended = (
        sentence if sentence.endswith((*WIDE_STOPS, ".", "!", "?", "…")) else sentence + words("rules.stop")
        for sentence in sentences
    )
    spaced = (sentence if sentence.endswith(WIDE_STOPS) else f"{sentence} " for sentence in ended)
    return "".join(spaced).rstrip()
