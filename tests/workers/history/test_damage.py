"""A mirror that is damaged, and a remote that is away."""

import shutil
from pathlib import Path

import pytest
from mirrors import NOTHING, folder, subjects, walked
from repositories import Origin

from workers.history import Mirror
from workers.remote import RemoteUnavailable


@pytest.mark.parametrize(
    "damage",
    [
        "no packs",
        "no HEAD",
        "an empty ref",
        "a lock left behind",
        "a file in its place",
        "a half-made folder",
    ],
)
def test_a_damaged_mirror_is_made_anew(origin: Origin, mirror: Mirror, tmp_path: Path, damage: str) -> None:
    cursor = origin.commit("Begin", {"a": "1"})
    mirror.fetch()
    head = origin.commit("Go on", {"a": "2"})
    inflict(damage, folder(tmp_path))
    assert mirror.fetch().branches == {"main": head}
    assert subjects(walked(mirror, head, cursor=cursor, known=NOTHING)) == ["Go on"]


def inflict(damage: str, mirror: Path) -> None:
    if damage == "no packs":
        shutil.rmtree(mirror / "objects" / "pack")
    elif damage == "no HEAD":
        (mirror / "HEAD").unlink()
    elif damage == "an empty ref":
        (mirror / "refs" / "heads" / "main").write_bytes(b"")
    elif damage == "a lock left behind":
        (mirror / "refs" / "heads" / "main.lock").touch()
    else:
        shutil.rmtree(mirror)
        if damage == "a file in its place":
            mirror.write_text("what is this?")
        else:
            (mirror / "objects").mkdir(parents=True)


def test_a_mirror_that_cannot_be_read_says_so_and_is_whole_after_the_next_fetch(
    origin: Origin, mirror: Mirror, tmp_path: Path
) -> None:
    cursor = origin.commit("Begin")
    mirror.fetch()
    origin.commit("Lost in between")
    mirror.fetch()
    head = origin.commit("Newest")
    mirror.fetch()
    lose(mirror_folder=folder(tmp_path), sha=origin.git("rev-parse", "main~1"))
    with pytest.raises(RemoteUnavailable, match="made anew"):
        list(walked(mirror, head, cursor=cursor, known=NOTHING))
    mirror.fetch()
    assert subjects(walked(mirror, head, cursor=cursor, known=NOTHING)) == ["Lost in between", "Newest"]


def lose(*, mirror_folder: Path, sha: str) -> None:
    """Take away the pack that holds a commit; each fetch left one of its own."""
    for index in (mirror_folder / "objects" / "pack").glob("*.idx"):
        if bytes.fromhex(sha) in index.read_bytes():
            for file in index.parent.glob(f"{index.stem}.*"):
                file.unlink()


def test_a_remote_that_is_away_leaves_the_mirror_as_it_is(origin: Origin, mirror: Mirror) -> None:
    cursor = origin.commit("Begin")
    head = origin.commit("Go on")
    mirror.fetch()
    origin.folder.rename(origin.folder.with_name("away.git"))
    with pytest.raises(RemoteUnavailable, match="example/project"):
        mirror.fetch()
    assert subjects(walked(mirror, head, cursor=cursor, known=NOTHING)) == ["Go on"]
