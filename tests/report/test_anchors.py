from builders import make_entry, make_sha
from days import make_day

from analysis.models import Importance
from report.anchors import Anchors


def test_a_commit_s_anchor_is_its_short_sha() -> None:
    entry = make_entry()
    assert Anchors(make_day([entry])).commit(entry) == f"c-{entry.sha[:7]}"


def test_commits_that_begin_alike_get_their_full_sha() -> None:
    one, two = (make_entry(sha="0d3ff44" + end * 33) for end in "ab")
    anchors = Anchors(make_day([one, two]))
    assert [anchors.commit(entry) for entry in (one, two)] == [f"c-{one.sha}", f"c-{two.sha}"]


def test_one_commit_in_two_repositories_has_two_anchors() -> None:
    one, two = (make_entry(sha=make_sha(1), repository=name) for name in ("octo/a", "fork/a"))
    anchors = Anchors(make_day([one, two]))
    assert anchors.commit(one) == f"c-{one.sha}-octo.a"
    assert anchors.commit(two) == f"c-{one.sha}-fork.a"


def test_names_that_differ_only_in_the_slash_differ() -> None:
    assert Anchors.tier("a-b/c", Importance.HIGH) != Anchors.tier("a/b-c", Importance.HIGH)
    assert Anchors.tier("a/b", None) == "unread-a.b"
    assert Anchors.repository("a/high-b") != Anchors.tier("a/b", Importance.HIGH)
