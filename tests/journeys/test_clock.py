"""Two clocks at once: days that ended while nothing ran, days without a commit, and a late analysis."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from processes import Site, table
from repositories import Header, Origin
from waiting import until

from analysis.models import Landed
from analysis.storage import keys
from analysis.storage.entry import Source

BUSY, EMPTY = "example/busy", "example/empty"


@dataclass(frozen=True)
class Resumed:
    """A site that did not run for two days, and whose repositories cannot be reached since."""

    site: Site
    origin: Origin
    away: Path
    day: date
    """On which one commit landed, and none on the next."""
    sha: str

    def closed(self) -> bool:
        records = [self.site.shop.ledger.day_record(name, day) for name, day in self.missed]
        return all(record.closed_at for record in records)

    @property
    def missed(self) -> list[tuple[str, date]]:
        return [(name, self.day + timedelta(days=number)) for name in (BUSY, EMPTY) for number in (0, 1)]

    def revisions(self) -> list[int]:
        return [self.site.shop.ledger.day_record(name, day).revision for name, day in self.missed]

    def read(self, repository: str) -> dict[str, Any]:
        reply = self.site.get(f"/reports/{repository}/{self.day}.json")
        assert reply.status == 200
        return dict(reply.data["repositories"][0])


@pytest.fixture(scope="module")
def resumed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Resumed]:
    folder = tmp_path_factory.mktemp("resumed")
    origin = Origin(folder / "origin.git")
    then = datetime.now(UTC).replace(microsecond=0) - timedelta(days=2)
    sha = origin.commit(
        "fix: late", {"a.py": "x = 1\n"}, header=Header(authored=f"{then.timestamp():.0f} +0000")
    )
    landed = Landed(sha=sha, subject="fix: late", author="Author One", authored_at=then, committed_at=then)
    with Site(folder, tables=[table(BUSY, origin), table(EMPTY, origin)]) as site:
        day = site.settings.calendar.day_of(then)
        site.shop.ledger.record_landed(BUSY, "main", [(landed, then)], source=Source.POLL)
        for repository in (BUSY, EMPTY):
            site.shop.store.redis.set(keys.planned(repository), str(day))
        found = Resumed(site, origin, origin.folder.rename(folder / "away.git"), day, sha)
        site.start("web", "worker", "clock", "clock-2")
        until(found.closed, what="the closings")
        until(lambda: site.entries(BUSY, [sha])[0].obstacle, what="the obstacle")
        yield found


def test_days_that_ended_while_nothing_ran_are_closed_once(resumed: Resumed) -> None:
    assert resumed.revisions() == [1, 1, 1, 1]
    assert resumed.site.shop.ledger.day_record(EMPTY, resumed.site.today).closed_at is None


def test_a_day_without_a_commit_is_served(resumed: Resumed) -> None:
    assert resumed.read(EMPTY)["counts"]["total"] == 0
    assert resumed.site.get(f"/reports/{EMPTY}/{resumed.day}.md").status == 200


def test_a_commit_whose_remote_is_away_waits_in_its_closed_day(resumed: Resumed) -> None:
    (commit,) = resumed.read(BUSY)["commits"]
    assert (commit["state"], commit["obstacle"]["code"]) == ("pending", "git-unavailable")


def test_a_late_analysis_gives_the_closed_day_one_more_revision(resumed: Resumed) -> None:
    resumed.away.rename(resumed.origin.folder)
    resumed.site.let_time_pass()
    resumed.site.until_all(BUSY, [resumed.sha])
    until(lambda: resumed.revisions()[0] > 1, what="another revision")
    finished = resumed.read(BUSY)
    assert (finished["revision"], finished["counts"]["pending"]) == (2, 0)
    assert resumed.revisions() == [2, 1, 1, 1]
