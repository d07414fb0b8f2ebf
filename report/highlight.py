"""One highlight: whose commits it rests on, and its words, by a model or by rule."""

import re
from collections.abc import Iterator, Mapping, Sequence

from analysis.importance.weights import RULES
from analysis.models import Analysis, Frozen, Importance, Reason, RepositoryName, Sha
from analysis.storage.entry import Entry, Relation
from analysis.storage.highlights import Told
from analysis.text.quoting import plain
from analysis.text.sentences import cut, first_sentence, without_stop
from analysis.words import Words, words_for
from report.fields import is_code, reason_text

HEADLINE, DETAIL, EVIDENCE = 160, 240, 80
"""Characters of each; a longer sentence is cut."""
BASIS = 2
"""Reasons of the rules that are quoted."""
BESIDES = frozenset({"tests-too", "tests-changed", "ci-too", "case-word", "felt-in-body"})
"""Rules that speak of what stands beside the change, or of how it is told: they tell a reader nothing."""
LATER = ("reverted-by", "fixed-by", "relanded-by")
"""Relations that correct what is said of a commit."""
_BOLD = re.compile(r"(`[^`]*`)|\*\*")


class Highlight(Frozen):
    """One thing that opens the day; the texts are Markdown, one line each, and may be empty but the first."""

    repository: RepositoryName
    sha: Sha
    """The commit that it is about before all."""
    shas: tuple[Sha, ...]
    """All commits that it rests on, that one first."""
    importance: Importance
    """The highest of these commits."""
    headline: str
    """The consequence."""
    who: str = ""
    action: str = ""
    risk: str = ""
    basis: str = ""
    """What its importance rests on."""
    by_reader: bool = False
    """Whether a reader says so."""
    corrections: tuple[Relation, ...] = ()
    """Later commits that revert or fix one of these."""


def as_told(item: Told, place: Sequence[Entry]) -> Highlight:
    """In a model's words; without a headline that holds, the analysis has its own."""
    texts = {"headline": item.headline, "who": item.who, "action": item.action, "risk": item.risk}
    return _highlight(place, {name: text for name, text in texts.items() if text})


def by_rule(place: Sequence[Entry]) -> Highlight:
    """In the words of the first commit's own analysis."""
    analysis = place[0].analysis
    texts = {}
    if analysis and analysis.advice:
        texts["action"] = first_sentence(analysis.advice[0], DETAIL)
    if analysis and analysis.risks:
        texts["risk"] = first_sentence(analysis.risks[0].text, DETAIL)
    return _highlight(place, texts)


def highest(place: Sequence[Entry]) -> Importance:
    """The highest; somebody has judged at least one of a place."""
    found = [entry.importance for entry in place if entry.importance]
    return min(found, key=lambda importance: importance.rank, default=Importance.LOW)


def corrections_of(entry: Entry) -> Iterator[Relation]:
    """Later commits that take back, mend or bring back what a commit did."""
    return (relation for relation in entry.relations if relation.kind in LATER)


def _highlight(place: Sequence[Entry], texts: Mapping[str, str]) -> Highlight:
    lead, shas = place[0], {entry.sha for entry in place}
    values = {"headline": _headline(lead), "basis": _basis(lead), **texts}
    values["headline"] = _BOLD.sub(lambda match: match[1] or "", values["headline"])
    return Highlight(
        repository=lead.repository,
        sha=lead.sha,
        shas=tuple(entry.sha for entry in place),
        importance=highest(place),
        by_reader=lead.correction is not None,
        corrections=tuple(
            later for entry in place for later in corrections_of(entry) if later.sha not in shas
        ),
        **values,
    )


def _headline(entry: Entry) -> str:
    sentence = first_sentence(entry.analysis.summary if entry.analysis else "", HEADLINE)
    return without_stop(sentence) or plain(entry.landed.subject, HEADLINE)


def _basis(entry: Entry) -> str:
    """A reader's note; else the model's own argument, which points at the patch, or what the rules found."""
    if entry.correction:
        return plain(entry.correction.note, DETAIL)
    return _argument(entry.analysis) if entry.analysis else ""


def _argument(analysis: Analysis) -> str:
    """The model's, else up to two findings of the rules that speak for its importance."""
    spoken = next((each.evidence for each in analysis.reasons if each.rule == "model"), "")
    if spoken:
        return first_sentence(spoken, DETAIL)
    words = words_for(analysis.language)
    told = [
        reason for reason in analysis.reasons if reason.rule not in BESIDES and RULES.get(reason.rule, 0) > 0
    ]
    telling = sorted(told, key=lambda reason: reason.rule.startswith("size-"))
    found = [
        text for reason in telling if (text := _found(reason, words)) and not _heeded(reason, analysis, words)
    ]
    return words("digest.list-semicolon").join(found[:BASIS])


def _found(reason: Reason, words: Words) -> str:
    """A reason in words, if there is something it points at."""
    key = f"reason.{reason.rule}"
    if not reason.evidence or not words.takes(key, "evidence"):
        return ""
    short = reason.model_copy(update={"evidence": _shortened(reason.evidence)})
    return reason_text(short, words) if is_code(short) else plain(words(key, evidence=short.evidence), DETAIL)


def _heeded(reason: Reason, analysis: Analysis, words: Words) -> bool:
    """Whether the advice says it already."""
    return bool(analysis.advice) and words.has(f"rules.advice.{reason.rule}")


def _shortened(evidence: str) -> str:
    """A list is cut between its items."""
    if len(evidence) <= EVIDENCE:
        return evidence
    whole = evidence[:EVIDENCE].rpartition(", ")[0]
    return f"{whole}…" if whole else cut(evidence, EVIDENCE)
