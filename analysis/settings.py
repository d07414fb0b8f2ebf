"""The settings: environment, then `.env`, then `pushdigest.toml`; read once, by composition roots only.

Every secret `NAME` can also come from the file that `NAME_FILE` names, as container platforms mount them.
"""

import json
import os
import re
from datetime import time, timedelta
from fnmatch import fnmatchcase
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    SecretStr,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from analysis.calendar import Calendar
from analysis.models import RepositoryName

GIT_SCHEMES = frozenset({"https", "http", "ssh", "git", "file"})
SECRETS = (
    "redis_url",
    "github_webhook_secret",
    "github_token",
    "report_token",
    "llm_api_key",
    "llm_extra_headers",
)


class InvalidSettings(Exception):
    """A setting that cannot be used; the message is one line that names it."""


def _comma_list(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _json(value: object) -> object:
    return json.loads(value) if isinstance(value, str) else value


def _duration(value: object) -> object:
    match = re.fullmatch(r"(\d+)\s*([smhd])", value) if isinstance(value, str) else None
    if not match:
        return value
    unit = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}[match[2]]
    return timedelta(**{unit: int(match[1])})


def _git_url(value: str) -> str:
    if urlsplit(value).scheme not in GIT_SCHEMES:
        message = f"{value!r} is no URL git may be given; use one of {', '.join(sorted(GIT_SCHEMES))}"
        raise ValueError(message)
    return value


def _time_zone(value: object) -> object:
    try:
        return ZoneInfo(value) if isinstance(value, str) else value
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = f"{value!r} is no IANA time zone; write it like Asia/Shanghai"
        raise ValueError(message) from None


Secret = Annotated[SecretStr, Field(min_length=1)]
"""An empty one would open to everybody."""
Headers = Annotated[dict[str, SecretStr], BeforeValidator(_json)]
GitUrl = Annotated[str, BeforeValidator(_git_url)]
ModelNames = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_comma_list)]
RepositoryNames = Annotated[tuple[RepositoryName, ...], NoDecode, BeforeValidator(_comma_list)]
Duration = Annotated[timedelta, BeforeValidator(_duration), Field(ge=timedelta(seconds=1))]
Zone = Annotated[ZoneInfo, BeforeValidator(_time_zone), PlainSerializer(str)]


class Repository(BaseModel):
    """One `[[repositories]]` table: a repository that is followed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: RepositoryName
    url: GitUrl | None = None
    branches: tuple[str, ...] = ()
    """Names or patterns such as `release/*`; empty means the remote's default branch."""
    poll: Duration = timedelta(hours=1)
    webhook_secrets: tuple[Secret, ...] = ()
    model: str | None = None
    """`off` keeps this repository's code on this machine; None means LLM_MODEL."""
    exclude_paths: tuple[str, ...] = ()
    private: bool = False

    def follows(self, branch: str, default_branch: str) -> bool:
        """Whether a branch counts for the digest."""
        return any(fnmatchcase(branch, pattern) for pattern in self.branches or (default_branch,))


class Settings(BaseSettings):
    """Every setting of DESIGN's table; the names in the environment are these in capitals."""

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True
    )

    redis_url: Secret | None = None
    data_dir: Path = Path("var")
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    base_url: str = ""
    github_webhook_secret: Secret | None = None
    github_token: Secret | None = None
    github_url: str = "https://github.com"
    github_api_url: str = "https://api.github.com"
    repositories: RepositoryNames = ()
    """As given in the environment; `followed` joins them with the tables of the TOML."""
    tables: tuple[Repository, ...] = Field(default=(), validation_alias="repository_tables")
    report_timezone: Zone = ZoneInfo("Asia/Shanghai")
    report_language: Literal["zh-CN", "en"] = "zh-CN"
    digest_time: time = time(0, 10)
    report_token: Secret | None = None
    llm_model: str | None = None
    llm_api_base: str | None = None
    llm_api_key: Secret | None = None
    llm_extra_headers: Headers = {}
    llm_fallback_models: ModelNames = ()
    llm_max_input_tokens: int = Field(default=16000, ge=1000)
    llm_max_output_tokens: int = Field(default=3000, ge=100)
    llm_timeout: float = Field(default=60, gt=0)
    llm_max_concurrency: int | None = Field(default=None, ge=1)
    llm_requests_per_minute: int | None = Field(default=None, ge=1)
    llm_input_price: float | None = Field(default=None, ge=0)
    llm_output_price: float | None = Field(default=None, ge=0)
    llm_daily_budget_usd: float | None = Field(default=None, ge=0)
    llm_daily_budget_tokens: int | None = Field(default=None, ge=0)
    workers: int = Field(default=4, ge=1, le=256)
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["console", "json"] = "console"

    UNDOCUMENTED: ClassVar = frozenset({"tables"})

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment, then `.env`, each with its secret files, then the TOML."""
        del file_secret_settings
        return (
            init_settings,
            env_settings,
            SecretFiles(settings_cls, env_settings),
            dotenv_settings,
            SecretFiles(settings_cls, dotenv_settings),
            ConfigFile(settings_cls),
        )

    @model_validator(mode="after")
    def _private_needs_a_token(self) -> Self:
        private = [repository.name for repository in self.tables if repository.private]
        if private and self.report_token is None and not is_loopback(self.host):
            message = f"{private[0]} is private: set REPORT_TOKEN, or HOST to 127.0.0.1"
            raise ValueError(message)
        return self

    @property
    def followed(self) -> tuple[Repository, ...]:
        """Every followed repository: the TOML's tables, then the plain names of REPOSITORIES."""
        known = {table.name.lower() for table in self.tables}
        plain = [Repository(name=name) for name in self.repositories if name.lower() not in known]
        return (*self.tables, *plain)

    def repository(self, name: str) -> Repository | None:
        """The followed repository of that name; GitHub's names ignore case."""
        return next((found for found in self.followed if found.name.lower() == name.lower()), None)

    def clone_url(self, repository: Repository) -> str:
        """Where git fetches from: never a URL out of a payload."""
        return repository.url or f"{self.github_url.rstrip('/')}/{repository.name}.git"

    def webhook_secrets(self, repository: Repository) -> tuple[str, ...]:
        """The secrets that may sign a delivery of that repository; the global one unless it has its own."""
        own = repository.webhook_secrets or tuple(filter(None, [self.github_webhook_secret]))
        return tuple(secret.get_secret_value() for secret in own)

    def model_for(self, repository: Repository) -> str | None:
        """The model for that repository's code; None means rules only."""
        model = repository.model or self.llm_model
        return None if model == "off" else model

    @property
    def calendar(self) -> Calendar:
        """The days of REPORT_TIMEZONE."""
        return Calendar(self.report_timezone, self.digest_time)

    @property
    def public_url(self) -> str:
        """BASE_URL without a slash at its end, or the listening address."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return (self.base_url or f"http://{host}:{self.port}").rstrip("/")

    def secret_values(self) -> tuple[str, ...]:
        """Every secret there is, for the masks of logs and errors."""
        single = (
            self.redis_url,
            self.github_webhook_secret,
            self.github_token,
            self.report_token,
            self.llm_api_key,
        )
        several = [secret for table in self.tables for secret in table.webhook_secrets]
        secrets = [*filter(None, single), *several, *self.llm_extra_headers.values()]
        return tuple(secret.get_secret_value() for secret in secrets)


class SecretFiles(PydanticBaseSettingsSource):
    """`NAME_FILE=/run/secrets/name` beside a source of variables."""

    def __init__(self, settings_cls: type[BaseSettings], variables: PydanticBaseSettingsSource) -> None:
        super().__init__(settings_cls)
        self.variables = variables.env_vars if isinstance(variables, EnvSettingsSource) else {}

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:  # noqa: ANN401, ARG002 - inherited
        """Not used: `__call__` reads all at once."""
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        """Name -> secret, for the files that are named."""
        named = {name: self.variables.get(f"{name}_file") for name in SECRETS}
        return {name: _read_secret(name, path) for name, path in named.items() if path}


class ConfigFile(TomlConfigSettingsSource):
    """`pushdigest.toml`, or the file that PUSHDIGEST_CONFIG names. An unknown key is a mistake."""

    def __init__(self, settings_cls: type[BaseSettings]) -> None:
        named = os.environ.get("PUSHDIGEST_CONFIG")
        path = Path(named or "pushdigest.toml")
        if named and not path.is_file():
            message = f"PUSHDIGEST_CONFIG: {named} is no file"
            raise InvalidSettings(message)
        try:
            super().__init__(settings_cls, path)
        except (ValueError, OSError) as error:
            message = f"{path}: {str(error).splitlines()[0]}"
            raise InvalidSettings(message) from None

    def __call__(self) -> dict[str, Any]:
        """Lower-case name -> value; the tables under their own name, to stand beside REPOSITORIES."""
        values = {key.lower(): value for key, value in self.toml_data.items()}
        unknown = sorted(values.keys() - Settings.model_fields.keys())
        if unknown:
            message = f"{self.toml_file_path}: unknown key {unknown[0]!r}"
            raise InvalidSettings(message)
        values["repository_tables"] = values.pop("repositories", [])
        return values


def load_settings(**overrides: Any) -> Settings:  # noqa: ANN401 - checked by pydantic
    """Read the settings from where they are.

    Raises:
        InvalidSettings: with one line that names the setting and what it takes.
    """
    try:
        return Settings(**overrides)
    except ValidationError as error:
        raise InvalidSettings(_one_line(error)) from None
    except (SettingsError, ValueError) as error:
        raise InvalidSettings(str(error).splitlines()[0]) from None


def valid_name(name: str) -> str:
    """A repository's name as given on a command line or in a URL.

    Raises:
        InvalidSettings: if it is not of the form owner/name.
    """
    try:
        return TypeAdapter(RepositoryName).validate_python(name)
    except ValidationError:
        message = f"{name!r} is no repository; write it as owner/name"
        raise InvalidSettings(message) from None


def checked_url(url: str) -> str:
    """A repository's URL as given on a command line.

    Raises:
        InvalidSettings: if git may not be given such a URL.
    """
    try:
        return _git_url(url)
    except ValueError as error:
        raise InvalidSettings(str(error)) from None


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach that address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _read_secret(name: str, path: str) -> str:
    try:
        secret = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        message = f"{name.upper()}_FILE: cannot read {path}: {getattr(error, 'strerror', 'it is no UTF-8')}"
        raise InvalidSettings(message) from None
    if not secret:
        message = f"{name.upper()}_FILE: {path} is empty"
        raise InvalidSettings(message)
    return secret


def _one_line(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False)[0]
    where = ".".join(str(part) for part in first["loc"]).upper().replace("REPOSITORY_TABLES", "repositories")
    what = first["msg"].removeprefix("Value error, ")
    if first["type"] == "string_pattern_mismatch":
        what = f"{first['input']!r} is no repository; write it as owner/name"
    return f"{where}: {what}" if where else what
