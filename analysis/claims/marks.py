"""Words of ours behind the claims of a text that do not stand in the commit; pure."""

from collections.abc import Callable

from analysis.claims.claim import Claim
from analysis.claims.claims import claims_in
from analysis.words import Words


def marked(text: str, holds: Callable[[Claim], bool], words: Words) -> str:
    """The text with a mark behind each claim that does not hold, where it stands first.

    Whatever marks the text has are taken away before: they are ours to make.
    """
    said = unmarked(text, words)
    doubtful = [claim for claim in claims_in(said) if not holds(claim)]
    first = {claim.text: claim for claim in reversed(doubtful)}.values()
    places = {claim.behind: _mark(claim, words) for claim in first}
    pieces, last = list[str](), 0
    for place in sorted(places):
        pieces += [said[last:place], places[place]]
        last = place
    return "".join([*pieces, said[last:]])


def unmarked(text: str, words: Words) -> str:
    """The text as it was said."""
    for mark in (f"\n{words('grounding.fence')}", words("grounding.mark")):
        while mark in text:
            text = text.replace(mark, "")
    return text


def _mark(claim: Claim, words: Words) -> str:
    return f"\n{words('grounding.fence')}" if claim.fenced else words("grounding.mark")
