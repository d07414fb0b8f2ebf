"""Claims against the commit: a place that it does not touch is not in its scope; pure."""

import re
from collections.abc import Iterable

from analysis.models import CommitFacts, Risk, ScopeItem

_AROUND = re.compile(r"^[`'\"\s]+|[`'\"\s]+$")
_PREFIX = re.compile(r"^(?:\./|/|[ab]/)")
_LINES = re.compile(r"(?::\d+(?:-\d+)?|#L\d+(?:-L?\d+)?)$")


class Touched:
    """The paths of one commit, old names of renamed files included, and the folders above them."""

    def __init__(self, commit: CommitFacts) -> None:
        self.paths = dict.fromkeys(file.path for file in commit.files)
        self.paths |= dict.fromkeys(file.old_path for file in commit.files if file.old_path)

    def find(self, claim: str) -> str | None:
        """The path, or the folder with a slash at its end, that a claim means; None if it is not touched."""
        cleaned = _LINES.sub("", _AROUND.sub("", claim))
        for spelt in (cleaned, _PREFIX.sub("", cleaned)):
            if spelt in self.paths:
                return spelt
        folder = cleaned.removeprefix("./").strip("/").removesuffix("/**").removesuffix("/*")
        return self._folder(folder) or self._ending(folder)

    def _folder(self, folder: str) -> str | None:
        inside = folder and any(path.startswith(f"{folder}/") for path in self.paths)
        return f"{folder}/" if inside else None

    def _ending(self, name: str) -> str | None:
        """A shortened path that only one file can be meant by."""
        ends = [path for path in self.paths if name and path.endswith(f"/{name}")]
        return ends[0] if len(ends) == 1 else None


def grounded_scope(scope: Iterable[ScopeItem], commit: CommitFacts) -> tuple[ScopeItem, ...]:
    """The items whose places the commit touches, each place once and spelt as git does."""
    touched = Touched(commit)
    kept: dict[str, ScopeItem] = {}
    for item in scope:
        if (path := touched.find(item.path)) is not None:
            kept.setdefault(path, ScopeItem(path=path, why=item.why))
    return tuple(kept.values())


def grounded_risks(risks: Iterable[Risk], commit: CommitFacts) -> tuple[Risk, ...]:
    """The risks that name a place the commit touches; where there is one file only, it is that one."""
    touched = Touched(commit)
    only = next(iter(touched.paths)) if len(touched.paths) == 1 else None
    placed = [(touched.find(risk.path) or (only if not risk.path.strip() else None), risk) for risk in risks]
    return tuple(Risk(text=risk.text, path=path) for path, risk in placed if path)
