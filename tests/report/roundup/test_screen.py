from roundups import LONG, make_roundup, on, related

from analysis.models import Importance
from analysis.storage.entry import Entry
from report.roundup.screen import MOST_REVERSALS, MOST_SERIES, screen_of

HIGH, MEDIUM, LOW = Importance


def pairs(kind: str, name: str, count: int) -> list[Entry]:
    """So many stories of two commits of medium importance."""
    return [
        on(
            step,
            (name, number, step),
            repository=name,
            importance=MEDIUM,
            relations=related(kind, (name, number, 0)) if step else (),
        )
        for number in range(count)
        for step in range(2)
    ]


def test_series_of_all_repositories_share_the_room_each_in_its_turn() -> None:
    high = [on(0, n, repository="octo/a") for n in range(7)]
    entries = [*high, *pairs("series", "octo/a", 9), *pairs("series", "octo/b", 2)]
    series = screen_of(make_roundup(entries)).series
    assert [name for name, _ in series] == ["octo/a"] * (MOST_SERIES - 2) + ["octo/b"] * 2


def test_reversals_share_it_too_and_the_rest_are_counted() -> None:
    screen = screen_of(make_roundup([*pairs("reverts", "octo/a", 9), *pairs("reverts", "octo/b", 3)]))
    assert [name for name, _ in screen.reversals] == ["octo/a"] * (MOST_REVERSALS - 3) + ["octo/b"] * 3
    assert screen.more_reversals == 4


def test_every_commit_is_spoken_of_counted_or_skippable() -> None:
    entries = [
        on(day, (day, tier, n), importance=tier) for day in range(3) for tier in Importance for n in range(4)
    ]
    screen = screen_of(make_roundup(entries))
    spoken = sum(len(item.shas) for item in screen.highlights)
    assert spoken + screen.left_high + screen.left_medium + screen.skipped == len(entries)
    assert screen.skipped == 12


def test_of_a_long_range_nothing_is_left_and_nothing_can_be_skipped() -> None:
    entries = [on(0, (tier, n), importance=tier) for tier in Importance for n in range(20)]
    screen = screen_of(make_roundup(entries, span=LONG))
    assert (screen.left_high, screen.left_medium, screen.skipped) == (0, 0, 0)
