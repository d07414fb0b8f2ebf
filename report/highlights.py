"""The few things of a day that a busy reader must know, chosen by rule from the analyses."""

import re
from collections.abc import Sequence

from analysis.entry import Entry
from analysis.models import Analysis, Frozen, Importance, RepositoryName, Sha

LIMIT = 5
HEADLINE = 160
"""Characters; a longer first sentence is cut."""
SENTENCE = re.compile(r"(?:`[^`]*`|[^`])*?(?:[。！？]|[.!?](?=\s+[^a-z\s]|\s*$)|$)")
LEAD = re.compile(r"^\s*(?:[-*+]|\d+[.)]|#+|>)\s+")


class Highlight(Frozen):
    """One commit that opens the day; the texts are Markdown, one line each."""

    repository: RepositoryName
    sha: Sha
    importance: Importance
    headline: str
    """The summary's first sentence: the consequence."""
    risk: str = ""
    action: str = ""


def choose_highlights(entries: Sequence[Entry], limit: int = LIMIT) -> tuple[Highlight, ...]:
    """The commits of high importance, then those of medium importance that ask for something; as ordered."""
    analysed = [(entry, entry.analysis) for entry in entries if entry.analysis]
    high = [pair for pair in analysed if pair[1].importance is Importance.HIGH]
    medium = [pair for pair in analysed if pair[1].importance is Importance.MEDIUM and pair[1].advice]
    return tuple(_highlight(entry, analysis) for entry, analysis in (high + medium)[:limit])


def join_highlights(parts: Sequence[Sequence[Highlight]], limit: int = LIMIT + 2) -> tuple[Highlight, ...]:
    """The highlights of several repositories in one list: what matters first, then as ordered."""
    together = [highlight for part in parts for highlight in part]
    return tuple(sorted(together, key=lambda highlight: highlight.importance.rank)[:limit])


def first_sentence(markdown: str) -> str:
    """The first sentence of a text, without list or heading marks; a full stop inside code ends nothing."""
    line = next((LEAD.sub("", line) for line in markdown.splitlines() if line.strip()), "").strip()
    match = SENTENCE.match(line)
    sentence = match[0].strip() if match else line
    return sentence if len(sentence) <= HEADLINE else sentence[: HEADLINE - 1] + "…"


def _highlight(entry: Entry, analysis: Analysis) -> Highlight:
    return Highlight(
        repository=entry.repository,
        sha=entry.sha,
        importance=analysis.importance,
        headline=first_sentence(analysis.summary),
        risk=first_sentence(analysis.risks[0].text) if analysis.risks else "",
        action=first_sentence(analysis.advice[0]) if analysis.advice else "",
    )
