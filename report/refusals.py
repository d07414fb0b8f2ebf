"""A request that cannot be answered as asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from analysis.words import Words


@dataclass(eq=False)
class Refused(Exception):
    """Carries the words for one clear line and, for people, where to go instead (label -> URL)."""

    status: HTTPStatus
    key: str
    """Under `pages.error.` in the words."""
    fields: Mapping[str, object] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)

    def line(self, words: Words) -> str:
        """What is wrong and what would be right."""
        return words(f"pages.error.{self.key}", **self.fields)

    def title(self, words: Words) -> str:
        """The same in two or three words."""
        titles = {HTTPStatus.NOT_FOUND: "not-found", HTTPStatus.UNAUTHORIZED: "unauthorized"}
        return words(f"pages.error.{titles.get(self.status, 'bad-request')}")
