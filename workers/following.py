"""Repositories that an operator names on the command line, and where they are fetched from."""

from analysis.repository import Repository, checked_url
from analysis.sources import InvalidSettings
from analysis.storage.ledger import USUAL
from workers.history import Mirror
from workers.workshop import Workshop


def follow(workshop: Workshop, name: str, url: str | None) -> None:
    """Let jobs read a repository, once it has been fetched.

    Args:
        workshop: where its name and address are kept.
        name: as it is spelt there.
        url: None for the one that is known, else the usual one, which is not kept: GITHUB_URL gives it.

    Raises:
        InvalidSettings: if git may not be given that URL, or the settings have another.
        RemoteUnavailable: if nothing can be fetched from there; whatever was known stays as it was.
    """
    given = checked_url(url) if url else None
    known = workshop.known(name)
    if known and given in {None, known.url}:
        return
    own = workshop.settings.repository(name)
    if own and own.url:
        raise InvalidSettings(f"{own.name} has another url in pushdigest.toml: change it there")
    named = Repository(name=known.name if known else name, url=given)
    Mirror(workshop.mirror_folder(named), workshop.remote(named)).fetch()
    workshop.ledger.follow(named.name, given or USUAL)
