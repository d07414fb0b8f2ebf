"""Which lines commits changed in the files of the last weeks, kept as long as it takes to notice an undoing.

A commit takes 8 bytes here for each line of code that it added or removed and about 150 for each file: 1 kB
in the mean of four histories. They stay for 31 days, in a file that changes all the time for up to 61. All
methods may raise `redis.exceptions.RedisError`.
"""

from collections.abc import Mapping
from datetime import datetime

from analysis.models import Commit, Sha
from analysis.storage import keys
from analysis.storage.link import Link, instant_of
from analysis.storage.store import Store, in_ms
from analysis.story.lineage import WINDOW, Trace, traces_of, undoings

A_DAY = 86_400
KEPT = WINDOW + A_DAY
"""Seconds after the last commit of a month that changed a file."""
AT_MOST = 300
"""Commits of one month in one file that are kept: more are made by a program."""


class Footprints:
    """The traces of commits in files, in Redis."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def enter(self, commit: Commit) -> tuple[Link, ...]:
        """Keep the traces of a commit, and find whose lines it removed and who removed its own.

        Its own are written before others are looked for, in one step: of two commits that are entered at
        once, the second finds the first.
        """
        traces = traces_of(commit)
        if not traces:
            return ()
        month = instant_of(commit) // WINDOW
        with self.store.redis.pipeline(transaction=True) as pipe:
            for path, trace in traces.items():
                months = [keys.lines(commit.repository, path, each) for each in (month, month - 1, month + 1)]
                self.store.run("trace", months, [commit.sha, trace.text(), KEPT, AT_MOST], client=pipe)
            found = pipe.execute()
        files = {path: _traces(stored) for path, stored in zip(traces, found, strict=True)}
        return tuple(undoings(commit.sha, files))

    def restore(self, key: str, traces: Mapping[Sha, str], *, until: datetime, now: datetime) -> None:
        """Take the traces in one file over from an export, where they were kept until an instant."""
        left = in_ms(until - now)
        if left <= 0:
            return
        known = self.store.redis.pttl(key)
        with self.store.redis.pipeline(transaction=True) as pipe:
            for sha, text in traces.items():
                pipe.hsetnx(key, sha, text)
            pipe.pexpire(key, max(left, known))
            pipe.execute()


def _traces(months: list[list[str]]) -> list[Trace]:
    return [
        Trace.parse(sha, text) for month in months for sha, text in zip(month[::2], month[1::2], strict=True)
    ]
