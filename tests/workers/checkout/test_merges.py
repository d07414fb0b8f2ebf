"""What was changed by hand in a merge, and how many commits it brings."""

from read_commits import only_file, read
from repositories import Origin


def test_a_clean_merge_changes_nothing_by_hand_and_counts_what_it_brings(origin: Origin) -> None:
    text = "".join(f"{number}\n" for number in range(30))
    first = origin.commit("Begin", {"both.txt": text})
    origin.commit("Topic 1", {"topic.txt": "1\n"}, branch="topic", parents=[first])
    origin.commit("Topic 2", {"both.txt": text + "end\n"}, branch="topic")
    origin.commit("Meanwhile", {"both.txt": "start\n" + text})
    origin.merge("topic", files={"both.txt": "start\n" + text + "end\n"})
    commit = read(origin)
    assert len(commit.parents) == 2
    assert commit.merged == 2
    assert (commit.files, commit.patches, commit.patch_id) == ((), (), None)


def test_only_what_was_changed_by_hand_in_a_merge_is_listed(origin: Origin) -> None:
    first = origin.commit("Begin", {"con\nflict": "1\n", "logo": b"\0\1", "z": "1\n"})
    origin.commit(
        "Topic", {"con\nflict": "2\n", "logo": b"\0\2", "taken": "x\n"}, branch="topic", parents=[first]
    )
    origin.commit("Main", {"con\nflict": "3\n", "logo": b"\0\3"})
    origin.merge("topic", files={"con\nflict": "4\n5\n", "evil": "new\n", "logo": b"\0\4", "z": None})
    commit = read(origin)
    found = {file.path: (file.status, file.additions, file.deletions) for file in commit.files}
    assert found == {
        "con\nflict": ("M", 2, 0),
        "evil": ("A", 1, 0),
        "logo": ("M", None, None),
        "z": ("D", 0, 1),
    }
    assert [patch.path for patch in commit.patches] == ["con\nflict", "evil", "logo", "z"]
    assert commit.patches[0].text.startswith('diff --cc "con\\nflict"\n')
    assert commit.merged == 1


def test_a_file_renamed_on_one_side_and_edited_on_the_other_was_not_changed_by_hand(origin: Origin) -> None:
    text = "".join(f"{number}\n" for number in range(30))
    first = origin.commit("Begin", {"old": text})
    origin.commit("Rename", {"old": None, "new": text + "end\n"}, branch="topic", parents=[first])
    origin.commit("Edit", {"old": "start\n" + text})
    origin.merge("topic", files={"new": "start\n" + text + "end\n"})
    assert read(origin).files == ()


def test_a_merge_of_many_branches_counts_all_of_them(origin: Origin) -> None:
    first = origin.commit("Begin", {"a": "1\n"})
    for name in ("one", "two", "three"):
        origin.commit(name, {name: "1\n"}, branch=name, parents=[first])
        origin.commit(f"{name} again", {name: "2\n"}, branch=name)
    origin.commit("Main", {"m": "1\n"})
    origin.merge("one", "two", "three", files={"evil": "1\n"})
    commit = read(origin)
    assert len(commit.parents) == 4
    assert commit.merged == 6
    assert only_file(commit).path == "evil"
    assert (only_file(commit).additions, only_file(commit).deletions) == (1, 0)


def test_a_branch_that_left_long_ago_is_counted_too(origin: Origin) -> None:
    first = origin.commit("Begin", {"a": "1\n"})
    origin.commit("Topic", {"b": "1\n"}, branch="topic", parents=[first])
    for number in range(60):
        origin.commit(f"Main {number}")
    origin.merge("topic")
    assert read(origin).merged == 1


def test_a_merge_of_an_unrelated_history_counts_all_of_it(origin: Origin) -> None:
    origin.commit("Begin", {"a": "1\n"})
    for number in range(3):
        origin.commit(f"Other {number}", {"b": str(number)}, branch="other")
    origin.commit("Join", {"b": "2"}, parents=[origin.head(), origin.head("other")])
    assert read(origin).merged == 3
