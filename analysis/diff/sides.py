"""One file's patch as two texts: what its hunks were before, and what they are after."""

import re
from dataclasses import dataclass

from analysis.diff.hunks import split_patch
from analysis.models import Patch

LONGEST_LINE = 300
"""Characters of a line that is looked at: a longer one was made by a program."""

_LONG_LINE = re.compile(rf"^.{{{LONGEST_LINE}}}.+$", re.MULTILINE)
_CHANGED = re.compile(r"^[-+](.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Sides:
    """The lines of all hunks without their marks; a line that stayed stands in both."""

    path: str
    text: str
    """The hunks as they came, without lines that are too long."""
    before: str
    after: str

    @classmethod
    def of(cls, patch: Patch) -> "Sides":
        """Of a combined patch (of a merge) both are empty: it has more than two sides."""
        hunks = [
            hunk for hunk in split_patch(_LONG_LINE.sub("", patch.text))[1] if not hunk.startswith("@@@")
        ]
        lines = [line for hunk in hunks for line in hunk.split("\n")[1:]]
        before = "\n".join(line[1:] for line in lines if line[:1] in {" ", "-"})
        after = "\n".join(line[1:] for line in lines if line[:1] in {" ", "+"})
        return cls(patch.path, "".join(hunks), before, after)

    def changed(self) -> list[str]:
        """The lines that were removed or added, without their marks."""
        return _CHANGED.findall(self.text)
