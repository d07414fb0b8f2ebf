"""The form of the seed, given its commits: all comes back, apart from what is listed here with its reason."""

import re
from itertools import pairwise
from typing import NamedTuple

import pytest
import seed
from days import make_day
from reading import read_markdown

from analysis.words import words_for
from report.links import Links
from report.markdown import render_markdown

OURS = render_markdown(make_day(seed.entries()), words_for("zh-CN"), Links())
SEED = seed.SEED
NORMAL_LABEL = re.compile(
    r"\*\*(🎯 变更类型|⚡ 重要程度|📋 变更摘要|📋 摘要|🎯 影响范围|🔍 技术洞察|⚠️ 潜在风险|💡 关注建议)\*\*："
)

ADDED = {
    "status": "the status line under the title",
    "first screen": "the day's highlights and what can be skipped before the repository",
    "anchors": "an anchor before each target of the contents",
    "foot": "how the digest was made",
}
CHANGED = {
    "levels": "commits stood above their tier; the contents stood beside the repository they belong to",
    "targets": "the seed's contents lead nowhere on GitHub",
    "active text": "#5309 in a subject is set as code, so that it links to no issue; its text is the same",
}


class Deviation(NamedTuple):
    sha: str
    field: str
    kind: str
    """`conclusion`: closing words after the list; `table`: a table where ours has a list."""


GENERAL_PRAISE = "closing words that repeat the summary and recommend a roll-out; no field of ours holds them"
ONE_FORM = "a table in place of a list; ours are always lists"
REASONS = {"conclusion": GENERAL_PRAISE, "table": ONE_FORM}
DEVIATIONS = (
    Deviation("0d3ff44", "关注建议", "conclusion"),
    Deviation("ace35a8", "关注建议", "conclusion"),
    Deviation("3d67474", "技术洞察", "table"),
    Deviation("3d67474", "关注建议", "conclusion"),
    Deviation("6f9619a", "技术洞察", "table"),
    Deviation("6f9619a", "关注建议", "table"),
    Deviation("6f9619a", "关注建议", "conclusion"),
    Deviation("5f8d90a", "关注建议", "conclusion"),
    Deviation("f7ba417", "关注建议", "conclusion"),
    Deviation("22e36de", "关注建议", "conclusion"),
    Deviation("bfb95df", "关注建议", "conclusion"),
    Deviation("6458ef8", "关注建议", "conclusion"),
    Deviation("fcc4a60", "关注建议", "conclusion"),
)
IRREGULAR_LABELS = {
    "0d3ff44": "no colon where a list or a paragraph follows on the next line",
    "ace35a8": "no colon where a list or a paragraph follows on the next line",
    "3d67474": "no colon where a list or a paragraph follows on the next line",
    "6f9619a": "headings for insights, risks and advice; no colon after the scope",
    "5f8d90a": "no colon where a list or a paragraph follows on the next line",
    "fcb7685": "no colon where a list or a paragraph follows on the next line",
    "f7ba417": "no colon after scope and advice",
    "22e36de": "no emoji",
    "bfb95df": "no colon where a list or a paragraph follows on the next line",
    "6458ef8": "no colon after scope and advice",
    "fcc4a60": "no colon after scope and advice",
}


def said(markdown: str) -> str:
    """The words of a field without emphasis, code marks and white space; aspects always with a colon."""
    reading = read_markdown(markdown)
    text = "".join([*reading.paragraphs, *("".join(row) for row in reading.rows)])
    plain = re.sub(r"[\s*`]", "", text)
    return re.sub(f"({'|'.join(seed.ASPECTS)})：?", r"\1", plain)


def without_table(markdown: str) -> str:
    """A table's rows, without its first one, as a list: what the cells say, line by line."""
    rows = [line.strip("|").split("|", 1) for line in markdown.splitlines() if line.startswith("|")][2:]
    rest = "\n".join(line for line in markdown.splitlines() if not line.startswith("|"))
    items = [f"- {name.strip()}\n{_indented(text)}" for name, text in rows]
    return "\n".join([*items, "", rest])


def as_ours(markdown: str, deviations: list[str]) -> str:
    if "conclusion" in deviations:
        markdown = markdown.removesuffix(seed.conclusion(markdown)).strip()
    return without_table(markdown) if "table" in deviations else markdown


def test_title_table_and_statistics_come_back() -> None:
    ours, theirs = read_markdown(OURS), read_markdown(SEED)
    tables = [row for row in theirs.rows if len(row) == 3]
    assert ours.headings[0] == theirs.headings[0] == (1, "每日更新报告（2026-01-09）")
    assert ours.rows == tables
    assert len(tables) == 16
    line = "> 本日共 15 个提交 | 🔴高 5 | 🟡中 7 | 🟢低 3"
    assert line in OURS.splitlines()
    assert line in SEED.splitlines()


def test_the_contents_say_the_same() -> None:
    ours, theirs = read_markdown(OURS), read_markdown(SEED)
    highlights = 7
    inner = [text for text, href in ours.links if href.startswith("#") and len(text) != highlights]
    assert inner == re.findall(r"^ *- \[(.+)\]\(#.*\)$", SEED, re.MULTILINE)
    assert ours.dead_links() == []
    assert theirs.dead_links() != []


def test_tiers_and_commits_come_in_the_same_order() -> None:
    def names(text: str) -> list[str]:
        return [
            heading for _, heading in read_markdown(text).headings if "重要度" in heading or "(#" in heading
        ]

    assert names(OURS) == names(SEED)
    assert len(names(OURS)) == 3 + 15


def test_heading_levels_go_down_one_at_a_time() -> None:
    levels = [level for level, _ in read_markdown(OURS).headings]
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_sha_lines_are_the_same_to_the_byte() -> None:
    def lines(text: str) -> list[str]:
        return [line for line in text.splitlines() if line.startswith("**SHA**")]

    assert lines(OURS) == lines(SEED)


@pytest.mark.parametrize("sha", seed.commit_bodies(SEED))
def test_every_field_of_a_commit_comes_back(sha: str) -> None:
    theirs, ours = (seed.fields(seed.commit_bodies(text)[sha][2]) for text in (SEED, OURS))
    assert [label for label, _ in ours] == [label for label, _ in theirs]
    for (label, their), (_, our) in zip(theirs, ours, strict=True):
        kinds = [found.kind for found in DEVIATIONS if (found.sha, found.field) == (sha[:7], label)]
        assert said(our) == said(as_ours(their, kinds))
        for kind in kinds:  # none is listed in vain
            assert said(our) != said(as_ours(their, [other for other in kinds if other != kind]))


@pytest.mark.parametrize("sha", seed.commit_bodies(SEED))
def test_labels_have_one_normal_form(sha: str) -> None:
    def irregular(text: str) -> bool:
        body = seed.commit_bodies(text)[sha][2]
        return len(NORMAL_LABEL.findall(body)) != len(seed.fields(body))

    assert not irregular(OURS)
    assert irregular(SEED) == (sha[:7] in IRREGULAR_LABELS)


def test_what_is_added_stands_where_it_should() -> None:
    lines = OURS.splitlines()
    assert lines[1].startswith("> 修订 1 · 15/15 已分析"), ADDED["status"]
    headings = [text for _, text in read_markdown(OURS).headings]
    first_screen = ["今日要点 · ai-dynamo/dynamo", "可跳过（3）"]
    assert headings[1:4] == [*first_screen, "ai-dynamo/dynamo"], ADDED["first screen"]
    assert lines[-1].startswith("> 本报告如何得出 · 已分析 15/15 个提交"), ADDED["foot"]


def _indented(cell: str) -> str:
    return "\n".join(f"  {line}" for line in cell.strip(" |").replace("<br>", "\n").splitlines())
