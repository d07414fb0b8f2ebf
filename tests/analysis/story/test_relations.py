import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from builders import NOON, REPOSITORY, make_analysis, make_sha
from commits import lines, make_commit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invariants import assert_sound, content_of, snapshot
from landings import at_once, claimed
from redis import Redis

from analysis.models import Commit
from analysis.storage import keys
from analysis.storage.entry import Entry, Source
from analysis.storage.leases import Leases
from analysis.storage.ledger import BETWEEN_REVISIONS, Ledger
from analysis.storage.store import Store, to_ms
from analysis.story.directory import AT_MOST
from analysis.story.footprints import KEPT
from analysis.story.lineage import WINDOW
from analysis.story.relations import ROOM, Relations

PATH = "engine/server.py"
CODE = lines(10)
Kinds = dict[str, set[tuple[str, str]]]


@pytest.fixture
def relations(ledger: Ledger) -> Relations:
    return Relations(ledger)


def commit(seed: object, subject: str, days: float = 0, **fields: Any) -> Commit:
    """A commit that was made so many days after noon of 9 January, and touches nothing unless it is said."""
    files = fields.pop("files", {})
    at = NOON + timedelta(days=days)
    return make_commit(subject, files, sha=make_sha(seed), committed_at=at, authored_at=at, **fields)


def land(ledger: Ledger, *commits: Commit) -> None:
    for each in commits:
        landed = [(each.landed(), each.committed_at)]
        ledger.record_landed(REPOSITORY, "main", landed, source=Source.POLL)


def entry_of(ledger: Ledger, commit: Commit) -> Entry:
    entry = ledger.entry(REPOSITORY, commit.sha)
    assert entry is not None
    return entry


def read(ledger: Ledger, *commits: Commit) -> None:
    """Record them as an attempt does."""
    for each in commits:
        Relations(ledger).record(each, entry_of(ledger, each))


def kinds(ledger: Ledger, *commits: Commit) -> Kinds:
    """Subject -> (kind, the other's subject) of each commit."""
    return {
        each.subject: {(other.kind, other.subject) for other in entry_of(ledger, each).relations}
        for each in commits
    }


PLAN = "feat: cache the plan of a query"
STORY = (
    commit("plan", f"{PLAN} (#12)"),
    commit("revert", f'Revert "{PLAN}" (#14)', 2),
    commit("again", f'Reland "{PLAN} (#12)" (#15)', 4),
    commit("mend", "fix: keep the plan fresh (#16)", 6, body="Fixes a crash since #15."),
    commit("added", "feat: compute values", 1, files={PATH: ("", CODE)}),
    commit("removed", "fix: compute none", 8, files={PATH: (CODE, "")}),
    commit("one", "[Query][1/2] first half of it", 3),
    commit("two", "[Query][2/2] other half of it", 9),
    commit("picked", "backport something", 5, patch_id="ab" * 20),
    commit("origin", "original of something", 1, patch_id="ab" * 20),
    commit("named", "docs: on values", 9, body=f"See {make_sha('added')[:10]}."),
)
PLANNED, REVERTED, AGAIN, MENDED, ADDED, REMOVED, ONE, TWO, PICKED, ORIGIN, NAMED = (
    each.subject for each in STORY
)
TOLD: Kinds = {
    PLANNED: {("reverted-by", REVERTED), ("relanded-by", AGAIN)},
    REVERTED: {("reverts", PLANNED)},
    AGAIN: {("relands", PLANNED), ("fixed-by", MENDED)},
    MENDED: {("fixes", AGAIN)},
    ADDED: {("fixed-by", REMOVED), ("named-by", NAMED)},
    REMOVED: {("fixes", ADDED)},
    ONE: {("series", TWO)},
    TWO: {("series", ONE)},
    PICKED: {("same-change", ORIGIN)},
    ORIGIN: {("same-change", PICKED)},
    NAMED: {("names", ADDED)},
}


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


def test_reading_again_changes_nothing(ledger: Ledger, store: Store) -> None:
    land(ledger, *STORY)
    read(ledger, *STORY)
    before = snapshot(store.redis)
    read(ledger, *STORY)
    assert snapshot(store.redis) == before


def test_relations_stand_in_the_order_in_which_the_others_landed(ledger: Ledger) -> None:
    land(ledger, *STORY)
    read(ledger, *STORY)
    days = [relation.day for relation in entry_of(ledger, STORY[0]).relations]
    assert days == sorted(days)
    assert [str(day) for day in days] == ["2026-01-11", "2026-01-13"]


def test_a_relation_says_what_shows_it(ledger: Ledger) -> None:
    land(ledger, *STORY)
    read(ledger, *STORY)
    evidence = {
        other.evidence for each in STORY for other in entry_of(ledger, each).relations if other.evidence
    }
    assert evidence == {"#12", "#15", PATH, "[2/2]", "patch-id", make_sha("added")[:10]}


def test_what_is_said_goes_before_what_lines_show(ledger: Ledger) -> None:
    added = commit("a", "[Query][1/2] compute values", files={PATH: ("", CODE)})
    fix = commit("b", "[Query][2/2] fix: compute none", 1, files={PATH: (CODE, "")})
    land(ledger, added, fix)
    read(ledger, added, fix)
    assert kinds(ledger, fix)[fix.subject] == {("series", added.subject)}


def test_a_stronger_relation_takes_the_place_of_a_weaker(ledger: Ledger) -> None:
    one = commit("a", "feat: compute values", files={PATH: ("", CODE)})
    other = commit("b", "refactor: compute none", 1, files={PATH: (CODE, "")})
    land(ledger, one, other)
    read(ledger, one, other)
    assert kinds(ledger, one)[one.subject] == {("undone-by", other.subject)}
    read(ledger, other.model_copy(update={"body": f"This reverts commit {one.sha}."}), other)
    assert kinds(ledger, one, other) == {
        one.subject: {("reverted-by", other.subject)},
        other.subject: {("reverts", one.subject)},
    }


def test_a_revert_means_the_last_commit_of_that_title(ledger: Ledger) -> None:
    commits = [
        commit("1", PLAN),
        commit("2", f'Revert "{PLAN}"', 1),
        commit("3", PLAN, 20),
        commit("4", f'Revert "{PLAN}"', 21),
    ]
    land(ledger, *commits)
    read(ledger, *commits)
    reverted = [
        {other.sha for other in entry_of(ledger, each).relations if other.kind == "reverts"}
        for each in commits
    ]
    assert reverted == [set(), {make_sha("1")}, set(), {make_sha("3")}]


def test_an_ambiguous_sha_and_a_later_number_mean_nobody(ledger: Ledger) -> None:
    asking = commit("asking", "feat: x", 1, body="see 0123abc and #99")
    twins = [commit("t", f"feat: {tail}").model_copy(update={"sha": "0123abc" + tail * 33}) for tail in "01"]
    after = commit("after", "feat: z (#99)", 2)
    land(ledger, asking, *twins, after)
    read(ledger, *twins, asking, after)
    assert kinds(ledger, asking) == {"feat: x": set()}


def test_commits_of_another_repository_are_others(ledger: Ledger) -> None:
    one, other = STORY[0], STORY[1].model_copy(update={"repository": "octo/other"})
    land(ledger, one)
    ledger.record_landed("octo/other", "main", [(other.landed(), NOON)], source=Source.POLL)
    read(ledger, one)
    entry = ledger.entry("octo/other", other.sha)
    assert entry is not None
    Relations(ledger).record(other, entry)
    assert kinds(ledger, one) == {one.subject: set()}


def test_a_commit_that_the_ledger_has_lost_is_left_out(ledger: Ledger, store: Store) -> None:
    land(ledger, *STORY)
    read(ledger, STORY[0])
    store.redis.delete(keys.commit(REPOSITORY, STORY[0].sha))
    read(ledger, STORY[1])
    assert kinds(ledger, STORY[1]) == {REVERTED: set()}
    assert store.redis.exists(keys.commit(REPOSITORY, STORY[0].sha)) == 0


def test_secrets_in_subjects_are_not_kept(ledger: Ledger, store: Store) -> None:
    token = "ghp_" + "a1B2" * 9
    leaked = commit("leak", f"feat: try {token} for the query (#5)")
    land(ledger, leaked, revert := commit("revert", "fix: undo it", 1, body="Reverts #5."))
    read(ledger, leaked, revert)
    (relation,) = entry_of(ledger, revert).relations
    assert "[masked:github-token]" in relation.subject
    for key in store.redis.keys("pushdigest:names:*"):
        assert token not in str(store.redis.zrange(key, 0, -1))


def test_a_reading_does_not_take_relations_away(ledger: Ledger, leases: Leases) -> None:
    land(ledger, *STORY[:2])
    read(ledger, *STORY[:2])
    lease = claimed(leases, "plan")
    leases.record_read(lease, STORY[0].facts(), make_analysis(source="rules"))
    leases.record_analysis(lease, make_analysis(), NOON)
    assert kinds(ledger, STORY[0]) == {PLANNED: {("reverted-by", REVERTED)}}


def test_an_entry_has_room_for_so_many_that_are_only_near(ledger: Ledger) -> None:
    hub = commit("hub", "feat: x (#5)")
    near = [commit(number, f"fix {number}", 1 + number / 100, body="see #5") for number in range(ROOM + 3)]
    land(ledger, hub, *near)
    read(ledger, hub, *near)
    assert len(entry_of(ledger, hub).relations) == ROOM
    assert sum(len(entry_of(ledger, each).relations) for each in near) == ROOM
    land(ledger, revert := commit("revert", 'Revert "feat: x (#5)"', 3))
    read(ledger, revert)
    assert kinds(ledger, revert) == {revert.subject: {("reverts", hub.subject)}}


def test_a_name_that_too_many_have_says_nothing(ledger: Ledger) -> None:
    commits = [commit(number, PLAN, number / 100) for number in range(AT_MOST + 1)]
    land(ledger, *commits, revert := commit("revert", f'Revert "{PLAN}"', 30))
    read(ledger, *commits, revert)
    assert kinds(ledger, revert) == {revert.subject: set()}


def closed(ledger: Ledger, commit: Commit, at: datetime) -> int:
    """Close a commit's day as the clock does; returns the revision."""
    day = entry_of(ledger, commit).day
    record = ledger.day_record(REPOSITORY, day)
    return ledger.close(record, content_of(ledger.day(REPOSITORY, day)), at)


def test_both_days_know_that_they_changed(ledger: Ledger) -> None:
    land(ledger, *STORY[:2])
    days = [entry_of(ledger, each).day for each in STORY[:2]]
    before = [ledger.day_record(REPOSITORY, day).version for day in days]
    read(ledger, *STORY[:2])
    assert [ledger.day_record(REPOSITORY, day).version for day in days] == [each + 1 for each in before]


def test_a_closed_day_is_closed_once_more_but_not_within_a_day(
    ledger: Ledger, leases: Leases, store: Store
) -> None:
    land(ledger, STORY[0])
    lease = claimed(leases, "plan")
    leases.record_read(lease, STORY[0].facts(), make_analysis(source="rules"))
    leases.record_analysis(lease, make_analysis(), NOON)
    read(ledger, STORY[0])
    at = datetime(2026, 1, 10, tzinfo=UTC)
    assert closed(ledger, STORY[0], at) == 1
    closing = keys.closing(REPOSITORY, entry_of(ledger, STORY[0]).day)
    assert store.redis.zscore(keys.CLOSINGS, closing) is None
    land(ledger, STORY[1])
    read(ledger, STORY[1])
    assert store.redis.zscore(keys.CLOSINGS, closing) == to_ms(at + BETWEEN_REVISIONS)
    assert_sound(ledger)


def test_a_day_that_is_open_keeps_its_closing(ledger: Ledger, store: Store) -> None:
    land(ledger, *STORY[:2])
    before = store.redis.zrange(keys.CLOSINGS, 0, -1, withscores=True)
    read(ledger, *STORY[:2])
    assert store.redis.zrange(keys.CLOSINGS, 0, -1, withscores=True) == before


def test_lines_are_forgotten_when_they_are_old(ledger: Ledger, store: Store) -> None:
    land(ledger, STORY[4])
    read(ledger, STORY[4])
    (key,) = store.redis.keys("pushdigest:lines:*")
    assert WINDOW < store.redis.ttl(key) <= KEPT


def test_lines_of_the_months_before_and_after_are_found(ledger: Ledger) -> None:
    for number in range(4):
        start = WINDOW / 86_400 * number / 3
        one = commit(f"a{number}", "feat: x", start, files={f"{number}.py": ("", CODE)})
        other = commit(f"b{number}", "fix: y", start + 29, files={f"{number}.py": (CODE, "")})
        land(ledger, one, other)
        read(ledger, *((one, other) if number % 2 else (other, one)))
        assert kinds(ledger, other) == {"fix: y": {("fixes", "feat: x")}}


def test_a_commit_of_long_ago_or_from_the_future_can_be_read(ledger: Ledger) -> None:
    for number, at in enumerate([datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)]):
        odd = commit(number, PLAN, files={PATH: ("", CODE)}).model_copy(update={"committed_at": at})
        ledger.record_landed(REPOSITORY, "main", [(odd.landed(), NOON)], source=Source.POLL)
        read(ledger, odd)
        assert kinds(ledger, odd) == {PLAN: set()}


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
