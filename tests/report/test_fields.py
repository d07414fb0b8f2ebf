import pytest
from builders import make_analysis
from reading import read_markdown

from analysis.models import Importance, Insight, Reason, Risk, ScopeItem
from analysis.words import words_for
from report.fields import fields_of, importance_line, reason_text

CHINESE, ENGLISH = words_for("zh-CN"), words_for("en")


def texts(**fields: object) -> dict[str, str]:
    return {field.label: field.markdown for field in fields_of(make_analysis(**fields), ENGLISH)}


def test_nothing_to_do_is_said_and_by_whom() -> None:
    assert texts(advice=())["💡 Advice"] == "Nothing to do."
    assert (
        texts(advice=(), source="rules")["💡 Advice"]
        == "Rules cannot tell whether anything is to be done: see what it changes."
    )
    assert texts(risks=())["⚠️ Risks"] == "The analysis names none."
    assert "⚠️ Risks" not in texts(risks=(), source="rules")


def test_empty_fields_are_left_out() -> None:
    assert list(texts(scope=(), insights=(), summary="")) == [
        "🎯 Type",
        "⚡ Importance",
        "⚠️ Risks",
        "💡 Advice",
    ]


def test_importance_shows_its_reasons() -> None:
    analysis = make_analysis(
        reasons=(Reason(rule="security-word", evidence="CVE-2026-1"), Reason(rule="model", evidence="`RCE`"))
    )
    word = CHINESE("reason.security-word", evidence="CVE-2026-1")
    assert importance_line(analysis, CHINESE) == f"🔴 高（依据：{word}；`RCE`）"
    assert importance_line(make_analysis(importance=Importance.LOW), CHINESE) == "🟢 低"


@pytest.mark.parametrize(
    "evidence", ["URL: 'https://example.org/a.git/'", "mark: `a` → ``b``", "at: @you, #12"]
)
def test_code_that_a_reason_rests_on_is_shown_whole(evidence: str) -> None:
    shown = reason_text(Reason(rule="changed-constant", evidence=evidence), ENGLISH)
    (paragraph,) = read_markdown(shown).paragraphs
    assert paragraph == f"changes a constant: {evidence}"
    assert "https://example.org/a.git`" not in shown


def test_insights_are_grouped_by_aspect_in_a_fixed_order() -> None:
    insights = (
        Insight(aspect="security", text="s1"),
        Insight(aspect="architecture", text="a"),
        Insight(aspect="security", text="s2"),
    )
    assert texts(insights=insights)["🔍 Insights"] == (
        "- **Architecture**: a\n- **Security**:\n  - s1\n  - s2"
    )


def test_scope_and_risks_name_their_paths_as_code() -> None:
    fields = texts(
        scope=(ScopeItem(path="a`b.py", why="the loop"), ScopeItem(path="c.py")),
        risks=(Risk(text="slow", path="c.py"), Risk(text="odd")),
    )
    assert fields["🎯 Scope"] == "- ``a`b.py`` (the loop)\n- `c.py`"
    assert fields["⚠️ Risks"] == "1. slow (`c.py`)\n2. odd"


def test_in_brief_nothing_is_denied_that_was_not_asked() -> None:
    brief = texts(depth="brief", insights=(), risks=(), advice=())
    assert list(brief) == ["🎯 Type", "⚡ Importance", "📋 Summary", "🎯 Scope"]
    low = texts(depth="brief", importance=Importance.LOW, scope=())
    assert len(low) == 3
