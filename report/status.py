"""The line under the title: how complete the day is."""

from collections import Counter
from collections.abc import Iterable

from analysis.storage.entry import Entry, Obstacle, State
from analysis.words import Words
from report.digest import Counts, Digest, RepositoryDigest
from report.notes import obstacle_text
from report.reading_time import minutes_of


def status_of(digest: Digest, words: Words) -> tuple[str, ...]:
    """Plain text, one item each; the revision only when there is one repository to have it."""
    single = digest.repositories[0] if len(digest.repositories) == 1 else None
    selection = [words("digest.status.selection", selection=digest.selection)] if digest.selection else []
    edition = _edition(single, words) if single else []
    progress = _progress(digest.counts, digest.commits, words)
    return (*edition, *progress, *selection, *_reading_time(digest, words))


def page_status(digest: Digest, words: Words) -> tuple[str, ...]:
    """The same for a page that shows in other places what was chosen and, while some wait, how far it is."""
    single = digest.repositories[0] if len(digest.repositories) == 1 else None
    edition = _edition(single, words) if single else []
    analysed, *rest = _progress(digest.counts, digest.commits, words)
    return (*edition, *(rest if digest.counts.pending else [analysed, *rest]), *_reading_time(digest, words))


def repository_status(repository: RepositoryDigest, words: Words) -> tuple[str, ...]:
    """The same for one of several repositories."""
    return (*_edition(repository, words), *_progress(repository.counts, repository.commits, words))


def reasons_to_wait(entries: Iterable[Entry]) -> list[tuple[Obstacle | None, int]]:
    """What keeps how many pending commits from their analysis, the most frequent first; None: nothing yet."""
    pending = (entry.obstacle for entry in entries if entry.state is State.PENDING)
    same = (obstacle and obstacle.model_copy(update={"since": None}) for obstacle in pending)
    return Counter(same).most_common()


def _edition(repository: RepositoryDigest, words: Words) -> list[str]:
    revision = repository.revision
    edition = words("digest.status.revision", revision=revision) if revision else words("digest.status.open")
    return [edition, words("digest.status.rebuilt")] if repository.rebuilt else [edition]


def _reading_time(digest: Digest, words: Words) -> list[str]:
    """What takes a minute is read by the time one has asked."""
    minutes = minutes_of(digest)
    return [words("digest.status.minutes", count=minutes)] if minutes > 1 else []


def _progress(counts: Counts, entries: Iterable[Entry], words: Words) -> list[str]:
    parts = [
        words("digest.status.analysed", analysed=counts.analysed, total=counts.total),
        _pending(counts.pending, entries, words),
    ]
    return [*parts, words("digest.status.parked", count=counts.parked)] if counts.parked else parts


def _pending(count: int, entries: Iterable[Entry], words: Words) -> str:
    """How many wait, and the most frequent reason."""
    known = (obstacle for obstacle, _ in reasons_to_wait(entries) if obstacle)
    why = obstacle_text(next(known, None), words)
    if not why:
        return words("digest.status.pending", count=count)
    return words("digest.status.pending-why", count=count, why=why)
