"""One commit as a page tells it: what is read at once, and what opens below it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from analysis.models import Analysis, Importance, Insight, Risk, ScopeItem
from analysis.text.sentences import cut, first_sentence, split_sentence
from analysis.words import Words
from report.fields import REASONS_SHOWN, Field, fields_of, reason_text
from report.prose import tame

SENTENCE, BRIEF = 300, 400
"""Characters of a first sentence, and of a summary that is shown whole although there is more to say."""
STEPS, STEP = 3, 160
"""Pieces of advice that are read at once, and the characters of each."""
LONGEST, MOST = 3_000, 30
"""Characters of a text and items of a list, on a page that shows many commits."""

Item = TypeVar("Item", ScopeItem, Insight, Risk)


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


def piece_of(analysis: Analysis, words: Words) -> Piece:
    """For a page of many commits: bounded, whatever the analysis holds."""
    short = _shortened(analysis)
    lead, more = _lead(short)
    steps = _steps(short, words)
    fields = [*_rest_of_summary(more, words), *_fields(short, words), *_reasons(short, words, REASONS_SHOWN)]
    said = steps and steps in (short.advice, _nothing(short, words))
    rest = tuple(field for field in fields if field.name != "advice" or not said)
    return Piece(lead, steps, rest, cut=short != analysis)


def whole_piece_of(analysis: Analysis, words: Words) -> Piece:
    """For the commit's own page: all there is."""
    lead, more = split_sentence(analysis.summary)
    fields = (*_rest_of_summary(more, words), *_fields(analysis, words))
    return Piece(lead, (), (*fields, *_reasons(analysis, words, len(analysis.reasons))))


def _lead(analysis: Analysis) -> tuple[str, str]:
    """What is said first, and what is left of the summary."""
    summary = analysis.summary.strip()
    if analysis.importance is not Importance.HIGH and len(summary) <= BRIEF:
        return summary, ""
    sentence, rest = split_sentence(summary)
    if not sentence or len(sentence) > SENTENCE:
        return first_sentence(summary, SENTENCE), summary
    return sentence, rest


def _steps(analysis: Analysis, words: Words) -> tuple[str, ...]:
    """Of what is of high importance, what there is to do."""
    if analysis.importance is not Importance.HIGH:
        return ()
    advice = tuple(first_sentence(text, STEP) for text in analysis.advice[:STEPS])
    return advice or _nothing(analysis, words)


def _nothing(analysis: Analysis, words: Words) -> tuple[str, ...]:
    """Said only where somebody asked what there is to do."""
    if analysis.advice or analysis.depth != "full":
        return ()
    return (words(f"digest.none.advice-{analysis.source}"),)


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


def _shortened(analysis: Analysis) -> Analysis:
    """The same as long as it is bounded."""
    return analysis.model_copy(
        update={
            "summary": _shorter(analysis.summary),
            "scope": tuple(_with(item, "why", item.why) for item in analysis.scope[:MOST]),
            "insights": tuple(_with(item, "text", item.text) for item in analysis.insights[:MOST]),
            "risks": tuple(_with(item, "text", item.text) for item in analysis.risks[:MOST]),
            "advice": tuple(_shorter(text) for text in analysis.advice[:MOST]),
        }
    )


def _with(item: Item, name: str, text: str) -> Item:
    return item if len(text) <= LONGEST else item.model_copy(update={name: _shorter(text)})


def _shorter(text: str) -> str:
    """Cut between two lines if it can be, so that no mark stays open."""
    if len(text) <= LONGEST:
        return text
    lines, _, last = text[:LONGEST].rpartition("\n")
    return f"{lines}\n\n…" if len(lines) > len(last) else cut(text.replace("\n", " "), LONGEST)
