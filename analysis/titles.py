"""What a commit's subject claims: its type, areas, breaking mark and what it reverts."""

import re
from dataclasses import dataclass
from enum import StrEnum


class ChangeType(StrEnum):
    """What sort of change it is; each is a key under `rules.type.` in the words."""

    SECURITY = "security"
    REVERT = "revert"
    MERGE = "merge"
    DOCS = "docs"
    TEST = "test"
    CI = "ci"
    STYLE = "style"
    DEPRECATION = "deprecation"
    FIX = "fix"
    PERFORMANCE = "performance"
    FEATURE = "feature"
    DEPENDENCY = "dependency"
    REFACTOR = "refactor"
    BUILD = "build"
    CHORE = "chore"
    OTHER = "other"


_TAGS = {
    ChangeType.SECURITY: "security sec vulnerability cve",
    ChangeType.REVERT: "revert reverts",
    ChangeType.DOCS: "docs doc documentation readme typo typos cookbook",
    ChangeType.TEST: "test tests testing ut unittest e2e flaky",
    ChangeType.CI: "ci cicd lint linter pre-commit precommit workflow github actions",
    ChangeType.STYLE: "style format formatting fmt cosmetic",
    ChangeType.DEPRECATION: "deprecation deprecate deprecated",
    ChangeType.FIX: "fix fixes fixed bug bugfix bugfixes bug-fix hotfix patch",
    ChangeType.PERFORMANCE: "perf performance optimization optimize optim opt",
    ChangeType.FEATURE: "feat feature features new add support new-model",
    ChangeType.DEPENDENCY: "deps dep dependency dependencies bump deps-dev",
    ChangeType.REFACTOR: "refactor refactoring cleanup clean-up refact ref moe-refactor",
    ChangeType.BUILD: "build docker package packaging release",
    ChangeType.CHORE: "chore misc minor nit easy trivial auto-sync",
}
_VERBS = {
    ChangeType.REVERT: "revert",
    ChangeType.DOCS: "document clarify",
    ChangeType.DEPRECATION: "deprecate",
    ChangeType.FIX: "fix fixes fixed correct prevent avoid handle resolve repair hotfix bugfix",
    ChangeType.PERFORMANCE: "optimize optimise accelerate speed",
    ChangeType.FEATURE: "add adds added support introduce implement enable allow expose feat feature new",
    ChangeType.DEPENDENCY: "bump upgrade pin",
    ChangeType.REFACTOR: "refactor rename move extract simplify consolidate migrate clean cleanup split",
    ChangeType.CHORE: "chore",
}
TYPE_OF_TAG = {word: kind for kind, words in _TAGS.items() for word in words.split()}
TYPE_OF_VERB = {word: kind for kind, words in _VERBS.items() for word in words.split()}

_BRACKET = re.compile(r"\s*\[([^\[\]]{1,40})\]:?\s*")
_PREFIX = re.compile(r"\s*([A-Za-z][\w/&+-]{0,24})\s?(?:\(([^()]{1,80})\))?(!)?:\s+(?=\S)")
_REVERT = re.compile(r"(?:\[?revert\]?:?\s+)+[\"“](.+)[\"”]", re.IGNORECASE | re.DOTALL)
_MERGE = re.compile(r"merge (?:branch|pull request|remote-tracking|tag|commit|[\w./-]+ into )", re.IGNORECASE)


@dataclass(frozen=True)
class Title:
    """A subject, read: `[Bugfix][Core] fix(kv)!: x` -> (FIX,), ("Core", "kv"), breaking, `x`."""

    types: tuple[ChangeType, ...]
    """As claimed by tags, else by the first verb; empty when it claims nothing."""
    areas: tuple[str, ...]
    breaking: bool
    rest: str
    """The subject without its marks."""
    tagged: bool
    """By a tag or prefix, not only by its verb."""
    reverts: str | None = None
    """The reverted commit's subject."""

    @property
    def type(self) -> ChangeType:
        """The one that says most: security before all, then what makes a change skippable."""
        return min(self.types, key=list(ChangeType).index, default=ChangeType.OTHER)


def parse_title(subject: str) -> Title:
    """Read the conventional prefix (conventionalcommits.org 1.0.0), bracket tags, or the first verb."""
    if _MERGE.match(subject):
        return Title((ChangeType.MERGE,), (), breaking=False, rest=subject, tagged=True)
    if reverted := _REVERT.match(subject):
        return Title((ChangeType.REVERT,), (), breaking=False, rest=subject, tagged=True, reverts=reverted[1])
    marks, breaking, rest = _marks(subject)
    types = [TYPE_OF_TAG[word] for mark in marks for word in _words(mark) if word in TYPE_OF_TAG]
    areas = tuple(mark for mark in marks if not any(word in TYPE_OF_TAG for word in _words(mark)))
    verb = re.match(r"[A-Za-z]+", rest)
    spoken = TYPE_OF_VERB.get(verb[0].lower()) if verb and not types else None
    return Title(tuple(types) or ((spoken,) if spoken else ()), areas, breaking, rest, tagged=bool(types))


def _marks(subject: str) -> tuple[list[str], bool, str]:
    marks: list[str] = []
    breaking, rest = False, subject
    while match := _BRACKET.match(rest) or _PREFIX.match(rest):
        marks += [part.strip() for part in match.groups()[:2] if part]
        breaking |= bool(match.re.groups > 1 and match[3])
        rest = rest[match.end() :]
    return marks, breaking, rest.strip() or subject


def _words(mark: str) -> list[str]:
    lowered = mark.strip().lower()
    return [lowered.replace(" ", "-"), *re.split(r"[/,&+ ]+", lowered)]
