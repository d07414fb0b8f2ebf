"""Writing the small files that settings are read from."""

from collections.abc import Callable
from pathlib import Path

Write = Callable[[str], Path]


def written(path: str | Path, text: str) -> Path:
    """The path of a file that now holds this text."""
    Path(path).write_text(text, encoding="utf-8")
    return Path(path)
