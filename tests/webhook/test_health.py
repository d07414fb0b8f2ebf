from pathlib import Path

from analysis.settings import load_settings
from webhook.app import create_app


def test_ready_while_redis_takes_writes(redis_url: str) -> None:
    client = create_app(load_settings(redis_url=redis_url)).test_client()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()["status"]) == (200, "ready")


def test_unready_but_healthy_while_redis_is_away(tmp_path: Path) -> None:
    client = create_app(load_settings(redis_url=f"unix://{tmp_path}/none.sock")).test_client()
    unready = client.get("/readyz")
    assert (unready.status_code, unready.get_json()["status"]) == (503, "unready")
    assert "cannot be reached" in unready.get_json()["reason"]
    assert str(tmp_path) not in unready.text
    healthy = client.get("/healthz")
    assert (healthy.status_code, healthy.json) == (200, {"status": "ok"})
