"""What an operator watches, and what is muted: the tables `[[watches]]` and `[[mutes]]` of `pushdigest.toml`.

Both say which commits they mean in the same way: all fields that are given must hold, and of the values of a
field one. They differ in files: one is enough for a watch, and a mute needs all. Pure.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice, product
from typing import Annotated, Self

from pydantic import AfterValidator, model_validator

from analysis.matching import certain_part, covers, lies_in, paths_of, says, texts_of
from analysis.models import Frozen, Importance, RepositoryName
from analysis.storage.entry import Entry
from analysis.storage.needles import needles_of_any, needles_of_value
from analysis.storage.skim import Skim
from analysis.text.addresses import hide_addresses
from analysis.text.unseen import one_line

LONGEST = 80
"""Characters of a name or a title."""
MOST_GROUPS = 8
"""Groups of needles for words that have several parts."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def _text(value: str) -> str:
    line = one_line(value)
    if not line:
        raise ValueError("an empty text would mean every commit")
    return line


def _label(value: str) -> str:
    line = _text(value)
    if len(line) > LONGEST:
        raise ValueError(f"it takes at most {LONGEST} characters")
    return line


def _address(value: str) -> str:
    """What can stand in the address of a page as it is."""
    if not _NAME.fullmatch(value):
        raise ValueError(f"{value!r} is no name; write letters, digits, dots, dashes and underscores")
    return _label(value)


def _author(value: str) -> str:
    line = _text(value)
    if hide_addresses(line) != line:
        raise ValueError("addresses are not kept; write the author's name as the digest shows it")
    return line


Text = Annotated[str, AfterValidator(_text)]
Label = Annotated[str, AfterValidator(_label)]


class Conditions(Frozen, extra="forbid"):
    """Which commits are meant; a field that is empty holds for every commit."""

    repositories: tuple[RepositoryName, ...] = ()
    paths: tuple[Text, ...] = ()
    """Files, folders or patterns, as `covers` reads them."""
    words: tuple[Text, ...] = ()
    """Whole words in the subject, the message or the analysis."""
    authors: tuple[Annotated[str, AfterValidator(_author)], ...] = ()
    """Names as readers see them, in any case."""
    areas: tuple[Text, ...] = ()
    """Folders, as `lies_in` reads them."""
    importance: tuple[Importance, ...] = ()

    @model_validator(mode="after")
    def _means_something(self) -> Self:
        if not any(values for _, values in self.given()):
            named = ", ".join(Conditions.model_fields)
            raise ValueError(f"it would mean every commit; give at least one of {named}")
        return self

    def given(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The fields that say something, with their values."""
        fields = ((name, getattr(self, name)) for name in Conditions.model_fields)
        return ((name, values) for name, values in fields if values)

    def covers_repository(self, name: str) -> bool:
        """Whether commits of a repository can be meant; GitHub's names ignore case."""
        return not self.repositories or name.lower() in {each.lower() for each in self.repositories}

    def matches(self, entry: Entry) -> bool:
        """Whether a commit is meant; one that has not been read yet touches nothing and has no importance."""
        return self.covers_repository(entry.repository) and self.means(entry)

    def means(self, commit: Entry | Skim) -> bool:
        """The same of a commit in a repository that can be meant."""
        return (
            (not self.importance or commit.importance in self.importance)
            and (not self.authors or self._names(commit.landed.author))
            and (not self.paths or self._touches(commit, covers, self.paths))
            and (not self.areas or self._touches(commit, lies_in, self.areas))
            and (not self.words or says(self.words, texts_of(commit)))
        )

    def _names(self, author: str) -> bool:
        shown = one_line(hide_addresses(author)).casefold()
        return shown in map(str.casefold, self.authors)

    def _touches(
        self, commit: Entry | Skim, means: Callable[[str, str], bool], places: Sequence[str]
    ) -> bool:
        """Whether enough of the files that it touches are meant."""
        return self._enough([any(means(place, path) for place in places) for path in paths_of(commit)])

    @staticmethod
    def _enough(meant: Sequence[bool]) -> bool:
        """Of each file, whether it is meant; one is enough."""
        return any(meant)


class Watch(Conditions):
    """One `[[watches]]` table: commits that have a page and a feed of their own."""

    name: Annotated[str, AfterValidator(_address)]
    """In the address of its page."""
    title: Label | None = None

    @property
    def heading(self) -> str:
        """What its page and feed are called."""
        return self.title or self.name

    @property
    def chooses(self) -> bool:
        """Whether it may leave out any commit of a repository that it looks at."""
        return any(name != "repositories" for name, _ in self.given())

    @property
    def needles(self) -> tuple[tuple[str, ...], ...]:
        """What the stored JSON of a commit must hold for it to be meant: one of each group.

        Names of authors are no needles: they are compared as readers see them, not as they are stored.
        """
        parts = product(*(word.split() for word in self.words)) if self.words else ()
        groups = (
            *(needles_of_any(each) for each in islice(parts, MOST_GROUPS)),
            needles_of_any([certain_part(path) for path in self.paths]),
            needles_of_any([area.removesuffix("*").rstrip("/") for area in self.areas]),
            needles_of_value(self.importance),
        )
        return tuple(filter(None, groups))

    def is_seen_without(self, hidden: Collection[str]) -> bool:
        """Whether it means anything beside these repositories, whose names are in lower case."""
        return not self.repositories or any(name.lower() not in hidden for name in self.repositories)


class Mute(Conditions):
    """One `[[mutes]]` table: commits that a digest counts and folds into a line."""

    name: Label | None = None

    @property
    def label(self) -> str:
        """What the line says of them: the name, else the first value of the first condition."""
        return self.name or next(values[0] for _, values in self.given())

    def folds(self, entry: Entry) -> bool:
        """Whether a commit is folded: what is of high importance only where that was asked for."""
        high = entry.importance is Importance.HIGH and Importance.HIGH not in self.importance
        return not high and self.matches(entry)

    @staticmethod
    def _enough(meant: Sequence[bool]) -> bool:
        """All: code that changes with its documentation is no documentation."""
        return bool(meant) and all(meant)


def mute_of(entry: Entry, mutes: Iterable[Mute]) -> str | None:
    """What the first mute is called that folds a commit."""
    return next((mute.label for mute in mutes if mute.folds(entry)), None)


def all_different(tables: Sequence[Watch] | Sequence[Mute]) -> Sequence[Watch] | Sequence[Mute]:
    """The tables, if no two have the same name.

    Raises:
        ValueError: names the name.
    """
    names = [table.name.lower() for table in tables if table.name]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"two are called {name!r}; give each a name of its own")
    return tables
