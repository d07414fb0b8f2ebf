"""What is pushed: a history for each repository, cut into pushes, as GitHub would deliver them."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random

from pushes import payload
from repositories import AUTHOR, Origin

REPOSITORIES = ("example/ash", "example/birch", "example/cedar")
SUBJECTS = (
    "fix: answer in time",
    "feat: a faster queue",
    "docs: say what is answered",
    "refactor: one queue for all",
    "fix: close the socket",
    "chore: tidy",
)
LONGEST_PUSH = 6
CUT = 0.25
"""The share of deliveries that do not list all of their commits, so that only the walk finds these."""
LINES = 20


@dataclass(frozen=True)
class Commit:
    """One commit, with a number of its own among those of all repositories."""

    number: int
    sha: str


@dataclass(frozen=True)
class Push:
    """One push, and the body that GitHub delivers for it."""

    repository: str
    commits: tuple[Commit, ...]
    body: bytes
    delivery: str

    @property
    def after(self) -> str:
        return self.commits[-1].sha


@dataclass(frozen=True)
class History:
    """All repositories, which stand at the commit before the first push, and all pushes in their order."""

    origins: dict[str, Origin]
    pushes: tuple[Push, ...]

    @property
    def commits(self) -> dict[str, dict[str, int]]:
        """Repository -> sha -> number."""
        found: dict[str, dict[str, int]] = {name: {} for name in self.origins}
        for push in self.pushes:
            found[push.repository] |= {commit.sha: commit.number for commit in push.commits}
        return found


def make_history(folder: Path, count: int, random: Random, midnight: datetime) -> History:
    """That many commits in all; half of the pushes were made before midnight, the rest after it."""
    origins = {name: Origin(folder / f"{name.replace('/', '-')}.git", name) for name in REPOSITORIES}
    for origin in origins.values():
        origin.configure(uploadpack_allowFilter="true", uploadpack_allowAnySHA1InWant="true")
    landed = _written(origins, count, random)
    parts = [part for name in REPOSITORIES for part in _parts(name, landed[name][1:], random)]
    order = _interleaved(parts, random)
    pushes = []
    for position, (name, commits) in enumerate(order):
        pushed_at = midnight + timedelta(seconds=30 * (position - len(order) // 2))
        pushes.append(_push(origins[name], commits, random, pushed_at))
    for name, origin in origins.items():
        origin.point("main", landed[name][0].sha)
    return History(origins, tuple(pushes))


def _written(origins: dict[str, Origin], count: int, random: Random) -> dict[str, list[Commit]]:
    """The commits of each repository, oldest first, the one before all pushes included."""
    names = list(REPOSITORIES) + [random.choice(REPOSITORIES) for _ in range(count - len(REPOSITORIES))]
    found = {}
    for name, origin in origins.items():
        numbers = [number for number, owner in enumerate(names) if owner == name]
        stream = b"".join(_record(number, random) for number in (None, *numbers))
        origin.git("fast-import", "--quiet", "--date-format=raw", stdin=stream)
        shas = origin.git("rev-list", "--reverse", "refs/heads/main").split()
        found[name] = [Commit(number, sha) for number, sha in zip((-1, *numbers), shas, strict=True)]
    return found


def _record(number: int | None, random: Random) -> bytes:
    subject = "Begin" if number is None else random.choice(SUBJECTS)
    path = "README.md" if number is None else f"engine/part_{number:04}.py"
    text = "".join(f"answer_{random.randrange(10**9)} = {random.randrange(10**6)}\n" for _ in range(LINES))
    who = f"{AUTHOR} {1_767_916_800 + 60 * (number or 0)} +0800"
    head = f"commit refs/heads/main\nauthor {who}\ncommitter {who}\n"
    return head.encode() + _sized(subject) + f"M 100644 inline {path}\n".encode() + _sized(text)


def _sized(text: str) -> bytes:
    return f"data {len(text.encode())}\n{text}\n".encode()


def _parts(name: str, commits: Sequence[Commit], random: Random) -> Iterator[tuple[str, tuple[Commit, ...]]]:
    rest = iter(commits)
    while part := tuple(islice(rest, random.randint(1, LONGEST_PUSH))):
        yield name, part


def _interleaved(
    parts: Sequence[tuple[str, tuple[Commit, ...]]], random: Random
) -> list[tuple[str, tuple[Commit, ...]]]:
    """In random order, but those of one repository as they follow each other."""
    waiting = {name: [part for part in parts if part[0] == name] for name in REPOSITORIES}
    order = [name for name, _ in parts]
    random.shuffle(order)
    return [waiting[name].pop(0) for name in order]


def _push(origin: Origin, commits: tuple[Commit, ...], random: Random, pushed_at: datetime) -> Push:
    before = origin.git("rev-parse", f"{commits[0].sha}^")
    origin.point("main", commits[-1].sha)
    event = payload(origin.name, origin, before)
    event["repository"]["pushed_at"] = int(pushed_at.timestamp())
    if random.random() < CUT:
        event["commits"] = event["commits"][len(commits) // 2 + 1 :]
    delivery = f"{random.getrandbits(128):032x}"
    return Push(origin.name, commits, json.dumps(event).encode(), delivery)
