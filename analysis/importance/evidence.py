"""What a patch does that its followers may feel: interfaces gone, defaults moved, locks touched.

Each sign is a `Reason` whose evidence stands in the patch, word for word. The signs are all that the triage
takes from a patch: with them and the facts a commit can be judged again.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from analysis.diff.comments import comments, only_comments
from analysis.diff.paths import Kind, kind_of_file
from analysis.diff.rewording import only_moved, only_removed, only_texts, reworded
from analysis.diff.sides import Sides
from analysis.importance.alarms import alarms
from analysis.importance.bodies import BODIES, told
from analysis.importance.defaults import moved_values
from analysis.importance.interfaces import OPTIONS, Interface, defined
from analysis.importance.requirements import major_bumps, only_versions, requirement_changes
from analysis.importance.titles import ChangeType, parse_title
from analysis.models import Commit, CommitFacts, Reason

LONGEST_SAID = 200_000
"""Characters of comments in which words of danger are looked for."""
SHOWN = 3
"""Names of one rule that are shown; the rest would not change what a reader does."""

_LOCKS = re.compile(
    r"\b(?:\w*[mM]utex\w*|RwLock|spin_?lock\w*|pthread_\w+|std::atomic\w*|atomic[A-Z_]\w+|Atomic[A-Z]\w+|"
    r"atomic\.[A-Z]\w+|(?:threading|asyncio|multiprocessing)\.(?:R?Lock|Condition|Semaphore|Event|Barrier)|"
    r"synchronized(?= ?\()|Ordering::(?:SeqCst|Acquire|Release|AcqRel|Relaxed)|memory_order_\w+|"
    r"sync\.(?:Once|WaitGroup|Cond|Pool)|(?:[uU]n)?[lL]ock(?=\(\))|[aA]cquire(?=\()|[sS]emaphore\w*)"
)
_BREAKING_FOOTER = re.compile(r"^BREAKING[ -]CHANGE:[ \t]*(?!(?:none|no|n/?a)\b)(\S.*)", re.MULTILINE)
_STAKES = frozenset({"security-word", "data-loss-word", "deadlock-word", "crash-word"})

_IN_BODY = {
    f"{danger}-word": f"{danger}-in-body"
    for danger in ("security", "data-loss", "deadlock", "crash", "speed")
}
"""What a word of danger is called when only the body has it: there it may be an aside."""
BODY = frozenset({"breaking-note", *_IN_BODY.values(), *BODIES})
"""The rules that fire on a message's body."""
_RUSTDOC = re.compile(r"[/!* ]*(?:# |Panics )")
"""Where Rust's documentation says when a function panics, as it does of every one that can."""
SIGNS = BODY | frozenset(
    {f"removed-{each}" for each in Interface}
    | {
        "reverts-high",
        "new-option",
        "changed-default",
        "changed-constant",
        "requirement",
        "major-dependency",
        "locks",
        "stakes-in-code",
        "only-comments",
        "only-removed",
        "only-moved",
        "only-texts",
        "reworded",
        "only-versions",
    }
)
"""The rules that fire on what is not stored; every other one needs a title and a list of files only."""


def signs(commit: Commit) -> Iterator[Reason]:
    """All that the body says and the patches show, from the files that carry the project's own behaviour.

    Of patches that were cut, nothing is said to be gone: it may come back in what was not read.
    """
    yield from _said(commit)
    kinds = {file.path: kind_of_file(file) for file in commit.files}
    core = [Sides.of(patch) for patch in commit.patches if kinds.get(patch.path) is Kind.CORE]
    build = [Sides.of(patch) for patch in commit.patches if kinds.get(patch.path) is Kind.BUILD]
    if not (commit.capped or any(patch.truncated for patch in commit.patches)):
        yield from _interfaces(core)
        yield from _nothing_but(Kind.CORE, core, kinds, _WORDLESS)
        if Kind.CORE not in kinds.values() and Kind.LOCK in kinds.values():
            yield from _nothing_but(Kind.BUILD, build, kinds, {"only-versions": _each(only_versions)})
    moved = [each for sides in core for each in moved_values(sides)]
    yield from _shown("changed-default", (str(each) for each in moved if not each.constant))
    yield from _shown("changed-constant", (str(each) for each in moved if each.constant))
    yield from _shown("requirement", (change for sides in build for change in requirement_changes(sides)))
    yield from _shown("major-dependency", (change for sides in build for change in major_bumps(sides)))
    changed = [line for sides in core for line in sides.changed()]
    yield from _shown("locks", (found[0] for line in changed for found in _LOCKS.finditer(line)))
    yield from _shown("stakes-in-code", _stakes(core))


def breaking_note(commit: CommitFacts) -> str | None:
    """What the `BREAKING CHANGE:` footer says (conventionalcommits.org 1.0.0, 8 to 13)."""
    footer = _BREAKING_FOOTER.search(commit.body)
    return footer[1].strip() if footer else None


def _said(commit: Commit) -> Iterator[Reason]:
    """What the body says; that of a dependency's update tells of the dependency, whose holes are ours too."""
    if note := breaking_note(commit):
        yield Reason(rule="breaking-note", evidence=note)
    elsewhere = parse_title(commit.subject).type is ChangeType.DEPENDENCY
    in_subject = dict(alarms(commit.subject))
    for rule, word in alarms(commit.body):
        named = _IN_BODY.get(rule)
        if named and rule not in in_subject and not (elsewhere and named != "security-in-body"):
            yield Reason(rule=named, evidence=word)
    yield from (Reason(rule=rule, evidence=word) for rule, word in told(commit.body) if not elsewhere)


def _interfaces(core: list[Sides]) -> Iterator[Reason]:
    """Names that no side after brings back, and options that no side before had."""
    before = dict.fromkeys(each for sides in core for each in defined(sides.path, sides.before))
    after = dict.fromkeys(each for sides in core for each in defined(sides.path, sides.after))
    for interface in Interface:
        yield from _shown(
            f"removed-{interface}", (n for i, n in before if i is interface and (i, n) not in after)
        )
    yield from _shown("new-option", (n for i, n in after if i in OPTIONS and (i, n) not in before))


def _nothing_but(
    kind: Kind, files: list[Sides], kinds: dict[str, Kind], tests: Mapping[str, Callable[[list[Sides]], bool]]
) -> Iterator[Reason]:
    """Only when every file of the kind has a patch that shows it: a binary file or a new mode has none."""
    carrying = [path for path, each in kinds.items() if each is kind]
    if carrying and len(files) == len(carrying):
        for rule, test in tests.items():
            if test(files):
                yield from _shown(rule, carrying)


def _each(test: Callable[[Sides], bool]) -> Callable[[list[Sides]], bool]:
    return lambda files: all(map(test, files))


_WORDLESS = {
    "only-comments": _each(only_comments),
    "only-moved": only_moved,
    "only-removed": only_removed,
    "only-texts": _each(only_texts),
    "reworded": reworded,
}
"""What leaves every behaviour of the core as it was, or all of it but what it says."""


def _stakes(core: list[Sides]) -> Iterator[str]:
    said = "\n".join(line for sides in core for line in comments(sides) if not _RUSTDOC.match(line))[
        :LONGEST_SAID
    ]
    return (word for rule, word in alarms(said) if rule in _STAKES)


def _shown(rule: str, found: Iterable[str]) -> Iterator[Reason]:
    """One reason for all that a rule fired on; none when that is nothing."""
    names = list(dict.fromkeys(found))
    if names:
        more = f" +{len(names) - SHOWN}" if len(names) > SHOWN else ""
        yield Reason(rule=rule, evidence=", ".join(names[:SHOWN]) + more)
