"""One commit as a page tells it: what is read at once, and what opens below it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from analysis.models import Analysis, Importance
from analysis.text.sentences import first_sentence, repeats, split_sentence
from analysis.words import Words
from report.fields import REASONS_SHOWN, Field, fields_of, reason_text
from report.prose import tame
from report.shortening import shortened

SENTENCE, BRIEF = 300, 400
"""Characters of a first sentence, and of a summary that is shown whole although there is more to say."""
STEPS, STEP = 3, 160
"""Pieces of advice that are read at once, and the characters of each."""
LONGEST, MOST = 3_000, 30
"""Characters of a text and items of a list, on a page that shows many commits."""


@dataclass(frozen=True)
class Piece:
    """The texts are Markdown."""

    lead: str = ""
    """The consequence: the first sentence, or a summary that is short."""
    steps: tuple[str, ...] = ()
    """Who has to do what, and when; one line each."""
    rest: tuple[Field, ...] = ()
    """What opens."""
    cut: bool = False
    """The commit's own page says more."""


def piece_of(analysis: Analysis, words: Words, subject: str = "") -> Piece:
    """For a page of many commits: bounded, whatever the analysis holds. The subject stands above it."""
    short = shortened(analysis, LONGEST, MOST)
    lead, more = _lead(short, subject)
    steps = _steps(short, words)
    fields = [*_rest_of_summary(more, words), *_fields(short, words), *_reasons(short, words, REASONS_SHOWN)]
    said = steps and steps in (short.advice, _nothing(short, words))
    rest = tuple(field for field in fields if field.name != "advice" or not said)
    return Piece(lead, steps, rest, cut=short != analysis)


def whole_piece_of(analysis: Analysis, words: Words, subject: str = "") -> Piece:
    """For the commit's own page: all there is, but for what its subject says above it."""
    summary = _beyond(subject, analysis.summary)
    lead, more = (summary, "") if _flat(analysis) else split_sentence(summary)
    fields = (*_rest_of_summary(more, words), *_fields(analysis, words))
    return Piece(lead, (), (*fields, *_reasons(analysis, words, len(analysis.reasons))))


def _beyond(subject: str, summary: str) -> str:
    """The summary without a first sentence that says the subject again, as that of the rules does."""
    sentence, rest = split_sentence(summary)
    return rest if sentence and repeats(sentence, subject) else summary.strip()


def _lead(analysis: Analysis, subject: str) -> tuple[str, str]:
    """What is said first, and what is left of the summary."""
    summary = _beyond(subject, analysis.summary)
    if _flat(analysis) or (analysis.importance is not Importance.HIGH and len(summary) <= BRIEF):
        return summary, ""
    sentence, rest = split_sentence(summary)
    if not sentence or len(sentence) > SENTENCE:
        return first_sentence(summary, SENTENCE), summary
    return sentence, rest


def _flat(analysis: Analysis) -> bool:
    """Whether the summary is one row of findings, as that of the rules is: none of them leads the others."""
    return analysis.source == "rules"


def _steps(analysis: Analysis, words: Words) -> tuple[str, ...]:
    """Of what is of high importance, what there is to do."""
    if analysis.importance is not Importance.HIGH:
        return ()
    advice = tuple(first_sentence(text, STEP) for text in analysis.advice[:STEPS])
    return advice or _nothing(analysis, words)


def _nothing(analysis: Analysis, words: Words) -> tuple[str, ...]:
    """Said only where a model was asked what there is to do: the rules' silence is no answer."""
    asked = analysis.source == "model" and analysis.depth == "full"
    return (words("digest.none.advice-model"),) if asked and not analysis.advice else ()


def _rest_of_summary(markdown: str, words: Words) -> Iterator[Field]:
    if text := tame(markdown):
        yield Field("summary", words("digest.field.summary"), text, below=True)


def _fields(analysis: Analysis, words: Words) -> Iterator[Field]:
    """All but what a page says in other places: the type, the importance, the summary."""
    said = {"type", "importance", "summary"}
    return (field for field in fields_of(analysis, words) if field.name not in said)


def _reasons(analysis: Analysis, words: Words, most: int) -> Iterator[Field]:
    """Why it has the importance it has."""
    reasons = [text for each in analysis.reasons[:most] if (text := reason_text(each, words))]
    if reasons:
        yield Field(
            "reasons", words("pages.field.reasons"), "\n".join(f"- {text}" for text in reasons), below=True
        )
