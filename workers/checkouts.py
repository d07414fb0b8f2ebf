"""The git checkout that a command is run in."""

import re
from dataclasses import dataclass
from pathlib import Path

from analysis.repository import LOCAL_OWNER
from workers.gitstream import BareRepository, GitFailed
from workers.remote import git_environment

ORIGIN = re.compile(r"github\.com[:/](?P<name>[\w.-]+/[\w.-]+?)(?:\.git)?/?$")


class NotACheckout(Exception):
    """There is no git checkout here; the message says what to do."""


@dataclass(frozen=True)
class Checkout:
    """A checkout as a repository that can be fetched from."""

    repository: str
    """GitHub's name of it, or `local/FOLDER`."""
    url: str


def this_checkout() -> Checkout:
    """The checkout around the working directory.

    Raises:
        NotACheckout: outside of one.
    """
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / ".git").exists():
            return Checkout(_name(folder), folder.as_uri())
    message = f"{here} is no git checkout: name a repository with REPO=owner/name"
    raise NotACheckout(message)


def _name(top: Path) -> str:
    """The name at GitHub, if the origin is there; a linked work tree has no configuration of its own."""
    try:
        found = BareRepository(top / ".git", git_environment(None)).run(
            "config", "--get", "remote.origin.url"
        )
    except (GitFailed, OSError):
        found = b""
    at_github = ORIGIN.search(found.decode("utf-8", "replace").strip())
    return (
        at_github["name"]
        if at_github
        else f"{LOCAL_OWNER}/{re.sub(r'[^A-Za-z0-9._-]', '-', top.name) or 'checkout'}"
    )
