"""A `git` for the head of a PATH that writes down what it is called with, and then is the real one."""

import shutil
from pathlib import Path

SCRIPT = """#!/bin/sh
printf '%s\\0' "$@" >> '{record}'/$$
exec '{git}' "$@"
"""


class RecordingGit:
    """The folder to put on a PATH, and every argument so far."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.record = folder / "bin", folder / "calls"
        self.record.mkdir(parents=True)
        self.folder.mkdir()
        real = shutil.which("git")
        assert real
        script = self.folder / "git"
        script.write_text(SCRIPT.format(record=self.record, git=real), encoding="utf-8")
        script.chmod(0o755)

    def arguments(self) -> list[str]:
        """Of all commands, one after the other; what git starts itself is not among them."""
        calls = (path.read_bytes().decode("utf-8", "backslashreplace") for path in self.record.iterdir())
        return [argument for call in calls for argument in call.split("\0")[:-1]]
