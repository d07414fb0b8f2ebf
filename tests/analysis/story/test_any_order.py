"""In whatever order commits land and are read, the same ones belong together."""

import random

import pytest
from commits import lines
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invariants import assert_sound
from landings import at_once
from redis import Redis
from stories import CODE, PATH, PLAN, STORY, TOLD, commit, entry_of, kinds, land, read

from analysis.models import Commit
from analysis.storage.ledger import Ledger


@pytest.mark.parametrize("seed", range(8))
def test_commits_find_each_other_in_whatever_order_they_are_read(ledger: Ledger, seed: int) -> None:
    order = list(STORY)
    random.Random(seed).shuffle(order)  # noqa: S311 - no secret
    land(ledger, *STORY)
    read(ledger, *order)
    assert kinds(ledger, *STORY) == TOLD
    assert_sound(ledger)


def test_a_commit_that_lands_later_finds_what_asked_for_it(ledger: Ledger) -> None:
    for each in reversed(STORY):
        land(ledger, each)
        read(ledger, each)
    assert kinds(ledger, *STORY) == TOLD


def test_many_workers_at_once_find_the_same(ledger: Ledger) -> None:
    land(ledger, *STORY)
    at_once(len(STORY), lambda number: read(ledger, STORY[number]))
    assert kinds(ledger, *STORY) == TOLD
    assert_sound(ledger)


WORDS = st.sampled_from(
    ["Revert ", "Reland ", PLAN, "fix: ", "since ", "(#1)", "(#2)", "#1", "[1/2]", "[2/2]", *'" \x00\u2028']
)
TEXT = st.lists(WORDS, max_size=8).map("".join)
ANY = st.builds(
    lambda seed, subject, body, days, files: commit(seed, subject, days, body=body, files=files),
    st.integers(0, 5),
    TEXT,
    TEXT,
    st.integers(0, 70),
    st.sampled_from([{}, {PATH: ("", CODE)}, {PATH: (CODE, "")}, {PATH: (CODE, lines(3))}]),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ANY, max_size=8))
def test_any_commits_in_any_order_agree_on_how_they_belong_together(
    ledger: Ledger, redis_url: str, commits: list[Commit]
) -> None:
    with Redis.from_url(redis_url) as client:
        client.flushall()
    known = {each.sha: each for each in commits}
    land(ledger, *known.values())
    read(ledger, *known.values())
    back = {
        "reverts": "reverted-by", "relands": "relanded-by", "fixes": "fixed-by", "names": "named-by",
        "undoes": "undone-by", "series": "series", "same-change": "same-change",
    }  # fmt: skip
    both = back | {there: here for here, there in back.items()}
    pairs = {
        (sha, other.sha): other.kind for sha in known for other in entry_of(ledger, known[sha]).relations
    }
    assert all(one != other for one, other in pairs)
    assert {(other, one): both[kind] for (one, other), kind in pairs.items()} == pairs
    assert_sound(ledger)
