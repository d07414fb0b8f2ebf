"""A digest that is longer than GitHub takes, from the command line."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import NOON, REPOSITORY, make_analysis, make_facts, make_sha
from github_reading import read_as_github
from landings import claimed, make_landed, record
from processes import Site

from analysis.storage.entry import Source
from report.parts import LIMIT, size

DAY = str(NOON.date())
SHORT = "octo/short"
"""A repository whose day has one part."""


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
        shop.ledger.record_landed(SHORT, "main", [(make_landed("short"), NOON)], source=Source.POLL)
        assert site.run("status").code == 0  # the first command tells that the ledger has its form now
        yield site


@pytest.mark.parametrize("day", [DAY, f"{DAY}..{DAY}"])
def test_it_is_written_in_parts(site: Site, tmp_path: Path, day: str) -> None:
    folder = tmp_path / "written"
    folder.mkdir()
    file = folder / "day.md"
    done = site.run("digest", day, REPOSITORY, "--split", "-o", str(file))
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


def test_parts_that_are_no_longer_needed_go_and_nothing_else_does(site: Site, tmp_path: Path) -> None:
    folder = tmp_path / "written"
    folder.mkdir()
    file = folder / "day.md"
    site.run("digest", DAY, REPOSITORY, "--split", "-o", str(file))
    written = sorted(folder.iterdir())
    own = {
        "day.4.md": "# Notes\n",
        "day.2.txt": "mine\n",
        "other.2.md": written[0].read_text(encoding="utf-8"),
    }
    for name, text in own.items():
        (folder / name).write_text(text, encoding="utf-8")
    other = site.run("digest", f"{DAY}..{DAY}", SHORT, "--split", "-o", str(file))
    assert (other.code, other.err.count("\n")) == (0, 1)  # they are of the day, and this is a range
    done = site.run("digest", DAY, SHORT, "--split", "-o", str(file))
    first, removed = done.err.splitlines()
    assert (done.code, done.out, first.startswith(f"{file}: ")) == (0, "", True)
    assert removed == f"removed, as the digest has fewer parts now: {written[0]}, {written[1]}"
    assert {each.name for each in folder.iterdir()} == {"day.md", *own}
    assert all((folder / name).read_text(encoding="utf-8") == text for name, text in own.items())
