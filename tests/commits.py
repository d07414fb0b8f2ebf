"""Commits with real patches for tests: texts before and after in, facts and unified diffs out."""

import difflib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from analysis.models import Commit, FileChange, Patch

MORNING = datetime(2026, 1, 9, 1, 30, tzinfo=UTC)
Texts = tuple[str | None, str | None]
"""Before and after; None where the file does not exist."""


def make_commit(
    subject: str = "fix: answer in time", files: Mapping[str, Texts] | None = None, **fields: Any
) -> Commit:
    """A commit that changes these files; any field of `Commit` by its name."""
    given = files if files is not None else {"engine/server.py": ("timeout = 60\n", "timeout = 30\n")}
    changes = [make_change(path, *texts) for path, texts in given.items()]
    defaults: dict[str, Any] = {
        "repository": "octo/engine",
        "sha": "0d3ff44000b70666300eaa37a0340ffbc25a0984",
        "parents": ("1" * 40,),
        "subject": subject,
        "author": "Author One",
        "authored_at": MORNING,
        "committed_at": MORNING,
        "files": tuple(change for change, _ in changes),
        "patches": tuple(patch for _, patch in changes),
    }
    return Commit(**defaults | fields)


def make_change(path: str, before: str | None, after: str | None) -> tuple[FileChange, Patch]:
    """The line of `--raw --numstat` and the patch that git would give."""
    old, new = ((text or "").splitlines(keepends=True) for text in (before, after))
    hunks = list(difflib.unified_diff(old, new, f"a/{path}", f"b/{path}"))
    text = "".join([f"diff --git a/{path} b/{path}\n", *hunks])
    change = FileChange(
        path=path,
        status="A" if before is None else "D" if after is None else "M",
        additions=sum(line.startswith("+") for line in hunks[2:]),
        deletions=sum(line.startswith("-") for line in hunks[2:]),
        old_mode="000000" if before is None else "100644",
        new_mode="000000" if after is None else "100644",
    )
    return change, Patch(path=path, text=text)


def lines(count: int, word: str = "value") -> str:
    """So many different lines of code."""
    return "".join(f"{word}_{number} = compute({number})\n" for number in range(count))
