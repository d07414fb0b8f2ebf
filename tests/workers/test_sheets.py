from datetime import date
from functools import partial
from pathlib import Path
from typing import get_args

import pytest
from builders import make_analysis
from days import make_day
from roundups import MONDAY, WEEK, make_roundup, on

from analysis.words import Language, words_for
from report.links import Links
from report.markdown import render_parts
from report.roundup.span import Span, parse_span
from report.roundup.text import render_text_parts
from workers.edition import heads_part
from workers.sheets import remove_surplus, write_sheets

DAY = date(2026, 1, 9)
TITLES = {"zh-CN": "# 每日更新报告（2026-01-09）", "en": "# Daily digest (2026-01-09)"}


def head(number: int, count: int, language: Language = "en") -> str:
    return words_for(language)("parts.title", title=TITLES[language], number=number, count=count)


def parts(count: int, language: Language = "en") -> list[str]:
    return [f"{head(number, count, language)}\n\ntext\n" for number in range(1, count + 1)]


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "written"
    found.mkdir()
    return found


@pytest.mark.parametrize("name", ["day.md", "[d]ay*.md", "day", "a.day.md"])
@pytest.mark.parametrize("language", get_args(Language))
def test_what_a_longer_run_left_goes_in_whatever_language(
    folder: Path, name: str, language: Language
) -> None:
    first = folder / name
    before = write_sheets(parts(12, language), first)
    now = write_sheets(parts(2), first)
    assert now == before[:2]
    assert remove_surplus(first, len(now), partial(heads_part, DAY)) == before[2:]
    assert names(folder) == {file.name for file in now}
    assert remove_surplus(first, len(now), partial(heads_part, DAY)) == ()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("day.3.md", ""),
        ("day.3.md", "# Notes on the day (3/5)\n"),
        ("day.3.md", f"{head(4, 5)}\n"),
        ("day.3.md", f"{TITLES['en']}\n"),
        ("day.3.md", f"\n{head(3, 5)}\n"),
        ("day.3.md", f"{head(3, 5)} and more\n"),
        ("day.3.md", "# Daily digest (2026-01-08) (3/5)\n"),
        ("day.3.md", "# Digest (2026-01-09 to 2026-01-10) (3/5)\n"),
        ("day.03.md", f"{head(3, 5)}\n"),
        ("day.3.md.bak", f"{head(3, 5)}\n"),
        ("day-3.md", f"{head(3, 5)}\n"),
        ("Day.3.md", f"{head(3, 5)}\n"),
        ("day.2.md", f"{head(2, 5)}\n"),
    ],
)
def test_what_is_not_certainly_a_part_of_that_day_stays(folder: Path, name: str, text: str) -> None:
    own = folder / name
    own.write_text(text, encoding="utf-8")
    assert remove_surplus(folder / "day.md", 2, partial(heads_part, DAY)) == ()
    assert own.read_text(encoding="utf-8") == text


def test_a_folder_a_link_and_what_is_no_text_stay(folder: Path) -> None:
    (folder / "day.3.md").mkdir()
    (folder / "kept").write_text(f"{head(4, 9)}\n", encoding="utf-8")
    (folder / "day.4.md").symlink_to(folder / "kept")
    (folder / "day.5.md").symlink_to(folder / "nowhere")
    (folder / "day.6.md").write_bytes(b"\xff\xfe" * 10_000)
    before = names(folder)
    assert remove_surplus(folder / "day.md", 1, partial(heads_part, DAY)) == ()
    assert names(folder) == before


@pytest.mark.parametrize("language", get_args(Language))
def test_the_parts_that_are_really_written_are_known(language: Language) -> None:
    words, links = words_for(language), Links(base_url="")
    long = make_analysis(summary="字" * 9_000)
    entries = [on(0, number, analysis=long) for number in range(12)]
    day = render_parts(make_day(entries, day=MONDAY, language=language), words, links)
    week = render_text_parts(make_roundup(entries, language=language), words, links)
    for span, texts in ((MONDAY, day), (parse_span(WEEK), week)):
        assert len(texts) > 1
        assert all(heads_part(span, number, text.split("\n")[0]) for number, text in enumerate(texts, 1))


@pytest.mark.parametrize("span", ["2026-W03", "2026-01", "2026-01-09..2026-01-11"])
def test_parts_of_a_range_are_told_from_those_of_a_day(span: str) -> None:
    known: Span = parse_span(span)
    lines = {
        "2026-W03": "# 每周更新报告（2026-W03）（3/4）",
        "2026-01": "# Monthly digest (2026-01) (3/4)",
        "2026-01-09..2026-01-11": "# Digest (2026-01-09 to 2026-01-11) (3/4)",
    }
    assert [each for each, line in lines.items() if heads_part(known, 3, line)] == [span]
    assert not heads_part(known, 3, head(3, 4))
