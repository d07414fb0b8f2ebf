"""Where settings come from beside the environment: files that hold a secret, and `pushdigest.toml`."""

import os
from pathlib import Path
from typing import Any

from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    TomlConfigSettingsSource,
)

from analysis.mistakes import unknown

SECRETS = (
    "redis_url",
    "github_webhook_secret",
    "github_token",
    "report_token",
    "llm_api_key",
    "llm_extra_headers",
)
"""The settings that can come from the file that `NAME_FILE` names."""


class InvalidSettings(Exception):
    """A setting that cannot be used; the message is one line that names it."""


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
        known = self.settings_cls.model_fields.keys() - {"tables"}
        strangers = sorted(values.keys() - known)
        if strangers:
            message = (
                f"{self.toml_file_path}: {unknown(strangers[0], known, '.env.example lists all settings')}"
            )
            raise InvalidSettings(message)
        values["repository_tables"] = values.pop("repositories", [])
        return values


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
