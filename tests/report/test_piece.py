from builders import make_analysis

from analysis.models import Importance, Reason, Risk
from analysis.words import words_for
from report.piece import LONGEST, Piece, piece_of, whole_piece_of

WORDS = words_for("zh-CN")
HIGH, MEDIUM, LOW = Importance


def piece(**fields: object) -> Piece:
    return piece_of(make_analysis(**fields), WORDS)


def rest(shown: Piece) -> dict[str, str]:
    return {field.name: field.markdown for field in shown.rest}


def test_of_high_importance_the_consequence_and_what_to_do_are_read_at_once() -> None:
    shown = piece(reasons=(Reason(rule="model", evidence="`timeout`"),))
    assert shown.lead == "超时的请求现在会得到 504，而不是一直挂起。"
    assert shown.steps == ("需要 60 秒的部署请显式设置 `timeout`。",)
    assert list(rest(shown)) == ["summary", "scope", "insights", "risks", "reasons"]
    assert rest(shown)["summary"] == "`timeout` 的默认值由 60 改为 30。"


def test_advice_that_is_not_read_at_once_opens() -> None:
    for advice in (("一。", "二。", "三。", "四。"), ("先做。再做。",), ("长" * 500,)):
        shown = piece(advice=advice)
        assert len(shown.steps) <= 3
        assert rest(shown)["advice"].count("\n- ") == len(advice) - 1


def test_nothing_to_do_is_said_at_once_and_only_once() -> None:
    shown = piece(advice=())
    assert shown.steps == ("无需处理。",)
    assert "advice" not in rest(shown)
    assert piece(advice=(), depth="brief").steps == ()


def test_what_the_rules_found_is_read_in_one_piece_and_their_silence_is_no_step() -> None:
    summary = "wire: drop the old form. The wire format changes: `a.proto`. Changes 2 files. 1 new file."
    for importance in Importance:
        analysis = make_analysis(source="rules", importance=importance, summary=summary, advice=())
        for shown in (
            piece_of(analysis, WORDS, "fix(wire): drop the old form"),
            whole_piece_of(analysis, WORDS),
        ):
            assert shown.lead.endswith("The wire format changes: `a.proto`. Changes 2 files. 1 new file.")
            assert "summary" not in rest(shown)
            assert shown.steps == ()
            assert ("advice" in rest(shown)) == (importance is not LOW)


def test_of_medium_importance_the_summary_is_read_at_once() -> None:
    shown = piece(importance=MEDIUM)
    assert shown.lead == make_analysis().summary
    assert shown.steps == ()
    assert list(rest(shown)) == ["scope", "advice"]
    long = piece(importance=MEDIUM, summary="后果。" + "机制很长。" * 200)
    assert long.lead == "后果。"
    assert "summary" in rest(long)


def test_of_low_importance_there_is_a_summary() -> None:
    assert piece(importance=LOW) == Piece(make_analysis().summary)


def test_what_the_subject_says_above_it_is_not_said_again() -> None:
    subject = "fix(router)!: keep `--flag` when empty (#12)"
    summary = "router: keep `--flag` when empty. The author says: it was lost. Changes 2 files."
    for importance in Importance:
        analysis = make_analysis(importance=importance, summary=summary)
        shown, whole = piece_of(analysis, WORDS, subject), whole_piece_of(analysis, WORDS, subject)
        assert shown.lead.startswith("The author says: it was lost.")
        assert whole.lead == "The author says: it was lost."
        assert "Changes 2 files." in shown.lead + "".join(rest(shown).values())
        assert rest(whole)["summary"] == "Changes 2 files."
        assert piece_of(analysis, WORDS, "fix: lost flags").lead.startswith("router: keep")
    assert piece_of(make_analysis(importance=LOW, summary="Tidy up."), WORDS, "chore: tidy up").lead == ""


def test_a_summary_that_begins_with_no_sentence_opens_whole() -> None:
    summary = "- 第一项\n- 第二项"
    assert (piece(summary=summary).lead, rest(piece(summary=summary))["summary"]) == ("第一项", summary)
    long = "没有句号" * 200
    assert piece(summary=long).lead.endswith("…")
    assert rest(piece(summary=long))["summary"] == long


def test_everything_is_on_the_commit_s_own_page() -> None:
    reasons = tuple(Reason(rule="model", evidence=f"because {n}") for n in range(9))
    analysis = make_analysis(advice=tuple(f"第 {n} 步。" for n in range(99)), reasons=reasons)
    shown = whole_piece_of(analysis, WORDS)
    assert rest(shown)["advice"].count("步。") == 99
    assert rest(shown)["reasons"].count("because") == 9
    assert not shown.cut


def test_a_long_text_is_cut_between_lines() -> None:
    analysis = make_analysis(
        summary="后果。\n\n" + "```\ncode\n```\n\n" * 2_000,
        risks=(Risk(text="险" * 9_000, path="a.py"),) * 99,
    )
    shown = piece_of(analysis, WORDS)
    assert shown.cut
    assert shown.lead == "后果。"
    assert rest(shown)["summary"].endswith("```\n\n…")
    assert len(rest(shown)["risks"]) < 31 * (LONGEST + 20)
