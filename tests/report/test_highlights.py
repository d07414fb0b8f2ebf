import pytest
from builders import make_analysis, make_entry, make_sha

from analysis.models import Importance
from report.highlights import choose_highlights, first_sentence, join_highlights


def test_high_comes_first_then_medium_that_asks_for_something_and_low_never() -> None:
    entries = [
        make_entry(seed="low", importance=Importance.LOW),
        make_entry(seed="asks", importance=Importance.MEDIUM),
        make_entry(seed="rests", analysis=make_analysis(importance=Importance.MEDIUM, advice=())),
        make_entry(seed="high", importance=Importance.HIGH),
        make_entry(seed="unread", analysis=None),
    ]
    assert [highlight.sha for highlight in choose_highlights(entries)] == [make_sha("high"), make_sha("asks")]


def test_there_are_at_most_five() -> None:
    assert len(choose_highlights([make_entry(seed=number) for number in range(9)])) == 5


def test_several_repositories_share_one_list_by_importance() -> None:
    parts = [
        choose_highlights([make_entry(repository=f"octo/{name}", importance=importance)])
        for name, importance in (("a", Importance.MEDIUM), ("b", Importance.HIGH))
    ]
    assert [highlight.repository for highlight in join_highlights(parts)] == ["octo/b", "octo/a"]


@pytest.mark.parametrize(
    ("markdown", "sentence"),
    [
        ("超时返回 504。其余不变。", "超时返回 504。"),
        ("Requests time out. The rest stays.", "Requests time out."),
        ("Set `a. B` to 1.5 now. Then go.", "Set `a. B` to 1.5 now."),
        ("Use e.g. the default. Else wait.", "Use e.g. the default."),
        ("- first item\n- second", "first item"),
        ("\n\n### Heading\ntext", "Heading"),
        ("no end", "no end"),
        ("", ""),
        ("x" * 200, "x" * 159 + "…"),
    ],
)
def test_the_first_sentence_is_the_headline(markdown: str, sentence: str) -> None:
    assert first_sentence(markdown) == sentence
