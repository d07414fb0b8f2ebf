"""Every key in Redis: one function or constant each, and nobody else knows one.

A commit is named by its member `owner/name sha`. One primary is assumed: steps touch several keys at once,
which Redis Cluster does not allow.
"""

from datetime import date
from hashlib import blake2b

PREFIX = "pushdigest:"
COMMIT = f"{PREFIX}commit:"
PARTS = f"{PREFIX}part:"
BRANCHES = f"{PREFIX}branch:"
CALLS = f"{PREFIX}calls:"
LINES = f"{PREFIX}lines:"
PULLS = f"{PREFIX}pull:"
DELIVERIES = f"{PREFIX}delivery:"
AWAITED = f"{PREFIX}awaiting:"
"""What some keys begin with, for those who look for all of a kind."""

SCHEMA = f"{PREFIX}schema"
"""String: the form in which all of this is kept, as a number."""

TURN = f"{PREFIX}turn:"

RELATION = "relation:"
"""What fields of a commit's hash begin with that hold a relation."""

PENDING = f"{PREFIX}pending"
"""Sorted set of all pending commits, by the instant they landed (ms)."""
READY = f"{PREFIX}ready"
"""Sorted set of pending commits that are due, by rank: what is to be analysed first has the lowest."""
WAITING = f"{PREFIX}waiting"
"""Sorted set of pending commits that are not due yet or leased, by the instant they become due (ms)."""
PARKED = f"{PREFIX}parked"
"""Sorted set of parked commits, by the instant they were parked (ms)."""
REPOSITORIES = f"{PREFIX}repositories"
"""Set of the names of all repositories that have entries."""
LEDGER = f"{PREFIX}ledger"
"""Hash: the id of this ledger, and the instant it began (ms)."""
LOST = f"{PREFIX}lost"
"""Hash: repository -> its oldest day in an earlier ledger that was lost, and when this one began (ms)."""
REBUILT = f"{PREFIX}rebuilt"
"""Set of the repositories of which a backfill has given lost days again."""
IDS = f"{PREFIX}ids"
"""Hash: repository, as it is followed -> GitHub's id of it, which no renaming changes."""
RENAMED = f"{PREFIX}renamed"
"""Hash: repository, as it is or was followed -> what a delivery or GitHub calls it now."""
MOVED = f"{PREFIX}moved"
"""Hash: repository, as it is or was followed -> what GitHub itself calls it now: where git may be sent."""
URLS = f"{PREFIX}urls"
"""Hash: repository -> the URL that an operator gave on the command line."""
VISIBILITY = f"{PREFIX}visibility"
"""Hash: repository -> the instant (ms) of its newest push, and whether it was `private` or `public`."""
WALKS = f"{PREFIX}walks"
"""Sorted set of repositories by the instant their history is to be walked next (ms)."""
ENQUIRIES = f"{PREFIX}enquiries"
"""Sorted set of repositories by the instant GitHub is next asked for their failed deliveries (ms)."""
LOOKED = f"{PREFIX}looked"
"""Hash: repository -> the instant its history was last looked at as a whole (ms)."""
CLOSINGS = f"{PREFIX}closings"
"""Sorted set of `owner/name date` by the instant that day is to be closed (ms)."""
RETENTION = f"{PREFIX}retention"
"""Sorted set of repositories by the instant their old days are to be dropped (ms)."""
TICKED = f"{PREFIX}ticked"
"""String that a clock sets at each tick; expires when none ticks any more."""
BREAKERS = f"{PREFIX}breakers"
"""Set of the models whose breaker is not closed."""

PULLS_LEFT_ALONE = f"{PREFIX}pulls-left-alone"
"""String: the instant (ms) before which GitHub is not asked for pull requests; expires then."""


BY_NAME = (URLS, VISIBILITY, LOOKED, LOST, IDS, RENAMED, MOVED)
"""Hashes whose fields are names of repositories."""


def member(repository: str, sha: str) -> str:
    """The name of a commit in sorted sets."""
    return f"{repository} {sha}"


def commit(repository: str, sha: str) -> str:
    """Hash: one entry."""
    return f"{COMMIT}{member(repository, sha)}"


OWN = frozenset(
    {
        "branch",
        "branches",
        "calls",
        "commit",
        "commits",
        "day",
        "days",
        "digest",
        "gone",
        "lines",
        "names",
        "part",
    }
    | {"planned", "pull", "taken", "unfinished"}
)
"""Kinds of keys that are one repository's, by what follows the prefix."""


def is_of(key: str, repository: str) -> bool:
    """Whether a key is that repository's own."""
    kind, _, rest = key.removeprefix(PREFIX).partition(":")
    return kind in OWN and (rest == repository or rest.startswith((f"{repository}:", f"{repository} ")))


def relation(sha: str) -> str:
    """Field of a commit's hash: strength, when the other landed (ms), and the relation as JSON."""
    return f"{RELATION}{sha}"


def names(repository: str) -> str:
    """Sorted set, all scores 0: `NAME = SECONDS SHA` of who has it, `NAME ? SECONDS SHA ...` of who asks."""
    return f"{PREFIX}names:{repository}"


def lines(repository: str, path: str, month: int) -> str:
    """Hash: sha -> what a commit of some 30 days did to a file, as fingerprints of its lines; expires."""
    file = blake2b(path.encode(errors="surrogatepass"), digest_size=8).hexdigest()
    return footprint(repository, file, month)


def footprint(repository: str, file: str, month: int) -> str:
    """The same, of a file by the digest of its path."""
    return f"{LINES}{repository}:{file}:{month}"


def footprint_named(key: str) -> tuple[str, str, int]:
    """The repository, the digest of the path and the month of such a key."""
    repository, file, month = key.removeprefix(LINES).split(":")
    return repository, file, int(month)


def commits(repository: str) -> str:
    """Sorted set, all scores 0: every sha of the repository, in lexical order."""
    return f"{PREFIX}commits:{repository}"


def gone(repository: str) -> str:
    """Set: the shas whose entries were dropped because their days are not kept that long."""
    return f"{PREFIX}gone:{repository}"


def day(repository: str, on: date) -> str:
    """Set: the shas that landed on that day."""
    return f"{PREFIX}day:{repository}:{on}"


def unfinished(repository: str, on: date) -> str:
    """Set: the shas of that day that are still pending."""
    return f"{PREFIX}unfinished:{repository}:{on}"


def closing(repository: str, on: date) -> str:
    """The name of a day in sorted sets."""
    return f"{repository} {on}"


def taken(agenda: str, member: str) -> str:
    """String: the token of whoever took that from an agenda last; expires."""
    return f"{PREFIX}taken:{member}:{agenda.removeprefix(PREFIX)}"


def days(repository: str) -> str:
    """Sorted set, all scores 0: the days (ISO dates) that have entries or were closed."""
    return f"{PREFIX}days:{repository}"


def digest(repository: str, on: date) -> str:
    """Hash: revision, closed_at, content, highlights (JSON), version (changes so far), rebuilt of a day."""
    return f"{PREFIX}digest:{repository}:{on}"


def delivery(identifier: str) -> str:
    """String: what was kept of one push delivery, as JSON; expires."""
    return f"{DELIVERIES}{identifier}"


def branch(repository: str, name: str) -> str:
    """Hash: the cursor of one branch, its first one, where to start without one, and the newest push."""
    return f"{BRANCHES}{repository}:{name}"


def branch_named(key: str) -> tuple[str, str]:
    """The repository, whose name holds no colon, and the branch of such a key."""
    repository, _, name = key.removeprefix(BRANCHES).partition(":")
    return repository, name


def branches(repository: str) -> str:
    """Set: the names of all branches that the repository had at the last look."""
    return f"{PREFIX}branches:{repository}"


def calls(on: date) -> str:
    """Hash: call id -> one request to a model, as JSON, for one day."""
    return f"{CALLS}{on}"


def breaker(model: str) -> str:
    """Hash: failures in a row and the instant until which a model is left alone (ms)."""
    return f"{PREFIX}breaker:{model}"


def digest_calls(repository: str, on: date) -> str:
    """Hash: call id -> one request to a model, as JSON, for the digest of one day, whenever it was made."""
    return f"{CALLS}{repository}:{on}"


def running(model: str) -> str:
    """Sorted set: the calls to a model that are under way, by the instant at which their lease ends (ms)."""
    return f"{PREFIX}running:{model}"


def asked(model: str) -> str:
    """Sorted set: the requests to a model in the last minute, by the instant they were made (ms); expires."""
    return f"{PREFIX}asked:{model}"


def turns(model: str) -> str:
    """Sorted set: the calls that wait for their turn at a model, by rank; expires."""
    return f"{PREFIX}turns:{model}"


def asking(model: str) -> str:
    """Sorted set: the same calls, by the instant at which they last asked (ms); expires."""
    return f"{PREFIX}asking:{model}"


def turn(token: str) -> str:
    """List: an item as soon as it may be the turn of a call that waits; expires."""
    return f"{TURN}{token}"


def rung(model: str, address: str) -> str:
    """String: the way in which a model at an address was asked for JSON and answered; expires."""
    return f"{PREFIX}rung:{model}:{address}"


def waitlist(what: str) -> str:
    """Sorted set: the pending commits that wait for a model, or for the budget, by rank; expires."""
    return f"{AWAITED}{what}"


def lock(name: str) -> str:
    """String: held by whoever may do one thing at a time, with an expiry."""
    return f"{PREFIX}lock:{name}"


def planned(repository: str) -> str:
    """String: the newest day (ISO date) whose closing was planned."""
    return f"{PREFIX}planned:{repository}"


def pull(repository: str, sha: str) -> str:
    """String: what GitHub said of a commit's pull request, as JSON; expires."""
    return f"{PULLS}{member(repository, sha)}"


def part(repository: str, digest: str) -> str:
    """String: what a model said of one part of a commit, as JSON; expires."""
    return f"{PARTS}{repository}:{digest}"
