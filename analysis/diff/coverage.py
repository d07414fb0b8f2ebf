"""What was and what was not seen of every file of a commit; pure."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from analysis.diff.excerpt import Excerpt
from analysis.models import Commit, Coverage, FileCoverage, Patch

See = Callable[[Patch], FileCoverage]


def coverage_of(
    commit: Commit, shown: Iterable[Excerpt], unread: Mapping[str, str], *, parts: int = 1
) -> Coverage:
    """What follows from these excerpts; several of them may show parts of one file.

    Args:
        commit: the one they are from.
        shown: over all requests.
        unread: path -> why a file is not shown, a key under `coverage.` in the words.
        parts: how many requests there are.
    """
    excerpts: defaultdict[str, list[Excerpt]] = defaultdict(list)
    for excerpt in shown:
        excerpts[excerpt.path].append(excerpt)
    return _coverage(commit, unread, lambda patch: _shown(patch, excerpts.get(patch.path, ())), parts)


def seen_by_rules(commit: Commit) -> Coverage:
    """What the rules read: every patch as it came from git."""
    unread = {file.path: "binary" for file in commit.files if file.binary}
    return _coverage(
        commit, unread, lambda patch: _part(patch.path, "capped") if patch.truncated else _whole(patch.path)
    )


def _coverage(commit: Commit, unread: Mapping[str, str], see: See, parts: int = 1) -> Coverage:
    patches = {patch.path: patch for patch in commit.patches}

    def seen(path: str) -> FileCoverage:
        if path in unread:
            return FileCoverage(path=path, seen="none", why=unread[path])
        if path in patches:
            return see(patches[path])
        return FileCoverage(path=path, seen="none", why="capped") if commit.capped else _whole(path)

    return Coverage(files=tuple(seen(file.path) for file in commit.files), parts=parts)


def _shown(patch: Patch, excerpts: Sequence[Excerpt]) -> FileCoverage:
    if not excerpts:
        missing = FileCoverage(path=patch.path, seen="none", why="budget")
        return missing if "\n@@" in patch.text else _whole(patch.path)
    total, hunks = excerpts[0].total, [hunk for excerpt in excerpts for hunk in excerpt.hunks]
    lines = Counter[int]()
    for hunk in hunks:
        lines[hunk.number] += hunk.stop - hunk.start
    read = {hunk.number for hunk in hunks if lines[hunk.number] == hunk.size}
    intact = read - {hunk.number for hunk in hunks if hunk.cut}
    if patch.truncated:
        return _part(patch.path, "capped" if len(read) == total else "budget", intact - {total})
    if len(intact) == total:
        return _whole(patch.path)
    return _part(patch.path, "long-line" if len(read) == total else "budget", intact, total)


def _whole(path: str) -> FileCoverage:
    return FileCoverage(path=path, seen="whole")


def _part(path: str, why: str, intact: Iterable[int] = (), total: int = 0) -> FileCoverage:
    """Of a patch that was cut when it was read, the number of hunks is not known."""
    return FileCoverage(path=path, seen="part", why=why, hunks=total, hunks_seen=tuple(sorted(intact)))
