import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from deliveries import ENGINE, GUID, SECRET, deliver, encode, make_client, read_payload, refusal
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from structlog.testing import capture_logs

from analysis.settings import load_settings
from analysis.storage.agenda import Agenda
from analysis.storage.entry import Source, State
from analysis.storage.ledger import Ledger
from analysis.storage.names import Names
from analysis.storage.schema import Schema
from webhook.deliveries import Receiver, deliveries_blueprint
from webhook.events import FORM
from webhook.gate import Gate
from workers.queue import JobQueue, analysis, walk

DAY = date(2026, 1, 9)
STRANGER = "Codertocat/Hello-World"
RENAMED = "example/motor"


@pytest.fixture
def client(redis_url: str) -> FlaskClient:
    return make_client(redis_url)


@pytest.fixture
def several() -> Any:
    return read_payload("push__several-commits")


# What is taken


def test_a_push_is_recorded_under_the_configured_spelling(
    client: FlaskClient, ledger: Ledger, several: Any
) -> None:
    answer = deliver(client, encode(several))
    assert answer.status_code == 202
    assert answer.json == {"delivery": GUID, "repository": ENGINE, "commits": 5}
    entries = ledger.day(ENGINE, DAY)
    assert {entry.sha for entry in entries} == {commit["id"] for commit in several["commits"]}
    assert {(entry.state, entry.source, entry.branch) for entry in entries} == {
        (State.PENDING, Source.PUSH, "main")
    }


def test_a_push_has_its_repository_walked_and_its_commits_enqueued(
    client: FlaskClient, agenda: Agenda, queue: JobQueue, several: Any, noon: datetime
) -> None:
    deliver(client, encode(several))
    assert agenda.branch(ENGINE, "main").pushed == several["after"]
    assert agenda.walks_due(noon) == (ENGINE,)
    jobs = [walk(ENGINE), *(analysis(ENGINE, commit["id"]) for commit in several["commits"])]
    assert queue.waiting() == {identifier for identifier, _, _ in jobs}


def test_a_form_encoded_push_is_taken_too(client: FlaskClient, ledger: Ledger, several: Any) -> None:
    headers = {"Content-Type": f"{FORM}; charset=utf-8"}
    answer = deliver(client, encode(several, form=True), headers=headers)
    assert answer.status_code == 202
    assert len(ledger.day(ENGINE, DAY)) == 5


def test_a_redelivery_is_answered_alike_and_recorded_once(
    client: FlaskClient, ledger: Ledger, several: Any
) -> None:
    first, second = (deliver(client, encode(several)) for _ in range(2))
    assert (first.status_code, first.json) == (second.status_code, second.json)
    assert second.status_code == 202
    assert ledger.census.overview().pending == 5


def test_our_own_secrets_are_masked_before_the_commit_has_been_read(
    redis_url: str, ledger: Ledger, several: Any
) -> None:
    client = make_client(redis_url, github_token="a-plain-word")
    commit = several["commits"][0]
    commit |= {"message": "use a-plain-word", "author": {"name": f"{SECRET}?"}}
    deliver(client, encode(several | {"commits": [commit]}))
    (entry,) = ledger.day(ENGINE, DAY)
    assert (entry.landed.subject, entry.landed.author) == ("use [masked]", "[masked]?")


def test_the_same_delivery_ten_times_at_once_is_recorded_once(
    client: FlaskClient, ledger: Ledger, several: Any
) -> None:
    app: Flask = client.application
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: deliver(app.test_client(), encode(several)), range(10)))
    assert {answer.status_code for answer in answers} == {202}
    assert len(ledger.day(ENGINE, DAY)) == 5


@pytest.mark.parametrize(
    ("name", "commits"), [("push__forced", 1), ("push__slash-branch", 1), ("push__several-commits", 5)]
)
def test_a_followed_branch_is_taken_however_it_was_pushed(
    client: FlaskClient, name: str, commits: int
) -> None:
    answer = deliver(client, encode(read_payload(name)))
    assert (answer.status_code, answer.get_json()["commits"]) == (202, commits)


def test_a_new_branch_is_taken_without_commits_so_that_it_is_walked(
    redis_url: str, ledger: Ledger, agenda: Agenda, noon: datetime
) -> None:
    client = make_client(redis_url, {"name": ENGINE, "branches": ["topic"]})
    answer = deliver(client, encode(read_payload("push__new-branch")))
    assert (answer.status_code, answer.get_json()["commits"]) == (202, 0)
    assert ledger.repositories() == ()
    assert agenda.walks_due(noon) == (ENGINE,)


def test_the_default_branch_of_the_payload_is_followed_unless_branches_are_named(redis_url: str) -> None:
    client = make_client(redis_url, {"name": ENGINE})
    assert deliver(client, encode(read_payload("push__several-commits"))).status_code == 202
    assert deliver(client, encode(read_payload("push__slash-branch"))).get_json() == {
        "ignored": "other branch",
        "repository": ENGINE,
        "branch": "release/1.0/rc",
        "followed": "main",
    }


def test_two_thousand_commits_are_taken_at_once(client: FlaskClient, ledger: Ledger, several: Any) -> None:
    commit = several["commits"][0]
    several["commits"] = [{**commit, "id": f"{number:040x}"} for number in range(1, 2049)]
    assert deliver(client, encode(several)).get_json()["commits"] == 2048
    assert len(ledger.day(ENGINE, DAY)) == 2048


# What is ignored


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("push__new-tag", "tag"),
        ("push__deleted-branch", "deleted ref"),
        ("push__new-branch", "other branch"),
        ("push__merge-queue", "merge queue"),
        (
            "push__new-repository",
            f"repository not followed: {STRANGER}; if it was renamed, change REPOSITORIES",
        ),
        ("push__deleted-tag", f"repository not followed: {STRANGER}; if it was renamed, change REPOSITORIES"),
    ],
)
def test_what_brings_nothing_for_a_digest_is_ignored_with_the_reason(
    client: FlaskClient, ledger: Ledger, queue: JobQueue, name: str, reason: str
) -> None:
    with capture_logs() as logs:
        answer = deliver(client, encode(read_payload(name)))
    assert (answer.status_code, answer.get_json()["ignored"]) == (200, reason)
    (line,) = logs
    told = {"event": "delivery ignored", "log_level": "info", "delivery": GUID, "kind": "push"}
    assert line == told | {"reason": reason} | {k: v for k, v in answer.get_json().items() if k != "ignored"}
    assert ledger.repositories() == ()
    assert queue.waiting() == frozenset()


def test_the_merge_queue_is_ignored_even_where_every_branch_is_followed(redis_url: str) -> None:
    client = make_client(redis_url, {"name": ENGINE, "branches": ["*"]})
    answer = deliver(client, encode(read_payload("push__merge-queue")))
    assert answer.json == {"ignored": "merge queue", "repository": ENGINE}


def test_a_ref_that_is_no_branch_is_ignored(client: FlaskClient, several: Any) -> None:
    answer = deliver(client, encode({**several, "ref": "refs/notes/commits"}))
    assert answer.json == {"ignored": "no branch", "repository": ENGINE}


def test_a_push_to_another_branch_is_told_which_ones_count(client: FlaskClient) -> None:
    answer = deliver(client, encode(read_payload("push__new-branch"))).get_json()
    assert (answer["branch"], answer["followed"]) == ("topic", "main, release/*")


def test_other_events_are_ignored_unread(client: FlaskClient) -> None:
    with capture_logs() as logs:
        answer = deliver(client, b"not even JSON", event="issues")
    assert (answer.status_code, answer.json) == (200, {"ignored": "event"})
    assert [(line["event"], line["kind"]) for line in logs] == [("delivery ignored", "issues")]


def test_a_ping_says_whether_its_repository_is_followed(redis_url: str) -> None:
    ping = read_payload("ping__repository")
    name = ping["repository"]["full_name"]
    stranger, follower = make_client(redis_url), make_client(redis_url, {"name": name.lower()})
    answer = deliver(stranger, encode(ping), event="ping")
    assert (answer.status_code, answer.json) == (200, {"pong": ping["zen"], "followed": None})
    assert deliver(follower, encode(ping), event="ping").json == {
        "pong": ping["zen"],
        "followed": name.lower(),
    }


# A repository that was renamed


def renamed(payload: Any, **fields: object) -> bytes:
    """The payload of a push after GitHub was told another name."""
    return encode(payload | {"repository": payload["repository"] | {"full_name": RENAMED} | fields})


def test_a_renamed_repository_is_known_by_its_id_and_goes_on_under_the_name_it_is_followed_by(
    client: FlaskClient, ledger: Ledger, several: Any
) -> None:
    deliver(client, encode(several))
    answer = deliver(client, renamed(read_payload("push__forced"), id=several["repository"]["id"]))
    assert answer.status_code == 202
    assert answer.get_json()["repository"] == ENGINE
    assert answer.get_json()["renamed"] == f"{ENGINE} is now {RENAMED}: change REPOSITORIES"
    assert len(ledger.day(ENGINE, DAY)) == 6
    names = Names(ledger.store)
    assert (names.renamed(), names.moved(ENGINE)) == ({ENGINE: RENAMED}, None)
    back = deliver(client, encode(several))
    assert "renamed" not in back.get_json()
    assert names.renamed() == {}


def test_what_is_ignored_of_a_renamed_repository_says_so_too(client: FlaskClient, several: Any) -> None:
    deliver(client, encode(several))
    answer = deliver(client, renamed(read_payload("push__new-tag"), id=several["repository"]["id"]))
    assert (answer.status_code, answer.get_json()["ignored"]) == (200, "tag")
    assert RENAMED in answer.get_json()["renamed"]


@pytest.mark.parametrize("fields", [{"id": 1}, {"id": None}, {"full_name": "no name"}, {"full_name": "../x"}])
def test_an_id_that_is_not_known_or_a_name_that_is_none_is_not_followed(
    client: FlaskClient, ledger: Ledger, several: Any, fields: dict[str, object]
) -> None:
    deliver(client, encode(several))
    answer = deliver(client, renamed(several, **{"id": several["repository"]["id"]} | fields))
    assert answer.get_json()["ignored"].startswith("repository not followed: ")
    assert Names(ledger.store).renamed() == {}


def test_a_new_repository_under_the_old_name_takes_the_name_with_it(
    client: FlaskClient, several: Any
) -> None:
    first = several["repository"]["id"]
    deliver(client, encode(several))
    deliver(client, encode(several | {"repository": several["repository"] | {"id": 7}}))
    assert "ignored" in deliver(client, renamed(several, id=first)).get_json()
    assert "renamed" in deliver(client, renamed(several, id=7)).get_json()


def test_a_secret_of_another_repository_renames_nothing(redis_url: str, ledger: Ledger, several: Any) -> None:
    own = {"name": ENGINE, "webhook_secrets": ["own"]}
    client = make_client(redis_url, own, {"name": "example/other", "webhook_secrets": ["others"]})
    deliver(client, encode(several), secret="own")
    answer = deliver(client, renamed(several, id=several["repository"]["id"]), secret="others")
    assert answer.status_code == 401
    assert Names(ledger.store).renamed() == {}


# When a server is away


def test_while_redis_is_away_github_is_told_to_come_again(tmp_path: Path, several: Any) -> None:
    client = make_client(f"unix://{tmp_path}/none.sock")
    answer = deliver(client, encode(several))
    assert refusal(answer)[0] == 503
    assert int(answer.headers["Retry-After"]) > 0


def test_a_redis_that_hangs_is_asked_once_and_given_up(tmp_path: Path, several: Any) -> None:
    with socket.socket(socket.AF_UNIX) as mute:
        mute.bind(f"{tmp_path}/mute.sock")
        mute.listen()
        client = make_client(f"unix://{tmp_path}/mute.sock?socket_timeout=0.2")
        status, reason = refusal(deliver(client, encode(several)))
        mute.setblocking(False)
        mute.accept()[0].close()
        with pytest.raises(BlockingIOError):
            mute.accept()
    assert (status, "in time" in reason) == (503, True)


@pytest.fixture
def full(redis_url: str) -> Any:
    with Redis.from_url(redis_url) as redis:
        redis.config_set("maxmemory", "1")
        yield
        redis.config_set("maxmemory", "0")


@pytest.mark.usefixtures("full")
def test_a_full_redis_refuses_and_nothing_is_half_recorded(redis_url: str, several: Any) -> None:
    status, reason = refusal(deliver(make_client(redis_url), encode(several)))
    assert (status, "out of memory" in reason) == (503, True)
    with Redis.from_url(redis_url) as redis:
        assert redis.dbsize() == 0


def test_a_push_that_cannot_be_enqueued_is_taken_all_the_same(
    redis_url: str, ledger: Ledger, tmp_path: Path, several: Any
) -> None:
    unreachable = Redis(unix_socket_path=f"{tmp_path}/none.sock", retry=Retry(NoBackoff(), 0))
    settings = load_settings(github_webhook_secret=SECRET, redis_url=redis_url, repositories=ENGINE)
    app = Flask("app")
    app.register_blueprint(
        deliveries_blueprint(Receiver(settings, ledger, JobQueue(unreachable), Gate(Schema(ledger.store))))
    )
    assert deliver(app.test_client(), encode(several)).status_code == 202
    assert len(ledger.day(ENGINE, DAY)) == 5
