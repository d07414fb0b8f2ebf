"""What came of trying one part."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """One line of `pushdigest doctor`."""

    part: str
    state: Literal["ok", "note", "FAIL"]
    detail: str
    mend: str = ""

    def text(self) -> str:
        """One line."""
        mend = f" -> {self.mend}" if self.mend else ""
        return f"{self.state:<4}  {self.part:<10} {self.detail}{mend}"
