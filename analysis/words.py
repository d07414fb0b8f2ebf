"""The words of a language: a flat catalogue of messages, read from `catalogues/LANGUAGE/*.toml`.

A message is looked up by its dotted key and filled with `str.format` fields. A key that is missing is a
mistake of ours, so it raises; a test holds the catalogues to the same keys and fields.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

Language = Literal["zh-CN", "en"]
FOLDER = Path(__file__).with_name("catalogues")


class Words:
    """`words("digest.title", date=...)` -> the message in this language."""

    def __init__(self, language: Language, messages: dict[str, str]) -> None:
        self.language: Language = language
        self.messages = messages

    def __call__(self, key: str, /, **fields: object) -> str:
        """The message under that key, filled."""
        return self.messages[key].format(**fields)

    def has(self, key: str) -> bool:
        """Whether there is such a message."""
        return key in self.messages


@cache
def words_for(language: Language) -> Words:
    """The catalogue of `zh-CN` or `en`."""
    messages: dict[str, str] = {}
    for file in sorted((FOLDER / language).glob("*.toml")):
        messages |= _flatten(tomllib.loads(file.read_text(encoding="utf-8")))
    return Words(language, messages)


def _flatten(table: dict[str, object], prefix: str = "") -> dict[str, str]:
    messages: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            messages |= _flatten(value, f"{prefix}{key}.")
        else:
            messages[f"{prefix}{key}"] = str(value)
    return messages
