"""GET /metrics: the ledger in numbers, for Prometheus.

All is read from Redis when it is asked for, so any web process of any machine gives the same answer.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from redis.exceptions import RedisError

from analysis.calendar import utc_now
from analysis.models import Call
from analysis.storage.breaker import OpenBreaker
from analysis.storage.census import Overview
from analysis.storage.spending import Spending
from report.access import require_token

WHOSE = ("repository", "model")
"""The labels of what was asked of models."""


@dataclass(frozen=True)
class Reading:
    """What is measured at one instant."""

    at: datetime
    overview: Overview
    calls: tuple[Call, ...]
    """Today's requests to models."""
    workers: int
    """Alive, on all machines."""
    breakers: tuple[OpenBreaker, ...]


class LedgerCollector(Collector):
    """Takes a reading for every scrape."""

    def __init__(self, read: Callable[[datetime], Reading]) -> None:
        """Take a function that reads all numbers at an instant and may raise RedisError."""
        self.read = read

    def collect(self) -> Iterator[Metric]:
        """The metrics; while Redis is away only that it is."""
        try:
            reading = self.read(utc_now())
        except RedisError:
            yield _gauge("redis_up", "Whether Redis answers.", 0)
            return
        yield _gauge("redis_up", "Whether Redis answers.", 1)
        yield from _commits(reading)
        yield from _calls(reading.calls)
        yield _gauge("workers", "Workers alive on all machines.", reading.workers)
        models = [((breaker.model,), 1) for breaker in reading.breakers]
        yield _labelled("breaker_open", "Models that are being left alone.", ("model",), models)


def metrics_blueprint(read: Callable[[datetime], Reading], token: str | None = None) -> Blueprint:
    """The route; repositories have names, so reading it takes the token when there is one."""
    blueprint = Blueprint("metrics", __name__)
    registry = CollectorRegistry()
    registry.register(LedgerCollector(read))

    @blueprint.before_request
    def check_token() -> None:
        require_token(request, token)

    @blueprint.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    return blueprint


def _commits(reading: Reading) -> Iterator[Metric]:
    overview = reading.overview
    states = [
        (("pending",), overview.pending),
        (("analysed",), overview.analysed),
        (("parked",), overview.parked),
    ]
    yield _labelled("commits", "Recorded commits by state.", ("state",), states)
    oldest = overview.oldest_pending
    age = max(0.0, (reading.at - oldest).total_seconds()) if oldest else 0
    yield _gauge("oldest_pending_seconds", "Time since the oldest pending commit landed.", age)


def _calls(calls: Sequence[Call]) -> Iterator[Metric]:
    outcomes = Counter((call.repository, call.model, call.outcome) for call in calls)
    lines = [((line.repository, line.model), line.spent) for line in Spending.of(calls).lines]
    tokens = [((*names, kind), count) for names, spent in lines for kind, count in spent.tokens]
    costs = [(names, spent.cost_usd) for names, spent in lines]
    unpriced = [(names, spent.unpriced) for names, spent in lines]
    yield _labelled("calls_today", "Requests to models today.", (*WHOSE, "outcome"), sorted(outcomes.items()))
    yield _labelled("tokens_today", "Tokens of today's requests.", (*WHOSE, "kind"), tokens)
    yield _labelled("cost_usd_today", "Known cost of today's requests.", WHOSE, costs)
    yield _labelled("unpriced_calls_today", "Today's requests whose cost is not known.", WHOSE, unpriced)


def _gauge(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(f"pushdigest_{name}", what, value=value)


def _labelled(
    name: str, what: str, labels: tuple[str, ...], values: Iterable[tuple[tuple[str, ...], float]]
) -> Metric:
    family = GaugeMetricFamily(f"pushdigest_{name}", what, labels=labels)
    for label_values, value in values:
        family.add_metric(label_values, value)
    return family
