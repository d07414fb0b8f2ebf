"""A day in a model's words: what its commits' analyses say, what matters first, cut to a budget of tokens."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from secrets import token_hex

from analysis.claims.day_grounding import Shown
from analysis.dialogue.prompt import prompt_in
from analysis.importance.urgency import urgency
from analysis.language import Language
from analysis.model.completion import Message
from analysis.models import Importance
from analysis.redact import redact, redact_values
from analysis.storage.entry import Entry
from analysis.text.sentences import cut

SLACK = 50
"""Tokens by which two counts of one text may differ."""
SHORT = 7
"""Digits of a sha that are shown; more where two commits of the day need it."""
SUBJECT, SUMMARY, SENTENCE = 200, 700, 240
"""Characters of each that are shown."""
FEW = 3
"""Risks, pieces of advice and relations of a commit that are shown."""


@dataclass(frozen=True)
class Day:
    """One day of one repository, as a model may be asked about it."""

    repository: str
    day: date
    entries: tuple[Entry, ...]
    """Those with an analysis."""
    language: Language
    secrets: tuple[str, ...] = ()
    """Our own; they are masked in whatever is sent."""

    def ask(
        self, max_tokens: int, count: Callable[[str], int], *, fence: str | None = None
    ) -> tuple[list[Message], Shown]:
        """What is sent, and what of the day stands in it."""
        ranked = sorted(self.entries, key=urgency)
        frame = sum(count(message["content"]) for message in self._messages("", ranked, fence))
        lines = self._lines(ranked, max_tokens - SLACK - frame, count)
        text = "\n".join(lines)
        shown = Shown(tuple(ranked[: len(lines)]), text)
        return self._messages(text, ranked[len(lines) :], fence), shown

    def _messages(self, listing: str, missing: Sequence[Entry], fence: str | None) -> list[Message]:
        prompt = prompt_in(self.language, "highlights")
        tiers = Counter(entry.importance for entry in self.entries)
        high = sum(entry.importance is Importance.HIGH for entry in missing)
        asked = prompt.part(
            "day",
            repository=self.repository,
            day=self.day,
            total=len(self.entries),
            high=tiers[Importance.HIGH],
            medium=tiers[Importance.MEDIUM],
            low=tiers[Importance.LOW],
            listing=listing,
            more=prompt.part("more", count=len(missing), high=high) + "\n" if missing else "",
            fence=fence or token_hex(8),
        )
        return [{"role": "system", "content": prompt.part("system")}, {"role": "user", "content": asked}]

    def _lines(self, ranked: Sequence[Entry], left: int, count: Callable[[str], int]) -> list[str]:
        """Each commit in full, or in one line when that is all there is room for."""
        digits = _digits(ranked)
        lines: list[str] = []
        for entry in ranked:
            forms = [self._safe(form) for form in _forms(entry, digits)]
            fitting = next(((form, size) for form in forms if (size := count(form) + 1) <= left), None)
            if fitting is None:
                break
            lines.append(fitting[0])
            left -= fitting[1]
        return lines

    def _safe(self, text: str) -> str:
        return redact_values(redact(text), self.secrets)


def _digits(entries: Sequence[Entry]) -> int:
    """How many digits tell the shas of a day apart."""
    lengths = (SHORT, 12, 40)
    return next(length for length in lengths if len({each.sha[:length] for each in entries}) == len(entries))


def _forms(entry: Entry, digits: int) -> tuple[str, ...]:
    """What is said of a commit, the longest first; of one that can be skipped only the line."""
    line = _line(entry, digits)
    if entry.importance is Importance.LOW:
        return (line,)
    return "\n".join([line, *(f"  {detail}" for detail in _details(entry, digits))]), line


def _line(entry: Entry, digits: int) -> str:
    analysis = entry.analysis
    said = (f"{entry.importance}", _one_line(analysis.type, SUBJECT)) if analysis else ()
    return " | ".join([entry.sha[:digits], *said, _one_line(entry.landed.subject, SUBJECT)])


def _details(entry: Entry, digits: int) -> Iterator[str]:
    analysis = entry.analysis
    if analysis is None:
        return
    yield f"summary: {_one_line(analysis.summary, SUMMARY)}"
    for risk in analysis.risks[:FEW]:
        yield f"risk: {_one_line(f'{risk.path}: {risk.text}' if risk.path else risk.text, SENTENCE)}"
    for advice in analysis.advice[:FEW]:
        yield f"advice: {_one_line(advice, SENTENCE)}"
    for other in entry.relations[:FEW]:
        subject = _one_line(other.subject, SENTENCE)
        yield f"relation: {other.kind} {other.sha[:digits]} ({other.day}) {subject}"


def _one_line(text: str, longest: int) -> str:
    """What can be seen of a text: neither control nor direction characters, nor line breaks."""
    seen = "".join(char if char.isprintable() else " " for char in text)
    return cut(" ".join(seen.split()), longest)
