"""The analysis made from git alone."""

import re
from functools import cache

import pytest
from commits import MORNING, lines, make_commit
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from analysis.diff.paths import Kind
from analysis.importance.titles import ChangeType
from analysis.importance.triage import triage
from analysis.language import Language
from analysis.models import Analysis, Commit, FileChange, Importance
from analysis.rules import analyse_by_rules
from analysis.words import words_for

FILLER = re.compile(
    r"可以?忽略|零拷贝|攻击面|提升可维护性|代码质量|整体来说|总体而言|建议(?:补充|增加)(?:文档|测试|监控)|回滚|"
    r"negligible|zero-copy|attack surface|maintainab|overall|safe to roll out|"
    r"add (?:documentation|tests|monitoring)|roll back",
    re.IGNORECASE,
)


def ruled(commit: Commit, language: Language = "zh-CN") -> Analysis:
    return analyse_by_rules(commit, triage(commit), language=language, now=MORNING)


@cache
def odd_commits() -> dict[str, Commit]:
    """Commits that have little to say."""
    many = tuple(
        FileChange(path=f"src/{n % 40}/{n}.py", status="M", additions=1, deletions=1) for n in range(30_000)
    )
    mode = FileChange(
        path="run.sh", status="M", additions=0, deletions=0, old_mode="100644", new_mode="100755"
    )
    module = FileChange(
        path="third", status="M", additions=1, deletions=1, old_mode="160000", new_mode="160000"
    )
    moved = FileChange(path="b.py", old_path="a`.py", status="R", additions=0, deletions=0)
    nothing = make_commit("chore: release", {})
    return {
        "empty": nothing,
        "untitled": make_commit(""),
        "blank": make_commit(" \t\n "),
        "merge": make_commit("Merge pull request #1 from octo/topic", {}, merged=4),
        "evil merge": make_commit("Merge branch 'topic'", merged=4),
        "binary": nothing.model_copy(update={"files": (FileChange(path="logo.png", status="A"),)}),
        "mode": nothing.model_copy(update={"files": (mode,)}),
        "submodule": nothing.model_copy(update={"files": (module,)}),
        "moved": nothing.model_copy(update={"files": (moved,)}),
        "edge": make_commit("Import", {}, at_history_edge=True),
        "capped": make_commit("feat: all", {"a.py": (None, lines(10))}, capped=True),
        "many": nothing.model_copy(update={"files": many, "subject": "Add headers", "capped": True}),
        "revert": make_commit('Revert "feat: a `b` thing"'),
        "security": make_commit("[Security] fix RCE in loader"),
        "breaking": make_commit("feat!: x", body="BREAKING CHANGE: `url` is gone, use `urls`"),
    }


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("name", odd_commits())
def test_every_commit_gets_the_fields_of_its_tier(name: str, language: Language) -> None:
    commit = odd_commits()[name]
    analysis = ruled(commit, language)
    assert analysis.source == "rules"
    assert analysis.type
    assert analysis.summary.strip()
    assert "\n" not in analysis.summary
    assert not FILLER.search(analysis.summary + " ".join(analysis.advice))
    if analysis.importance is not Importance.LOW and commit.files:
        assert analysis.scope
    assert len(analysis.coverage.files) == len(commit.files)


def test_the_author_is_heard_first_and_numbers_follow() -> None:
    analysis = ruled(
        make_commit("fix(server): answer in time (#12)", body="Clients gave up.\n\nSigned-off-by: x")
    )
    said = "server：answer in time。作者说明：Clients gave up. 只改动 `engine/server.py`：修改，+1 −1。"
    assert analysis.summary == said


def test_english_has_the_same_form() -> None:
    analysis = ruled(make_commit("fix(server): answer in time"), "en")
    assert analysis.summary == "server: answer in time. Changes `engine/server.py` only: modified, +1 −1."


def test_a_breaking_note_leads_and_is_advised_on() -> None:
    analysis = ruled(odd_commits()["breaking"])
    assert analysis.summary.startswith("不兼容：`url` is gone, use `urls`。")
    assert len(analysis.advice) == 1


def test_what_the_patch_shows_is_said_with_both_values() -> None:
    files = {"cli.py": ('add_argument("--old", default=1)\nMAX_SIZE = 512\n', "MAX_SIZE = 384\n")}
    assert "命令行参数 `--old` 被移除或改名" in ruled(make_commit("Tidy", files)).summary
    files = {"cli.py": ("MAX_SIZE = 512\n", "MAX_SIZE = 384\n")}
    assert "常量改变：`MAX_SIZE: 512 → 384`" in ruled(make_commit("Tidy", files)).summary


def test_advice_needs_evidence() -> None:
    assert ruled(make_commit("feat: add an option", {"a.py": (lines(3), lines(30))})).advice == ()
    assert "0d3ff44" in ruled(odd_commits()["security"]).advice[0]


def test_security_is_advised_on_once() -> None:
    assert len(ruled(odd_commits()["security"]).advice) == 1


def test_a_low_one_is_short() -> None:
    analysis = ruled(make_commit("docs: typo", {"README.md": ("a\n", "b\n")}, body="A long story. " * 50))
    assert analysis.importance is Importance.LOW
    assert len(analysis.summary) < 120
    assert (analysis.scope, analysis.advice) == ((), ())


def test_secrets_in_a_message_are_masked() -> None:
    secret = "ghp_" + "aB3dE6gH9jK2mN5pQ8sT" * 2
    analysis = ruled(make_commit(f"fix: rotate {secret}", body=f"It was {secret}."))
    assert secret not in analysis.model_dump_json()


def test_templates_and_trailers_are_not_the_authors_words() -> None:
    body = "## Purpose\n\n- [x] Tested\n\nSigned-off-by: Author One <one@example.org>\n\nIt hung on start."
    assert "It hung on start" in ruled(make_commit("fix: start", body=body)).summary
    assert "Signed" not in ruled(make_commit("fix: start", body=body)).summary


@pytest.mark.parametrize(
    "body", ["Fixes: #12", "See #3", "https://example.org/1", "(cherry picked from commit 1)"]
)
def test_a_reference_is_no_explanation(body: str) -> None:
    assert "作者说明" not in ruled(make_commit("fix: start", body=body)).summary


def test_a_note_is_one() -> None:
    assert "Problem: it hung" in ruled(make_commit("fix: start", body="Problem: it hung")).summary


@given(st.text(), st.text(), st.text())
def test_any_text_gives_one_line_without_markup_of_its_own(subject: str, body: str, path: str) -> None:
    file = FileChange(path=path or "a", status="M", additions=1, deletions=1)
    commit = make_commit(subject, {}, body=body).model_copy(update={"files": (file,)})
    analysis = ruled(commit, "en")
    kinds = {token.type for token in MarkdownIt("commonmark").parse(analysis.summary)}
    assert "\n" not in analysis.summary
    assert not kinds & {"html_block", "heading_open", "fence", "blockquote_open", "hr", "link_open"}
    assert Analysis.model_validate_json(analysis.model_dump_json()) == analysis


def test_a_commit_of_many_files_names_folders() -> None:
    analysis = ruled(odd_commits()["many"])
    assert len(analysis.scope) == 8
    assert all(item.path.endswith("/") and item.path.startswith("src/") for item in analysis.scope)
    assert {file.seen for file in analysis.coverage.files} == {"none"}


def test_the_edge_of_history_claims_nothing() -> None:
    analysis = ruled(odd_commits()["edge"])
    assert "无从得知" in analysis.summary
    assert analysis.coverage.files == ()


def test_all_of_the_patches_were_read() -> None:
    assert not ruled(make_commit()).coverage.missing()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_type_and_kind_has_a_name(language: Language) -> None:
    words = words_for(language)
    assert all(words.has(f"rules.type.{each}") for each in ChangeType)
    assert all(words.has(f"rules.kind.{each}") for each in Kind)
    assert all(words.has(f"rules.status.{each}") for each in "ACDMRT")


def test_what_the_author_leads_up_to_is_left_out_openly() -> None:
    body = "Transport is now Factory\nCaching is now Cache\n\nMore."
    assert (
        "Transport is now Factory; Caching is now Cache。" in ruled(make_commit("fix: x", body=body)).summary
    )
    swapped = ruled(make_commit("fix: x", body="It had them swapped:\n\n```\nf(b, a)\n```")).summary
    assert "It had them swapped… " in swapped
