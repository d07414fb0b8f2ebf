"""A digest that is longer than GitHub takes, from the command line."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import NOON, make_analysis, make_facts, make_sha
from github_reading import read_as_github
from landings import claimed, record
from processes import Site

from report.parts import LIMIT, size

DAY = str(NOON.date())


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with Site(tmp_path_factory.mktemp("parts"), REPORT_TIMEZONE="Asia/Shanghai") as site:
        shop = site.shop
        record(shop.ledger, *range(20))
        for seed in range(20):
            lease = claimed(shop.leases, seed)
            facts = make_facts(seed=seed, subject=f"feat: {seed}")
            shop.leases.record_read(lease, facts, make_analysis(source="rules"))
            shop.leases.record_analysis(lease, make_analysis(summary="字" * 8_000), NOON)
        assert site.run("status").code == 0  # the first command tells that the ledger has its form now
        yield site


@pytest.mark.parametrize("day", [DAY, f"{DAY}..{DAY}"])
def test_it_is_written_in_parts(site: Site, tmp_path: Path, day: str) -> None:
    folder = tmp_path / "written"
    folder.mkdir()
    file = folder / "day.md"
    done = site.run("digest", day, "--split", "-o", str(file))
    written = [file, *(folder / f"day.{number}.md" for number in (2, 3))]
    assert (done.code, done.out) == (0, "")
    assert [line.split(": ")[0] for line in done.err.splitlines()] == list(map(str, written))
    texts = [each.read_text(encoding="utf-8") for each in sorted(folder.iterdir(), key=written.index)]
    assert max(map(size, texts)) <= LIMIT
    headings = [text for part in texts for level, text in read_as_github(part).headings if level == 4]
    assert sorted(headings) == sorted(f"feat: {seed}" for seed in range(20))
    assert all(make_sha(seed) in "".join(texts) for seed in range(20))


def test_as_one_text_it_stays_and_is_told_to_be_too_long(site: Site, tmp_path: Path) -> None:
    printed, written = site.run("digest", DAY), site.run("digest", DAY, "-o", str(tmp_path / "day.md"))
    assert printed.out == (tmp_path / "day.md").read_text(encoding="utf-8")
    assert size(printed.out) > LIMIT
    for done in (printed, written):
        assert (done.code, done.err.count("\n")) == (0, 1)
        assert "65,536" in done.err
        assert "--split" in done.err
    assert site.run("digest", DAY, "--format", "json").err == ""
