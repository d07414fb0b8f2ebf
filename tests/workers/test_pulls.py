"""The text of a commit's pull request: asked for once, conditionally, and never in the way."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import github_server
import pytest
from github_server import FakeAnswer, GitHubServer, pull

from analysis.models import PullRequest
from analysis.repository import Repository
from analysis.settings import load_settings
from analysis.storage import keys
from analysis.storage.pulls import Known, PullRequests
from analysis.storage.store import Store
from workers.github import GitHub
from workers.pulls import LONGEST_BODY, PullRequestReader, reader_for
from workers.workshop import Workshop

SHA = "a" * 40
TOKEN = "ghp_" + "x1" * 18


@pytest.fixture
def github() -> Iterator[GitHubServer]:
    with github_server.serve() as server:
        yield server


@pytest.fixture
def answers(store: Store) -> PullRequests:
    return PullRequests(store)


def reader(github: GitHubServer, answers: PullRequests, *secrets: str) -> PullRequestReader:
    return PullRequestReader(GitHub(github.url, TOKEN), answers, secrets)


def forget_when_asked(answers: PullRequests) -> None:
    """As if the last answer were an hour old."""
    known = answers.known("o/r", SHA)
    assert known is not None
    earlier = known.asked_at - timedelta(hours=1)
    answers.keep("o/r", SHA, known.model_copy(update={"asked_at": earlier}))


def test_the_pull_request_that_was_merged_as_this_commit(github: GitHubServer, answers: PullRequests) -> None:
    labels = [{"name": "bug"}, {"name": "frontend"}]
    github.pulls[SHA] = [
        pull(1, state="open"),
        pull(2, merged_as="b" * 40),
        pull(3, merged_as=SHA, title="Retry", body="Because it **fails**.", labels=labels),
        pull(4),
    ]
    found = reader(github, answers).of("o/r", SHA)
    assert found == PullRequest(
        number=3, title="Retry", body="Because it **fails**.", labels=("bug", "frontend")
    )
    assert github.asked[0].path == f"/repos/o/r/commits/{SHA}/pulls?per_page=10"
    assert github.asked[0].authorization == f"Bearer {TOKEN}"


@pytest.mark.parametrize(
    ("pulls", "number"),
    [
        ([], None),
        ([pull(1)], None),
        ([pull(1, state="open")], 1),
        ([pull(1, state="open"), pull(2, merged_as="b" * 40)], 2),
    ],
)
def test_others_only_where_they_explain_the_commit(
    github: GitHubServer, answers: PullRequests, pulls: list[dict[str, object]], number: int | None
) -> None:
    github.pulls[SHA] = pulls
    found = reader(github, answers).of("o/r", SHA)
    assert (found.number if found else None) == number


def test_an_answer_is_fresh_for_a_while_and_then_asked_for_conditionally(
    github: GitHubServer, answers: PullRequests
) -> None:
    github.pulls[SHA] = [pull(3, merged_as=SHA)]
    first = reader(github, answers).of("o/r", SHA)
    assert reader(github, answers).of("o/r", SHA) == first
    assert len(github.asked) == 1
    forget_when_asked(answers)
    assert reader(github, answers).of("o/r", SHA) == first
    assert [asked.status for asked in github.asked] == [200, 304]
    known = answers.known("o/r", SHA)
    assert known is not None
    assert datetime.now(UTC) - known.asked_at < timedelta(minutes=1)
    forget_when_asked(answers)
    github.pulls[SHA] = [pull(3, merged_as=SHA, title="Renamed")]
    renamed = reader(github, answers).of("o/r", SHA)
    assert renamed is not None
    assert renamed.title == "Renamed"


def test_a_commit_that_github_does_not_know_has_none_and_is_not_asked_for_again(
    github: GitHubServer, answers: PullRequests
) -> None:
    assert reader(github, answers).of("o/r", SHA) is None
    assert reader(github, answers).of("o/r", SHA) is None
    assert [asked.status for asked in github.asked] == [422]
    assert answers.left_alone(datetime.now(UTC)) is None


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (FakeAnswer(429, headers={"Retry-After": "120"}), 120),
        (FakeAnswer(403, headers={"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "{reset}"}), 600),
        (FakeAnswer(403), 900),
        (FakeAnswer(401), 900),
        (FakeAnswer(500), 60),
        (FakeAnswer(503, headers={"Retry-After": "soon"}), 60),
        (FakeAnswer(200, b"<html>"), 60),
        (FakeAnswer(200, b"[" * 200_000), 60),
        (FakeAnswer(200, b"[" + b" " * 4_100_000 + b"]"), 60),
        (FakeAnswer(0, drop=True), 60),
    ],
)
def test_without_an_answer_the_analysis_goes_on_and_github_is_left_alone(
    github: GitHubServer, answers: PullRequests, answer: FakeAnswer, seconds: int
) -> None:
    reset = str(int(time.time()) + 600)
    answer = FakeAnswer(
        answer.status,
        answer.body,
        {name: value.format(reset=reset) for name, value in answer.headers.items()},
        drop=answer.drop,
    )
    github.answer = answer
    assert reader(github, answers).of("o/r", SHA) is None
    until = answers.left_alone(datetime.now(UTC))
    assert until is not None
    assert abs((until - datetime.now(UTC)).total_seconds() - seconds) < 10
    asked = len(github.asked)
    assert reader(github, answers).of("o/r", SHA) is None
    assert len(github.asked) == asked


def test_what_was_known_before_serves_while_github_is_away(
    github: GitHubServer, answers: PullRequests
) -> None:
    github.pulls[SHA] = [pull(3, merged_as=SHA)]
    first = reader(github, answers).of("o/r", SHA)
    forget_when_asked(answers)
    github.answer = FakeAnswer(500)
    assert reader(github, answers).of("o/r", SHA) == first
    assert reader(github, answers).of("o/r", SHA) == first


@pytest.mark.parametrize("body", [b'{"message": "hi"}', b"[1]", b'[{"number": "many"}]', b"null"])
def test_an_answer_of_another_form_counts_as_none(
    github: GitHubServer, answers: PullRequests, body: bytes
) -> None:
    github.answer = FakeAnswer(200, body)
    assert reader(github, answers).of("o/r", SHA) is None


def test_text_is_masked_before_it_is_cut_and_templates_comments_go(
    github: GitHubServer, answers: PullRequests
) -> None:
    body = "<!-- fill in -->\r\nWhy\r\n\r\n\r\nuse ghp_" + "a1" * 18 + " or hunter22\x00\ud800" + "y" * 7000
    github.pulls[SHA] = [pull(3, merged_as=SHA, body=body + "<!-- open", title="hunter22")]
    found = reader(github, answers, "hunter22").of("o/r", SHA)
    assert found is not None
    assert found.body.startswith("Why\n\nuse [masked:github-token] or [masked")
    assert "hunter22" not in found.model_dump_json()
    assert len(found.body) == LONGEST_BODY + 1
    stored = answers.store.text(keys.pull("o/r", SHA)) or ""
    assert "hunter22" not in stored
    assert "fill in" not in stored


def test_a_null_body_and_many_labels(github: GitHubServer, answers: PullRequests) -> None:
    labels = [{"name": f"l{n}"} for n in range(50)]
    github.pulls[SHA] = [pull(3, merged_as=SHA, body=None, labels=labels)]
    found = reader(github, answers).of("o/r", SHA)
    assert found is not None
    assert (found.body, len(found.labels)) == ("", 20)


def test_a_hostile_body_takes_no_time(github: GitHubServer, answers: PullRequests) -> None:
    github.pulls[SHA] = [pull(3, merged_as=SHA, body="<!--" * 16_000 + "\n" * 16_000)]
    started = time.process_time()
    assert reader(github, answers).of("o/r", SHA) is not None
    assert time.process_time() - started < 1


def test_the_token_does_not_travel_over_a_line_that_others_can_read(answers: PullRequests) -> None:
    assert not GitHub("http://github.example", TOKEN).safe
    assert GitHub("https://github.example/api/v3", TOKEN).safe
    assert PullRequestReader(GitHub("http://github.example", TOKEN), answers).of("o/r", SHA) is None
    assert TOKEN not in repr(GitHub("https://github.example", TOKEN))


def test_github_is_asked_with_a_token_and_for_what_it_serves(redis_url: str) -> None:
    plain = Repository(name="o/r")
    elsewhere = Repository(name="o/r", url="https://git.example.org/o/r.git")
    mirror = Repository(name="o/r", url="file:///srv/mirrors/r.git")
    without = Workshop(load_settings(), redis_url)
    assert reader_for(without, plain) is None
    with_token = Workshop(load_settings(github_token=TOKEN, github_api_url="https://api.example"), redis_url)
    found = reader_for(with_token, plain)
    assert found is not None
    assert (found.github.url, found.github.token) == ("https://api.example", TOKEN)
    assert reader_for(with_token, mirror) is not None
    assert reader_for(with_token, elsewhere) is None
    assert reader_for(with_token, Repository(name="local/checkout", url="file:///srv/checkout")) is None


def test_answers_expire(answers: PullRequests) -> None:
    answers.keep("o/r", SHA, Known(asked_at=datetime.now(UTC)))
    now = datetime.now(UTC)
    answers.leave_alone(now + timedelta(seconds=50), now)
    assert 29 < int(str(answers.store.redis.ttl(keys.pull("o/r", SHA)))) / 86_400 <= 30
    assert 40 < int(str(answers.store.redis.ttl(keys.PULLS_LEFT_ALONE))) <= 50


def test_the_answer_is_json_that_our_models_read_back(github: GitHubServer, answers: PullRequests) -> None:
    github.pulls[SHA] = [pull(3, merged_as=SHA)]
    reader(github, answers).of("o/r", SHA)
    stored = json.loads(answers.store.text(keys.pull("o/r", SHA)) or "")
    assert stored["pull_request"]["number"] == 3
    assert stored["etag"]
