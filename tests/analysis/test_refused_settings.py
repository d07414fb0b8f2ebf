"""What settings are refused, in one line that names the setting and repeats no secret."""

import pytest
from written import Write

from analysis.settings import Settings, load_settings
from analysis.sources import InvalidSettings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "many"),
        ("PORT", "65536"),
        ("REPORT_TIMEZONE", "Mars/Base"),
        ("REPORT_TIMEZONE", "../../etc/passwd"),
        ("REPORT_LANGUAGE", "fr"),
        ("DIGEST_TIME", "25:00"),
        ("REPOSITORIES", "just-a-name"),
        ("REPOSITORIES", "owner/.."),
        ("LLM_TIMEOUT", "0"),
        ("LLM_EXTRA_HEADERS", "{"),
        ("GITHUB_URL", "foo"),
        ("GITHUB_URL", "github.example.org"),
        ("GITHUB_URL", "https://"),
        ("GITHUB_URL", "https://github.example.org/?a=b"),
        ("GITHUB_URL", "file:///srv/git"),
        ("GITHUB_API_URL", "api.github.example.org"),
        ("WORKERS", "0"),
        ("BASE_URL", "localhost:8000"),
        ("BASE_URL", "digest.example.org"),
        ("BASE_URL", "ext::sh -c id"),
        ("BASE_URL", "https://"),
        ("BASE_URL", "https://example.org/?a=b"),
        ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "all"),
        ("LOG_LEVEL", "loud"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_in_one_line(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(InvalidSettings) as caught:
        load_settings()
    assert name.lower() in str(caught.value).lower()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("value", ["x", "{", "[]", "1", '"X-Team: digest"', "null"])
def test_headers_that_are_no_object_say_what_to_write(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("LLM_EXTRA_HEADERS", value)
    with pytest.raises(InvalidSettings) as caught:
        load_settings()
    assert str(caught.value) == 'LLM_EXTRA_HEADERS: write a JSON object, like {"X-Team": "digest"}'


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("WATCHES", "[[watches]]"),
        ("MUTES", "[[mutes]]"),
        ("REPOSITORY_TABLES", "[[repositories]]"),
        ("TRIAGE", "[triage]"),
    ],
)
@pytest.mark.parametrize("value", ["x", "[]", "{}"])
def test_a_variable_for_a_table_says_where_it_is_written(
    monkeypatch: pytest.MonkeyPatch, name: str, table: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(InvalidSettings) as caught:
        load_settings()
    assert str(caught.value) == f"{table.strip('[]')}: write it as a table that begins with {table}"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("prot = 8000", "there is no 'prot'; is it port?"),
        ("[[watch]]\nname = 'a'", "there is no 'watch'; is it watches?"),
        (
            "[[repositories]]\nname = 'a/b'\nbranch = ['main']",
            "[[repositories]] number 1: there is no 'branch'; is it branches?",
        ),
        ("[[repositories]]\nname = 'a'", "[[repositories]] number 1, name: "),
        ("[[repositories]]\nname = 'a/b'\nurl = 'ext::sh -c x'", "[[repositories]] number 1, url: "),
        ("[[repositories]]\nname = 'a/b'\nurl = '--upload-pack=x'", "[[repositories]] number 1, url: "),
        ("[[repositories]]\nname = 'a/b'\nurl = 'https:git.example.org'", "[[repositories]] number 1, url: "),
        ("github_url = ''", "GITHUB_URL: write it like https://github.example.org"),
        ("github_url = 'foo'", "GITHUB_URL: write it like https://github.example.org"),
        ("[[repositories]]\nname = 'a/b'\npoll = 'often'", "poll: write it like 30m, 1h or 2d"),
        ("[[repositories]]\nname = 'a/b'\npoll = '0s'", "[[repositories]] number 1, poll: "),
        (
            "[[repositories]]\nname = 'a/b'\nwebhook_secrets = ['']",
            "[[repositories]] number 1, webhook_secrets: ",
        ),
        ("report_token = ''", "REPORT_TOKEN"),
        ("llm_extra_headers = '{'", "LLM_EXTRA_HEADERS"),
        ("port = ", "pushdigest.toml"),
        ("[[watches]]\nname = 'a'", "[[watches]] number 1: it would mean every commit"),
        ("[[watches]]\nname = 'a'\nwords = []", "[[watches]] number 1: it would mean every commit"),
        ("[[watches]]\nwords = ['x']", "[[watches]] number 1: name is missing"),
        ("[[watches]]\nname = 'a/b'\nwords = ['x']", "[[watches]] number 1, name: 'a/b' is no name"),
        ("[[watches]]\nname = 'a'\nword = ['x']", "[[watches]] number 1: there is no 'word'; is it words?"),
        ("[[watches]]\nname = 'a'\nwords = [' ']", "[[watches]] number 1, words: an empty text"),
        (
            "[[watches]]\nname = 'a'\nimportance = ['huge']",
            "importance: 'huge' will not do; write 'high', 'medium' or 'low'",
        ),
        ("[[watches]]\nname = 'a'\nrepositories = ['x']", "repositories: 'x' is no repository"),
        (
            "[[watches]]\nname = 'a'\nwords = ['x']\n[[watches]]\nname = 'A'\nwords = ['y']",
            "watches: two are called 'a'",
        ),
        ("[[mutes]]\nname = 'robots'", "[[mutes]] number 1: it would mean every commit"),
        ("[[mutes]]\nauthor = ['x']", "[[mutes]] number 1: there is no 'author'; is it authors?"),
        ("[[mutes]]\nauthors = ['a@example.org']", "[[mutes]] number 1, authors: addresses are not kept"),
        (
            "[[mutes]]\nname = 'a'\nwords = ['x']\n[[mutes]]\nname = 'a'\nwords = ['y']",
            "mutes: two are called 'a'",
        ),
        ("[watches]\nname = 'a'", "watches: write it as a table that begins with [[watches]]"),
        ("watches = ['a']", "watches: write it as a table that begins with [[watches]]"),
        ("[[mutes]]\nauthors = 'bot'", "[[mutes]] number 1, authors: write a list"),
        (
            "[[mutes]]\nauthors = ['bot']\n[[mutes]]\npaths = [3]",
            "[[mutes]] number 2, paths: write one text in quotes",
        ),
        ("[[mutes]]\nnonsense = 1", "it takes repositories, paths, words, authors, areas, importance, name"),
        ("[[repositories]]\nname = 'a/b'\nprivate = 'perhaps'", "private: write true or false"),
        ("port = 'many'", "PORT: write a whole number"),
        ("digest_time = 'late'", "DIGEST_TIME: write it like 00:10"),
    ],
)
def test_a_mistake_in_the_toml_is_named_in_one_line(toml: Write, text: str, named: str) -> None:
    toml(text)
    with pytest.raises(InvalidSettings) as caught:
        load_settings()
    assert named.lower() in str(caught.value).lower()
    assert "\n" not in str(caught.value)


def test_no_secret_is_in_the_message_of_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "hunter2-token")
    monkeypatch.setenv("LLM_EXTRA_HEADERS", '{"X": "hunter2-header"')
    with pytest.raises(InvalidSettings) as caught:
        load_settings()
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("secrets", ["'hunter2'", "[['hunter2']]", "[{hunter2 = 'hunter2'}]"])
def test_no_secret_of_the_toml_is_either(toml: Write, secrets: str) -> None:
    toml(f"[[repositories]]\nname = 'a/b'\nwebhook_secrets = {secrets}")
    with pytest.raises(InvalidSettings, match=r"number 1, webhook_secrets: ") as caught:
        load_settings()
    assert "hunter2" not in str(caught.value)


HERE: list[dict[str, str]] = [
    {},
    {"HOST": "localhost"},
    {"HOST": "::1", "BASE_URL": "http://[::1]:8000/digest"},
    {"HOST": "127.0.0.2", "BASE_URL": "http://localhost:9000"},
]
BEYOND: list[dict[str, str]] = [
    {"HOST": "0.0.0.0"},  # noqa: S104 - nothing listens
    {"HOST": "::"},
    {"HOST": "192.168.1.7"},
    {"HOST": "fe80::1"},
    {"HOST": "digest.internal"},
    {"BASE_URL": "https://digest.example.org"},
    {"HOST": "0.0.0.0", "BASE_URL": "http://localhost:8000"},  # noqa: S104 - nothing listens
    {"TRUSTED_PROXIES": "1"},
]


def given(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]) -> Settings:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return load_settings()


@pytest.mark.parametrize("variables", HERE)
def test_a_private_repository_may_be_read_at_this_machine(
    monkeypatch: pytest.MonkeyPatch, toml: Write, variables: dict[str, str]
) -> None:
    toml("[[repositories]]\nname = 'a/b'\nprivate = true")
    settings = given(monkeypatch, variables)
    settings.check_readers()
    assert settings.only_here


@pytest.mark.parametrize("variables", BEYOND)
def test_a_private_repository_is_never_served_beyond_this_machine_without_a_token(
    monkeypatch: pytest.MonkeyPatch, toml: Write, variables: dict[str, str]
) -> None:
    toml("[[repositories]]\nname = 'a/b'\nprivate = true")
    settings = given(monkeypatch, variables)
    assert not settings.only_here
    with pytest.raises(InvalidSettings, match=r"a/b is private .* REPORT_TOKEN"):
        settings.check_readers()
    given(monkeypatch, {"REPORT_TOKEN": "a-token"}).check_readers()
