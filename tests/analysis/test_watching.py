from typing import Any

import pytest
from builders import REPOSITORY, make_analysis, make_correction, make_entry
from pydantic import ValidationError

from analysis.models import FileChange, Importance
from analysis.watching import Mute, Watch, mute_of

ENTRY = make_entry(
    subject="fix: 修复 race in the scheduler",
    author="Ada Lovelace",
    importance=Importance.MEDIUM,
    files=(FileChange(path="csrc/attention/kernel.cu", status="M"), FileChange(path="docs/a.md", status="M")),
)


@pytest.mark.parametrize(
    "conditions",
    [
        {"repositories": [REPOSITORY.upper()]},
        {"paths": ["docs/**", "csrc/**", "nowhere/**"]},
        {"words": ["deadlock", "race"]},
        {"words": ["修复"]},
        {"authors": ["ada lovelace"]},
        {"areas": ["csrc/attention", "docs/*"]},
        {"importance": ["high", "medium"]},
        {"paths": ["**"], "words": ["race"], "authors": ["Ada Lovelace"], "importance": ["medium"]},
    ],
)
def test_all_fields_must_hold_and_of_each_one_value(conditions: dict[str, Any]) -> None:
    assert Watch(name="w", **conditions).matches(ENTRY)
    assert Mute(**conditions).folds(ENTRY)


@pytest.mark.parametrize(
    "conditions",
    [
        {"repositories": ["octo/other"]},
        {"paths": ["nowhere/**"]},
        {"words": ["trace"]},
        {"authors": ["Ada"]},
        {"areas": ["csrc/attention/kernel.cu"]},
        {"importance": ["high"]},
        {"paths": ["csrc/**"], "words": ["deadlock"]},
        {"authors": ["Ada Lovelace"], "importance": ["low"]},
    ],
)
def test_one_field_that_does_not_hold_is_enough(conditions: dict[str, Any]) -> None:
    assert not Watch(name="w", **conditions).matches(ENTRY)
    assert not Mute(**conditions).folds(ENTRY)


@pytest.mark.parametrize(
    ("conditions", "groups"),
    [
        ({"words": ["deadlock", "a race"]}, [("deadlock", "a"), ("deadlock", "race")]),
        ({"paths": ["csrc/**/x", "docs"], "areas": ["src/*", "web/"]}, [("csrc", "docs"), ("src", "web")]),
        ({"importance": ["high", "low"]}, [('"high"', '"low"')]),
        ({"paths": ["**/*.cu", "docs"], "areas": ["*"], "words": ["x"]}, [("x",)]),
        (
            {"words": ["a b c d", "e f g h"]},
            [("a", place) for place in "efgh"] + [("b", place) for place in "efgh"],
        ),
        ({"authors": ["Ada"]}, []),
        ({"repositories": [REPOSITORY]}, []),
    ],
)
def test_what_a_commit_must_hold_is_known_as_far_as_it_is_certain(
    conditions: dict[str, Any], groups: list[tuple[str, ...]]
) -> None:
    needles = Watch(name="w", **conditions).needles
    assert len(needles) == len(groups)
    assert all(set(group) <= set(found) for group, found in zip(groups, needles, strict=True))


@pytest.mark.parametrize(
    ("author", "shown"),
    [
        ("ada@example.org", "Ada@…"),
        ("Ada\u200b  Lovelace", "ada  lovelace"),
        ("Ada <ada@example.org>", "Ada"),
    ],
)
def test_an_author_is_named_as_readers_see_him(author: str, shown: str) -> None:
    assert Watch(name="w", authors=[shown]).matches(make_entry(author=author))


@pytest.mark.parametrize("place", [{"paths": ["docs/**"]}, {"areas": ["docs"]}])
def test_one_file_is_enough_for_a_watch_and_a_mute_needs_all(place: dict[str, Any]) -> None:
    assert Watch(name="w", **place).matches(ENTRY)
    assert not Mute(**place).folds(ENTRY)
    alone = make_entry(importance=Importance.LOW, files=(FileChange(path="docs/a.md", status="M"),))
    renamed = FileChange(path="docs/a.md", old_path="src/a.md", status="R")
    assert Mute(**place).folds(alone)
    assert not Mute(**place).folds(make_entry(importance=Importance.LOW, files=(renamed,)))
    assert not Mute(**place).folds(make_entry(facts=None, analysis=None))


def test_what_was_not_read_yet_is_known_by_its_subject_and_author() -> None:
    entry = make_entry(subject="fix: race", facts=None, analysis=None)
    assert Watch(name="w", words=["race"]).matches(entry)
    assert Mute(authors=["Author One"]).folds(entry)
    assert not Watch(name="w", paths=["**"]).matches(entry)
    assert not Watch(name="w", importance=list(Importance)).matches(entry)


def test_what_is_of_high_importance_is_folded_only_where_that_was_asked_for() -> None:
    high = make_entry(author="bot", importance=Importance.HIGH)
    assert not Mute(authors=["bot"]).folds(high)
    assert not Mute(authors=["bot"], importance=["low", "medium"]).folds(high)
    assert Mute(authors=["bot"], importance=["high", "low"]).folds(high)
    said = make_entry(
        author="bot", importance=Importance.LOW, correction=make_correction(importance=Importance.HIGH)
    )
    assert not Mute(authors=["bot"]).folds(said)
    assert Watch(name="w", authors=["bot"]).matches(high)


def test_the_first_mute_that_folds_a_commit_names_it() -> None:
    mutes = [Mute(words=["nothing"]), Mute(name="robots", authors=["bot"]), Mute(authors=["bot"])]
    low = make_entry(author="Bot", analysis=make_analysis(importance=Importance.LOW))
    assert mute_of(low, mutes) == "robots"
    assert mute_of(ENTRY, mutes) is None
    assert Mute(importance=["low"]).label == "low"
    assert Mute(authors=["dependabot[bot]"], words=["bump"]).label == "bump"


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a b", "关注", "-a", "a\n", "x" * 81])
def test_a_watch_has_a_name_that_can_be_an_address(name: str) -> None:
    with pytest.raises(ValidationError):
        Watch(name=name, words=["x"])
    assert Watch(name="a.B-c_1", words=["x"]).heading == "a.B-c_1"
