from datetime import date, timedelta
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
from builders import make_entry, make_sha
from days import DAY, make_day
from hostile import MARKDOWN
from hypothesis import given
from markdown_it import MarkdownIt

from analysis.storage.entry import Entry, Relation, State
from analysis.storage.link import RelationKind
from analysis.words import words_for
from report.data import commit_data
from report.html import render_commit, render_html
from report.links import Links
from report.markdown import render_markdown
from report.story import SHOWN, chapters_of, story_of

CHINESE, ENGLISH = words_for("zh-CN"), words_for("en")
LINKS = Links(base_url="https://digest.example.org/sub")
KINDS = get_args(RelationKind)


def related(seed: object, kind: str, subject: str = "feat: other", **fields: Any) -> Relation:
    values = {"kind": kind, "sha": make_sha(seed), "day": date(2026, 1, 7), "subject": subject} | fields
    return Relation.model_validate(values)


def entry_with(*relations: Relation, **fields: Any) -> Entry:
    return make_entry(relations=relations, **fields)


def told(*relations: Relation) -> list[str]:
    """The lines as plain text."""
    return [
        line.before + ", ".join(f"{other.sha[:7]} {other.text}" for other in line.others) + line.after
        for line in story_of(entry_with(*relations), CHINESE)
    ]


def test_each_kind_is_one_line() -> None:
    one, two = (related(seed, "reverts", f"feat: {seed}") for seed in (1, 2))
    assert told(one, related(3, "series"), two) == [
        f"↩️ 回退了 {two.sha[:7]} 「feat: 2」（2026-01-07）, {one.sha[:7]} 「feat: 1」（2026-01-07）",
        f"🧵 同一系列：{make_sha(3)[:7]} 「feat: other」（2026-01-07）",
    ]


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_words(kind: str, language: Any) -> None:
    (line,) = story_of(entry_with(related(1, kind)), words_for(language))
    assert line.before.strip()
    assert [other.sha for other in line.others] == [make_sha(1)]


def test_what_was_found_wrong_later_goes_first() -> None:
    kinds = ["names", "series", "fixed-by", "reverts", "reverted-by"]
    lines = story_of(entry_with(*(related(kind, kind) for kind in kinds)), CHINESE)
    assert [line.correction for line in lines] == [True, True, False, False, False]
    assert [line.others[0].sha for line in lines[:2]] == [make_sha("reverted-by"), make_sha("fixed-by")]


def test_five_are_named_and_the_rest_counted() -> None:
    lines = story_of(entry_with(*(related(n, "named-by") for n in range(SHOWN + 4))), ENGLISH)
    assert sum(len(line.others) for line in lines) == SHOWN
    assert lines[-1].before == "4 more related commits"
    assert lines[0].others[0].sha == make_sha(SHOWN + 3)


@pytest.mark.parametrize(
    ("kind", "evidence", "shown"),
    [
        ("fixed-by", "engine/server.py", True),
        ("undoes", "engine/server.py", True),
        ("fixed-by", "#12", False),
        ("fixes", "0123abc", False),
        ("series", "[1/2]", False),
    ],
)
def test_a_file_is_named_where_only_lines_show_it(kind: str, evidence: str, *, shown: bool) -> None:
    ((line),) = told(related(1, kind, evidence=evidence))
    assert (evidence in line) is shown


def test_a_long_subject_is_cut_and_an_empty_one_has_a_name() -> None:
    assert "「" + "x" * 59 + "…」" in told(related(1, "reverts", "x" * 300))[0]
    assert "「（无标题）」" in told(related(1, "reverts", ""))[0]


def test_markdown_warns_before_all_other_notes_and_links_to_the_commits() -> None:
    relations = (related(1, "reverts"), related(2, "fixed-by", evidence="engine/server.py"))
    text = render_markdown(make_day([entry_with(*relations, state=State.PENDING)]), CHINESE, LINKS)
    page = "https://digest.example.org/sub/commits/octo/engine"
    correction, pending, reverts = (line for line in text.split("\n") if line[:3] in {"> ⚠", "> ⏳", "> ↩"})
    first, second = make_sha(1), make_sha(2)
    assert correction.startswith(
        f"> ⚠️ 后来发现有问题，已有修复：[`{second[:7]}`]({page}/{second}) 「feat: other」"
    )
    assert correction.endswith("engine/server.py）\\")
    assert pending.endswith("\\")
    assert reverts == f"> ↩️ 回退了 [`{first[:7]}`]({page}/{first}) 「feat: other」（2026-01-07）"
    assert text.index(correction) < text.index(pending) < text.index(reverts)


def test_pages_show_the_same_with_links() -> None:
    relations = (related(1, "reverts"), related(2, "reverted-by"))
    entry = entry_with(*relations)
    day = make_day([entry])
    for page in (render_html(day, CHINESE, LINKS), render_commit(entry, CHINESE, LINKS, day.zone)):
        for relation in relations:
            href = f"https://digest.example.org/sub/commits/octo/engine/{relation.sha}"
            link = f'<a class="sha" href="{href}"><code>{relation.sha[:7]}</code></a>'
            assert f'{link} <span lang="en">「feat: other」' in page
        assert page.index("后来发现有问题，已被回退") < page.index("回退了 <a")


def test_json_has_them_all_with_their_evidence() -> None:
    relations = [related(n, "names", evidence="#12") for n in range(SHOWN + 2)]
    found = commit_data(entry_with(*relations), LINKS)["related"]
    assert len(found) == SHOWN + 2
    assert found[0] == {
        "kind": "names",
        "sha": make_sha(0),
        "day": "2026-01-07",
        "subject": "feat: other",
        "evidence": "#12",
        "page": f"https://digest.example.org/sub/commits/octo/engine/{make_sha(0)}",
    }
    assert commit_data(make_entry(), LINKS)["related"] == []


def test_json_has_the_pull_request_without_its_text() -> None:
    pull = {"number": 7, "title": "a title", "body": "long", "labels": ["bug"]}
    found = commit_data(make_entry(pull_request=pull), LINKS)["pull_request"]
    url = "https://github.com/octo/engine/pull/7"
    assert found == {"number": 7, "title": "a title", "labels": ["bug"], "url": url}
    assert commit_data(make_entry(), LINKS)["pull_request"] is None


def test_the_pull_request_is_linked_in_every_form() -> None:
    entry = make_entry(pull_request={"number": 7, "title": "a title"})
    url = "https://github.com/octo/engine/pull/7"
    quiet = "https://redirect.github.com/octo/engine/pull/7"
    assert f"[PR 7]({quiet})" in render_markdown(make_day([entry]), CHINESE, LINKS)
    assert f'<a href="{url}">PR 7</a>' in render_html(make_day([entry]), CHINESE, LINKS)
    assert f'<a href="{url}">PR 7</a>' in render_commit(entry, CHINESE, LINKS, ZoneInfo("Asia/Shanghai"))
    assert "/pull/" not in render_markdown(make_day([make_entry()]), CHINESE, LINKS)


@given(MARKDOWN, MARKDOWN)
def test_a_subject_of_any_text_stays_in_its_line(subject: str, path: str) -> None:
    entry = entry_with(related(1, "fixed-by", subject, evidence=path), related(2, "names", subject))
    text = render_markdown(make_day([entry]), CHINESE, LINKS)
    heading = text.index("**SHA**")
    (quote,) = (block for block in text[heading:].split("\n\n")[0].split("\n", 1)[1:])
    assert len(quote.split("\n")) == 2
    tokens = MarkdownIt("commonmark", {"html": True}).parse(quote)
    inline = [child for token in tokens for child in token.children or ()]
    assert {token.type for token in tokens} == {
        *("blockquote_open", "blockquote_close", "paragraph_open", "paragraph_close", "inline")
    }
    assert [token.type for token in inline].count("link_open") == 2
    assert not [token for token in inline if token.type in {"html_inline", "image"}]
    page = render_html(make_day([entry]), CHINESE, LINKS)
    assert page.count('<p class="note">') == page.count('<p class="note correction">') == 1
    assert "<script>" not in page


def test_what_came_before_and_after_is_told_apart_by_kind_or_by_day() -> None:
    kinds = {"fixes": 0, "named-by": 0, "same-change": 3, "series": 0}
    relations = [related(n, kind) for n, kind in enumerate(kinds)]
    later = relations[2].model_copy(update={"day": DAY + timedelta(days=1)})
    same = relations[3].model_copy(update={"day": DAY})
    chapters = chapters_of(entry_with(relations[0], relations[1], later, same), CHINESE)
    found = {side: [other.sha for line in lines for other in line.others] for side, lines in chapters.items()}
    assert found == {"before": [make_sha(0)], "beside": [make_sha(3)], "after": [make_sha(2), make_sha(1)]}
    assert chapters_of(make_entry(), CHINESE) == {}
    many = [related(n, "names") for n in range(20)]
    (lines,) = chapters_of(entry_with(*many), CHINESE).values()
    assert len(lines[0].others) == 20
