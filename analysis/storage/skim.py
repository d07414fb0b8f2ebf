"""A commit's entry as it is skimmed for words: its texts, and what else a reader may choose it by."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pydantic import AwareDatetime, TypeAdapter

from analysis.models import Importance, Sha
from analysis.storage.glance import Part, Said

if TYPE_CHECKING:
    from analysis.storage.entry import Entry


class Headed(Part):
    """Of what was known when it landed, who wrote what and when."""

    subject: str
    author: str
    authored_at: AwareDatetime


class Named(Part):
    """A file by its names."""

    path: str
    old_path: str | None = None


class Written(Part):
    """Of what git says, the message and the files."""

    body: str = ""
    files: tuple[Named, ...] = ()


class Reached(Part):
    """A place, and why it is named."""

    why: str


class Remarked(Part):
    """An insight or a risk."""

    text: str


class Argued(Part):
    """Of the best analysis there is, its importance and its words."""

    type: str
    importance: Importance
    summary: str
    scope: tuple[Reached, ...] = ()
    insights: tuple[Remarked, ...] = ()
    risks: tuple[Remarked, ...] = ()
    advice: tuple[str, ...] = ()


class Skim(Part):
    """One commit of a day."""

    sha: Sha
    landed_at: AwareDatetime
    landed: Headed
    facts: Written | None = None
    analysis: Argued | None = None
    correction: Said | None = None

    @classmethod
    def of(cls, entry: "Entry") -> "Skim":
        """Of an entry that was read in full."""
        return cls.model_validate(entry)

    @property
    def importance(self) -> Importance | None:
        """The one that counts: a reader's, else the analysis's, else none yet."""
        said = self.correction or self.analysis
        return said.importance if said else None


SKIMS = TypeAdapter(tuple[Skim, ...])


def skims_in(rows: Iterable[str]) -> tuple[Skim, ...]:
    """The rows of `lua/seek.lua`, all parsed together."""
    return SKIMS.validate_json(f"[{','.join(rows)}]")
