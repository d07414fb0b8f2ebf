"""Which commits a reader asked for: `?importance=high,medium&author=ada&path=src/&q=slow+timeout`."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import Self
from urllib.parse import urlencode

from analysis.matching import certain_part, covers, paths_of, texts_of
from analysis.models import Importance
from analysis.storage.entry import Entry
from analysis.storage.needles import needles_of, needles_of_value
from analysis.storage.skim import Skim
from analysis.text.unseen import one_line
from analysis.watching import Watch
from analysis.words import Words
from report.addresses import without_addresses
from report.refusals import Refused

LONGEST = 200
"""Characters of one parameter."""
NAMES = ("importance", "author", "path", "q")
_QUOTES = '"“”「」'
_WORD = re.compile(rf"[{_QUOTES}]([^{_QUOTES}]*[^{_QUOTES}\s][^{_QUOTES}]*)[{_QUOTES}]|(\S+)")
"""Words that stand together, or one word."""


class TooLong(Refused):
    """400: a parameter has more characters than it may have."""

    def __init__(self, name: str, given: int) -> None:
        super().__init__(HTTPStatus.BAD_REQUEST, "filter-long", {"name": name, "count": LONGEST})
        self.name = name
        self.given = given
        """Its characters."""


@dataclass(frozen=True)
class Selection:
    """All that is set must hold; what is empty holds for every commit."""

    importance: frozenset[Importance] = frozenset()
    author: str = ""
    """A part of the author's name; case does not matter."""
    path: str = ""
    """A file, a folder or a pattern such as `docs/*.md`."""
    q: str = ""
    """Words: each is a part of the subject, the message, the author's name, a path or the analysis, or the
    beginning of the sha; case does not matter. Those between quotes stand together."""
    watch: Watch | None = None
    """The watch on whose page the reader is."""

    @classmethod
    def parse(cls, parameters: Mapping[str, str], watch: Watch | None = None) -> Self:
        """From a URL's query; parameters of other names are ignored.

        Raises:
            Refused: for an importance that does not exist.
            TooLong: for a value that is.
        """
        values = {name: bounded(parameters, name) for name in NAMES}
        tiers = _tiers(values["importance"])
        for tier in tiers:
            if tier not in list(Importance):
                fields = {"name": "importance", "value": tier, "allowed": ", ".join(Importance)}
                raise Refused(HTTPStatus.BAD_REQUEST, "filter", fields)
        return cls(
            importance=frozenset(map(Importance, tiers)),
            author=values["author"],
            path=values["path"],
            q=values["q"],
            watch=watch,
        )

    @classmethod
    def as_typed(cls, parameters: Mapping[str, str]) -> Self:
        """What a form shows again of a query that was refused: as `parse`, but without any judgement."""
        author, path, q = (one_line(parameters.get(name, "")) for name in ("author", "path", "q"))
        tiers = _tiers(parameters.get("importance", ""))
        known = frozenset(tier for tier in Importance if tier in tiers)
        return cls(importance=known, author=author, path=path, q=q)

    @property
    def chooses(self) -> bool:
        """Whether it may leave out any commit of a repository that its watch looks at."""
        return bool(self.parts) or (self.watch is not None and self.watch.chooses)

    @cached_property
    def parts(self) -> dict[str, str]:
        """What is set, by the name of its parameter."""
        tiers = ",".join(tier for tier in Importance if tier in self.importance)
        parts = {"importance": tiers, "author": self.author, "path": self.path, "q": self.q}
        return {name: value for name, value in parts.items() if value}

    def told(self, words: Words) -> dict[str, str]:
        """The same as readers see it."""
        tiers = (words(f"pages.tier.{tier}") for tier in Importance if tier in self.importance)
        told = {"importance": words("digest.list-comma").join(tiers)} if self.importance else {}
        return self.parts | told

    @property
    def filter(self) -> str:
        """What is set on the page, in short."""
        return ", ".join(f"{name}={value}" for name, value in self.parts.items())

    def __str__(self) -> str:
        watch = f"watch={self.watch.name}" if self.watch else ""
        return ", ".join(filter(None, (watch, self.filter)))

    def query(self, **changes: str) -> str:
        """The query that says the same but for some parameters; an empty one takes its parameter away.

        Begins with `?`, and is empty when nothing is left to say.
        """
        parts = {name: value for name, value in (self.parts | changes).items() if value}
        return f"?{urlencode(parts, safe='/,*')}" if parts else ""

    def choose(self, entries: Iterable[Entry]) -> tuple[Entry, ...]:
        """The entries that were asked for."""
        seen = (each for each in entries if not self.watch or self.watch.covers_repository(each.repository))
        return tuple(entry for entry in seen if self.matches(entry))

    def matches(self, commit: Entry | Skim) -> bool:
        """Whether a commit was asked for; if there is a watch, one in a repository that it looks at.

        By what readers see of it too, else e-mail addresses could be guessed letter by letter.
        """
        if self.watch and not self.watch.means(commit):
            return False
        return not self.parts or (self._fits(commit) and self._fits(without_addresses(commit)))

    def _fits(self, commit: Entry | Skim) -> bool:
        return (
            (not self.importance or commit.importance in self.importance)
            and self.author.casefold() in commit.landed.author.casefold()
            and (not self.path or any(covers(self.path, path) for path in paths_of(commit)))
            and self._is_said_in(commit)
        )

    @property
    def words(self) -> tuple[str, ...]:
        """Those of `q`, their case folded; what is quoted is one, with single blanks in it."""
        found = (match[1] or match[2] for match in _WORD.finditer(self.q.casefold()))
        return tuple(" ".join(word.split()) for word in found)

    @property
    def needles(self) -> tuple[tuple[str, ...], ...]:
        """What the stored JSON of a commit must hold for it to match: one of each group."""
        words = (part for word in self.words for part in word.split())
        groups = [needles_of(text) for text in (*words, self.author, certain_part(self.path)) if text]
        tiers = [needles_of_value(sorted(self.importance))] if self.importance else []
        return (*groups, *tiers, *(self.watch.needles if self.watch else ()))

    def _is_said_in(self, commit: Entry | Skim) -> bool:
        texts = [*texts_of(commit), commit.landed.author, *paths_of(commit)] if self.words else []
        folded = [text.casefold() for text in texts]
        if any(" " in word for word in self.words):
            folded = [" ".join(text.split()) for text in folded]
        return all(commit.sha.startswith(word) or any(word in text for text in folded) for word in self.words)


EVERYTHING = Selection()


def _tiers(value: str) -> list[str]:
    """What is named, whether or not there is such an importance."""
    return [part.strip().lower() for part in value.split(",") if part.strip()]


def bounded(parameters: Mapping[str, str], name: str) -> str:
    """A parameter as one line; empty if it is not given.

    Raises:
        TooLong: it has more characters than LONGEST.
    """
    value = one_line(parameters.get(name, ""))
    if len(value) > LONGEST:
        raise TooLong(name, len(value))
    return value
