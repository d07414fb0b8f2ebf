"""A repository that is named on the command line: which address of it is kept, and from when on."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from gitserver import Door, serve
from repositories import Origin

from analysis.settings import load_settings
from analysis.sources import InvalidSettings
from workers.following import follow
from workers.remote import RemoteUnavailable
from workers.workshop import NotFollowed, Workshop

NAME = "example/project"
NOWHERE = "file:///nowhere/at/all.git"
Open = Callable[..., Workshop]


@pytest.fixture
def opened(redis_url: str, tmp_path: Path) -> Iterator[Open]:
    """A workshop, under settings that may change from one to the next."""
    shops: list[Workshop] = []

    def open_one(**settings: object) -> Workshop:
        shops.append(Workshop(load_settings(data_dir=tmp_path / "data", **settings), redis_url))
        return shops[-1]

    yield open_one
    for shop in shops:
        shop.disconnect()


@pytest.fixture
def origin(tmp_path: Path) -> Origin:
    made = Origin(tmp_path / "server" / f"{NAME}.git")
    made.commit("Begin", {"a.py": "x = 1\n"})
    return made


@pytest.mark.parametrize("url", [NOWHERE, "ssh://x"])
@pytest.mark.parametrize("repositories", ["", NAME], ids=["by name", "by the settings"])
def test_an_address_that_does_not_answer_is_not_kept(
    opened: Open, url: str, repositories: str, origin: Origin
) -> None:
    shop = opened(repositories=repositories)
    with pytest.raises(RemoteUnavailable, match=NAME):
        follow(shop, NAME, url)
    assert shop.ledger.urls() == {}
    follow(shop, NAME, origin.url)
    with pytest.raises(RemoteUnavailable):
        follow(shop, NAME, url)
    follow(shop, NAME, None)
    assert shop.repository(NAME).url == origin.url


def test_a_name_that_nobody_serves_is_not_followed(opened: Open, tmp_path: Path) -> None:
    with serve(Door(tmp_path)) as url:
        shop = opened(github_url=url)
        with pytest.raises(RemoteUnavailable, match=NAME):
            follow(shop, NAME, None)
        with pytest.raises(NotFollowed):
            shop.repository(NAME)


def test_the_usual_address_is_not_kept_since_github_url_may_change(
    opened: Open, origin: Origin, tmp_path: Path
) -> None:
    with serve(Door(tmp_path / "server")) as url:
        shop = opened(github_url=url)
        follow(shop, NAME, None)
    moved = opened(github_url="https://github.example.org")
    assert moved.remote(moved.repository(NAME)).url == f"https://github.example.org/{NAME}.git"
    assert origin.name == NAME


def test_an_address_in_the_settings_is_changed_there(opened: Open, origin: Origin) -> None:
    shop = opened(repository_tables=[{"name": NAME, "url": origin.url}])
    with pytest.raises(InvalidSettings, match=r"pushdigest\.toml"):
        follow(shop, NAME, NOWHERE)
    follow(shop, NAME, origin.url)
    follow(shop, NAME, None)
    assert shop.ledger.urls() == {}


def test_a_name_is_the_same_however_it_is_spelt(opened: Open, origin: Origin) -> None:
    shop = opened(repositories=NAME)
    follow(shop, NAME.upper(), origin.url)
    assert [shop.repository(name).url for name in (NAME, NAME.upper())] == [origin.url] * 2
