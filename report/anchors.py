"""The ids of the places in one digest that a link can lead to."""

import re
from collections import Counter
from unicodedata import category

from analysis.models import Importance
from analysis.storage.entry import Entry
from report.digest import Digest

SHORT = 7
"""Digits of a sha in headings and anchors, as git and GitHub abbreviate it."""


_COMMIT = re.compile(r"c-[0-9a-f]{7,40}")


class Anchors:
    """Stable ids: a commit keeps its own as long as no other of the day begins with the same seven digits."""

    def __init__(self, digest: Digest) -> None:
        self._short = Counter(entry.sha[:SHORT] for entry in digest.commits)
        self._full = Counter(entry.sha for entry in digest.commits)

    def commit(self, entry: Entry) -> str:
        """Before a commit's heading."""
        return self.of(entry.repository, entry.sha)

    def of(self, repository: str, sha: str) -> str:
        """`c-0d3ff44`; longer only where two commits, or two repositories with the same one, need it."""
        if self._short[sha[:SHORT]] == 1:
            return f"c-{sha[:SHORT]}"
        return f"c-{sha}" if self._full[sha] == 1 else f"c-{sha}-{_slug(repository)}"

    def target(self, name: str) -> str:
        """What a link inside the digest leads to, as Markdown."""
        return f'<a id="{name}"></a>'

    def link(self, text: str, name: str) -> str:
        """A link to it; the text is Markdown."""
        return f"[{text}](#{name})"

    @staticmethod
    def repository(name: str) -> str:
        """Before a repository's heading."""
        return f"repository-{_slug(name)}"

    @staticmethod
    def statistics(name: str) -> str:
        """Before a repository's numbers."""
        return f"statistics-{_slug(name)}"

    @staticmethod
    def tier(name: str, importance: Importance | None) -> str:
        """Before a repository's commits of one importance; None for those not read yet."""
        return f"{importance or 'unread'}-{_slug(name)}"


def github_slug(heading: str) -> str:
    """The id that GitHub gives the first heading of this text, as the npm package github-slugger does.

    Letters, marks, digits, underscores and hyphens stay, in lower case; a blank is a hyphen, all else goes.
    """
    return "".join(filter(_stays, heading.lower())).replace(" ", "-")


def _stays(char: str) -> bool:
    kind = category(char)
    return (kind[0] in "LMN" and kind != "No") or kind == "Pc" or char in "- " or "ⓐ" <= char <= "ⓩ"


def like_a_commit(heading: str) -> bool:
    """Whether GitHub would give a heading of this text the id of a commit's anchor."""
    return _COMMIT.fullmatch(github_slug(heading)) is not None


def _slug(name: str) -> str:
    """An owner's name has no full stop, so that this stays unambiguous."""
    return name.replace("/", ".", 1)
