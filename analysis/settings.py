"""The settings: environment, then `.env`, then `pushdigest.toml`; read once, by composition roots only.

Every secret `NAME` can also come from the file that `NAME_FILE` names, as container platforms mount them.
"""

import json
from collections.abc import Iterator
from datetime import time
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    SecretStr,
    ValidationError,
)
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from analysis.calendar import Calendar
from analysis.importance.weights import DEFAULT, Weights
from analysis.language import Language
from analysis.mistakes import mistake
from analysis.models import RepositoryName
from analysis.repository import Repository, Secret, is_loopback
from analysis.sources import ConfigFile, InvalidSettings, SecretFiles
from analysis.watching import Mute, Watch, all_different

TABLES = {"repository_tables": "repositories", **{name: name for name in ("triage", "watches", "mutes")}}
"""How the settings are spelt that are tables of the TOML."""
FIELDS = {
    "repositories": tuple(Repository.model_fields),
    "watches": tuple(Watch.model_fields),
    "mutes": tuple(Mute.model_fields),
    "triage": tuple(Weights.model_fields),
}
"""What each of these tables takes."""
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - nothing listens here
"""To listen at every address of this machine -> one at which it answers itself; the others are not known."""
WEBHOOK_PATH = "/webhooks/github"
REDIS_SCHEMES = frozenset({"redis", "rediss", "unix"})


def _comma_list(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _json_object(value: object) -> object:
    """What is wrong with it is not repeated: its values are secrets."""
    try:
        found = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ValueError('write a JSON object, like {"X-Team": "digest"}')  # noqa: TRY004 - pydantic's
    return found


def _time_zone(value: object) -> object:
    try:
        return ZoneInfo(value) if isinstance(value, str) else value
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = f"{value!r} is no IANA time zone; write it like Asia/Shanghai"
        raise ValueError(message) from None


def _redis_url(value: SecretStr) -> SecretStr:
    if urlsplit(value.get_secret_value()).scheme not in REDIS_SCHEMES:
        raise ValueError("write it as redis://, rediss:// or unix://")
    return value


def _base_url(value: str) -> str:
    parts = urlsplit(value)
    if value and (
        parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment
    ):
        raise ValueError("write it like https://digest.example.org or https://example.org/digest")
    return value


def _server_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not value.isprintable():
        raise ValueError("write it like https://github.example.org")
    if parts.query or parts.fragment:
        raise ValueError("write it like https://github.example.org, without what follows ? or #")
    return value


BaseUrl = Annotated[str, AfterValidator(_base_url)]
ServerUrl = Annotated[str, AfterValidator(_server_url)]
RedisUrl = Annotated[Secret, AfterValidator(_redis_url)]
Headers = Annotated[dict[str, SecretStr], NoDecode, BeforeValidator(_json_object)]
ModelNames = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_comma_list)]
RepositoryNames = Annotated[tuple[RepositoryName, ...], NoDecode, BeforeValidator(_comma_list)]
Zone = Annotated[ZoneInfo, BeforeValidator(_time_zone), PlainSerializer(str)]


class Settings(BaseSettings):
    """Every setting of DESIGN's table; the names in the environment are these in capitals."""

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True
    )

    redis_url: RedisUrl | None = None
    data_dir: Path = Path("var")
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    base_url: BaseUrl = ""
    trusted_proxies: int = Field(default=0, ge=0, le=10)
    github_webhook_secret: Secret | None = None
    github_token: Secret | None = None
    github_url: ServerUrl = "https://github.com"
    github_api_url: ServerUrl = "https://api.github.com"
    repositories: RepositoryNames = ()
    """As given in the environment; `followed` joins them with the tables of the TOML."""
    tables: Annotated[tuple[Repository, ...], NoDecode] = Field((), validation_alias="repository_tables")
    triage: Annotated[Weights, NoDecode] = DEFAULT
    """The table `[triage]` of the TOML: weights of the rules in the place of ours."""
    watches: Annotated[tuple[Watch, ...], NoDecode, AfterValidator(all_different)] = ()
    mutes: Annotated[tuple[Mute, ...], NoDecode, AfterValidator(all_different)] = ()
    report_timezone: Zone = ZoneInfo("Asia/Shanghai")
    report_language: Language = "zh-CN"
    digest_time: time = time(0, 10)
    keep_days: int | None = Field(default=None, ge=1)
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

    UNDOCUMENTED: ClassVar = frozenset({"tables", "triage", "watches", "mutes"})
    """Tables of the TOML: no variable holds them, so that none is taken for JSON (NoDecode)."""

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
    def local_url(self) -> str:
        """Where this machine reaches its own web process."""
        host = EVERYWHERE.get(self.host, self.host)
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def public_url(self) -> str:
        """BASE_URL without a slash at its end, or where this machine finds it."""
        return (self.base_url or self.local_url).rstrip("/")

    @property
    def only_here(self) -> bool:
        """Whether nobody beyond this machine can read, as far as the settings know.

        A public BASE_URL and a trusted proxy both mean that one passes requests on to loopback.
        """
        hosts = (self.host, urlsplit(self.public_url).hostname or "")
        return all(map(is_loopback, hosts)) and not self.trusted_proxies

    def check_readers(self) -> None:
        """Refuse to serve a private repository beyond this machine to everybody.

        Raises:
            InvalidSettings: if one is followed, and reading needs no token.
        """
        private = [repository.name for repository in self.tables if repository.private]
        if private and self.report_token is None and not self.only_here:
            message = f"{private[0]} is private and would be read beyond this machine: set REPORT_TOKEN"
            raise InvalidSettings(message)

    @property
    def webhook_url(self) -> str:
        """What to enter at GitHub."""
        return self.public_url + WEBHOOK_PATH

    def secret_values(self) -> tuple[str, ...]:
        """Every secret there is, for the masks of logs and errors."""
        single = (
            self.github_webhook_secret,
            self.github_token,
            self.report_token,
            self.llm_api_key,
        )
        several = [secret for table in self.tables for secret in table.webhook_secrets]
        secrets = [*filter(None, single), *several, *self.llm_extra_headers.values()]
        return (*(secret.get_secret_value() for secret in secrets), *self._redis_password())

    def _redis_password(self) -> Iterator[str]:
        """Of the address only the password: the rest may stand in any commit."""
        url = self.redis_url.get_secret_value() if self.redis_url else ""
        if password := urlsplit(url).password:
            yield unquote(password)


def load_settings(**overrides: Any) -> Settings:  # noqa: ANN401 - checked by pydantic
    """Read the settings from where they are.

    Raises:
        InvalidSettings: with one line that names the setting and what it takes.
    """
    try:
        return Settings(**overrides)
    except ValidationError as error:
        raise InvalidSettings(mistake(error, TABLES, FIELDS)) from None
    except (SettingsError, ValueError) as error:
        raise InvalidSettings(str(error).splitlines()[0]) from None
