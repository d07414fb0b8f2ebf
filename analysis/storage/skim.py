"""A commit's entry as it is skimmed for words: a glance, and the texts that a reader may choose it by."""

from collections.abc import Iterable

from pydantic import AwareDatetime, TypeAdapter

from analysis.storage.glance import Facts, Glance, Judged, Part, Touched


class Headed(Part):
    """Of what was known when it landed, who wrote what and when."""

    subject: str
    author: str
    authored_at: AwareDatetime


class Named(Touched):
    """A file with its former name."""

    old_path: str | None = None


class Written(Facts):
    """With the message."""

    body: str = ""
    files: tuple[Named, ...] = ()


class Reached(Part):
    """A place, and why it is named."""

    why: str


class Remarked(Part):
    """An insight or a risk."""

    text: str


class Argued(Judged):
    """With its words."""

    type: str
    summary: str
    scope: tuple[Reached, ...] = ()
    insights: tuple[Remarked, ...] = ()
    risks: tuple[Remarked, ...] = ()


class Skim(Glance):
    """One commit of a day."""

    landed: Headed
    facts: Written | None = None
    analysis: Argued | None = None


SKIMS = TypeAdapter(tuple[Skim, ...])


def skims_in(rows: Iterable[str]) -> tuple[Skim, ...]:
    """The rows of `lua/seek.lua`, all parsed together."""
    return SKIMS.validate_json(f"[{','.join(rows)}]")
