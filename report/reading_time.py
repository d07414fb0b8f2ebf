"""How long a digest takes to read in full, what is folded apart."""

import math
from collections.abc import Iterator

from analysis.language import Language
from analysis.models import Analysis, Importance
from report.digest import Digest

A_MINUTE: dict[Language, int] = {"zh-CN": 500, "en": 1_200}
"""Characters that a reader takes in: about 240 words of English."""


def minutes_of(digest: Digest) -> int:
    """Whole minutes, rounded up; commits of low importance are skipped, as their title allows."""
    read = (entry.analysis for entry in digest.shown if entry.analysis and entry.matters)
    characters = sum(len(text) for analysis in read for text in _texts(analysis))
    return math.ceil(characters / A_MINUTE[digest.language])


def _texts(analysis: Analysis) -> Iterator[str]:
    """What is shown of it, as the importance asks for that it gives itself."""
    yield analysis.summary
    if analysis.importance is Importance.LOW:
        return
    yield from (f"{place.path}{place.why}" for place in analysis.scope)
    yield from analysis.advice
    if analysis.importance is Importance.HIGH:
        yield from (insight.text for insight in analysis.insights)
        yield from (risk.text for risk in analysis.risks)
