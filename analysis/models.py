"""What a push, a commit and an analysis are: frozen values that every room shares.

All instants are aware datetimes. Everything here survives a round trip through JSON, so text never holds
lone surrogates: bytes of git that are not UTF-8 are decoded with `backslashreplace` before they get here.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints

from analysis.language import Language

Sha = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{40}$")]
"""A full object name, as the payload's `id` and git's `%H` give it."""

RepositoryName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*/[A-Za-z0-9._-]*[A-Za-z0-9_-][A-Za-z0-9._-]*$")
]
"""GitHub's `owner/name`; neither part is a path's `.` or `..`, nor looks like an option.

Owners hold letters, digits and hyphens; those of an enterprise with managed users an underscore as well."""

NO_SHA = "0" * 40
"""What GitHub sends as `before` of a created ref and as `after` of a deleted one."""


class Frozen(BaseModel):
    """A value: compared by content, never changed in place."""

    model_config = ConfigDict(frozen=True)


class Importance(StrEnum):
    """How much a commit matters to someone who follows the repository."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for high, 1 for medium, 2 for low: sorts what matters first."""
        return list(Importance).index(self)


class Landed(Frozen):
    """What a payload or a walk of the history says of a commit before its patch has been read."""

    sha: Sha
    parents: tuple[Sha, ...] = ()
    """Empty as well when unknown: a payload carries none."""
    subject: str
    author: str
    authored_at: AwareDatetime
    committed_at: AwareDatetime


class Push(Frozen):
    """The part of one push delivery that we keep."""

    delivery: str
    """`X-GitHub-Delivery`, a GUID; a redelivery carries the same one."""
    repository: RepositoryName
    branch: str
    """The ref without `refs/heads/`; may hold slashes."""
    before: Sha
    after: Sha
    forced: bool = False
    pushed_at: AwareDatetime
    private: bool = False
    """Whether its repository was private then."""
    commits: tuple[Landed, ...] = ()
    """A hint: GitHub lists at most 2,048."""


class FileChange(Frozen):
    """One line of `git diff-tree --raw --numstat`."""

    path: str
    old_path: str | None = None
    """Set for renames and copies."""
    status: Literal["A", "C", "D", "M", "R", "T"]
    additions: int | None = None
    """Lines; None for a binary file."""
    deletions: int | None = None
    old_mode: str = "000000"
    new_mode: str = "000000"
    marked: Literal["generated", "vendored", "neither"] | None = None
    """By the repository's `.gitattributes` (`linguist-generated`, `linguist-vendored`); None: unmarked."""

    @property
    def binary(self) -> bool:
        """Git counted no lines."""
        return self.additions is None

    @property
    def submodule(self) -> bool:
        """Mode 160000 on either side."""
        return "160000" in (self.old_mode, self.new_mode)


class Patch(Frozen):
    """One file's patch, from its `diff --git` line on."""

    path: str
    text: str
    truncated: bool = False
    """Cut at our cap: the file's patch is longer than `text`."""


class CommitFacts(Frozen):
    """What git says of a commit, without the patches: this is kept."""

    repository: RepositoryName
    sha: Sha
    parents: tuple[Sha, ...] = ()
    subject: str
    body: str = ""
    author: str
    authored_at: AwareDatetime
    committer: str = ""
    committed_at: AwareDatetime
    files: tuple[FileChange, ...] = ()
    """For a merge only what was changed by hand in it (`--cc`)."""
    merged: int = 0
    """Commits that a merge brings in; 0 for any other commit."""
    patch_id: str | None = None
    """`git patch-id --verbatim`; None without a textual patch."""
    at_history_edge: bool = False
    """The remote is shallow and does not have the parents: what changed cannot be known."""
    capped: bool = False
    """The patch stream was longer than what we read."""

    @property
    def additions(self) -> int:
        """Lines added in all text files."""
        return sum(file.additions or 0 for file in self.files)

    @property
    def deletions(self) -> int:
        """Lines deleted in all text files."""
        return sum(file.deletions or 0 for file in self.files)

    def landed(self) -> Landed:
        """The part that a walk would have given."""
        return Landed.model_validate(self, from_attributes=True)


class Commit(CommitFacts):
    """The facts and the patches: what is analysed, never stored."""

    patches: tuple[Patch, ...] = ()

    def facts(self) -> CommitFacts:
        """The same commit without its patches."""
        return CommitFacts.model_construct(**{name: getattr(self, name) for name in CommitFacts.model_fields})


class Reason(Frozen):
    """One rule that fired, or the model's own argument (`rule="model"`)."""

    rule: str
    """A key under `reason.` in the words, e.g. `security-word`."""
    evidence: str = ""
    """What it fired on: a path, a word, a flag."""


class Verdict(Frozen):
    """An importance and why."""

    importance: Importance
    reasons: tuple[Reason, ...] = ()


class ScopeItem(Frozen):
    """One place that the commit touches, and why it matters there."""

    path: str
    why: str = ""


class Insight(Frozen):
    """One thing worth knowing, under the aspect it belongs to."""

    aspect: Literal["architecture", "performance", "security", "maintainability", "compatibility"]
    text: str


class Risk(Frozen):
    """What may go wrong, and the file it comes from."""

    text: str
    path: str = ""


class FileCoverage(Frozen):
    """How much of one file's patch the analysis rests on."""

    path: str
    seen: Literal["whole", "part", "none"]
    hunks: int = 0
    """How many hunks the file's patch has, when only part of it was seen."""
    hunks_seen: tuple[int, ...] = ()
    """Which of them were seen from end to end, counted from 1."""
    why: str = ""
    """A key under `coverage.` in the words, e.g. `budget`; empty when whole."""


class Coverage(Frozen):
    """What the analysis did and did not get to see."""

    files: tuple[FileCoverage, ...] = ()
    parts: int = 1
    """How many requests the patches were spread over, before their findings were merged."""

    def missing(self) -> tuple[FileCoverage, ...]:
        """The files not seen whole."""
        return tuple(file for file in self.files if file.seen != "whole")


class Grounding(Frozen):
    """How much of what an analysis says stands in the commit."""

    claims: int = 0
    """Paths, flags, variables, symbols, versions, numbers, abbreviations spelt out: each counts once."""
    grounded: int = 0
    """Those of them that stand in the commit."""
    unsupported: tuple[str, ...] = ()
    """The others, as the analysis spells them; in its texts they are marked."""


class PullRequest(Frozen):
    """What the author says in the pull request that brought a commit: a claim, like its message."""

    number: int
    title: str
    body: str = ""
    labels: tuple[str, ...] = ()


class Tokens(Frozen):
    """As the model's server counted them."""

    prompt: int = 0
    cached: int = 0
    """The part of `prompt` that the server had in its cache."""
    completion: int = 0

    def __add__(self, other: "Tokens") -> "Tokens":
        return Tokens(**{name: getattr(self, name) + getattr(other, name) for name in Tokens.model_fields})


class Call(Frozen):
    """One request to a model, whatever came of it: what it cost is never forgotten."""

    id: str
    """Unique: recording a call twice counts it once."""
    repository: str
    sha: str
    model: str
    at: AwareDatetime
    tokens: Tokens = Tokens()
    cost_usd: float | None = None
    """None when the price of the model is not known."""
    outcome: str = "ok"
    """`ok`, an obstacle's code, or `lost`: under way, or never ended because its process died."""


class Analysis(Frozen):
    """What a commit means, said by the model or, without one, by the rules."""

    source: Literal["model", "rules"]
    language: Language
    type: str
    """A short label in the report's language, e.g. `Bug 修复`."""
    importance: Importance
    claimed: Importance | None = None
    """What the model itself gave, before the rules' floor; None for an analysis by the rules."""
    reasons: tuple[Reason, ...] = ()
    depth: Literal["full", "brief"] = "full"
    """Brief: the day's budget was nearly used up, so only a summary was asked for."""
    summary: str
    """Markdown; the first sentence is the consequence."""
    scope: tuple[ScopeItem, ...] = ()
    insights: tuple[Insight, ...] = ()
    risks: tuple[Risk, ...] = ()
    advice: tuple[str, ...] = ()
    """Empty: nothing to do."""
    coverage: Coverage = Coverage()
    grounding: Grounding | None = None
    """None for an analysis by the rules: it says only what git proves."""
    model: str | None = None
    prompt_version: str | None = None
    tokens: Tokens = Tokens()
    """Of all calls that led to this analysis."""
    cost_usd: float | None = None
    analysed_at: AwareDatetime
