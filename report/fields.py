"""The labelled fields of one commit, as Markdown that both the text and the page are made of."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import get_args

from analysis.importance.evidence import BODY, SIGNS
from analysis.models import Analysis, Importance, Insight, Reason, Risk, ScopeItem
from analysis.words import Words
from report.escape import ACTIVE, code, escape
from report.prose import indent, tame, tame_line

ASPECTS: tuple[str, ...] = get_args(Insight.model_fields["aspect"].annotation)
REASONS_SHOWN = 3
FROM_PATCHES = SIGNS - BODY - {"reverts-high"}
"""The rules whose evidence is code rather than somebody's sentence."""
BLOCK = re.compile(r"(?:-|\d+[.)]) |```")
"""What a tamed text begins with when it is a list or a block of code."""


@dataclass(frozen=True)
class Field:
    """A label and its Markdown: a paragraph that may follow the label, or blocks below it."""

    name: str
    """What the words call it: `summary`, `scope`, `advice` ..."""
    label: str
    markdown: str
    below: bool = False


Builder = Callable[[Analysis, Words], str]


def fields_of(analysis: Analysis, words: Words) -> tuple[Field, ...]:
    """The fields that its importance asks for, in the order of the form, without those that say nothing.

    Of one in brief nobody asked what follows from the change: that is left out, not denied.
    """
    short = analysis.importance is Importance.LOW
    summary = "digest.field.summary-short" if short else "digest.field.summary"
    always: list[tuple[str, Builder]] = [
        ("digest.field.type", lambda analysis, _: escape(analysis.type)),
        ("digest.field.importance", importance_line),
        (summary, lambda analysis, _: tame(analysis.summary)),
    ]
    more = [each for each in BY_TIER[analysis.importance] if each == _SCOPE or analysis.depth == "full"]
    wanted = [*always, *more]
    made = ((key, build(analysis, words)) for key, build in wanted)
    return tuple(Field(_name(key), words(key), text, _is_list(text)) for key, text in made if text)


def _name(key: str) -> str:
    """`digest.field.summary-short` -> `summary`."""
    return key.rpartition(".")[2].partition("-")[0]


def importance_line(analysis: Analysis, words: Words) -> str:
    """`🔴 高`, and the reasons for it when there are any."""
    name = words(f"digest.tier.{analysis.importance}")
    reasons = [text for reason in analysis.reasons[:REASONS_SHOWN] if (text := reason_text(reason, words))]
    if not reasons:
        return name
    return words(
        "digest.importance-why", importance=name, reasons=words("digest.list-semicolon").join(reasons)
    )


def reason_text(reason: Reason, words: Words) -> str:
    """A rule's reason in words, or the model's own, as Markdown of one line."""
    if reason.rule == "model":
        return tame_line(reason.evidence)
    key = f"reason.{reason.rule}"
    if not words.has(key):
        return escape(reason.evidence or reason.rule)
    if is_code(reason):
        return words(key, evidence=code(reason.evidence))
    return escape(words(key, evidence=reason.evidence))


def is_code(reason: Reason) -> bool:
    """Whether its evidence is of a patch and must be set as code, whole, to read as it stands there."""
    return reason.rule in FROM_PATCHES and bool(ACTIVE.search(reason.evidence) or "`" in reason.evidence)


def _scope(analysis: Analysis, words: Words) -> str:
    return _bullets(_scope_item(item, words) for item in analysis.scope)


def _scope_item(item: ScopeItem, words: Words) -> str:
    path, why = code(item.path), tame_line(item.why)
    return words("digest.item.scope", path=path, why=why) if path and why else path or why


def _insights(analysis: Analysis, words: Words) -> str:
    return _bullets(_aspects(analysis.insights, words))


def _aspects(insights: tuple[Insight, ...], words: Words) -> Iterator[str]:
    for aspect in ASPECTS:
        texts = [text for insight in insights if insight.aspect == aspect and (text := tame(insight.text))]
        if texts:
            label = words("digest.label", name=words(f"digest.aspect.{aspect}"))
            single = len(texts) == 1 and not _is_list(texts[0])
            yield label + texts[0] if single else f"{label.rstrip()}\n{_nested(texts)}"


def _risks(analysis: Analysis, words: Words) -> str:
    items = [item for risk in analysis.risks if (item := _risk(risk, words))]
    if not items:
        return words("digest.none.risks") if analysis.source == "model" else ""
    return "\n".join(f"{number}. {indent(item, 3)}" for number, item in enumerate(items, 1))


def _risk(risk: Risk, words: Words) -> str:
    path, text = code(risk.path), tame(risk.text)
    if not path or not text or "\n" in text:
        return text
    return words("digest.item.risk", text=text, path=path)


def _advice(analysis: Analysis, words: Words) -> str:
    advice = _bullets(tame(advice) for advice in analysis.advice)
    return advice or words(f"digest.none.advice-{analysis.source}")


def _bullets(items: Iterable[str]) -> str:
    return "\n".join(f"- {indent(item, 2)}" for item in items if item)


def _nested(texts: list[str]) -> str:
    return texts[0] if len(texts) == 1 else _bullets(texts)


def _is_list(markdown: str) -> bool:
    return BLOCK.match(markdown) is not None


_SCOPE: tuple[str, Builder] = ("digest.field.scope", _scope)
_ADVICE: tuple[str, Builder] = ("digest.field.advice", _advice)
BY_TIER: dict[Importance, tuple[tuple[str, Builder], ...]] = {
    Importance.HIGH: (
        _SCOPE,
        ("digest.field.insights", _insights),
        ("digest.field.risks", _risks),
        _ADVICE,
    ),
    Importance.MEDIUM: (_SCOPE, _ADVICE),
    Importance.LOW: (),
}
