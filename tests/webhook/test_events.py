import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from deliveries import FOLDER, encode, read_payload
from hypothesis import given
from hypothesis import strategies as st

from analysis.models import NO_SHA
from webhook.events import FORM, JSON, MalformedPayload, parse_ping, parse_push

PUSHES = sorted(path.stem for path in FOLDER.glob("push__*.json"))


@pytest.fixture
def payload() -> Any:
    return read_payload("push__several-commits")


@pytest.mark.parametrize("name", PUSHES)
def test_every_payload_reads_the_same_as_json_and_as_a_form(name: str) -> None:
    payload = read_payload(name)
    event = parse_push(encode(payload), JSON)
    assert event == parse_push(encode(payload, form=True), FORM)
    assert (event.ref, event.before, event.after) == (payload["ref"], payload["before"], payload["after"])


@pytest.mark.parametrize(
    "content_type", [JSON, "application/json; charset=utf-8", "Application/JSON;charset=UTF-8"]
)
def test_a_charset_changes_nothing(payload: Any, content_type: str) -> None:
    body = json.dumps(payload, ensure_ascii=False).encode()
    assert parse_push(body, content_type) == parse_push(encode(payload), JSON)


def test_a_form_keeps_non_ascii_text_whatever_its_charset_says(payload: Any) -> None:
    event = parse_push(encode(payload, form=True), f"{FORM}; charset=utf-8")
    assert event.commits[1].author.name == "作者一"


def test_a_push_keeps_what_the_digest_needs(payload: Any) -> None:
    push = parse_push(encode(payload), JSON).to_push(delivery="guid", repository="Example/Engine")
    assert (push.delivery, push.repository, push.branch) == ("guid", "Example/Engine", "main")
    assert push.pushed_at == datetime(2026, 1, 9, 3, 30, tzinfo=UTC)
    assert not push.forced
    assert [commit.subject for commit in push.commits] == [
        "fix(cache): keep the key when a value is `None` | #12",
        "feat: 流式输出支持中文",
        "Merge pull request #7 from example/topic",
        "docs: a subject that goes on in a second line",
        "",
    ]
    first = push.commits[0]
    assert first.sha == payload["commits"][0]["id"]
    assert first.author == "Ada Lovelace"
    assert first.authored_at == datetime(2026, 1, 9, 11, 1, tzinfo=timezone(timedelta(hours=8)))
    assert first.authored_at.utcoffset() == timedelta(hours=8)
    assert first.parents == ()


def test_no_e_mail_address_is_kept(payload: Any) -> None:
    push = parse_push(encode(payload), JSON).to_push(delivery="guid", repository="example/engine")
    assert "author@example.com" in json.dumps(payload)
    assert "@" not in push.model_dump_json()


@pytest.mark.parametrize(
    ("name", "branch"),
    [
        ("push__slash-branch", "release/1.0/rc"),
        ("push__forced", "main"),
        ("push__deleted-branch", "main"),
        ("push__new-tag", None),
        ("push__deleted-tag", None),
    ],
)
def test_the_branch_keeps_its_slashes_and_a_tag_is_none(name: str, branch: str | None) -> None:
    assert parse_push(encode(read_payload(name)), JSON).branch == branch


@pytest.mark.parametrize(
    ("name", "ends"),
    [("push__deleted-branch", True), ("push__deleted-tag", True), ("push__new-branch", False)],
)
def test_a_deleted_ref_is_seen(name: str, ends: bool) -> None:  # noqa: FBT001 - a parameter of the table
    assert parse_push(encode(read_payload(name)), JSON).ends_the_ref is ends


def test_a_ref_without_a_new_head_is_deleted_even_if_the_flag_is_missing(payload: Any) -> None:
    del payload["deleted"]
    assert not parse_push(encode(payload), JSON).ends_the_ref
    assert parse_push(encode({**payload, "after": NO_SHA}), JSON).ends_the_ref


def test_force_and_creation_survive() -> None:
    assert parse_push(encode(read_payload("push__forced")), JSON).forced
    created = parse_push(encode(read_payload("push__new-branch")), JSON)
    assert created.before == NO_SHA
    assert created.to_push(delivery="guid", repository="example/engine").commits == ()


@pytest.mark.parametrize("pushed_at", [1767929400, "2026-01-09T03:30:00Z", "2026-01-09T11:30:00+08:00"])
def test_the_instant_of_a_push_may_be_a_number_or_a_text(payload: Any, pushed_at: object) -> None:
    payload["repository"]["pushed_at"] = pushed_at
    event = parse_push(encode(payload), JSON)
    assert event.repository.pushed_at == datetime(2026, 1, 9, 3, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "timestamp", ["", "10000-01-01T00:00:00Z", "2026-01-09T11:00:00+99:99", "2026-01-09T11:00:00"]
)
def test_a_commit_with_an_impossible_date_is_left_to_the_walk(payload: Any, timestamp: str) -> None:
    payload["commits"][0]["timestamp"] = timestamp
    event = parse_push(encode(payload), JSON)
    push = event.to_push(delivery="guid", repository="example/engine")
    assert len(event.commits) == 5
    assert [commit.sha for commit in push.commits] == [commit["id"] for commit in payload["commits"][1:]]


def test_fields_we_do_not_know_are_passed_over(payload: Any) -> None:
    extended = {**payload, "new_field": {"x": [1, 2.5, None, "y" * 100_000]}}
    assert parse_push(encode(extended), JSON) == parse_push(encode(payload), JSON)


def spoilt(path: str, value: object) -> bytes:
    payload = read_payload("push__several-commits")
    *parents, last = path.split(".")
    part = payload
    for name in parents:
        part = part[int(name)] if isinstance(part, list) else part[name]
    part[last] = value
    return encode(payload)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("ref", None),
        ("ref", 7),
        ("ref", "refs/heads/a\x00b"),
        ("before", "main"),
        ("after", "0" * 39),
        ("after", "--upload-pack=x"),
        ("deleted", "perhaps"),
        ("commits", {}),
        ("commits", [1]),
        ("commits.0.id", "../../etc"),
        ("commits.0.message", ["x"]),
        ("commits.0.message", "a\x00b"),
        ("commits.0.author", "x"),
        ("commits.0.author.name", "\ud800"),
        ("repository", []),
        ("repository.full_name", "a\x00b/c"),
        ("repository.pushed_at", None),
        ("repository.pushed_at", 10**30),
        ("repository.pushed_at", float("inf")),
        ("repository.pushed_at", float("nan")),
        ("repository.pushed_at", "9999-12-31T23:59:59Z"),
        ("repository.pushed_at", "0001-01-01T00:00:00Z"),
        ("repository.pushed_at", "2026-01-09T03:30:00"),
        ("repository.default_branch", None),
    ],
)
def test_an_absurd_field_is_malformed_and_named_in_one_line(path: str, value: object) -> None:
    with pytest.raises(MalformedPayload) as caught:
        parse_push(spoilt(path, value), JSON)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith((path, "Invalid JSON"))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b"\xff\xfe",
        b"[" * 200_000,
        b'{"x":' * 200_000,
        b'{"x":' + b"9" * 200_000 + b"}",
        b'{"ref":"\\ud800"}',
        '{"ref":"x"}'.encode("utf-16"),
        b'\xef\xbb\xbf{"ref":"x"}',
    ],
)
def test_a_body_that_is_no_payload_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedPayload) as caught:
        parse_push(body, JSON)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    "body",
    [b"", b"x", b"payload=", b"other=1", b"payload=%ff", b"\xff", b"payload=[]", b"a=1&" * 1000 + b"b=2"],
)
def test_a_form_without_a_payload_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedPayload):
        parse_push(body, FORM)


def test_a_form_is_neither_guessed_at_nor_searched_for_long(payload: Any) -> None:
    body = encode(payload, form=True)
    assert parse_push(b"other=1&" * 15 + body, FORM)
    with pytest.raises(MalformedPayload, match="UTF-8"):
        parse_push(body.replace(b"keep", b"%FF", 1), FORM)
    with pytest.raises(MalformedPayload):
        parse_push(b"other=1&" * 16 + body, FORM)


@given(body=st.binary(max_size=200), content_type=st.sampled_from([JSON, FORM]))
def test_no_body_makes_anything_but_a_push_or_a_malformed_payload(body: bytes, content_type: str) -> None:
    with pytest.raises(MalformedPayload):
        parse_push(body, content_type)


def test_a_ping_names_its_repository_or_none() -> None:
    payload = read_payload("ping__repository")
    ping = parse_ping(encode(payload), JSON)
    assert ping.repository
    assert (ping.zen, ping.repository.full_name) == (payload["zen"], payload["repository"]["full_name"])
    del payload["repository"]
    assert parse_ping(encode(payload), JSON).repository is None
