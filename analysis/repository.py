"""A repository that is followed: one `[[repositories]]` table, or a plain name in REPOSITORIES."""

import re
from datetime import timedelta
from fnmatch import fnmatchcase
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, TypeAdapter, ValidationError

from analysis.models import RepositoryName
from analysis.sources import InvalidSettings

LOCAL_OWNER = "local"
"""Stands for the owner of a checkout that is on no forge."""
MERGE_QUEUE = "gh-readonly-queue/"
"""Throwaway branches of GitHub's merge queue: their commits come again with the push to the real branch."""
GIT_SCHEMES = frozenset({"https", "http", "ssh", "git", "file"})


def _duration(value: object) -> object:
    match = re.fullmatch(r"(\d+)\s*([smhd])", value) if isinstance(value, str) else None
    if not match:
        return value
    unit = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}[match[2]]
    return timedelta(**{unit: int(match[1])})


def may_be_fetched(url: str) -> bool:
    """Whether git may be given that URL: one of a scheme that only fetches, and no path or option."""
    return "://" in url and url.isprintable() and urlsplit(url).scheme in GIT_SCHEMES


def _git_url(value: str) -> str:
    if not may_be_fetched(value):
        schemes = ", ".join(f"{scheme}://" for scheme in sorted(GIT_SCHEMES))
        raise ValueError(f"{value!r} is no URL git may be given; begin it with one of {schemes}")
    return value


Secret = Annotated[SecretStr, Field(min_length=1)]
"""An empty one would open to everybody."""
GitUrl = Annotated[str, BeforeValidator(_git_url)]
Duration = Annotated[timedelta, BeforeValidator(_duration), Field(ge=timedelta(seconds=1))]


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
        if branch.startswith(MERGE_QUEUE):
            return False
        return any(fnmatchcase(branch, pattern) for pattern in self.branches or (default_branch,))


def is_name(name: str) -> bool:
    """Whether a text can be the name of a repository."""
    try:
        valid_name(name)
    except InvalidSettings:
        return False
    return True


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
        return host.lower() == "localhost"
