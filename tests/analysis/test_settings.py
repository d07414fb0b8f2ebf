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


def test_watches_and_mutes_come_from_the_toml(toml: Write) -> None:
    toml(
        "[[watches]]\nname = 'kernels'\ntitle = 'CUDA kernels'\npaths = ['csrc/**']\nimportance = ['high']\n"
        "[[mutes]]\nauthors = ['dependabot[bot]']\n[[mutes]]\nwords = ['文档']"
    )
    settings = load_settings()
    (watch,) = settings.watches
    assert (watch.name, watch.heading, watch.paths) == ("kernels", "CUDA kernels", ("csrc/**",))
    assert [mute.label for mute in settings.mutes] == ["dependabot[bot]", "文档"]


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
