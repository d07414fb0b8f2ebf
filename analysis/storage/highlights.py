"""What a model tells of a whole day, as the ledger keeps it; what readers see of it is decided on reading.

Importance, counts and later corrections are not kept here: they come from the day's entries.
"""

from pydantic import AwareDatetime

from analysis.language import Language
from analysis.models import Frozen, Sha, Tokens


class Told(Frozen):
    """One thing that a follower must know; every text is one line of Markdown and may be empty."""

    shas: tuple[Sha, ...]
    """The commits it rests on; the first is the one it is about before all."""
    headline: str
    """The consequence; empty: as the commit's own analysis says it."""
    who: str = ""
    action: str = ""
    risk: str = ""


class Part(Frozen):
    """One commit's share in what several commits do together."""

    sha: Sha
    text: str = ""
    """One line of Markdown; empty where the commit is spoken of already."""


class Group(Frozen):
    """Commits of one day that are one story."""

    title: str
    """One line of Markdown."""
    parts: tuple[Part, ...]


class Highlights(Frozen):
    """The model's view of one day of one repository."""

    basis: str
    """Tells the analyses it was made from: it stands as long as they are the day's."""
    language: Language
    items: tuple[Told, ...] = ()
    groups: tuple[Group, ...] = ()
    model: str | None = None
    """None: no model gave a usable answer, and the rules speak."""
    prompt_version: str | None = None
    tokens: Tokens = Tokens()
    """Of all calls that led to this."""
    cost_usd: float | None = None
    made_at: AwareDatetime
    failures: int = 0
    """How often in a row no model could be asked about this basis, or gave nothing usable."""
