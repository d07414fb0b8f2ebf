import pytest
from builders import NOON, make_analysis, make_entry, make_sha
from days import make_day
from hostile import ANYTHING
from hypothesis import given, settings
from reading import Page, read_markdown

from analysis.language import Language
from analysis.models import Importance
from analysis.storage.entry import DayRecord, Entry, Relation, State
from analysis.storage.highlights import Group, Highlights, Part, Told
from analysis.words import words_for
from report.digest import Digest
from report.first_screen import DETAILS, calm_of, details_of, first_screen_of
from report.highlight import Highlight
from report.highlights import basis_of
from report.html import highlights_html, render_html
from report.links import Links
from report.markdown import render_markdown

HIGH, MEDIUM, LOW = Importance
LINKS = Links(base_url="/sub")
WORDS = words_for("zh-CN")


def markdown(digest: Digest) -> str:
    """The first screen: what stands before the first repository."""
    text = render_markdown(digest, words_for(digest.language), LINKS)
    return text[: text.index('<a id="repository-')]


def told(entries: list[Entry], *items: Told, groups: tuple[Group, ...] = ()) -> Highlights:
    return Highlights(
        basis=basis_of(entries),
        language="zh-CN",
        items=items,
        groups=groups,
        model="example-model",
        made_at=NOON,
    )


def of_tier(seed: int, tier: Importance | None) -> Entry:
    """A commit of this importance; None: nobody has read it."""
    if tier is None:
        return make_entry(seed=seed, analysis=None, facts=None, state=State.PENDING)
    return make_entry(seed=seed, importance=tier)


def test_a_day_of_one_commit_is_its_own_highlight() -> None:
    digest = make_day([make_entry()])
    assert "要点" not in markdown(digest)
    assert "要点" not in render_html(digest, WORDS, LINKS)
    assert len(digest.repositories[0].highlights) == 1


def test_an_empty_day_has_no_first_screen() -> None:
    screen = first_screen_of(make_day())
    assert (screen.highlights, screen.calm, screen.skipped) == ((), "", 0)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize(
    ("tiers", "listed", "said"),
    [
        ((MEDIUM, MEDIUM, LOW), 2, "calm-worth"),
        ((MEDIUM, LOW, None), 1, "calm-so-far-worth"),
        ((LOW, LOW), 0, "calm-skippable"),
        ((LOW, None), 0, "calm-so-far"),
    ],
)
def test_a_day_without_high_commits_says_so_and_what_the_others_are(
    language: Language, tiers: tuple[Importance | None, ...], listed: int, said: str
) -> None:
    digest = make_day([of_tier(n, tier) for n, tier in enumerate(tiers)], language=language)
    words = words_for(language)
    sentence = words(f"digest.highlights.{said}")
    lines = [line for line in markdown(digest).splitlines() if line]
    assert lines[lines.index(sentence) + 1].startswith("1. " if listed else "## ")
    assert len(first_screen_of(digest).highlights) == listed
    for page in (render_html(digest, words, LINKS), highlights_html(digest, words, LINKS)):
        assert f"<p>{sentence}</p>" in page


def test_what_is_muted_is_neither_listed_nor_called_skippable() -> None:
    entries = [make_entry(seed=n, importance=MEDIUM) for n in range(2)]
    assert calm_of(make_day(entries).counts, ()) == "calm"
    waiting = [make_entry(seed=n, importance=LOW, state=State.PENDING) for n in range(2)]
    assert first_screen_of(make_day(waiting)).calm == "calm"  # a model may judge otherwise


def test_nothing_is_said_of_what_was_not_read_or_is_filtered_out() -> None:
    unread = [of_tier(n, None) for n in range(2)]
    assert first_screen_of(make_day(unread)).calm == ""
    chosen = make_day([make_entry(seed=n, importance=LOW) for n in range(2)])
    assert first_screen_of(chosen).calm
    assert first_screen_of(chosen.model_copy(update={"selection": "importance=low"})).calm == ""


def test_commits_that_matter_and_are_not_shown_are_counted() -> None:
    entries = [make_entry(seed=n) for n in range(9)] + [make_entry(seed="m", importance=MEDIUM)]
    digest = make_day(entries)
    assert "另有 2 个高重要度、1 个中重要度的提交，见下文。" in markdown(digest).splitlines()
    assert "另有 2 个高重要度、1 个中重要度的提交，见下文。" in render_html(digest, WORDS, LINKS)
    assert "见下文" not in markdown(make_day(entries[:7]))


def test_every_commit_of_a_day_is_shown_counted_or_skippable() -> None:
    entries = [make_entry(seed=(tier, n), importance=tier) for tier in Importance for n in range(9)]
    screen = first_screen_of(make_day(entries))
    shown = sum(len(item.shas) for item in screen.highlights)
    assert shown + screen.left_high + screen.left_medium + screen.skipped == len(entries)


def test_groups_and_what_can_be_skipped_stand_below_the_highlights() -> None:
    entries = [
        *(make_entry(seed=n, subject="fix: this") for n in range(5)),
        *(make_entry(seed=("kv", n), subject="[KV] step", importance=MEDIUM) for n in range(2)),
        make_entry(seed="docs", subject="docs: more", importance=LOW),
        make_entry(seed="chore", subject="chore: tidy", importance=LOW),
    ]
    lines = markdown(make_day(entries)).splitlines()
    short = {seed: make_sha(seed)[:7] for seed in (("kv", 0), ("kv", 1), "docs", "chore")}
    text = "超时的请求现在会得到 504，而不是一直挂起"
    shares = [f"[`{short['kv', n]}`](#c-{short['kv', n]}) {text}" for n in range(2)]
    assert f"- **KV**：{'；'.join(sorted(shares))}" in [_sorted(line) for line in lines]
    assert "## 可跳过（2）" in lines
    (skippable,) = [line for line in lines if line.startswith("文档")]
    assert short["docs"] in skippable.split(" · ")[0]
    assert f"杂务 [`{short['chore']}`](#c-{short['chore']})" in skippable


def _sorted(line: str) -> str:
    head, mark, shares = line.partition("**：")
    return head + mark + "；".join(sorted(shares.split("；")))


def test_of_many_commits_of_one_kind_the_first_are_named_and_the_rest_counted() -> None:
    entries = [make_entry(seed=n, subject="chore: tidy", importance=LOW) for n in range(20)]
    text = markdown(make_day(entries))
    assert text.count("](#c-") == 8
    assert "等（另有 12 个）" in text


def test_several_repositories_share_one_first_screen_and_each_line_names_its_own() -> None:
    entries = [
        make_entry(repository=f"octo/{name}", seed=(name, tier), importance=tier)
        for name in "ab"
        for tier in Importance
    ]
    lines = markdown(make_day(entries)).splitlines()
    assert "## 今日要点" in lines
    assert sum(line.endswith(" · octo/a") for line in lines) == 2
    assert [line.split(" · ")[0] for line in lines if "Bug 修复" in line] == ["- octo/a", "- octo/b"]


def test_a_correction_leads_to_the_commit_that_it_names() -> None:
    fix = {"kind": "fixed-by", "sha": make_sha("fix"), "day": NOON.date(), "subject": "x"}
    entry = make_entry(seed=1, relations=(Relation.model_validate(fix),))
    digest = make_day([entry, make_entry(seed=2, importance=LOW)])
    page = f"/sub/commits/octo/engine/{make_sha('fix')}"
    assert f"   - 更正：2026-01-09 已修复，见 [`{make_sha('fix')[:7]}`]({page})" in markdown(digest)
    assert page in Page(render_html(digest, WORDS, LINKS)).links


def test_a_highlight_has_three_lines_at_most() -> None:
    base = {"repository": "octo/engine", "sha": make_sha(1), "shas": (make_sha(1),), "importance": HIGH}
    texts = {"headline": "h", "who": "a", "action": "b", "risk": "c", "basis": "d"}
    item = Highlight.model_validate(base | texts)
    assert details_of(item, WORDS) == ("谁：a", "做：b", "注意：c")
    fix = Relation.model_validate({"kind": "fixed-by", "sha": make_sha(2), "day": NOON.date(), "subject": ""})
    assert details_of(item.model_copy(update={"corrections": (fix,)}), WORDS) == ("谁：a", "做：b")
    assert details_of(item.model_copy(update={"corrections": (fix,) * (DETAILS + 1)}), WORDS) == ()


def test_what_a_model_told_is_shown_while_it_fits_the_day() -> None:
    entries = [make_entry(seed=n) for n in range(4)]
    group = Group(title="同一处", parts=tuple(Part(sha=make_sha(n), text=f"第 {n} 步") for n in (2, 3)))
    items = [Told(shas=(make_sha(n),), headline=f"模型 {n}", who="所有部署") for n in (0, 1)]
    record = {"highlights": told(entries, *items, groups=(group,))}
    text = markdown(make_day(entries, **record))
    assert "🔴 **模型 0**" in text
    assert "   - 谁：所有部署" in text
    assert "**同一处**：" not in text  # the model forgot these two: they are highlights by rule
    digest = make_day([*entries, make_entry(seed="later")], **record)
    assert digest.repositories[0].told is None
    assert "模型" not in markdown(digest)


def test_a_selection_has_highlights_of_its_own() -> None:
    entries = [make_entry(seed=n) for n in range(3)]
    record = {"highlights": told(entries, Told(shas=(make_sha(0),), headline="模型"))}
    assert "模型" in markdown(make_day(entries, **record))
    assert "模型" not in markdown(make_day(entries[:2], **record))


def test_an_address_in_a_model_s_words_is_hidden() -> None:
    entries = [make_entry(seed=n) for n in range(2)]
    item = Told(shas=(make_sha(0),), headline="问 someone@example.org")
    digest = make_day(entries, highlights=told(entries, item))
    assert "someone@example.org" not in digest.model_dump_json()


ENTRIES = [make_entry(seed=n, subject="plain", importance=tier) for n, tier in enumerate([HIGH, HIGH, LOW])]


def day_told(text: str) -> Digest:
    """A day of which a model tells the same in every place."""
    item = Told(shas=(make_sha(0),), headline=text, who=text, action=text, risk=text)
    parts = (Part(sha=make_sha(0), text=text), Part(sha=make_sha(2), text=text))
    return make_day(ENTRIES, highlights=told(ENTRIES, item, groups=(Group(title=text, parts=parts),)))


@settings(max_examples=300)
@given(text=ANYTHING)
def test_no_words_of_a_model_break_the_first_screen(text: str) -> None:
    plain = read_markdown(render_markdown(day_told("plain"), WORDS, LINKS))
    reading = read_markdown(render_markdown(day_told(text), WORDS, LINKS))
    assert [heading for heading in reading.headings if heading != (2, "同一件事")] == [
        heading for heading in plain.headings if heading != (2, "同一件事")
    ]
    assert {href for _, href in reading.links} == {href for _, href in plain.links}
    assert (reading.html, reading.images, reading.active, reading.rules) == ([], 0, [], plain.rules)
    assert reading.dead_links() == []


@settings(max_examples=150)
@given(text=ANYTHING)
def test_no_words_of_a_model_become_markup_on_the_page(text: str) -> None:
    plain, page = (Page(render_html(day_told(each), WORDS, LINKS)) for each in ("plain", text))
    allowed = set(plain.tags) | {"em", "strong", "code"}
    assert set(page.tags) <= allowed
    assert page.requests == plain.requests
    assert page.forms == plain.forms
    assert set(page.attributes) == set(plain.attributes)
    assert {href for href in page.links if href.startswith("#")} <= {f"#{name}" for name in page.ids} | {
        "#main"
    }


def test_a_feed_shows_the_highlights_of_a_day_of_one_commit_too() -> None:
    html = highlights_html(make_day([make_entry()]), WORDS, LINKS)
    assert f"/sub/commits/octo/engine/{make_sha(1)}" in html


def test_a_day_record_with_highlights_survives_json() -> None:
    record = DayRecord(repository="octo/engine", day=NOON.date(), highlights=told(ENTRIES))
    assert DayRecord.model_validate_json(record.model_dump_json()) == record


def test_commits_by_rules_only_read_well() -> None:
    analysis = make_analysis(source="rules", summary="`kv`：answer in time。只改动 `a.py`：修改。", risks=())
    digest = make_day([make_entry(seed=n, analysis=analysis) for n in range(2)])
    assert "🔴 **`kv`：answer in time**" in markdown(digest)
