"""A line for whoever runs this: what is so, and how to mend it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Remark:
    """What is so, and how to mend it, if that can be said."""

    what: str
    mend: str = ""

    def __str__(self) -> str:
        return f"{self.what}: {self.mend}" if self.mend else self.what
