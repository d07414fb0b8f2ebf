from datetime import UTC, datetime, timedelta
from pathlib import Path

from builders import make_call
from deliveries import SECRET, deliver, encode, read_payload
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from analysis.settings import load_settings
from analysis.storage.accounts import Accounts
from analysis.storage.breaker import Breakers
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


def test_todays_calls_are_summed_by_repository_and_model(redis_url: str, accounts: Accounts) -> None:
    rows = [
        ("octo/engine", "a/big", "ok", 0.25),
        ("octo/engine", "a/big", "ok", 0.5),
        ("octo/engine", "a/big", "model-reply", None),
        ("octo/engine", "b/small", "ok", None),
        ("octo/other", "a/big", "ok", 1.0),
    ]
    for number, (repository, model, outcome, cost) in enumerate(rows):
        accounts.record(
            make_call(
                id=str(number),
                repository=repository,
                model=model,
                at=datetime.now(UTC),
                cost_usd=cost,
                outcome=outcome,
            )
        )
    found = scrape(make_client(redis_url))
    engine, other = ("a/big", "octo/engine"), ("a/big", "octo/other")
    assert found["calls_today", "a/big", "ok", "octo/engine"] == 2
    assert found["calls_today", "a/big", "model-reply", "octo/engine"] == 1
    assert found["tokens_today", "prompt", *engine] == 300
    assert found["tokens_today", "cached", *engine] == 120
    assert found["tokens_today", "completion", "b/small", "octo/engine"] == 20
    assert found["tokens_today", "prompt", *other] == 100
    assert (found["cost_usd_today", *engine], found["cost_usd_today", *other]) == (0.75, 1.0)
    assert (found["unpriced_calls_today", *engine], found["unpriced_calls_today", *other]) == (1, 0)


def test_a_model_that_is_left_alone_is_named(redis_url: str, breakers: Breakers) -> None:
    client = make_client(redis_url)
    breakers.trip('odd/"name"\n', datetime.now(UTC), detail="HTTP 402")
    breakers.trip("well by now", datetime.now(UTC) - timedelta(hours=1), detail="HTTP 503")
    assert scrape(client)["breaker_open", 'odd/"name"\n'] == 1
    assert ("breaker_open", "well by now") not in scrape(client)
    breakers.reset('odd/"name"\n')
    assert not [key for key in scrape(client) if key[0] == "breaker_open"]


def test_while_redis_is_away_the_scrape_succeeds_and_says_so(tmp_path: Path) -> None:
    assert scrape(make_client(f"unix://{tmp_path}/none.sock")) == {("redis_up",): 0}
