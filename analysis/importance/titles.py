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
    RELEASE = "release"
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
    ChangeType.TEST: "test tests testing tst ut unittest e2e flaky bench benchmark benchmarks",
    ChangeType.CI: "ci cicd lint linter pre-commit precommit workflow github actions",
    ChangeType.STYLE: "style sty format formatting fmt cosmetic typing types mypy",
    ChangeType.DEPRECATION: "deprecation deprecate deprecated",
    ChangeType.FIX: "fix fixes fixed bug bugfix bugfixes bug-fix hotfix patch",
    ChangeType.PERFORMANCE: "perf performance optimization optimize optim opt",
    ChangeType.FEATURE: "feat feature features enh new add support new-model",
    ChangeType.DEPENDENCY: "deps dep dependency dependencies bump deps-dev",
    ChangeType.REFACTOR: "refactor refactoring cleanup clean-up refact ref moe-refactor",
    ChangeType.RELEASE: "release",
    ChangeType.BUILD: "build bld docker package packaging",
    ChangeType.CHORE: "chore maint mnt misc minor nit easy trivial auto-sync",
}
_VERBS = {
    ChangeType.REVERT: "revert reverts",
    ChangeType.DOCS: "document clarify",
    ChangeType.STYLE: "reformat",
    ChangeType.DEPRECATION: "deprecate",
    ChangeType.FIX: "fix fixes fixed correct prevent avoid handle resolve repair hotfix bugfix",
    ChangeType.PERFORMANCE: "optimize optimise accelerate speed",
    ChangeType.FEATURE: "add adds added support introduce implement enable allow expose feat feature new",
    ChangeType.DEPENDENCY: "bump upgrade pin unpin",
    ChangeType.REFACTOR: (
        "refactor rename renames renamed move moves moved extract simplify consolidate migrate clean cleanup "
        "split factor reuse replace replaced inline unify deduplicate dedupe reorganize restructure"
    ),
    ChangeType.CHORE: "chore",
    ChangeType.TEST: "deflake",
}
TYPE_OF_TAG = {word: kind for kind, words in _TAGS.items() for word in words.split()}
TYPE_OF_VERB = {word: kind for kind, words in _VERBS.items() for word in words.split()}

_PLAIN = frozenset({ChangeType.RELEASE, ChangeType.DEPENDENCY})
"""What a sentence says plainly, whatever its tag."""
_SAID = frozenset({ChangeType.FIX, ChangeType.FEATURE, ChangeType.PERFORMANCE})
"""What a sentence says where its tag says next to nothing: `chore: fix the search`."""

_BRACKET = re.compile(r"\s*\[([^\[\]]{1,40})\]:?\s*")
_PREFIX = re.compile(r"\s*([A-Za-z][\w/&+-]{0,24})\s?(?:\(([^()]{1,80})\))?(!)?:\s+(?=\S)")
_SHOUT = re.compile(r"(DOCS?|TST|TESTS?|CI|FIX|BUG|ENH|FEAT|MNT|MAINT|STY|PERF|BLD|REF) (?=\S)")
"""NumPy's prefixes (its development workflow), which others write without a colon."""
_REVERT = re.compile(
    r"(?:\[?revert\]?:?\s+)+(?:[\"“](?P<quoted>.+)[\"”]|(?P<bare>\S+ \S.*))", re.IGNORECASE | re.DOTALL
)
_RELAND = re.compile(r"re-?(?:land|apply):? [\"“](.+)[\"”]", re.IGNORECASE | re.DOTALL)
_RELEASE = re.compile(
    r"(?:bump|set|update|increase) (?:the )?version (?:number )?to |bump to version |"
    r"(?:(?:start|prepare|begin)\w* )?(?:the )?release:? (?:version )?`?v?\d|"
    r"prepare (?:for )?(?:the )?(?:next )?(?:(?:release|development)\b|v?\d)|"
    r"(?:version bump|bump (?:the )?version)\b|(?:\*: )?(?:cut|bump(?:ed)?|tag) (?:release )?v?\d+\.\d|"
    r"update \S+ with the latest v?\d|"
    r"(?:update|upgrade) version(?: (?:to )?`?v?\d|\s*\Z)|this is v?\d+\.\d|"
    r"v?\d+\.\d[\w.+-]*(?: \(#\d+\))*\s*\Z",
    re.IGNORECASE,
)
_PHRASES = (
    (ChangeType.FIX, re.compile(r"\bfix(?:es|ed)?\b", re.IGNORECASE)),
    (ChangeType.REFACTOR, re.compile(r"\brefactor\w*", re.IGNORECASE)),
    (
        ChangeType.PERFORMANCE,
        re.compile(
            r"\b(?:performance|faster|speed-?up|efficien(?:t|tly|cy)|latency|throughput|optimi[sz]\w+)\b",
            re.IGNORECASE,
        ),
    ),
)
"""What a title without a type says by a word further on."""
_THRIFT = re.compile(
    r"avoid (?:\S+ ){0,2}(?:allocate[sd]?|allocating|allocations?|clon(?:e|es|ing)|"
    r"cop(?:y|ies|ying)|overhead|unnecessary|redundant|repeated)\b",
    re.IGNORECASE,
)
"""`Avoid cloning the name`: no fix, whatever its verb."""
_USE = re.compile(r"uses?\b", re.IGNORECASE)
_WHEN = re.compile(r"\b(?:if|when|unless|by default|to (?:avoid|prevent|fix))\b", re.IGNORECASE)
"""`Use another library` is no more than that; `use the old address when none is given` is a change."""
_UPDATED = re.compile(
    r"(?:update|upgrade) .{1,100} to (?:v?\d|[0-9a-f]{7,40}\b)|[\w.-]{1,60}==\S{1,40}\Z", re.IGNORECASE
)
_MERGE = re.compile(
    r"merge (?:branch|pull request|remote-tracking|tag|commit(?! from fork)|[\w./-]+ into )", re.IGNORECASE
)


@dataclass(frozen=True)
class Title:
    """A subject, read: `[Bugfix][Core] fix(kv)!: x` -> (FIX,), ("Core", "kv"), breaking, `x`."""

    types: tuple[ChangeType, ...]
    """As claimed by tags, else by the first verb; empty when it claims nothing."""
    areas: tuple[str, ...]
    breaking: bool
    rest: str
    """The subject without its marks."""
    reverts: str | None = None
    """The reverted commit's subject."""

    @property
    def type(self) -> ChangeType:
        """The one that says most: security before all, then what makes a change skippable."""
        return min(self.types, key=list(ChangeType).index, default=ChangeType.OTHER)


def parse_title(subject: str) -> Title:
    """Read the conventional prefix (conventionalcommits.org 1.0.0), bracket tags, or the first verb."""
    if _MERGE.match(subject):
        return Title((ChangeType.MERGE,), (), breaking=False, rest=subject)
    if reverted := _REVERT.match(subject):
        undone = reverted["quoted"] or reverted["bare"]
        return Title((ChangeType.REVERT,), (), breaking=False, rest=subject, reverts=undone)
    relanded = _RELAND.match(subject)
    marks, breaking, rest = _marks(relanded[1] if relanded else subject)
    types = [TYPE_OF_TAG[word] for mark in marks for word in _words(mark) if word in TYPE_OF_TAG]
    areas = tuple(mark for mark in marks if not any(word in TYPE_OF_TAG for word in _words(mark)))
    spoken = _spoken(rest)
    if spoken and (not types or spoken in _PLAIN or (spoken in _SAID and set(types) == {ChangeType.CHORE})):
        types.append(spoken)
    return Title(tuple(types), areas, breaking, rest)


def _spoken(rest: str) -> ChangeType | None:
    """What a sentence says by its form or its first verb."""
    if _RELEASE.match(rest):
        return ChangeType.RELEASE
    if _UPDATED.match(rest):
        return ChangeType.DEPENDENCY
    verb = re.match(r"[A-Za-z]+", rest)
    if _THRIFT.match(rest) or (_USE.match(rest) and not _WHEN.search(rest)):
        return ChangeType.REFACTOR
    spoken = TYPE_OF_VERB.get(verb[0].lower()) if verb else None
    return spoken or next((kind for kind, phrase in _PHRASES if phrase.search(rest)), None)


def _marks(subject: str) -> tuple[list[str], bool, str]:
    marks: list[str] = []
    breaking, rest = False, subject
    while match := _BRACKET.match(rest) or _PREFIX.match(rest) or _SHOUT.match(rest):
        marks += [part.strip() for part in match.groups()[:2] if part]
        breaking |= bool(match.re.groups > 1 and match[3])
        rest = rest[match.end() :]
    return marks, breaking, rest.strip() or subject


def _words(mark: str) -> list[str]:
    lowered = mark.strip().lower()
    return [lowered.replace(" ", "-"), *re.split(r"[/,&+ ]+", lowered)]
