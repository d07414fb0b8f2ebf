"""An analysis that is bounded, whatever a model wrote: for pages of many commits, for texts with a limit."""

from typing import TypeVar

from analysis.models import Analysis, Insight, Reason, Risk, ScopeItem
from analysis.text.sentences import cut

Item = TypeVar("Item", ScopeItem, Insight, Risk, Reason)


def shortened(analysis: Analysis, longest: int, most: int) -> Analysis:
    """The same if it is within the bounds: characters of each text, and items of each list."""
    return analysis.model_copy(
        update={
            "type": shorter(analysis.type, longest),
            "reasons": tuple(_shorter_item(item, longest) for item in analysis.reasons),
            "summary": shorter(analysis.summary, longest),
            "scope": tuple(_shorter_item(item, longest) for item in analysis.scope[:most]),
            "insights": tuple(_shorter_item(item, longest) for item in analysis.insights[:most]),
            "risks": tuple(_shorter_item(item, longest) for item in analysis.risks[:most]),
            "advice": tuple(shorter(text, longest) for text in analysis.advice[:most]),
        }
    )


def shorter(text: str, longest: int) -> str:
    """Cut between two lines if it can be, so that no mark stays open."""
    if len(text) <= longest:
        return text
    lines, _, last = text[:longest].rpartition("\n")
    return f"{lines}\n\n…" if len(lines) > len(last) else cut(text.replace("\n", " "), longest)


def _shorter_item(item: Item, longest: int) -> Item:
    long = {name: text for name, text in item if isinstance(text, str) and len(text) > longest}
    return item.model_copy(update={name: shorter(text, longest) for name, text in long.items()})
