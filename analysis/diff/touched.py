"""The places that a commit touches, however a text spells them; pure."""

import re

from analysis.models import CommitFacts

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
