"""Where a repository is fetched from, and the environment that git runs in."""

import os
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from analysis.models import Sha
from analysis.repository import is_loopback, may_be_fetched
from workers.gitstream import BareRepository, GitFailed, GitTimedOut, checked_sha

CONFIG = Path(__file__).with_name("gitconfig")
WEB_SCHEMES = frozenset({"http", "https"})
OFFLINE = {"GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1"}
FETCH = ("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance")


class RemoteUnavailable(Exception):
    """The network, the server, its permission or the repository is missing: worth another try later."""


class RemoteMoved(RemoteUnavailable):
    """The server says that the repository is elsewhere now; with credentials git does not go there."""


class CommitUnreachable(Exception):
    """The remote answered, and has no such commit."""


class CommitWithheld(CommitUnreachable):
    """The remote gives only what a branch or tag points at, and does not say what else it has."""


@dataclass(frozen=True)
class Remote:
    """A repository and where its commits come from.

    Raises:
        ValueError: git may not be given such a URL.
    """

    repository: str
    url: str
    token: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if not may_be_fetched(self.url):
            raise ValueError(f"{self.repository}: git may not be given this URL; use https://")

    @property
    def address(self) -> str:
        """The URL as git gets it: a user and password of a web address travel as a header instead."""
        parts = urlsplit(self.url)
        return parts._replace(netloc=_host(parts)).geturl() if parts.scheme in WEB_SCHEMES else self.url

    @property
    def credentials(self) -> str | None:
        """`user:password` for the remote's own host; never over a line that others can read."""
        parts = urlsplit(self.url)
        if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
            return None
        if parts.username or parts.password:
            return f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
        return f"x-access-token:{self.token}" if self.token else None


@contextmanager
def reaching(remote: Remote) -> Iterator[None]:
    """Say of a git command that failed in the block what it means for whoever asked.

    Raises:
        RemoteUnavailable, RemoteMoved: with git's reason in one line, without secrets.
    """
    try:
        yield
    except (GitFailed, GitTimedOut) as error:
        reason = _without_secrets(str(error), remote)
        if "returned error: 30" in reason:
            message = f"{remote.repository}: {reason}; it has moved: change its name or url"
            raise RemoteMoved(message) from None
        raise RemoteUnavailable(f"{remote.repository}: {reason}") from None


def fetch_commit(into: BareRepository, remote: Remote, sha: Sha, *options: str) -> None:
    """Fetch one commit by its sha.

    Raises:
        CommitUnreachable: the remote does not have it.
        CommitWithheld: no branch or tag points at it, and the remote gives nothing else.
        GitFailed, GitTimedOut: anything else.
        ValueError: it is no full sha.
    """
    try:
        into.run(*FETCH, *options, "--end-of-options", remote.address, checked_sha(sha))
    except GitFailed as error:
        if "not our ref" in error.stderr:
            raise CommitUnreachable(f"{remote.repository}: the remote has no commit {sha}") from None
        if "unadvertised object" in error.stderr:
            raise CommitWithheld(f"{remote.repository}: the remote does not give out {sha}") from None
        raise


def git_environment(remote: Remote | None) -> dict[str, str]:
    """What git's environment has beside the process's own: no prompts, no configuration but ours.

    Proxies (HTTPS_PROXY, NO_PROXY) and a private CA (GIT_SSL_CAINFO, SSL_CERT_FILE) of the process stay in
    force. Without a remote git may reach nothing at all: an object that a partial clone lacks is missing
    then, not fetched (GIT_NO_LAZY_FETCH would do, but git 2.39 does not know it).
    """
    environment = {
        "LC_ALL": "C",
        "LANGUAGE": "C",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": str(CONFIG),
        "GIT_CONFIG_PARAMETERS": "",
        "GIT_CONFIG_COUNT": "0",
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_EXTERNAL_DIFF": "",
        "GIT_DIFF_OPTS": "",
    }
    return environment | (_online(remote) if remote else OFFLINE)


def _online(remote: Remote) -> dict[str, str]:
    scheme = urlsplit(remote.url).scheme
    environment = {"GIT_ALLOW_PROTOCOL": "http:https" if scheme == "http" else scheme} | _authorization(
        remote
    )
    if not {"GIT_SSH", "GIT_SSH_COMMAND"} & os.environ.keys():
        environment["GIT_SSH_COMMAND"] = "ssh -o BatchMode=yes"
    if "GIT_SSL_CAINFO" not in os.environ and (bundle := os.environ.get("SSL_CERT_FILE")):
        environment["GIT_SSL_CAINFO"] = bundle
    return environment


def _authorization(remote: Remote) -> dict[str, str]:
    """The credentials as a header, in variables only: a command line and a URL can be read by others.

    Git keeps sending a header after a redirect, to whatever host that leads: so none is followed with one.
    """
    if remote.credentials is None:
        return {}
    parts = urlsplit(remote.url)
    header = f"Authorization: Basic {b64encode(remote.credentials.encode()).decode()}"
    return {
        "GIT_CONFIG_COUNT": "2",
        "GIT_CONFIG_KEY_0": f"http.{parts.scheme}://{_host(parts)}/.extraHeader",
        "GIT_CONFIG_VALUE_0": header,
        "GIT_CONFIG_KEY_1": "http.followRedirects",
        "GIT_CONFIG_VALUE_1": "false",
    }


def _host(parts: SplitResult) -> str:
    return parts.netloc.rpartition("@")[2]


def _without_secrets(message: str, remote: Remote) -> str:
    for secret in (remote.token, urlsplit(remote.url).password, remote.credentials):
        message = message.replace(secret, "***") if secret else message
    return message
