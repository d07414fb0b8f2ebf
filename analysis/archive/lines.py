"""The lines of an export: one JSON object each, told apart by its `kind`; pure.

The first is a header, the last says how many came before it. In between each repository stands on its own,
and what others build on comes first: commits before the cursor behind them.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, ConfigDict, Field, TypeAdapter

from analysis.models import Call, Frozen, RepositoryName, Sha
from analysis.repository import GitUrl
from analysis.storage.entry import Entry, Relation
from analysis.storage.highlights import Highlights

Hash = Annotated[str, Field(pattern=r"^[0-9a-f]+$")]


class Counts(Frozen):
    """What there was when the export began."""

    repositories: int = 0
    entries: int = 0
    days: int = 0


class Header(Frozen):
    """The first line."""

    model_config = ConfigDict(frozen=True, validate_by_name=True, serialize_by_alias=True)

    kind: Literal["header"] = "header"
    form: int = Field(alias="schema", ge=1)
    """The form of the ledger that it was read from."""
    version: str
    """Of pushdigest."""
    exported_at: AwareDatetime
    counts: Counts = Counts()


class UrlLine(Frozen):
    """Where an operator said that a repository is fetched from."""

    kind: Literal["url"] = "url"
    repository: RepositoryName
    url: GitUrl | None = None
    """None: wherever GITHUB_URL has it."""


class KeptRelation(Relation):
    """A relation with what decides between it and others."""

    strength: int = Field(ge=1)
    landed_ms: int
    """When the other commit landed."""


class EntryLine(Entry):
    """One commit, with all that is known of it."""

    kind: Literal["entry"] = "entry"
    relations: tuple[KeptRelation, ...] = ()
    parked_at: AwareDatetime | None = None


class DayLine(Frozen):
    """One day, behind its entries."""

    kind: Literal["day"] = "day"
    repository: RepositoryName
    day: date
    entries: int
    """How many the day had."""
    revision: int = 0
    content: str = ""
    """Tells the content that was closed from any other."""
    closed_at: AwareDatetime | None = None
    closes_at: AwareDatetime | None = None
    """When it is to be closed, or closed once more."""
    highlights: Highlights | None = None
    rebuilt: bool = False
    """It was lost once, and a backfill has given it again."""


class CallLine(Frozen):
    """One request to a model, in one of its two books."""

    kind: Literal["call"] = "call"
    digest: date | None = None
    """The day of the digest that it was made for; None in the book of the day on which it was made."""
    call: Call


class FootprintLine(Frozen):
    """What the commits of some 30 days did to one file."""

    kind: Literal["footprint"] = "footprint"
    repository: RepositoryName
    file: Hash
    """Digest of its path."""
    month: int
    expires_at: AwareDatetime
    traces: dict[Sha, str]


class GoneLine(Frozen):
    """Commits whose days were not kept any longer: they do not land again."""

    kind: Literal["gone"] = "gone"
    repository: RepositoryName
    shas: tuple[Sha, ...]


class BranchLine(Frozen):
    """How far a branch was walked."""

    kind: Literal["branch"] = "branch"
    repository: RepositoryName
    name: str
    cursor: Sha | None = None
    floor: Sha | None = None
    """The first cursor."""
    start: Sha | None = None
    """The earliest push's `before`."""
    start_at: AwareDatetime | None = None
    before: Sha | None = None
    """The newest push's."""
    pushed: Sha | None = None
    pushed_at: AwareDatetime | None = None


class IdentityLine(Frozen):
    """Which repository it is at GitHub, and who may see it there."""

    kind: Literal["identity"] = "identity"
    repository: RepositoryName
    id: int | None = None
    renamed: str | None = None
    """What a delivery calls it now."""
    moved: str | None = None
    """What GitHub itself calls it now."""
    visibility: str | None = None
    """As it is kept: the instant (ms) it was told, and `private` or `public`."""


class LookLine(Frozen):
    """What the repository was like when its history was last looked at."""

    kind: Literal["look"] = "look"
    repository: RepositoryName
    at: AwareDatetime
    branches: tuple[str, ...]


class AgendaLine(Frozen):
    """What is planned for a repository."""

    kind: Literal["agenda"] = "agenda"
    repository: RepositoryName
    walk_at: AwareDatetime | None = None
    planned: date | None = None
    """The newest day whose closing was planned."""


class End(Frozen):
    """The last line: whoever does not find it has only a part."""

    kind: Literal["end"] = "end"
    lines: int
    """How many came before it."""


Line = (
    UrlLine
    | IdentityLine
    | EntryLine
    | DayLine
    | CallLine
    | FootprintLine
    | GoneLine
    | BranchLine
    | LookLine
    | AgendaLine
    | End
)
LINE: TypeAdapter[Line] = TypeAdapter(Annotated[Line, Field(discriminator="kind")])
HEADER = TypeAdapter(Header)
