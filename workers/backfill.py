"""Days that are past: every commit of a range of the history, on the day its committer's clock showed."""

from dataclasses import dataclass
from datetime import date, datetime

from analysis.models import Sha
from analysis.repository import Repository
from analysis.storage.census import Progress
from analysis.storage.entry import Source, State
from workers.closing import close
from workers.history import Mirror
from workers.retention import DayNotKept, first_kept
from workers.workshop import Workshop


class NothingToFollow(Exception):
    """A repository has no branch that is followed."""


@dataclass(frozen=True)
class Backfill:
    """The commits of a range of days, recorded."""

    workshop: Workshop
    repository: str
    shas: tuple[Sha, ...]
    """All of the range, those that were known before too."""

    @classmethod
    def of(cls, workshop: Workshop, repository: Repository, first: date, last: date) -> "Backfill":
        """Record the commits of these days, both included.

        Raises:
            RemoteUnavailable: when the history cannot be fetched now.
            NothingToFollow: when the remote has no followed branch.
            DayNotKept: when the first day is older than KEEP_DAYS.
        """
        _require_kept(workshop, first)
        workshop.witness.look(workshop.now())  # so that days that were lost come back as rebuilt
        mirror = Mirror(workshop.mirror_folder(repository), workshop.remote(repository))
        heads = mirror.fetch()
        start, _ = workshop.settings.calendar.bounds(first)
        _, end = workshop.settings.calendar.bounds(last)
        shas: dict[Sha, None] = {}
        followed = [name for name in heads.branches if repository.follows(name, heads.default_branch or "")]
        for branch in followed:
            commits = tuple(mirror.between(heads.branches[branch], start, end))
            landed = ((commit, commit.committed_at) for commit in commits)
            workshop.ledger.record_landed(repository.name, branch, landed, source=Source.BACKFILL)
            shas |= dict.fromkeys(commit.sha for commit in commits)
        if not followed:
            message = f"{repository.name} has no branch to follow: set its `branches` in pushdigest.toml"
            raise NothingToFollow(message)
        return cls(workshop, repository.name, tuple(shas))

    def reopen(self) -> int:
        """Have the model look at what only the rules have analysed; returns how many commits those are."""
        leases = self.workshop.leases
        return sum(leases.reopen(self.repository, sha, State.ANALYSED) for sha in self.shas)

    def close_days(self, now: datetime) -> None:
        """Close the days of this repository that are complete, for when no clock does."""
        agenda = self.workshop.agenda
        due = [day for name, day in agenda.closings_due(now) if name == self.repository]
        for day in due:
            if agenda.take_closing(self.repository, day, now, now + self.workshop.pauses.closing):
                close(self.workshop, self.repository, day, now)

    def progress(self) -> Progress:
        """How far the analysis of these commits has come."""
        return self.workshop.ledger.census.progress(self.repository, self.shas)


def _require_kept(workshop: Workshop, first: date) -> None:
    kept = first_kept(workshop, workshop.settings.calendar.day_of(workshop.now()))
    if kept and first < kept:
        keep = workshop.settings.keep_days
        message = f"{first} would be dropped at once: KEEP_DAYS={keep} keeps the days from {kept} on"
        raise DayNotKept(message)
