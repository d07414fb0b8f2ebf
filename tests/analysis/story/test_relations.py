"""Which commits belong together, and what shows it."""

from datetime import UTC, datetime

from builders import NOON, REPOSITORY, make_analysis, make_sha
from invariants import snapshot
from landings import claimed
from stories import CODE, PATH, PLAN, PLANNED, REVERTED, STORY, commit, entry_of, kinds, land, read

from analysis.storage import keys
from analysis.storage.entry import Source
from analysis.storage.leases import Leases
from analysis.storage.ledger import Ledger
from analysis.storage.store import Store
from analysis.story.directory import AT_MOST
from analysis.story.footprints import KEPT
from analysis.story.lineage import WINDOW
from analysis.story.relations import ROOM, Relations


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
