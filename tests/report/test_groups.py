from builders import NOON, make_analysis, make_entry, make_sha

from analysis.models import Importance, PullRequest
from analysis.storage.entry import Entry, Relation
from analysis.storage.highlights import Group, Highlights, Part
from report.groups import same_thing, stories, told_groups, unsaid
from report.prose import tame_line

LOW = Importance.LOW


def entry(seed: object, subject: str = "fix: this", **fields: object) -> Entry:
    return make_entry(seed=seed, subject=subject, **fields)


def related(one: Entry, other: Entry, kind: str = "series") -> Entry:
    relation = {"kind": kind, "sha": other.sha, "day": NOON.date(), "subject": "other"}
    return one.model_copy(update={"relations": (*one.relations, Relation.model_validate(relation))})


def shas(groups: tuple[Group, ...]) -> list[set[str]]:
    return [{part.sha for part in group.parts} for group in groups]


def test_a_story_is_what_relations_join_directly_or_by_way_of_others() -> None:
    one, two, three, other = (entry(n) for n in range(4))
    entries = [related(one, two), two, related(three, two), other]
    assert [[each.sha for each in story] for story in stories(entries)] == [[one.sha, two.sha, three.sha]]


def test_one_pull_request_is_one_story() -> None:
    pull = PullRequest(number=7, title="both")
    entries = [entry(1, pull_request=pull), entry(2), entry(3, pull_request=pull)]
    assert [[each.sha for each in story] for story in stories(entries)] == [[make_sha(1), make_sha(3)]]


def test_a_relation_to_another_day_makes_no_story() -> None:
    assert stories([related(entry(1), entry("of another day")), entry(2)]) == ()


def test_what_one_author_alone_did_in_one_area_is_one_thing() -> None:
    entries = [
        entry(1, "[KV][Bugfix] one"),
        entry(2, "feat(kv): two"),
        entry(3, "[Core] a"),
        entry(4, "[Core] b", author="Another"),
    ]
    (group,) = same_thing(entries, ())
    assert group.title == "KV"
    assert [(part.sha, part.text) for part in group.parts] == [
        (make_sha(n), "超时的请求现在会得到 504，而不是一直挂起") for n in (1, 2)
    ]


def test_many_commits_in_one_area_or_such_as_can_be_skipped_are_not_one_thing() -> None:
    assert same_thing([entry(n, "[Core] step") for n in range(7)], ()) == ()
    skippable = make_analysis(importance=LOW)
    assert same_thing([entry(1, "[Core] a"), entry(2, "[Core] b", analysis=skippable)], ()) == ()
    assert same_thing([entry(1, "fix: a"), entry(2, "fix: b")], ()) == ()


def test_a_story_of_what_can_be_skipped_is_not_shown() -> None:
    pair = [entry(n, analysis=make_analysis(importance=LOW)) for n in range(2)]
    assert same_thing(pair, [pair]) == ()


def test_a_group_without_a_common_area_is_called_after_its_first_commit() -> None:
    pair = [entry(1, 'Revert "feat: [new] thing"'), entry(2, "feat(api): new thing (#12)")]
    title = same_thing(pair, [pair])[0].title
    assert (title, tame_line(title)) == ("new thing", "new thing")
    pair = [entry(1, 'Revert "feat: [new] thing"'), entry(2, "feat(api): thing of #12 again")]
    title = same_thing(pair, [pair])[0].title
    assert (title, tame_line(title)) == ("thing of #12 again", "thing of `#12` again")


def test_a_commit_stands_in_one_group_only() -> None:
    one, two, three = entry(1, "[A] x"), entry(2, "[A] y"), entry(3, "[B] z")
    groups = same_thing([one, two, three], [(two, three)])
    assert shas(groups) == [{one.sha, two.sha, three.sha}]


def test_told_groups_go_first_and_certain_ones_that_share_nothing_follow() -> None:
    entries = [entry(n) for n in range(6)]
    parts = tuple(Part(sha=make_sha(n), text="一步") for n in (0, 1, "gone"))
    again = Group(title="again", parts=(*parts[:1], Part(sha=make_sha(2))))
    told = Highlights(
        basis="", language="zh-CN", groups=(Group(title="told", parts=parts), again), made_at=NOON
    )
    found = told_groups(told, entries, [(entries[1], entries[2]), (entries[4], entries[5])])
    assert [group.title for group in found] == ["told", "this"]
    assert shas(found) == [{make_sha(0), make_sha(1)}, {make_sha(4), make_sha(5)}]


def test_what_is_said_elsewhere_is_only_named_and_a_group_that_adds_nothing_goes() -> None:
    group = Group(title="x", parts=(Part(sha=make_sha(1), text="a"), Part(sha=make_sha(2), text="b")))
    (shown,) = unsaid([group], {make_sha(2)})
    assert shown.parts == (Part(sha=make_sha(2)), Part(sha=make_sha(1), text="a"))
    assert unsaid([group], {make_sha(1), make_sha(2)}) == ()
