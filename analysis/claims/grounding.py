"""What an analysis says against what the commit holds: places, risks and claims; pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from analysis.claims.claim import Claim
from analysis.claims.claims import claims_in
from analysis.claims.corpus import Sources
from analysis.claims.marks import marked
from analysis.diff.touched import Touched
from analysis.models import CommitFacts, Grounding, Insight, Risk, ScopeItem
from analysis.replies.reply import Reply
from analysis.text.sentences import cut
from analysis.words import Words

MOST_NAMED = 12
"""Claims that a model is asked to check again."""
LONGEST = 200
"""Characters of a claim that are kept."""


@dataclass(frozen=True)
class Grounded:
    """The texts of a reply with marks on what does not stand in the commit, and how much does."""

    why: str
    summary: str
    scope: tuple[ScopeItem, ...]
    insights: tuple[Insight, ...]
    risks: tuple[Risk, ...]
    advice: tuple[str, ...]
    grounding: Grounding


def unsupported(reply: Reply, sources: Sources) -> tuple[str, ...]:
    """What a reply claims and the commit does not hold, each once, in the order of the reply's fields."""
    named = list[str]()
    for text, path in _fields(reply):
        if path.strip() and sources.touched.find(path) is None:
            named.append(path)
        named += [claim.text for claim in claims_in(text) if not sources.has(claim)]
    return tuple(dict.fromkeys(map(_line, named)))[:MOST_NAMED]


def ground(reply: Reply, sources: Sources, commit: CommitFacts, words: Words) -> Grounded:
    """A reply whose scope and risks name touched places only, with marks on claims that do not hold."""
    scope = grounded_scope((ScopeItem(path=place.path, why=place.why) for place in reply.scope), commit)
    risks = grounded_risks((Risk(text=danger.text, path=danger.path) for danger in reply.risks), commit)
    marker = _Marker(sources, words)
    marker.held.update(dict.fromkeys([*(item.path for item in scope), *(risk.path for risk in risks)], True))
    return Grounded(
        why=marker.marked(reply.why),
        summary=marker.marked(reply.summary),
        scope=tuple(ScopeItem(path=item.path, why=marker.marked(item.why)) for item in scope),
        insights=tuple(Insight(aspect=each.aspect, text=marker.marked(each.text)) for each in reply.insights),
        risks=tuple(Risk(text=marker.marked(risk.text), path=risk.path) for risk in risks),
        advice=tuple(marker.marked(advice) for advice in reply.advice),
        grounding=marker.grounding(),
    )


def grounded_scope(scope: Iterable[ScopeItem], commit: CommitFacts) -> tuple[ScopeItem, ...]:
    """The items whose places the commit touches, each place once and spelt as git does."""
    touched = Touched(commit)
    kept: dict[str, ScopeItem] = {}
    for item in scope:
        if (path := touched.find(item.path)) is not None:
            kept.setdefault(path, ScopeItem(path=path, why=item.why))
    return tuple(kept.values())


def grounded_risks(risks: Iterable[Risk], commit: CommitFacts) -> tuple[Risk, ...]:
    """The risks that name a place the commit touches; where there is one file only, it is that one."""
    touched = Touched(commit)
    only = next(iter(touched.paths)) if len(touched.paths) == 1 else None
    placed = [(touched.find(risk.path) or (only if not risk.path.strip() else None), risk) for risk in risks]
    return tuple(Risk(text=risk.text, path=path) for path, risk in placed if path)


@dataclass(frozen=True)
class _Marker:
    """Marks one text after the other, and remembers each claim."""

    sources: Sources
    words: Words
    held: dict[str, bool] = field(default_factory=dict)
    """Claim -> whether the commit holds it."""

    def marked(self, text: str) -> str:
        """The text with marks."""
        return marked(text, self._holds, self.words)

    def _holds(self, claim: Claim) -> bool:
        return self.held.setdefault(claim.text, self.sources.has(claim))

    def grounding(self) -> Grounding:
        """Of all texts so far."""
        doubtful = tuple(_line(claim) for claim, holds in self.held.items() if not holds)
        return Grounding(claims=len(self.held), grounded=len(self.held) - len(doubtful), unsupported=doubtful)


def _line(claim: str) -> str:
    return cut(" ".join(claim.split()), LONGEST)


def _fields(reply: Reply) -> Iterator[tuple[str, str]]:
    """Each text, and the place that it is said of, in the order in which they are asked for."""
    yield from ((reply.why, ""), (reply.summary, ""))
    yield from ((place.why, place.path) for place in reply.scope)
    yield from ((insight.text, "") for insight in reply.insights)
    yield from ((danger.text, danger.path) for danger in reply.risks)
    yield from ((advice, "") for advice in reply.advice)
