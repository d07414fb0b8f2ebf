"""The web process before a ledger that a newer version has written."""

from pathlib import Path

import pytest
from deliveries import ENGINE, SECRET, deliver, encode, read_payload
from flask.testing import FlaskClient
from redis import Redis

from analysis.settings import load_settings
from analysis.storage import keys
from analysis.storage.schema import SCHEMA, Schema
from analysis.storage.store import Store
from webhook.app import create_app
from webhook.gate import refuse_to_start
from workers.embedded import EmbeddedServer

NEWER = f"this ledger was written by a newer pushdigest (schema {SCHEMA + 1}); upgrade"
PATHS = ("/", "/readyz", "/metrics", "/feed.atom", "/reports/2026-01-09.json")


def answers(client: FlaskClient) -> dict[str, int]:
    return {path: client.get(path).status_code for path in (*PATHS, "/healthz")}


def test_a_ledger_of_a_newer_version_is_neither_read_nor_written(redis_url: str) -> None:
    with Redis.from_url(redis_url, decode_responses=True) as redis:
        redis.set(keys.SCHEMA, SCHEMA + 1)
        settings = load_settings(redis_url=redis_url, github_webhook_secret=SECRET, repositories=ENGINE)
        client = create_app(settings).test_client()
        assert answers(client) == {**dict.fromkeys(PATHS, 503), "/healthz": 200}
        assert client.get("/").json == {"error": NEWER}
        assert client.get("/readyz").json == {"status": "unready", "reason": NEWER}
        assert client.post("/webhooks/github", json={}).status_code == 401
        assert deliver(client, encode(read_payload("push__several-commits"))).status_code == 503
        assert set(redis.keys("*")) <= {keys.SCHEMA, keys.lock("probe")}


def test_the_ledger_is_looked_at_once_it_is_there(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path)
    client = create_app(load_settings(data_dir=tmp_path)).test_client()
    assert client.get("/").status_code == 503
    server.start()
    try:
        assert client.get("/").status_code == 200
        with Redis.from_url(server.url, decode_responses=True) as redis:
            assert redis.get(keys.SCHEMA) == str(SCHEMA)
    finally:
        server.stop()


def test_a_process_does_not_start_on_a_newer_ledger(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    refuse_to_start(Schema(store))
    store.redis.set(keys.SCHEMA, SCHEMA + 1)
    with pytest.raises(SystemExit) as ended:
        refuse_to_start(Schema(store))
    assert (ended.value.code, capsys.readouterr().err) == (1, f"pushdigest: {NEWER}\n")
