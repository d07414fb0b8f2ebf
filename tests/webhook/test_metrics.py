from datetime import UTC, datetime, timedelta
from pathlib import Path

from deliveries import SECRET, deliver, encode, read_payload
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from analysis.breaker import Breakers
from analysis.ledger import Ledger
from analysis.models import Call, Tokens
from analysis.settings import load_settings
from webhook.app import create_app


def make_client(redis_url: str) -> FlaskClient:
    settings = load_settings(redis_url=redis_url, github_webhook_secret=SECRET, repositories="example/engine")
    return create_app(settings).test_client()


def scrape(client: FlaskClient) -> dict[tuple[str, ...], float]:
    """(name, label values in the order of their labels) -> value, as Prometheus would read the answer."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain; version=")
    families = text_string_to_metric_families(answer.text)
    samples = (sample for family in families for sample in family.samples)
    return {
        (sample.name.removeprefix("pushdigest_"), *dict(sorted(sample.labels.items())).values()): sample.value
        for sample in samples
    }


def test_an_empty_ledger_is_all_zeros(redis_url: str) -> None:
    assert scrape(make_client(redis_url)) == {
        ("redis_up",): 1,
        ("commits", "pending"): 0,
        ("commits", "analysed"): 0,
        ("commits", "parked"): 0,
        ("oldest_pending_seconds",): 0,
        ("workers",): 0,
    }


def test_pending_commits_and_the_age_of_the_oldest_are_told(redis_url: str) -> None:
    client = make_client(redis_url)
    payload = read_payload("push__several-commits")
    payload["repository"]["pushed_at"] = int((datetime.now(UTC) - timedelta(hours=1)).timestamp())
    deliver(client, encode(payload))
    found = scrape(client)
    assert found["commits", "pending"] == 5
    assert 3600 <= found["oldest_pending_seconds",] < 3900


def test_todays_calls_are_summed_by_model(redis_url: str, ledger: Ledger) -> None:
    now = datetime.now(UTC)
    for number, (model, outcome, cost) in enumerate(
        [("a/big", "ok", 0.25), ("a/big", "ok", 0.5), ("a/big", "model-reply", None), ("b/small", "ok", None)]
    ):
        ledger.record_call(
            Call(
                id=str(number),
                repository="example/engine",
                sha="0" * 40,
                model=model,
                at=now,
                tokens=Tokens(prompt=100, cached=40, completion=10),
                cost_usd=cost,
                outcome=outcome,
            )
        )
    found = scrape(make_client(redis_url))
    assert found["calls_today", "a/big", "ok"] == 2
    assert found["calls_today", "a/big", "model-reply"] == 1
    assert found["tokens_today", "prompt", "a/big"] == 300
    assert found["tokens_today", "cached", "a/big"] == 120
    assert found["tokens_today", "completion", "b/small"] == 10
    assert found["cost_usd_today", "a/big"] == 0.75
    assert found["cost_usd_today", "b/small"] == 0


def test_a_model_that_is_left_alone_is_named(redis_url: str, breakers: Breakers) -> None:
    client = make_client(redis_url)
    breakers.trip('odd/"name"\n', datetime.now(UTC), detail="HTTP 402")
    assert scrape(client)["breaker_open", 'odd/"name"\n'] == 1
    breakers.reset('odd/"name"\n')
    assert not [key for key in scrape(client) if key[0] == "breaker_open"]


def test_while_redis_is_away_the_scrape_succeeds_and_says_so(tmp_path: Path) -> None:
    assert scrape(make_client(f"unix://{tmp_path}/none.sock")) == {("redis_up",): 0}
