"""Days to be closed, and a loopback model's words on them."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from builders import NOON, REPOSITORY, make_analysis, make_facts, make_sha
from landings import claimed, record
from loopback_model import Answers, LoopbackModel, completion, highlights_of

from analysis.models import Importance
from analysis.settings import load_settings
from analysis.storage import keys
from analysis.storage.highlights import Highlights
from analysis.storage.store import from_ms
from report.digest import RepositoryDigest
from workers.workshop import Workshop

DAY = date(2026, 1, 9)
CLOSES = datetime(2026, 1, 9, 16, 10, tzinfo=UTC)
HIGH, MEDIUM, LOW = Importance


def opened(redis_url: str, model: LoopbackModel, **settings: Any) -> Iterator[Workshop]:
    defaults: dict[str, Any] = {
        "repositories": REPOSITORY,
        "llm_model": "openai/example",
        "llm_api_base": model.url,
        "llm_input_price": 1,
        "llm_output_price": 2,
    }
    shop = Workshop(load_settings(**defaults | settings), redis_url)
    yield shop
    shop.disconnect()


def fill(shop: Workshop, *tiers: Importance, pending: int = 0) -> list[str]:
    """Analysed commits of these tiers, and some that wait."""
    seeds = [f"{tier}-{number}" for number, tier in enumerate(tiers)]
    record(shop.ledger, *seeds, *(f"pending-{number}" for number in range(pending)))
    for seed, tier in zip(seeds, tiers, strict=True):
        lease = claimed(shop.leases, seed)
        rules = make_analysis(source="rules", importance=tier)
        shop.leases.record_read(lease, make_facts(seed=seed, subject=f"fix: {seed}"), rules)
        shop.leases.record_analysis(lease, make_analysis(importance=tier), NOON)
    return [make_sha(seed) for seed in seeds]


def read(shop: Workshop) -> RepositoryDigest:
    (repository,) = shop.library.digest(DAY, [REPOSITORY]).repositories
    return repository


def told(shop: Workshop) -> Highlights | None:
    return shop.ledger.day_record(REPOSITORY, DAY).highlights


def planned(shop: Workshop) -> datetime | None:
    """When the day is closed again."""
    score = shop.store.redis.zscore(keys.CLOSINGS, keys.closing(REPOSITORY, DAY))
    return from_ms(float(score)) if score is not None else None


def replying(**fields: Any) -> Answers:
    """The good highlights with some fields replaced."""
    return lambda request: completion(json.dumps(highlights_of(request) | fields, ensure_ascii=False))


def item(*shas: str, **texts: str) -> dict[str, Any]:
    return {"headline": "后果", "who": "", "action": "", "risk": "", "shas": list(shas)} | texts
