"""One attempt at one commit: read it, let the rules speak, ask the model, and settle the lease.

Whatever gets in the way is an obstacle: the commit stays pending and says why, until an instant that the
ledger keeps. It is parked only when every model refuses it, or its sha has been unreachable for three days.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from analysis.dialogue.analyzer import Analyzer
from analysis.dialogue.prompt import Context
from analysis.importance.triage import triage
from analysis.model.completion import ContentRefused, ModelFailure, ModelUnavailable
from analysis.models import Analysis, Call, Commit, Verdict
from analysis.repository import Repository
from analysis.rules import analyse_by_rules
from analysis.storage.entry import Obstacle
from analysis.storage.leases import Lease
from analysis.storage.spending import LOST
from analysis.storage.waitlist import BUDGET
from workers.context import context_of, known_of, pull_request_of
from workers.desk import analyzer_for, read_masked
from workers.guard import (
    BudgetUsedUp,
    LeftAlone,
    NoTurn,
    awaited,
    raise_if_all_left_alone,
    raise_if_used_up,
)
from workers.remote import CommitUnreachable, RemoteUnavailable
from workers.workshop import NotFollowed, Workshop

UNREACHABLE = timedelta(days=3)
"""How long a sha may be unreachable before its commit is parked."""


class LeaseLost(Exception):
    """Another has taken the commit over."""


log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Attempt:
    """The attempt that a lease is good for."""

    workshop: Workshop
    lease: Lease
    announced: list[Call] = field(default_factory=list)
    """Requests to models of which the ledger knows, whatever becomes of this process."""

    def run(self) -> None:
        """Do it; afterwards the lease is settled, unless another holds it by now."""
        entry = self.lease.entry
        try:
            repository = self.workshop.readable(entry.repository)
            self._wait_for_model(repository)
            commit = read_masked(self.workshop, repository, entry.sha)
        except (RemoteUnavailable, NotFollowed) as error:
            self._defer(Obstacle(code="git-unavailable", detail=str(error)))
        except CommitUnreachable as error:
            self._unreachable(Obstacle(code="sha-unreachable", detail=str(error)))
        except (LeftAlone, BudgetUsedUp) as failure:
            self._failed(failure)
        else:
            self._analyse(commit, repository)

    def _wait_for_model(self, repository: Repository) -> None:
        """Do not read a commit again as long as there is no model to show it to.

        Raises:
            BudgetUsedUp: no model may be asked today.
            LeftAlone: every model is being left alone.
        """
        analyzer = analyzer_for(self.workshop, repository, rank=self.lease.entry.rank)
        if analyzer is not None and self.lease.entry.facts is not None:
            now = self.workshop.now()
            raise_if_used_up(self.workshop.purse, analyzer.models[0].name, now)
            raise_if_all_left_alone(analyzer.models, self.workshop.breakers, now)

    def _analyse(self, commit: Commit, repository: Repository) -> None:
        shop, settings = self.workshop, self.workshop.settings
        shop.relations.record(commit, self.lease.entry)
        verdict = triage(commit, settings.triage, known_of(shop, commit))
        rules = self._rules(commit, verdict)
        pull_request = pull_request_of(shop, repository, commit.sha)
        shop.leases.record_read(self.lease, commit.facts(), rules, pull_request)
        analyzer = analyzer_for(shop, repository, rank=self.lease.entry.rank)
        if analyzer is None:
            self._settle(None)
        else:
            self._ask(analyzer, commit, verdict, context_of(shop, commit, verdict, pull_request))

    def _rules(self, commit: Commit, verdict: Verdict) -> Analysis:
        """What the rules say; as long as that is the same, it was said when they said it first."""
        language = self.workshop.settings.report_language
        found = analyse_by_rules(commit, verdict, language=language, now=self.workshop.now())
        before = self.lease.entry.rules
        same = before and found == before.model_copy(update={"analysed_at": found.analysed_at})
        return before if before and same else found

    def _ask(self, analyzer: Analyzer, commit: Commit, verdict: Verdict, context: Context) -> None:
        try:
            outcome = analyzer.analyse(commit, verdict, context, before_call=self._announce)
        except ModelFailure as failure:
            self._record(failure.calls)
            self._failed(failure)
        except LeaseLost:
            entry = self.lease.entry
            log.warning("another has taken the commit over", repository=entry.repository, sha=entry.sha)
        else:
            self._record(outcome.calls)
            self._settle(outcome.analysis)

    def _settle(self, analysis: Analysis | None) -> None:
        entry = self.lease.entry
        counted = self.workshop.leases.record_analysis(self.lease, analysis, self.workshop.now())
        model = analysis.model if analysis else "rules"
        log.info("commit analysed", repository=entry.repository, sha=entry.sha, by=model, counted=counted)

    def _announce(self, call: Call) -> None:
        """Hold the lease until the call must have ended, and have the call counted even if it never does."""
        now, pauses = self.workshop.now(), self.workshop.pauses
        raise_if_used_up(self.workshop.purse, call.model, now)
        timeout = timedelta(seconds=self.workshop.settings.llm_timeout)
        if not self.workshop.leases.extend(self.lease, now + pauses.last_turn + timeout + pauses.recording):
            raise LeaseLost
        self.workshop.accounts.record(call.model_copy(update={"outcome": LOST}))
        self.announced.append(call)

    def _record(self, calls: Iterable[Call]) -> None:
        """Keep what came of the calls; one that a breaker held back was none."""
        made = {call.id: call for call in calls}
        for call in made.values():
            self.workshop.accounts.record(call)
        for call in self.announced:
            if call.id not in made:
                self.workshop.accounts.forget(call)

    def _failed(self, failure: ModelFailure) -> None:
        if isinstance(failure, ContentRefused):
            self._park(failure.obstacle)
        elif isinstance(failure, NoTurn):
            self._come_back(failure)
        elif isinstance(failure, ModelUnavailable):
            self._wait(failure)
        else:
            self._defer(failure.obstacle)

    def _unreachable(self, obstacle: Obstacle) -> None:
        since = self._since(obstacle)
        if self.workshop.now() - since >= UNREACHABLE:
            self._park(obstacle)
        else:
            self._defer(obstacle)

    def _defer(self, obstacle: Obstacle, *, until: datetime | None = None) -> None:
        now, entry = self.workshop.now(), self.lease.entry
        wait = self.workshop.pauses.after_failure.pause(entry.attempts + 1, random.random())  # noqa: S311 - a jitter
        known = obstacle.model_copy(update={"since": self._since(obstacle)})
        self.workshop.leases.defer(self.lease, known, now, until=until or now + wait)
        log.warning("commit waits", repository=entry.repository, sha=entry.sha, reason=obstacle.detail)

    def _wait(self, failure: ModelUnavailable) -> None:
        """Come back when model or budget may be there again: one to ask, the others once that is known."""
        shop, what = self.workshop, awaited(failure)
        first = shop.waitlist.join(what, self.lease.entry) == 0
        one_call = timedelta(seconds=shop.settings.llm_timeout) + shop.pauses.room
        self._come_back(failure, later=timedelta() if first else one_call)
        if what != BUDGET and not shop.breakers.detail(what):  # it has answered another meanwhile
            shop.waitlist.release(what)

    def _come_back(self, failure: ModelUnavailable, *, later: timedelta = timedelta()) -> None:
        """As soon as the failure lets us; without a request, this was no attempt."""
        until = self.workshop.now() + timedelta(seconds=failure.retry_after or 0.0) + later
        if failure.calls:
            self._defer(failure.obstacle, until=until)
            return
        known = failure.obstacle.model_copy(update={"since": self._since(failure.obstacle)})
        before = self.lease.entry.obstacle if isinstance(failure, NoTurn) else None
        self.workshop.leases.postpone(self.lease, before or known, until=until)

    def _park(self, obstacle: Obstacle) -> None:
        entry = self.lease.entry
        known = obstacle.model_copy(update={"since": self._since(obstacle)})
        self.workshop.leases.park(self.lease, known, self.workshop.now())
        log.warning("commit parked", repository=entry.repository, sha=entry.sha, reason=obstacle.detail)

    def _since(self, obstacle: Obstacle) -> datetime:
        """Since when the commit has met this obstacle and no other."""
        before = self.lease.entry.obstacle
        same = before is not None and before.code == obstacle.code and before.since is not None
        return before.since if before and same and before.since else self.workshop.now()
