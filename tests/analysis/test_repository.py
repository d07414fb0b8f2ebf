from datetime import timedelta

import pytest
from written import Write

from analysis.repository import Repository, is_loopback, valid_name
from analysis.settings import load_settings
from analysis.sources import InvalidSettings


def test_names_and_tables_are_joined_and_a_table_wins(monkeypatch: pytest.MonkeyPatch, toml: Write) -> None:
    toml("[[repositories]]\nname = 'A/b'\nbranches = ['x']\npoll = '90s'")
    monkeypatch.setenv("REPOSITORIES", "a/B, c/d ,,e/f")
    settings = load_settings()
    assert [repository.name for repository in settings.followed] == ["A/b", "c/d", "e/f"]
    found = settings.repository("a/b")
    assert found
    assert (found.branches, found.poll) == (("x",), timedelta(seconds=90))
    assert settings.repository("g/h") is None


@pytest.mark.parametrize(
    ("branches", "branch", "followed"),
    [
        ((), "main", True),
        ((), "topic", False),
        (("release/*",), "release/1.0", True),
        (("release/*",), "main", False),
        (("Main",), "main", False),
        (("*",), "release/1/rc", True),
        (("*",), "gh-readonly-queue/main/pr-1", False),
    ],
)
def test_a_branch_is_followed_by_name_by_pattern_or_by_default(
    branches: tuple[str, ...], branch: str, *, followed: bool
) -> None:
    assert Repository(name="a/b", branches=branches).follows(branch, "main") is followed


def test_a_repositorys_own_settings_go_before_the_common_ones(toml: Write) -> None:
    toml(
        "github_webhook_secret = 'common'\nllm_model = 'm'\ngithub_url = 'https://git.example.org/'\n"
        "[[repositories]]\nname = 'a/b'\n"
        "[[repositories]]\nname = 'c/d'\nwebhook_secrets = ['new', 'old']\nmodel = 'off'\nurl = 'file:///srv/d.git'\n"
    )
    settings = load_settings()
    plain, own = settings.followed
    assert settings.webhook_secrets(plain) == ("common",)
    assert settings.webhook_secrets(own) == ("new", "old")
    assert (settings.model_for(plain), settings.model_for(own)) == ("m", None)
    assert settings.clone_url(plain) == "https://git.example.org/a/b.git"
    assert settings.clone_url(own) == "file:///srv/d.git"
    assert {"common", "new", "old"} <= set(settings.secret_values())


@pytest.mark.parametrize("name", ["a/b", "A-1/b.c_d-e", "a/.github", "a/-b", "mona_corp/a"])
def test_a_name_of_github_is_valid(name: str) -> None:
    assert valid_name(name) == name


@pytest.mark.parametrize(
    "name", ["", "a", "a/", "/b", "a/b/c", "a/..", "a/.", "-a/b", "../b", "a/b\n", "a b/c", "a/b;c"]
)
def test_what_could_be_a_path_or_an_option_is_no_name(name: str) -> None:
    with pytest.raises(InvalidSettings, match="owner/name"):
        valid_name(name)


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost", True),
        ("192.0.2.1", False),
        ("::", False),
        ("example.org", False),
    ],
)
def test_loopback_is_told_from_the_world(host: str, *, loopback: bool) -> None:
    assert is_loopback(host) is loopback


@pytest.mark.parametrize(
    ("options", "url"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"host": "::1", "port": 80}, "http://[::1]:80"),
        ({"base_url": "https://example.org/digest/"}, "https://example.org/digest"),
    ],
)
def test_the_public_address_is_given_or_derived(options: dict[str, object], url: str) -> None:
    assert load_settings(**options).public_url == url
