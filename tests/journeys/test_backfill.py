"""Days that are past: exactly the commits of a day, and a push that need not wait for thousands of them."""

import json
import re
import signal
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from processes import Site, table, until
from reading import read_markdown
from repositories import AUTHOR, Origin

from analysis.models import State

NAME = "example/project"
ZONE = ZoneInfo("Asia/Shanghai")
DAY = datetime(2026, 1, 9, tzinfo=ZONE)
WORKERS = 2


def write_history(origin: Origin, dates: Iterable[tuple[int, int]], *, merge_every: int = 0) -> None:
    """A commit for each (authored, committed), on top of the last; some bring in a commit of a side branch."""
    stream, mark = [b"reset refs/heads/main\n"], 0
    for number, (authored, committed) in enumerate(dates, start=1):
        parent, mark = mark, mark + 1
        aside = bool(merge_every) and parent > 0 and number % merge_every == 0
        if aside:
            stream.append(_commit("side", mark, [parent], f"fix: aside {number}", (authored, committed)))
            mark += 1
        parents = ([parent] if parent else []) + ([mark - 1] if aside else [])
        subject = f"Merge aside {number}" if aside else f"feat: number {number} | `code`"
        stream.append(_commit("main", mark, parents, subject, (authored, committed)))
    origin.git("fast-import", "--quiet", "--force", "--date-format=raw-permissive", stdin=b"".join(stream))
    if merge_every:
        origin.point("side", None)


def _commit(branch: str, mark: int, parents: list[int], subject: str, dates: tuple[int, int]) -> bytes:
    authored, committed = dates
    lines = [
        f"commit refs/heads/{branch}",
        f"mark :{mark}",
        f"author Author {mark % 7} <{mark % 7}@example.org> {authored} +0530",
        f"committer {AUTHOR} {committed} -0800",
        f"data {len(subject.encode())}",
        subject,
        *(f"{'merge' if number else 'from'} :{parent}" for number, parent in enumerate(parents)),
        f"M 100644 inline src/file{mark % 50}.py",
        f"data {len(str(mark)) + 4}",
        f"x = {mark}",
        "",
    ]
    return "\n".join(lines).encode()


def _dates() -> list[tuple[int, int]]:
    """1,100 commits an hour apart with the day near the end, its midnights to the second, and an old date."""
    start = int((DAY - timedelta(hours=1030)).timestamp())
    hourly = [start + 3600 * number + 1800 for number in range(1100)]
    midnight, following = int(DAY.timestamp()), int((DAY + timedelta(days=1)).timestamp())
    borders = [midnight - 1, midnight, following - 1, following]
    committed = sorted(hourly + borders)
    ancient = committed.index(midnight) + 12
    committed.insert(ancient, int(datetime(2001, 9, 9, tzinfo=UTC).timestamp()))
    return [(instant - 60 * (number % 13), instant) for number, instant in enumerate(committed)]


def expected(origin: Origin) -> dict[str, tuple[str, str, datetime]]:
    """sha -> subject, author, author's time of all that was committed on the day, newest first; by plain git."""
    first, last = DAY.timestamp(), (DAY + timedelta(days=1)).timestamp()
    lines = origin.git("log", "--format=%H%x00%ct%x00%s%x00%an%x00%aI", "main").splitlines()
    records = [line.split("\0") for line in lines]
    found = {
        sha: (subject, author, datetime.fromisoformat(authored))
        for sha, committed, subject, author, authored in records
        if first <= int(committed) < last
    }
    assert len(records) > 1000
    return dict(sorted(found.items(), key=lambda item: item[1][2], reverse=True))


def test_a_backfilled_day_lists_exactly_what_was_committed_on_it(tmp_path: Path) -> None:
    origin = Origin(tmp_path / "origin.git")
    write_history(origin, _dates(), merge_every=10)
    site = Site(tmp_path, REDIS_URL=None, WORKERS=WORKERS)
    day = str(DAY.date())
    filled = site.run("backfill", NAME, "--url", origin.url, "--since", day, "--until", day)
    wanted = expected(origin)
    assert (filled.code, filled.out) == (0, "")
    assert filled.err.splitlines()[-1].startswith(f"{len(wanted)} commits: {len(wanted)} analysed, 0 parked")

    data = json.loads(site.run("digest", day, "--format", "json").out)
    commits = data["repositories"][0]["commits"]
    found = {
        commit["sha"]: (commit["subject"], commit["author"], datetime.fromisoformat(commit["authored_at"]))
        for commit in commits
    }
    assert found == wanted
    instants = [commit["authored_at"] for commit in commits]
    assert instants == sorted(instants, key=datetime.fromisoformat, reverse=True)
    assert all(commit["sha"] in commit["url"] for commit in commits)
    assert any(subject.startswith("Merge") for subject, _, _ in wanted.values())

    markdown = read_markdown(site.run("digest", day, NAME).out)
    written = [row for row in markdown.rows if re.search("number|aside", row[-1])]
    assert len(written) == len(wanted)
    assert markdown.dead_links() == []
    assert not site.server.running()


@pytest.fixture
def busy(tmp_path: Path) -> tuple[Site, Origin]:
    origin = Origin(tmp_path / "origin.git")
    start = int(DAY.timestamp())
    write_history(origin, ((start + number, start + number) for number in range(3000)))
    return Site(tmp_path, tables=[table(NAME, origin)], WORKERS=WORKERS), origin


def test_a_push_during_a_backfill_of_thousands_goes_first(busy: tuple[Site, Origin]) -> None:
    opened, origin = busy
    with opened as site:
        site.start("web", "worker", "clock")
        command = [sys.executable, "-m", "workers", "backfill", NAME, "--since", str(DAY.date())]
        filling = site.launch("backfill", command)
        until(lambda: site.shop.ledger.overview(datetime.now(UTC)).analysed >= 10, what="the backfill")
        before = origin.head()
        sha = origin.commit("fix: now", {"a.py": "x = 2\n"})
        reply = site.push(NAME, origin, before)
        accepted = datetime.now(UTC)
        assert reply.status == 202
        (pushed,) = site.until_all(NAME, [sha])
        filling.send_signal(signal.SIGINT)
        assert filling.wait(20) == 1

        assert pushed.rules is not None
        history = origin.git("log", "--format=%H", before).splitlines()
        done = [entry for entry in site.entries(NAME, history) if entry.state is State.ANALYSED]
        between = [
            entry for entry in done if entry.rules and accepted < entry.rules.analysed_at < pushed.rules.analysed_at
        ]
        assert len(between) <= 3 * WORKERS
        assert len(done) < 1000
        assert len(site.entries(NAME, history)) == 3000
