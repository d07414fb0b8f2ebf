"""What an analysis says that can be looked up in the commit."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How a claim is looked up."""

    PATH = "path"
    FLAG = "flag"
    VARIABLE = "variable"
    SYMBOL = "symbol"
    VERSION = "version"
    NUMBER = "number"
    SHA = "sha"
    CODE = "code"
    """Several words set as code; each of them is looked up."""
    ABBREVIATION = "abbreviation"
    """Its short and its long form together."""


@dataclass(frozen=True)
class Claim:
    """One claim where it stands; `start`, `stop` and `behind` count the text's characters."""

    kind: Kind
    text: str
    """As it is spelt, without backticks."""
    start: int
    stop: int
    behind: int
    """The first place from `stop` on where a mark changes nothing of the Markdown."""
    fenced: bool = False
    """It stands in a block of code, and `behind` is the end of that."""
