"""Everything that an analysis of one commit may rest on, and whether a claim stands in it; pure.

What stands there in another spelling counts as well: `foo()` for `foo`, `16x` for `16×`, `60 s` for `60_000`
milliseconds, `--no-build` for an argument that is declared as `no_build`. What is only similar does not.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from analysis.claims.abbreviations import long_form, pattern_of
from analysis.claims.claim import Claim, Kind
from analysis.claims.code_names import kind_of_name, words_of
from analysis.claims.common_names import COMMANDS
from analysis.claims.figures import spellings
from analysis.claims.occurrences import stands, stands_as_number, stands_as_word
from analysis.diff.touched import Touched
from analysis.models import Commit, PullRequest
from analysis.text.spelling import plainly

_RANGES = re.compile(r"@@(?: [-+]\d+(?:,\d+)?)+ @@")
_HEAD = re.compile(r"\Adiff --\w+ ")
_BLOBS = re.compile(r"\nindex [0-9a-f]{7,64}\.\.[0-9a-f]{7,64}")
_WILD = re.compile(r"\*+|…|\.{3}|\$?\{\w*\}|<[\w-]+>")
_BRACES = re.compile(r"\{([\w./,-]+,[\w./,-]*)\}")
_LINES = re.compile(r"(?::\d+(?:-\d+)?|#L[\d-]+L?)$")
_JOINTS = re.compile(r"\.|::|->|#|:|/")
_AFFIXES = re.compile(r"^[@&*.:$]+|(?:\((?:\.\.\.|…)?\)|\[\]|[!?:;,])+$")
_DISTINCT = re.compile(r"_[A-Za-z0-9]|[A-Za-z]\d|[a-z0-9][A-Z]|-")
_FILE = re.compile(r"\.[A-Za-z0-9]{1,8}$")
MOST_BRACES = 8
"""Commas of `{a,b}` in a path, up to which each of its names is looked up."""


@dataclass(frozen=True)
class Sources:
    """One commit's texts, joined, and its counts; `has` may be asked for thousands of claims."""

    text: str
    """Patches without the line numbers of their hunks and the names of blobs; messages, paths, names."""
    touched: Touched
    shas: tuple[str, ...]
    counts: frozenset[str]
    """What git counts: files, lines, hunks, commits that a merge brings in."""
    _known: dict[tuple[Kind, str], bool] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(
        cls, commit: Commit, pull_request: PullRequest | None = None, extra: Iterable[str] = ()
    ) -> "Sources":
        """All that is known of a commit, whether or not a model was shown it."""
        patches = "\n".join(_HEAD.sub("", patch.text, count=1) for patch in commit.patches)
        patches, hunks = _RANGES.subn("@@", _BLOBS.sub("\n", patches))
        names = [commit.repository, commit.author, commit.committer]
        said = [commit.subject, commit.body, *_said(pull_request), *extra]
        touched = Touched(commit)
        words = [*said, *(plainly(text) for text in said if not text.isascii())]
        return cls(
            text="\n".join([*names, *words, *touched.paths, patches]),
            touched=touched,
            shas=(commit.sha, *commit.parents),
            counts=_counts(commit, hunks),
        )

    def has(self, claim: Claim) -> bool:
        """Whether a claim stands in the commit."""
        key = (claim.kind, claim.text)
        if key not in self._known:
            counted = claim.kind is Kind.NUMBER and claim.text in self.counts
            self._known[key] = counted or self._has(claim.kind, plainly(claim.text))
        return self._known[key]

    def _has(self, kind: Kind, text: str) -> bool:
        match kind:
            case Kind.NUMBER | Kind.VERSION:
                return self._figure(text)
            case Kind.SHA:
                short = text.lower()
                return any(sha.startswith(short) for sha in self.shas) or short in self.text
            case Kind.ABBREVIATION:
                return pattern_of(long_form(text)).search(self.text) is not None
            case Kind.PATH:
                return self._path(text)
            case Kind.CODE:
                return text in self.text or self._code(text)
            case _:
                return self._name(text)

    def _figure(self, text: str) -> bool:
        return all(any(map(self._number, ways)) for ways in spellings(text))

    def _number(self, digits: str) -> bool:
        shortened = digits.startswith("0.") and stands_as_number(digits[1:], self.text)
        return shortened or stands_as_number(digits, self.text)

    def _path(self, text: str) -> bool:
        """A place that is touched or named; of `a/b` that is no file, both words."""
        path = _LINES.sub("", text)
        if (braces := _BRACES.search(path)) and braces[1].count(",") < MOST_BRACES:
            ways = (path[: braces.start()] + way + path[braces.end() :] for way in braces[1].split(","))
            return all(self._path(way) for way in ways)
        if _WILD.search(path):
            return all(part in self.text for part in _WILD.split(path) if len(part) > 1)
        if self.touched.find(path) or stands(path.removeprefix("./").rstrip("/"), self.text):
            return True
        return not _FILE.search(path) and all(self._name(word) for word in path.split("/") if word)

    def _code(self, text: str) -> bool:
        """All of its words; of a command that is not the commit's own, only what it is given by name."""
        words = dict.fromkeys(words_of(text))
        command = text.split(maxsplit=1)[0].lower()
        if command in COMMANDS and not stands(command, self.text):
            words = {word: None for word in words if _DISTINCT.search(word) and not word.startswith("-")}
        return all(map(self._word, words))

    def _word(self, word: str) -> bool:
        return self._has(kind_of_name(word) or Kind.SYMBOL, word)

    def _name(self, text: str) -> bool:
        """A flag, a variable or a symbol; of `a.b.c` the last if it is distinct, else all of them."""
        name = _AFFIXES.sub("", text)
        if not name or self._spelt(name) or (text != name and text in self.text):
            return True
        parts = [part for part in _JOINTS.split(name) if part]
        if len(parts) < 2:  # noqa: PLR2004 - one name only
            return False
        return bool(_DISTINCT.search(parts[-1]) and self._spelt(parts[-1])) or all(map(self._spelt, parts))

    def _spelt(self, name: str) -> bool:
        if _WILD.search(name):
            return all(part in self.text for part in _WILD.split(name) if part)
        if not _DISTINCT.search(name):
            return stands_as_word(name, self.text)
        return stands(name, self.text) or any(stands(way, self.text) for way in _declared(name))


def _declared(name: str) -> Iterator[str]:
    """How an argument parser derives the one from the other: `--no-build` and `no_build`."""
    bare = name.removeprefix("--")
    if "-" in bare and "_" not in bare:
        yield bare.replace("-", "_")
    elif "_" in bare and bare == name and name.islower():
        yield f"--{name.replace('_', '-')}"


def _said(pull_request: PullRequest | None) -> Iterator[str]:
    if pull_request is not None:
        yield from (f"#{pull_request.number}", pull_request.title, pull_request.body, *pull_request.labels)


def _counts(commit: Commit, hunks: int) -> frozenset[str]:
    files = commit.files
    statuses = Counter(file.status for file in files)
    lines = [count for file in files for count in (file.additions, file.deletions)]
    added, deleted = commit.additions, commit.deletions
    whole = [len(files), added, deleted, added + deleted, commit.merged, hunks, *statuses.values()]
    each = [patch.text.count("\n@@") for patch in commit.patches]
    return frozenset(str(count) for count in [*whole, *lines, *each])
