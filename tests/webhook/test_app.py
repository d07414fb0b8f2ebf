import json
import subprocess
import sys
from pathlib import Path

import pytest
from deliveries import SECRET, deliver, encode, read_payload
from flask import Flask
from redis import Redis

from analysis.settings import Settings, load_settings
from analysis.sources import InvalidSettings
from webhook.app import create_app
from workers.embedded import EmbeddedServer

PROJECT = Path(__file__).parents[2]
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.fixture
def settings(redis_url: str) -> Settings:
    return load_settings(redis_url=redis_url, report_language="en", base_url="https://example.org/digest/")


@pytest.fixture
def app(settings: Settings) -> Flask:
    return create_app(settings)


def run_fresh(code: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run code in an interpreter of its own, with no other settings than these."""
    return subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(PROJECT), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_neither_git_nor_litellm_is_loaded(redis_url: str) -> None:
    code = (
        "import sys; from webhook.app import create_app; create_app();"
        "print(sorted({'git', 'litellm', 'tiktoken'} & sys.modules.keys()))"
    )
    done = run_fresh(code, REDIS_URL=redis_url)
    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")


@pytest.mark.parametrize(
    ("environment", "named"),
    [({"PORT": "many"}, "PORT: "), ({"REDIS_URL": "http://example.org"}, "REDIS_URL: ")],
)
def test_settings_that_cannot_be_used_end_the_process_with_one_line(
    environment: dict[str, str], named: str
) -> None:
    done = run_fresh("from webhook.app import create_app; create_app()", **environment)
    assert done.returncode == 4  # where gunicorn stops instead of starting workers for ever
    assert done.stderr.startswith(f"pushdigest: {named}")
    assert len(done.stderr.splitlines()) == 1


def test_a_redis_url_of_another_kind_is_refused(redis_url: str) -> None:
    with pytest.raises(InvalidSettings, match="REDIS_URL"):
        create_app(load_settings(redis_url=redis_url.replace("unix", "valkey+unix")))


def test_without_a_redis_url_the_embedded_server_of_the_data_folder_is_used(tmp_path: Path) -> None:
    client = create_app(load_settings(data_dir=tmp_path)).test_client()
    server = EmbeddedServer(tmp_path)
    assert client.get("/readyz").status_code == 503
    server.start()
    try:
        assert client.get("/readyz").status_code == 200
    finally:
        server.stop()


def test_an_unknown_address_is_one_line_of_json_for_a_program(app: Flask) -> None:
    answer = app.test_client().get("/nowhere/<script>")
    assert (answer.status_code, answer.content_type) == (404, "application/json")
    assert list(json.loads(answer.text)) == ["error"]
    assert len(answer.text.splitlines()) == 1


def test_an_unknown_address_is_a_page_that_leads_on_for_a_person(app: Flask) -> None:
    answer = app.test_client().get("/nowhere/<script>", headers=BROWSER)
    assert (answer.status_code, answer.content_type) == (404, "text/html; charset=utf-8")
    assert "There is no such page." in answer.text
    assert 'href="/digest/"' in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.text.count("<script") == 1
    assert "nowhere" not in answer.text


def test_the_page_speaks_the_reports_language(redis_url: str) -> None:
    app = create_app(load_settings(redis_url=redis_url))
    answer = app.test_client().get("/nowhere", headers=BROWSER)
    assert 'lang="zh-CN"' in answer.text
    assert "没有这个页面" in answer.text


# What is read


def test_a_push_is_on_its_days_page_at_once(redis_url: str) -> None:
    settings = load_settings(redis_url=redis_url, github_webhook_secret=SECRET, repositories="example/engine")
    client = create_app(settings).test_client()
    payload = read_payload("push__several-commits")
    deliver(client, encode(payload))
    answer = client.get("/reports/example/engine/2026-01-09", headers=BROWSER)
    assert answer.status_code == 200
    assert "流式输出支持中文" in answer.text
    assert f"https://github.com/example/engine/commit/{payload['after']}" in answer.text


READ = "/reports/example/engine/2026-01-09"


def test_a_commit_that_github_does_not_have_is_linked_to_our_own_page(redis_url: str) -> None:
    elsewhere = {"name": "example/engine", "url": "https://git.example.org/engine.git"}
    settings = load_settings(redis_url=redis_url, github_webhook_secret=SECRET, repository_tables=[elsewhere])
    client = create_app(settings).test_client()
    payload = read_payload("push__several-commits")
    deliver(client, encode(payload))
    text = client.get(READ, headers=BROWSER).text
    assert f"/commits/example/engine/{payload['after']}" in text
    assert "github.com" not in text


# What goes wrong


def break_(app: Flask, error: Exception) -> None:
    def fail() -> str:
        raise error

    app.add_url_rule("/broken", view_func=fail)


def test_an_error_we_did_not_foresee_shows_no_traceback_and_no_secret(app: Flask) -> None:
    break_(app, RuntimeError("the password is hunter2"))
    for headers in ({}, BROWSER):
        answer = app.test_client().get("/broken", headers=headers)
        assert answer.status_code == 500
        assert "hunter2" not in answer.text
        assert "Traceback" not in answer.text


def test_redis_away_while_reading_is_503_with_a_time_to_come_again(tmp_path: Path) -> None:
    app = create_app(load_settings(redis_url=f"unix://{tmp_path}/none.sock"))
    app.add_url_rule("/read", view_func=lambda: str(Redis.from_url(f"unix://{tmp_path}/x").ping()))
    for headers in ({}, BROWSER):
        answer = app.test_client().get("/read", headers=headers)
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert str(tmp_path) not in answer.text


def test_the_allowed_methods_are_kept_in_the_answer(app: Flask) -> None:
    answer = app.test_client().delete("/healthz")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
