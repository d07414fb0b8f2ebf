import pytest

from report.bar import shares, tiers_in
from report.digest import Counts


@pytest.mark.parametrize(
    "counts",
    [
        Counts(),
        Counts(total=1, low=1),
        Counts(total=15, high=3, medium=7, low=4),
        Counts(total=5000, high=1, medium=1, low=4998),
    ],
)
def test_the_parts_fill_the_bar_and_each_can_be_seen(counts: Counts) -> None:
    parts = list(shares(counts))
    assert [tier for tier, _, _ in parts] == [tier for tier, _ in tiers_in(counts)]
    ends = [at + width for _, at, width in parts]
    assert all(width >= 1.5 for _, _, width in parts)
    assert all(at > end for (_, at, _), end in zip(parts[1:], ends, strict=False))
    assert not parts or ends[-1] == pytest.approx(100, abs=0.05)


def test_a_tier_is_there_when_it_has_commits() -> None:
    assert tiers_in(Counts(total=4, high=1, low=2)) == (("high", 1), ("low", 2), ("unread", 1))
