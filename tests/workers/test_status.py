import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from builders import make_call

from analysis.models import Tokens
from analysis.settings import load_settings
from analysis.storage.spending import LOST
from workers.status import Status, read_status
from workers.workshop import Workshop


@pytest.fixture
def shops(redis_url: str) -> Iterator[Any]:
    opened: list[Workshop] = []

    def shop(**settings: Any) -> Workshop:
        opened.append(Workshop(load_settings(**settings), redis_url))
        return opened[-1]

    yield shop
    for each in opened:
        each.disconnect()


def spend(shop: Workshop) -> Status:
    now = datetime.now(UTC)
    for number, fields in enumerate(
        [
            {},
            {"model": "b/small", "cost_usd": None},
            {"repository": "octo/other"},
            {"repository": "octo/other", "tokens": Tokens(), "cost_usd": None, "outcome": LOST},
        ]
    ):
        shop.accounts.record(make_call(id=str(number), at=now, **fields))
    return read_status(shop, now)


def test_nothing_asked_is_said(shops: Any) -> None:
    status = read_status(shops(), datetime.now(UTC))
    assert (status.tokens, status.cost_usd, status.models, status.repositories) == (Tokens(), 0.0, (), ())
    assert status.budget is None
    assert status.text().splitlines()[-1] == "today     no model was asked"


def test_the_price_is_told_by_model_and_by_repository(shops: Any) -> None:
    status = spend(shops())
    assert status.text().splitlines()[-4:] == [
        "today     a/big: 3 calls, 200 + 40 tokens, $0.5000",
        "today     b/small: 1 calls, 100 + 20 tokens, price unknown",
        "          octo/engine: 2 calls, 200 + 40 tokens, at least $0.2500",
        "          octo/other: 2 calls, 100 + 20 tokens, $0.2500",
    ]


def test_the_json_has_each_model_of_each_repository(shops: Any) -> None:
    data = json.loads(spend(shops()).model_dump_json())
    assert (data["tokens"]["prompt"], data["cost_usd"]) == (300, 0.5)
    assert [model["model"] for model in data["models"]] == ["a/big", "b/small"]
    engine, other = data["repositories"]
    assert (engine["repository"], engine["calls"], engine["cost_usd"]) == ("octo/engine", 2, 0.25)
    assert [(model["model"], model["cost_usd"]) for model in engine["models"]] == [
        ("a/big", 0.25),
        ("b/small", None),
    ]
    assert other["calls"] == 2


def test_a_followed_repository_that_was_renamed_is_told(shops: Any) -> None:
    shop = shops(repositories="octo/engine")
    for old in ("octo/engine", "octo/gone"):
        shop.names.rename(old, "octo/motor")
    status = read_status(shop, datetime.now(UTC))
    assert status.renamed == {"octo/engine": "octo/motor"}
    assert "renamed   octo/engine is now octo/motor: change REPOSITORIES" in status.text().splitlines()


def test_a_model_is_named_as_long_as_it_is_left_alone(shops: Any) -> None:
    shop, now = shops(), datetime.now(UTC)
    until = shop.breakers.trip("a/big", now, detail="HTTP 503")
    line = f"breaker   a/big: HTTP 503, left alone until {until:%H:%M:%S} UTC"
    assert line in read_status(shop, now).text().splitlines()
    assert "breaker" not in read_status(shop, until).text()


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({"llm_daily_budget_usd": 2}, "budget    33% of $2 used today"),
        (
            {"llm_daily_budget_usd": 0.8},
            "budget    83% of $0.8 used today; only what is of high importance is analysed in full",
        ),
        (
            {"llm_daily_budget_usd": 10, "llm_daily_budget_tokens": 480},
            "budget    100% of $10 and 480 tokens used today; what is left waits for tomorrow",
        ),
    ],
)
def test_the_budget_is_told(shops: Any, settings: dict[str, float], line: str) -> None:
    assert spend(shops(**settings)).text().splitlines()[-1] == line
