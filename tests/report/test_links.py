import pytest

from report.links import Links, not_at

GITHUB = "https://github.com"


@pytest.mark.parametrize(
    ("url", "served"),
    [
        ("https://github.com/engine/core.git", True),
        ("https://token@github.com/engine/core", True),
        ("file:///srv/git/core.git", True),
        ("https://git.example.org/engine/core.git", False),
        ("ssh://git@git.example.org/engine/core.git", False),
    ],
)
def test_commits_are_linked_to_where_they_can_be_read(url: str, *, served: bool) -> None:
    assert (not_at(GITHUB, {"engine/core": url}) == frozenset()) is served


def test_a_checkout_on_no_forge_is_linked_to_our_own_pages() -> None:
    links = Links(
        GITHUB, "https://digest.example.org", lambda: not_at(GITHUB, {"local/core": "file:///srv/core"})
    )
    assert links.commit("local/core", "a" * 40) == f"https://digest.example.org/commits/local/core/{'a' * 40}"
    assert links.commit("engine/core", "a" * 40) == f"https://github.com/engine/core/commit/{'a' * 40}"


def test_an_enterprise_server_serves_its_own() -> None:
    assert not_at("https://ghe.example.org", {"a/b": "https://ghe.example.org/a/b.git"}) == frozenset()
