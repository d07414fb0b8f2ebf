"""What a reader searches for: `?q=timeout&repository=owner/name&before=2026-01-09`, and a day's filters."""

from dataclasses import dataclass
from datetime import date

from report.selection import Selection


@dataclass(frozen=True)
class Query:
    """Over all days, newest first."""

    selection: Selection
    """Which commits."""
    repository: str | None = None
    """Of one repository; None: of all."""
    before: date | None = None
    """Of the days before this one only."""

    @property
    def asks(self) -> bool:
        """Whether there is anything to search for."""
        return bool(self.selection.parts)

    @property
    def parts(self) -> dict[str, str]:
        """What is set, by the name of its parameter."""
        before = str(self.before) if self.before else ""
        parts = {**self.selection.parts, "repository": self.repository or "", "before": before}
        return {name: value for name, value in parts.items() if value}

    def address(self, **changes: str) -> str:
        """The query of a URL that says the same but for some parameters; see `Selection.query`."""
        return self.selection.query(**(self.parts | changes))
