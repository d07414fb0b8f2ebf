"""What `.gitattributes` say of changed files, read by the real git from a real remote."""

from pathlib import Path

import pytest
from repositories import Content, Origin, symlink

from analysis.diff.paths import Kind, kind_of_file
from workers import attributes
from workers.checkout import read_commit


@pytest.fixture
def origin(tmp_path: Path) -> Origin:
    made = Origin(tmp_path / "served" / "project.git")
    made.configure(uploadpack_allowFilter="true", uploadpack_allowAnySHA1InWant="true")
    return made


def marks(origin: Origin) -> dict[str, str]:
    files = read_commit(origin.remote(), origin.head()).files
    return {file.path: file.marked for file in files if file.marked}


def test_without_such_a_file_nothing_is_marked(origin: Origin) -> None:
    origin.commit("Begin", {"dist/a.js": "1\n"})
    assert marks(origin) == {}


def test_each_way_of_saying_it_counts(origin: Origin) -> None:
    said = """
*.out linguist-generated
*.gen linguist-generated=true
lib/** linguist-vendored
dist/keep.js -linguist-generated
vendor/ours/** linguist-vendored=false
*.both linguist-generated linguist-vendored
*.odd linguist-generated=maybe
*.js text eol=lf
"""
    paths = ["a.out", "src/b.gen", "lib/c.c", "dist/keep.js", "vendor/ours/d.c", "e.both", "f.odd", "g.js"]
    origin.commit("Begin", {".gitattributes": said})
    origin.commit("Change", dict.fromkeys(paths, "1\n"))
    assert marks(origin) == {
        "a.out": "generated",
        "src/b.gen": "generated",
        "lib/c.c": "vendored",
        "dist/keep.js": "neither",
        "vendor/ours/d.c": "neither",
        "e.both": "generated",
    }


def test_they_decide_which_kind_a_file_is(origin: Origin) -> None:
    said = "*.out linguist-generated\ndist/keep.js -linguist-generated\n"
    origin.commit("Begin", {".gitattributes": said, "a.out": "1\n", "dist/keep.js": "1\n"})
    files = {file.path: kind_of_file(file) for file in read_commit(origin.remote(), origin.head()).files}
    assert (files["a.out"], files["dist/keep.js"]) == (Kind.GENERATED, Kind.CORE)


def test_the_innermost_folder_has_the_last_word(origin: Origin) -> None:
    said = {
        ".gitattributes": "*.c linguist-generated\n",
        "a/.gitattributes": "*.c -linguist-generated\n",
        "a/b/.gitattributes": "/x.c linguist-vendored\n",
        "elsewhere/.gitattributes": "* linguist-vendored\n",
    }
    origin.commit("Begin", said)
    origin.commit("Change", dict.fromkeys(["x.c", "a/x.c", "a/b/x.c", "a/b/c/x.c"], "1\n"))
    assert marks(origin) == {
        "x.c": "generated",
        "a/x.c": "neither",
        "a/b/x.c": "vendored",
        "a/b/c/x.c": "neither",
    }


def test_it_is_the_commit_that_counts_and_not_the_newest(origin: Origin) -> None:
    origin.commit("Begin", {".gitattributes": "*.c linguist-generated\n", "x.c": "1\n"})
    sha = origin.commit("Change", {"x.c": "2\n"})
    origin.commit("Say no more", {".gitattributes": None, "x.c": "3\n"})
    assert marks(origin) == {}
    (file,) = read_commit(origin.remote(), sha).files
    assert file.marked == "generated"


def test_macros_and_unusual_paths_are_git_s_business(origin: Origin) -> None:
    said = '[attr]made linguist-generated\n"with space.c" made\n新*.c made\n'
    paths = ["with space.c", "新的.c", "new\nline.c", "-rf/x.c", ":(glob)x/y.c", "plain.c"]
    origin.commit("Begin", {".gitattributes": said, ":(glob)x/.gitattributes": "y.c made\n"})
    origin.commit("Change", {**dict.fromkeys(paths, "1\n"), b"\xff\xfe/z.c": "1\n"})
    assert marks(origin) == {"with space.c": "generated", "新的.c": "generated", ":(glob)x/y.c": "generated"}


@pytest.mark.parametrize(
    "content",
    [
        symlink("/etc/gitattributes"),
        b"* linguist-generated\n" * 100_000,
        b"\x00\xff* linguist-generated\x00" * 10,
        b"a" * 5_000 + b" linguist-generated\n",
        Content("160000", sha="1" * 40),
    ],
    ids=["link", "huge", "binary", "line", "submodule"],
)
def test_odd_files_of_attributes_do_no_harm(origin: Origin, content: bytes | Content) -> None:
    origin.commit("Begin", {".gitattributes": content, "x.c": "1\n"})
    files = read_commit(origin.remote(), origin.head()).files
    assert {file.path: file.marked for file in files} == {".gitattributes": None, "x.c": None}


@pytest.mark.parametrize("name", ["..", ".git", ".GIT"])
def test_a_tree_that_no_work_tree_can_have_does_no_harm(origin: Origin, name: str) -> None:
    """Git itself makes none; a hostile server can send one."""
    said = origin.git("hash-object", "-w", "--stdin", stdin=b"* linguist-generated\n")
    tree = origin.git(
        "mktree", stdin=f"100644 blob {said}\t.gitattributes\n100644 blob {said}\tx.c\n".encode()
    )
    for each in (name, "sub"):
        tree = origin.git("mktree", stdin=f"040000 tree {tree}\t{each}\n".encode())
    who = "A <a@example.org> 1767916800 +0800"
    origin.raw_commit(f"tree {tree}\nauthor {who}\ncommitter {who}\n\nUp\n".encode())
    files = read_commit(origin.remote(), origin.head()).files
    assert {file.path: file.marked for file in files} == {
        f"sub/{name}/.gitattributes": None,
        f"sub/{name}/x.c": None,
    }


def test_what_takes_too_long_is_given_up(origin: Origin, monkeypatch: pytest.MonkeyPatch) -> None:
    origin.commit("Begin", {".gitattributes": "*.c linguist-generated\n", "x.c": "1\n"})
    assert marks(origin) == {"x.c": "generated"}
    monkeypatch.setattr(attributes, "SECONDS", 0.0)
    assert marks(origin) == {}


def test_many_folders_are_looked_into_from_the_outside(origin: Origin) -> None:
    paths = [f"{'d/' * depth}x{depth}.c" for depth in range(300)]
    origin.commit("Begin", {".gitattributes": "*.c linguist-generated\n", **dict.fromkeys(paths, "1\n")})
    assert marks(origin) == dict.fromkeys(paths, "generated")
