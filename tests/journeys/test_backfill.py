"""Days that are past: exactly the commits of a day, and a push that need not wait for thousands of them."""

import json
import re
import signal
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from loopback_model import LoopbackModel, prompt_of
from processes import Site, table
from reading import read_markdown
from repositories import AUTHOR, Origin
from waiting import until

NAME = "example/project"
ZONE = ZoneInfo("Asia/Shanghai")
DAY = datetime(2026, 1, 9, tzinfo=ZONE)
WORKERS = 2
"""Each has at most one call under way, and one more that it is about to make."""
BACKLOG = 5000


def write_history(origin: Origin, dates: Iterable[tuple[int, int]], *, merge_every: int = 0) -> None:
    """A commit for each (authored, committed), on top of the last; some bring in another from the side."""
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
    """sha -> subject, author, author's time of what was committed on the day, newest first; by plain git."""
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


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Site, Origin]:
    """A day that was filled by a lone command, with the embedded server and workers of its own."""
    folder = tmp_path_factory.mktemp("filled")
    origin = Origin(folder / "origin.git")
    write_history(origin, _dates(), merge_every=10)
    site = Site(folder, REDIS_URL=None, WORKERS=WORKERS, REPORT_TIMEZONE=ZONE.key)
    day, number = str(DAY.date()), len(expected(origin))
    done = site.run("backfill", NAME, "--url", origin.url, "--since", day, "--until", day)
    assert (done.code, done.out) == (0, "")
    assert done.err.splitlines()[-1] == f"{number} commits: {number} analysed, 0 parked, 0 waiting"
    assert not site.server.running()
    return site, origin


def test_a_backfilled_day_lists_exactly_what_was_committed_on_it(filled: tuple[Site, Origin]) -> None:
    site, origin = filled
    printed = site.run("digest", str(DAY.date()), "--format", "json").out
    commits = json.loads(printed)["repositories"][0]["commits"]
    found = {
        commit["sha"]: (commit["subject"], commit["author"], datetime.fromisoformat(commit["authored_at"]))
        for commit in commits
    }
    wanted = expected(origin)
    assert found == wanted
    assert any(subject.startswith("Merge") for subject, _, _ in wanted.values())
    assert [found[commit["sha"]][2] for commit in commits] == [instant for _, _, instant in wanted.values()]
    assert all(commit["url"].endswith(commit["sha"]) for commit in commits)


def test_a_backfilled_day_is_printed_with_a_row_for_each_commit(filled: tuple[Site, Origin]) -> None:
    site, origin = filled
    markdown = read_markdown(site.run("digest", str(DAY.date()), NAME).out)
    rows = [row for row in markdown.rows if re.search("number|aside", row[-1])]
    assert len(rows) == len(expected(origin))
    assert markdown.dead_links() == []


def test_a_range_has_the_commits_of_its_days(filled: tuple[Site, Origin]) -> None:
    site, origin = filled
    data = json.loads(site.run("digest", f"{DAY.date()}..{DAY.date()}", "--format", "json").out)
    assert {commit["sha"] for commit in data["repositories"][0]["commits"]} == set(expected(origin))
    assert data["days"][0]["counts"]["total"] == data["counts"]["total"] == len(expected(origin))
    week = read_markdown(site.run("digest", "2026-W02", NAME).out)
    assert week.dead_links() == []
    assert any(row[:2] == ("2026-01-09", str(len(expected(origin)))) for row in week.rows)


@dataclass(frozen=True)
class Busy:
    """A site in the middle of a backfill of 5,000 commits, each of which takes a call to the model."""

    site: Site
    origin: Origin
    model: LoopbackModel

    def asked_about(self, subject: str) -> list[int]:
        """Which of all requests were about the commit of that subject."""
        return [number for number, asked in enumerate(self.model.requests) if subject in prompt_of(asked)]


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[Busy]:
    origin = Origin(tmp_path / "origin.git")
    start = int(DAY.timestamp())
    write_history(origin, ((start + number, start + number) for number in range(BACKLOG)))
    with LoopbackModel(delay=0.5) as model:
        terms = {"LLM_MODEL": "openai/loopback", "LLM_API_BASE": model.url, "REPORT_TIMEZONE": ZONE.key}
        with Site(tmp_path, tables=[table(NAME, origin)], WORKERS=WORKERS, **terms) as site:
            site.start("web", "worker", "clock")
            command = [sys.executable, "-m", "workers", "backfill", NAME, "--since", str(DAY.date())]
            filling = site.launch("backfill", command)
            until(lambda: len(model.requests) >= 2 * WORKERS, what="the backfill")
            yield Busy(site, origin, model)
            filling.send_signal(signal.SIGINT)
            assert filling.wait(30) == 1


def test_a_push_during_a_backfill_of_5000_is_analysed_within_two_model_calls(busy: Busy) -> None:
    before = busy.origin.head()
    sha = busy.origin.commit("fix: now", {"a.py": "x = 2\n"})
    assert busy.site.push(NAME, busy.origin, before).status == 202
    begun = len(busy.model.requests)
    (pushed,) = busy.site.until_all(NAME, [sha])

    (own,) = busy.asked_about("fix: now")
    assert own - begun <= WORKERS
    assert pushed.model is not None
    assert busy.site.shop.ledger.census.overview().pending > BACKLOG * 0.9
