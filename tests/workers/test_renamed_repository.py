"""A repository that is renamed at GitHub goes on, its operator is told, and changing the settings is safe."""

from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path

import github_server
import pytest
from gitserver import Door, serve
from processes import table
from repositories import Origin
from upstream import NAME, Upstream, following

from analysis.storage.entry import State
from workers import jobs
from workers.status import read_status

NEW = "example/renamed"


def serve_as(door: Door, origin: Origin) -> None:
    """GitHub calls the repository by its new name, and sends those on who ask for the old one."""
    origin.folder = origin.folder.rename(door.root / f"{NEW}.git")
    door.moved[f"/{NAME}.git"] = f"/{NEW}.git"


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return Door(tmp_path / "github")


@pytest.fixture
def upstream(tmp_path: Path) -> Upstream:
    return Upstream(Origin(tmp_path / "project.git", NAME))


@pytest.fixture
def served(door: Door) -> Upstream:
    return Upstream(Origin(door.root / f"{NAME}.git", NAME))


def test_the_poll_of_the_old_name_goes_on(redis_url: str, door: Door, served: Upstream) -> None:
    served.push("Begin")
    with serve(door) as url, following(redis_url, table(NAME), GITHUB_URL=url) as follower:
        follower.poll()
        serve_as(door, served.origin)
        push = served.push("After the renaming")
        follower.poll()
        assert follower.landed().keys() == set(push.shas)


def test_with_a_token_the_poll_goes_on_once_github_has_told_the_new_name(
    redis_url: str, door: Door, served: Upstream
) -> None:
    served.push("Begin")
    door.authorization = f"Basic {b64encode(b'x-access-token:token').decode()}"
    with serve(door) as url, github_server.serve() as github:
        settings = {"GITHUB_URL": url, "GITHUB_API_URL": github.url, "GITHUB_TOKEN": "token"}
        with following(redis_url, table(NAME), **settings) as follower:
            follower.poll()
            serve_as(door, served.origin)
            github.names[NAME] = NEW
            push = served.push("After the renaming")
            for _ in range(3):
                follower.poll()
            assert follower.landed().keys() == set(push.shas)
            assert read_status(follower.shop, datetime.now(UTC)).renamed == {NAME: NEW}


@pytest.mark.parametrize("walked", [False, True], ids=["at once", "later"])
def test_a_change_of_the_name_in_the_settings_loses_and_doubles_nothing(
    redis_url: str, upstream: Upstream, *, walked: bool
) -> None:
    upstream.push("Begin", "Before us")
    with following(redis_url, table(NAME, upstream.origin)) as follower:
        follower.poll()
        old, renamed = upstream.push("Old"), upstream.push("Renamed")
        answers = follower.deliver(old.of(id=7), renamed.of(id=7, full_name=NEW))
        assert [answer.get_json().get("renamed", "") != "" for answer in answers] == [False, True]
        if walked:
            follower.run_jobs()
    lost, new = upstream.push("Delivered to nobody"), upstream.push("New")
    with following(redis_url, table(NEW, upstream.origin)) as follower:
        follower.deliver(new.of(id=7, full_name=NEW), renamed.of(id=7, full_name=NEW), old.of(id=7))
        follower.poll()
        assert follower.landed(NAME).keys() == {*old.shas, *renamed.shas}
        assert follower.landed(NEW).keys() == {*lost.shas, *new.shas}
        jobs.analyze_commit(NAME, old.shas[0])
        assert follower.landed(NAME)[old.shas[0]].state is State.ANALYSED
        assert follower.shop.names.renamed() == {NAME: NEW}


def test_a_new_name_of_which_nobody_told_us_is_followed_from_its_head_on(
    redis_url: str, upstream: Upstream
) -> None:
    upstream.push("Begin")
    with following(redis_url, table(NAME, upstream.origin)) as follower:
        follower.poll()
    upstream.push("In between")
    with following(redis_url, table(NEW, upstream.origin)) as follower:
        follower.poll()
        push = upstream.push("Under the new name")
        follower.poll()
        assert follower.landed(NEW).keys() == set(push.shas)
