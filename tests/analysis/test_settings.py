import re
from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from written import Write, written

from analysis.settings import Settings, load_settings
from analysis.sources import SECRETS, InvalidSettings

PROJECT = Path(__file__).parents[2]
EXAMPLE = (PROJECT / ".env.example").read_text(encoding="utf-8")
DOCUMENTED = {name.upper() for name in Settings.model_fields.keys() - Settings.UNDOCUMENTED}

# Where a setting comes from


def test_the_environment_goes_before_dotenv_and_that_before_the_toml(
    monkeypatch: pytest.MonkeyPatch, dotenv: Write, toml: Write
) -> None:
    assert load_settings().port == 8000
    toml("port = 3\nhost = '127.0.0.3'\nworkers = 3")
    dotenv("PORT=2\nHOST=127.0.0.2")
    monkeypatch.setenv("PORT", "1")
    settings = load_settings()
    assert (settings.port, settings.host, settings.workers) == (1, "127.0.0.2", 3)


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch, dotenv: Write) -> None:
    dotenv("PORT=\nGITHUB_TOKEN=\nREPOSITORIES=\n")
    monkeypatch.setenv("LLM_MODEL", "")
    settings = load_settings()
    assert (settings.port, settings.github_token, settings.llm_model, settings.followed) == (
        8000,
        None,
        None,
        (),
    )


def test_variables_of_others_in_dotenv_do_no_harm(dotenv: Write) -> None:
    dotenv("SOMETHING_ELSE=1\nPORT=9000\n")
    assert load_settings().port == 9000


def test_another_toml_can_be_named(monkeypatch: pytest.MonkeyPatch, toml: Write, tmp_path: Path) -> None:
    toml("port = 1")
    monkeypatch.setenv("PUSHDIGEST_CONFIG", str(written(tmp_path / "other.toml", "port = 2")))
    assert load_settings().port == 2


def test_a_toml_that_is_named_has_to_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUSHDIGEST_CONFIG", "nowhere.toml")
    with pytest.raises(InvalidSettings, match=r"^PUSHDIGEST_CONFIG: nowhere\.toml"):
        load_settings()


@pytest.mark.parametrize("name", sorted(set(SECRETS) - {"llm_extra_headers", "redis_url"}))
def test_every_secret_can_come_from_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    path = written(tmp_path / "secret", "from-the-file\n")
    monkeypatch.setenv(f"{name.upper()}_FILE", str(path))
    assert getattr(load_settings(), name).get_secret_value() == "from-the-file"
    monkeypatch.setenv(name.upper(), "from-the-variable")
    assert getattr(load_settings(), name).get_secret_value() == "from-the-variable"


def test_a_secret_file_named_in_dotenv_is_read_too(dotenv: Write, tmp_path: Path) -> None:
    dotenv(f"GITHUB_TOKEN_FILE={written(tmp_path / 'token', 'from-the-file')}")
    token = load_settings().github_token
    assert token
    assert token.get_secret_value() == "from-the-file"


def test_headers_can_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = written(tmp_path / "headers", '{"X-Team": "digest"}')
    monkeypatch.setenv("LLM_EXTRA_HEADERS_FILE", str(path))
    assert load_settings().llm_extra_headers["X-Team"].get_secret_value() == "digest"


def test_a_secret_file_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN_FILE", "/nowhere/token")
    with pytest.raises(
        InvalidSettings, match=r"^GITHUB_TOKEN_FILE: cannot read /nowhere/token: No such file"
    ):
        load_settings()


@pytest.mark.parametrize("content", [b"", b" \n", b"\xff"])
def test_a_secret_file_without_a_secret_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "token").write_bytes(content)
    monkeypatch.setenv("REPORT_TOKEN_FILE", str(tmp_path / "token"))
    with pytest.raises(InvalidSettings, match=r"^REPORT_TOKEN_FILE: "):
        load_settings()


# What is refused, in one line that names the setting


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


def test_watches_and_mutes_come_from_the_toml(toml: Write) -> None:
    toml(
        "[[watches]]\nname = 'kernels'\ntitle = 'CUDA kernels'\npaths = ['csrc/**']\nimportance = ['high']\n"
        "[[mutes]]\nauthors = ['dependabot[bot]']\n[[mutes]]\nwords = ['文档']"
    )
    settings = load_settings()
    (watch,) = settings.watches
    assert (watch.name, watch.heading, watch.paths) == ("kernels", "CUDA kernels", ("csrc/**",))
    assert [mute.label for mute in settings.mutes] == ["dependabot[bot]", "文档"]


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


# What is documented


def test_the_example_names_every_setting_once() -> None:
    named = re.findall(r"^#([A-Z_]+)=", EXAMPLE, re.MULTILINE)
    assert sorted(named) == sorted(DOCUMENTED)


def test_the_examples_values_are_the_defaults(dotenv: Write) -> None:
    defaults = load_settings()
    dotenv(re.sub(r"^#(?=[A-Z_]+=)", "", EXAMPLE, flags=re.MULTILINE))
    assert load_settings() == defaults


def test_the_example_changes_nothing_as_it_is(dotenv: Write) -> None:
    defaults = load_settings()
    dotenv(EXAMPLE)
    assert load_settings() == defaults


def test_the_example_lists_every_secret_that_may_come_from_a_file() -> None:
    listed = EXAMPLE[: EXAMPLE.index("# ---")]
    assert {name.upper() for name in SECRETS} <= set(re.findall(r"[A-Z_]+", listed))


def test_the_defaults_are_the_documented_ones() -> None:
    settings = load_settings()
    assert settings.report_timezone == ZoneInfo("Asia/Shanghai")
    assert (settings.report_language, settings.digest_time) == ("zh-CN", time(0, 10))
    assert settings.calendar.zone == settings.report_timezone
