"""A reply held against its commit: what is dropped, what is marked, what a model is asked to check again."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from commits import make_commit
from hostile import ANYTHING
from hypothesis import given
from hypothesis import strategies as st

from analysis.claims.claims import claims_in
from analysis.claims.corpus import Sources
from analysis.claims.grounding import LONGEST, MOST_NAMED, ground, grounded_risks, grounded_scope, unsupported
from analysis.models import Commit, CommitFacts, FileChange, Grounding, PullRequest, Risk, ScopeItem
from analysis.replies.reply import Aspect, Danger, Place, Reply
from analysis.words import words_for

PATHS = ("src/loader.py", "src/net/codec.rs", "src/net/tcp.rs", "docs/a b.md", "tests/net/main.py", "main.py")
CHINESE = words_for("zh-CN")
COMMIT = make_commit(
    files={
        "engine/server.py": (
            "timeout_ms = 60_000\n",
            "timeout_ms = 30_000\nparser.add_argument('--no-build')\n",
        )
    }
)


def reply_with(**fields: Any) -> Reply:
    defaults: dict[str, Any] = {
        "type": "Bug 修复",
        "importance": "high",
        "why": "",
        "summary": "超时由 60 秒改为 30 秒。",
        "scope": (),
        "insights": (),
        "risks": (),
        "advice": (),
    }
    return Reply(**defaults | fields)


def facts_of(*paths: str) -> CommitFacts:
    files = tuple(FileChange(path=path, status="M", additions=1) for path in paths)
    return make_commit(files={}).model_copy(update={"files": files})


FALSE = reply_with(
    why="改了 `timeout_ns`",
    summary="超时由 60 秒改为 20 秒，见 `timeout_ms`。",
    scope=(Place(path="server.py", why="加 `--no-cache`"), Place(path="engine/client.py", why="")),
    insights=(Aspect(aspect="performance", text="快 3.5 倍"),),
    risks=(
        Danger(path="engine/server.py", text="`--no-build` 与 `BUILD_MODE` 冲突"),
        Danger(path="gone.py", text="无"),
    ),
    advice=("用 `--no-build` 的：改用 `--skip-build`。",),
)


def test_a_true_reply_stays_as_it_is() -> None:
    true = reply_with(
        scope=(Place(path="engine/server.py", why="`--no-build`"),), advice=("设 `timeout_ms`。",)
    )
    sources = Sources.of(COMMIT)
    grounded = ground(true, sources, COMMIT, CHINESE)
    assert unsupported(true, sources) == ()
    assert (grounded.summary, grounded.advice) == (true.summary, true.advice)
    assert grounded.grounding == Grounding(claims=5, grounded=5)


def test_a_model_is_told_what_does_not_hold_in_the_order_of_its_fields() -> None:
    assert unsupported(FALSE, Sources.of(COMMIT)) == (
        "timeout_ns",
        "20 秒",
        "--no-cache",
        "engine/client.py",
        "3.5 倍",
        "BUILD_MODE",
        "gone.py",
        "--skip-build",
    )


def test_of_many_claims_the_first_are_named_once() -> None:
    many = reply_with(summary=" ".join(f"`name_{at}` `name_{at}`" for at in range(30)))
    assert unsupported(many, Sources.of(COMMIT)) == tuple(f"name_{at}" for at in range(MOST_NAMED))


def test_a_long_claim_is_named_by_its_beginning() -> None:
    long = reply_with(summary=f"`call_it({'x_y, ' * 9_000})`")
    (named,) = unsupported(long, Sources.of(COMMIT))
    assert named.startswith("call_it(x_y,")
    assert LONGEST - 10 < len(named) <= LONGEST


def test_what_does_not_hold_is_marked_in_every_text() -> None:
    grounded = ground(FALSE, Sources.of(COMMIT), COMMIT, CHINESE)
    assert grounded.why == "改了 `timeout_ns`（提交中未见）"
    assert grounded.summary == "超时由 60 秒改为 20 秒（提交中未见），见 `timeout_ms`。"
    assert grounded.scope == (ScopeItem(path="engine/server.py", why="加 `--no-cache`（提交中未见）"),)
    assert grounded.insights[0].text == "快 3.5 倍（提交中未见）"
    assert [risk.text for risk in grounded.risks] == ["`--no-build` 与 `BUILD_MODE`（提交中未见） 冲突"]
    assert grounded.advice == ("用 `--no-build` 的：改用 `--skip-build`（提交中未见）。",)


def test_the_share_of_what_holds_counts_each_claim_once() -> None:
    grounding = ground(FALSE, Sources.of(COMMIT), COMMIT, CHINESE).grounding
    assert grounding.unsupported == (
        "timeout_ns",
        "20 秒",
        "--no-cache",
        "3.5 倍",
        "BUILD_MODE",
        "--skip-build",
    )
    assert grounding.claims == grounding.grounded + 6
    assert grounding.grounded == len({"engine/server.py", "60 秒", "timeout_ms", "--no-build"})


def test_in_english_the_mark_is_english() -> None:
    grounded = ground(reply_with(summary="Drops to 20 s."), Sources.of(COMMIT), COMMIT, words_for("en"))
    assert grounded.summary == "Drops to 20 s (not seen in the commit)."


def test_a_pull_request_bears_claims_out() -> None:
    said = reply_with(summary="关闭 #77：`drain_mode` 下不再丢请求。")
    assert unsupported(said, Sources.of(COMMIT)) == ("#77", "drain_mode")
    assert (
        unsupported(said, Sources.of(COMMIT, PullRequest(number=77, title="drain_mode loses requests"))) == ()
    )


TEXTS = st.lists(ANYTHING, min_size=6, max_size=6)


@given(TEXTS)
def test_marks_are_made_once_whatever_is_said(texts: list[str]) -> None:
    why, summary, place, insight, risk, advice = (text.strip() or "x" for text in texts)
    said = reply_with(
        why=why,
        summary=summary,
        scope=(Place(path="engine/server.py", why=place), Place(path=place, why="")),
        insights=(Aspect(aspect="security", text=insight),),
        risks=(Danger(path="engine/server.py", text=risk), Danger(path=risk, text=risk)),
        advice=(advice,),
    )
    sources = Sources.of(COMMIT)
    once = ground(said, sources, COMMIT, CHINESE)
    again = ground(
        said.model_copy(update={"summary": once.summary, "advice": once.advice}), sources, COMMIT, CHINESE
    )
    assert (again.summary, again.advice) == (once.summary, once.advice)
    assert once.grounding.claims == once.grounding.grounded + len(once.grounding.unsupported)


def test_the_scope_keeps_each_touched_place_once() -> None:
    given_places = [
        ScopeItem(path="loader.py", why="first"),
        ScopeItem(path="src/loader.py", why="again"),
        ScopeItem(path="src/invented.py", why="no"),
    ]
    assert grounded_scope(given_places, facts_of(*PATHS)) == (ScopeItem(path="src/loader.py", why="first"),)


def test_a_risk_without_its_file_is_dropped() -> None:
    dangers = [Risk(text="a", path="src/net/tcp.rs"), Risk(text="b", path="gone.py"), Risk(text="c")]
    assert grounded_risks(dangers, facts_of(*PATHS)) == (Risk(text="a", path="src/net/tcp.rs"),)


def test_in_a_commit_of_one_file_a_risk_can_only_come_from_it() -> None:
    dangers = [Risk(text="a"), Risk(text="b", path="elsewhere.py")]
    assert grounded_risks(dangers, facts_of("only.py")) == (Risk(text="a", path="only.py"),)


FIXTURE = Path(__file__).parents[2] / "fixtures" / "claims.jsonl"
SENTENCES = [json.loads(line) for line in FIXTURE.read_text(encoding="utf-8").splitlines()]
"""What we say of real commits, true or with false claims; `stands` is all that it rests on in the commit."""


def _commit(sentence: dict[str, Any]) -> Commit:
    counted = FileChange(
        path="", status="M", additions=sentence["additions"], deletions=sentence["deletions"]
    )
    fields = {"sha": sentence["sha"], "repository": sentence["repository"], "files": (counted,), "author": ""}
    return make_commit("", {}, parents=()).model_copy(update=fields)


def _found(sentence: dict[str, Any]) -> list[str]:
    sources = Sources.of(_commit(sentence), extra=[" \n ".join(sentence["stands"])])
    return list(dict.fromkeys(claim.text for claim in claims_in(sentence["text"]) if not sources.has(claim)))


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda sentence: sentence["sha"][:7])
def test_a_sentence_on_a_real_commit_is_judged_as_recorded(sentence: dict[str, Any]) -> None:
    assert _found(sentence) == sentence["found"]


def test_nine_of_ten_false_claims_are_found_and_no_more_than_one_true_in_fifty_is_marked() -> None:
    false = {(at, claim) for at, each in enumerate(SENTENCES) for claim in each["false"]}
    found = {(at, claim) for at, each in enumerate(SENTENCES) for claim in _found(each)}
    true = {
        (at, claim.text) for at, each in enumerate(SENTENCES) for claim in claims_in(each["text"])
    } - false
    assert len(false) >= 40
    assert len(true) >= 200
    assert len(false & found) >= 0.9 * len(false)
    assert len(true & found) <= 0.02 * len(true)


def test_half_of_the_sentences_are_true_and_both_languages_are_there() -> None:
    def share(kept: Iterable[object]) -> float:
        return len(list(kept)) / len(SENTENCES)

    assert 0.4 < share(each for each in SENTENCES if not each["false"]) < 0.6
    assert 0.4 < share(each for each in SENTENCES if each["text"].isascii()) < 0.6
