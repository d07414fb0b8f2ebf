"""What git says of a commit, of its files and of their patches."""

from read_commits import only_file, read
from repositories import Header, Origin, executable, submodule, symlink

from analysis.models import Commit, FileChange


def test_a_commit_is_read_with_everything_git_says_of_it(origin: Origin) -> None:
    parent = origin.commit("Begin", {"a.txt": "one\ntwo\n"})
    header = Header("Ada Lovelace <ada@example.org>", "1767916800 +0800", "1767920400 -0500")
    sha = origin.commit("fix: say two\n\nBecause one\nwas wrong.\n", {"a.txt": "one\n2\n"}, header=header)
    commit = read(origin)
    assert commit.repository == "example/project"
    assert (commit.sha, commit.parents) == (sha, (parent,))
    assert (commit.subject, commit.body) == ("fix: say two", "Because one\nwas wrong.")
    assert (commit.author, commit.committer) == ("Ada Lovelace", "Author One")
    assert commit.authored_at.isoformat() == "2026-01-09T08:00:00+08:00"
    assert commit.committed_at.isoformat() == "2026-01-08T20:00:00-05:00"
    assert only_file(commit) == FileChange(
        path="a.txt", status="M", additions=1, deletions=1, old_mode="100644", new_mode="100644"
    )
    (patch,) = commit.patches
    assert patch.path == "a.txt"
    assert patch.text.startswith("diff --git a/a.txt b/a.txt\nindex ")
    assert patch.text.endswith("@@ -1,2 +1,2 @@\n one\n-two\n+2\n")
    assert not patch.truncated
    assert not commit.capped
    assert not commit.at_history_edge
    assert commit.merged == 0


def test_what_is_read_survives_json(origin: Origin) -> None:
    origin.commit(b"\xe9cole \xed\xa0\x80", {b"\xff\xfe": b"\xe9\n", "\U0001f4a9": "\n"})
    commit = read(origin)
    assert Commit.model_validate_json(commit.model_dump_json()) == commit


def test_the_first_commit_of_all_adds_its_files(origin: Origin) -> None:
    origin.commit("Begin", {"a.txt": "one\n", "b.txt": "two\n"})
    commit = read(origin)
    assert commit.parents == ()
    assert not commit.at_history_edge
    assert [(file.path, file.status, file.additions) for file in commit.files] == [
        ("a.txt", "A", 1),
        ("b.txt", "A", 1),
    ]
    assert commit.patch_id


def test_a_commit_may_change_nothing(origin: Origin) -> None:
    origin.commit("Begin")
    for _ in range(2):
        origin.commit("Try the CI again")
        commit = read(origin)
        assert (commit.files, commit.patches, commit.patch_id, commit.capped) == ((), (), None, False)


def test_no_byte_in_a_path_confuses_the_listing_or_the_patches(origin: Origin) -> None:
    paths = [
        b"plain.txt",
        b"with space.txt",
        b'double"quote.txt',
        b"back\\slash.txt",
        b"tab\there.txt",
        b"new\nline.txt",
        b"\ndiff --git a",
        b"latin-\xe9.txt",
        "数据.txt".encode(),
        b"b/ b/ a/.txt",
        b"-rf",
        b":100644 100644",
    ]
    origin.commit("Begin", {path: f"old {number}\n" for number, path in enumerate(paths)})
    origin.commit("Change all", {path: f"new {number}\n" for number, path in enumerate(paths)})
    commit = read(origin)
    names = {path.decode("utf-8", "backslashreplace"): number for number, path in enumerate(paths)}
    assert {file.path for file in commit.files} == names.keys()
    assert {patch.path for patch in commit.patches} == names.keys()
    assert all(
        patch.text.endswith(f"-old {names[patch.path]}\n+new {names[patch.path]}\n")
        for patch in commit.patches
    )
    assert all((file.additions, file.deletions) == (1, 1) for file in commit.files)


def test_a_rename_keeps_its_old_path_and_numbers(origin: Origin) -> None:
    text = "".join(f"line {number}\n" for number in range(20))
    origin.commit("Begin", {"old.py": text, "still\n.py": text + "x\n", "z.py": "1\n"})
    origin.commit(
        "Move",
        {
            "old.py": None,
            "new.py": text + "more\n",
            "still\n.py": None,
            "a/b.py": text + "x\n",
            "z.py": "2\n",
        },
    )
    commit = read(origin)
    assert [
        (file.path, file.old_path, file.status, file.additions, file.deletions) for file in commit.files
    ] == [
        ("a/b.py", "still\n.py", "R", 0, 0),
        ("new.py", "old.py", "R", 1, 0),
        ("z.py", None, "M", 1, 1),
    ]
    assert [patch.path for patch in commit.patches] == ["a/b.py", "new.py", "z.py"]
    assert "rename from old.py" in commit.patches[1].text


def test_a_copy_is_an_added_file(origin: Origin) -> None:
    text = "".join(f"line {number}\n" for number in range(20))
    origin.commit("Begin", {"a.py": text})
    origin.commit("Copy", {"b.py": text})
    assert (only_file(read(origin)).status, only_file(read(origin)).additions) == ("A", 20)


def test_binary_files_have_no_lines(origin: Origin) -> None:
    origin.commit("Begin", {"logo.png": b"\0\1\2", "z.txt": "1\n"})
    origin.commit("Change", {"logo.png": b"\0\1\3", "z.txt": "2\n"})
    commit = read(origin)
    assert commit.files[0].binary
    assert commit.files[0].deletions is None
    assert not commit.files[1].binary
    assert commit.patches[0].text.endswith("Binary files a/logo.png and b/logo.png differ\n")
    assert commit.additions == 1


def test_modes_links_submodules_and_changes_of_type_are_told_apart(origin: Origin) -> None:
    origin.commit(
        "Begin",
        {"link": symlink("a"), "run.sh": "x\n", "sub": submodule("1" * 40), "turns": "text\n", "zone": "1\n"},
    )
    origin.commit(
        "Change",
        {
            "link": symlink("b"),
            "run.sh": executable("x\n"),
            "sub": submodule("2" * 40),
            "turns": symlink("zone"),
            "zone": "2\n",
        },
    )
    files = {file.path: file for file in read(origin).files}
    patches = {patch.path: patch.text for patch in read(origin).patches}
    assert files["link"].new_mode == "120000"
    assert (files["run.sh"].old_mode, files["run.sh"].new_mode) == ("100644", "100755")
    assert (files["run.sh"].additions, files["run.sh"].deletions) == (0, 0)
    assert patches["run.sh"] == "diff --git a/run.sh b/run.sh\nold mode 100644\nnew mode 100755\n"
    assert files["sub"].submodule
    assert f"+Subproject commit {'2' * 40}" in patches["sub"]
    assert files["turns"].status == "T"
    assert patches["turns"].count("diff --git ") == 2
    assert patches["zone"].endswith("-1\n+2\n")


def test_a_message_in_any_encoding_is_read(origin: Origin) -> None:
    origin.commit("数据\n\n更多".encode("gbk"), header=Header(encoding="GBK"))
    commit = read(origin)
    assert (commit.subject, commit.body) == ("数据", "更多")
    origin.commit(b"\xe9cole\n\n\xff")
    commit = read(origin)
    assert (commit.subject, commit.body) == ("\\xe9cole", "\\xff")


def test_hunks_that_look_like_headers_stay_in_their_file(origin: Origin) -> None:
    fake = "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n"
    origin.commit("Begin", {"a.patch": "1\n", "b.txt": "1\n"})
    origin.commit("Add a patch", {"a.patch": fake + "\rdiff --git a/y b/y\r", "b.txt": "2\n"})
    commit = read(origin)
    assert [patch.path for patch in commit.patches] == ["a.patch", "b.txt"]
    assert commit.patches[1].text.endswith("-1\n+2\n")


def test_attributes_and_drivers_of_the_repository_have_no_say(origin: Origin) -> None:
    origin.commit("Begin", {".gitattributes": "*.txt binary diff=evil\n", "a.txt": "1\n"})
    origin.commit("Change", {"a.txt": "2\n"})
    assert read(origin).patches[0].text.endswith("-1\n+2\n")


def test_the_same_change_elsewhere_has_the_same_patch_id(origin: Origin) -> None:
    first = origin.commit("Begin", {"a": "1\n2\n3\n"})
    origin.commit("Change", {"a": "1\ntwo\n3\n"})
    origin.commit("More", {"b": "1\n"}, branch="release", parents=[first])
    picked = origin.commit("Picked", {"a": "1\ntwo\n3\n"}, branch="release")
    origin.commit("Begin again", {"a": "1\n2\n3\n"})
    other = origin.commit("Indented", {"a": "1\n two\n3\n"})
    ids = [read(origin, sha).patch_id for sha in (origin.git("rev-parse", "main~2"), picked, other)]
    assert ids[0] == ids[1] != ids[2]
    assert ids[0] is not None
    assert len(ids[0]) == 40


def test_a_mode_that_only_old_git_wrote_is_taken_as_it_is(origin: Origin) -> None:
    blob = origin.git("hash-object", "-w", "--stdin", stdin=b"x\n")
    tree = origin.git(
        "hash-object", "-t", "tree", "-w", "--literally", "--stdin", stdin=b"100664 a\0" + bytes.fromhex(blob)
    )
    sha = origin.commit("Begin")
    ident = "Author One <one@example.org> 1767916800 +0800"
    raw = f"tree {tree}\nparent {sha}\nauthor {ident}\ncommitter {ident}\n\nOdd\n"
    commit = read(origin, origin.raw_commit(raw.encode()))
    assert only_file(commit).path == "a"
