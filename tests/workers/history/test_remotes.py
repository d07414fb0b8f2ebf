"""Remotes that ignore filters, speak the old protocol, or are shallow."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from gitserver import Door, serve
from mirrors import NOTHING, subjects, walked
from repositories import Origin, shallow_clone

from workers.history import Mirror


def test_a_remote_that_ignores_the_filter_works(origin: Origin, mirror: Mirror) -> None:
    origin.configure(uploadpack_allowFilter="false")
    cursor = origin.commit("Begin", {"a": "1"})
    mirror.fetch()
    head = origin.commit("Go on", {"a": "2"})
    assert mirror.fetch().branches == {"main": head}
    assert subjects(walked(mirror, head, cursor=cursor, known=NOTHING)) == ["Go on"]


@pytest.mark.parametrize("old_protocol", [False, True])
def test_history_comes_over_http_too(origin: Origin, tmp_path: Path, *, old_protocol: bool) -> None:
    cursor = origin.commit("Begin", {"a": "1"})
    with serve(Door(origin.folder.parent, old_protocol=old_protocol)) as url:
        mirror = Mirror(tmp_path / "mirror.git", origin.remote(f"{url}/project.git"))
        mirror.fetch()
        head = origin.commit("Go on", {"a": "2"})
        heads = mirror.fetch()
        assert (heads.default_branch, heads.branches) == ("main", {"main": head})
        assert subjects(walked(mirror, head, cursor=cursor, known=NOTHING)) == ["Go on"]


def test_a_shallow_remote_gives_what_it_has_and_goes_on(origin: Origin, tmp_path: Path) -> None:
    for number in range(6):
        origin.commit(f"Commit {number}", {"a": str(number)})
    clone = shallow_clone(origin, tmp_path / "shallow.git", depth=2)
    mirror = Mirror(tmp_path / "mirror.git", clone.remote())
    cursor = mirror.fetch().branches["main"]
    assert (
        len(list(mirror.between(cursor, datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))))
        == 2
    )
    for number in (7, 8):
        head = clone.commit(f"Commit {number}", {"a": str(number)})
        assert mirror.fetch().branches["main"] == head
    assert subjects(walked(mirror, head, cursor=cursor, known=NOTHING)) == ["Commit 7", "Commit 8"]
    edge = walked(mirror, head, cursor=origin.git("rev-parse", "main~4"), known=frozenset({cursor}))
    assert subjects(edge) == ["Commit 7", "Commit 8"]


def test_a_shallow_remote_may_be_deepened(origin: Origin, tmp_path: Path) -> None:
    shas = [origin.commit(f"Commit {number}", {"a": str(number)}) for number in range(6)]
    clone = shallow_clone(origin, tmp_path / "shallow.git", depth=2)
    mirror = Mirror(tmp_path / "mirror.git", clone.remote())
    mirror.fetch()
    clone.git("fetch", "--quiet", "--unshallow", origin.url)
    shas.append(clone.commit("Newest"))
    assert mirror.fetch().branches["main"] == shas[-1]
    assert len(list(walked(mirror, shas[-1], cursor=shas[0], known=NOTHING))) == 6
