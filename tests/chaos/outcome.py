"""What a rehearsal has shown, in numbers; pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from chaos.monkey import NAMES
from chaos.moods import FAULTS, HANG, LATE, WELL, Asked

WORKED = {WELL, LATE, HANG}
"""The model did its work, or may have: whoever asks again for the same commit pays twice."""


@dataclass(frozen=True)
class Listed:
    """A commit in a day's digest, as its JSON says."""

    repository: str
    sha: str
    day: str
    state: str
    source: str


@dataclass(frozen=True)
class Outcome:
    """Everything that was counted."""

    acknowledged: frozenset[tuple[str, str]]
    """(repository, sha) of every commit of every push that was answered with a 2xx."""
    listed: tuple[Listed, ...]
    """Every row of every digest there is."""
    analyses: Mapping[str, int]
    """sha -> how often an analysis of it was recorded."""
    asked: tuple[Asked, ...]
    kills: Mapping[str, int]
    connections: Mapping[str, int]
    """What the proxy did to conversations with the server."""
    deliveries: Mapping[str, int]
    unsound: tuple[str, ...] = ()
    """What else is wrong."""
    seconds: float = 0.0
    moods: Counter[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "moods", Counter(asked.mood for asked in self.asked))

    @property
    def lost(self) -> int:
        """Acknowledged commits that are not analysed by the model, or in no digest."""
        well = {(row.repository, row.sha) for row in self.listed if row.state == "analysed"}
        by_model = {(row.repository, row.sha) for row in self.listed if row.source == "model"}
        return len(self.acknowledged - (well & by_model))

    @property
    def doubled(self) -> int:
        """Rows beyond the first of a commit in all digests, and analyses recorded beyond its first."""
        rows = Counter((row.repository, row.sha) for row in self.listed)
        return _beyond_first(rows.values()) + _beyond_first(self.analyses.values())

    @property
    def repeated(self) -> int:
        """Calls that the model worked on for a commit, beyond the first."""
        worked = Counter(
            asked.commit for asked in self.asked if asked.commit is not None and asked.mood in WORKED
        )
        return _beyond_first(worked.values())

    @property
    def hangs(self) -> int:
        """Calls that were not answered in time."""
        return self.moods[HANG] + self.moods[LATE]

    @property
    def excused(self) -> int:
        """How many calls may have been repeated: one for each hang, and one for each job that was killed."""
        return self.hangs + self.kills.get("horse", 0)

    @property
    def killed(self) -> int:
        return sum(self.kills.values())

    @property
    def faults(self) -> int:
        """Spoilt answers of the model, conversations with the server broken, deliveries twice or early."""
        spoilt = sum(self.moods.values()) - self.moods[WELL]
        odd = self.deliveries.get("twice", 0) + self.deliveries.get("out of order", 0)
        return spoilt + sum(self.connections.values()) + odd

    def problems(self) -> list[str]:
        """Whatever must not be."""
        never = [f"no {name} was killed" for name in NAMES if not self.kills.get(name)]
        never += [f"the model never answered with {mood}" for mood in FAULTS if not self.moods[mood]]
        strangers = {(row.repository, row.sha) for row in self.listed} - self.acknowledged
        found = {
            f"{self.lost} commits are lost": self.lost,
            f"{self.doubled} are doubled": self.doubled,
            f"{self.repeated} calls were repeated, {self.excused} at most": self.repeated > self.excused,
            f"{len(strangers)} commits are listed that nobody pushed": strangers,
            f"{self.deliveries.get('refused')} deliveries were refused": self.deliveries.get("refused"),
        }
        return [*self.unsound, *never, *(problem for problem, wrong in found.items() if wrong)]

    def report(self) -> str:
        """What happened, in a few lines, and in the last one what came of it."""
        lines = {
            "killed": self.kills,
            "model": self.moods,
            "server": self.connections,
            "deliveries": self.deliveries,
        }
        told = [f"{name:<11}{_told(counts)}" for name, counts in lines.items()]
        return "\n".join([*told, f"{'time':<11}{self.seconds:.0f} s", self.last_line()])

    def last_line(self) -> str:
        """The six numbers."""
        return (
            f"commits {len(self.acknowledged)}, kills {self.killed}, faults {self.faults}, "
            f"repeated calls {self.repeated}, lost {self.lost}, doubled {self.doubled}"
        )


def _beyond_first(counts: Iterable[int]) -> int:
    return sum(max(0, count - 1) for count in counts)


def _told(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items()) if count)
