"""GitHub's push and ping payloads: only the fields we use, lenient towards all others. Pure.

Source: https://docs.github.com/en/webhooks/webhook-events-and-payloads
"""

from datetime import UTC, datetime
from typing import Annotated, TypeVar
from urllib.parse import parse_qs

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)

from analysis.models import NO_SHA, Landed, Push, Sha
from analysis.redact import redact
from webhook.subject import subject_of

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
CONTENT_TYPES = frozenset({JSON, FORM})
"""What GitHub's webhooks can be set to send."""

BRANCHES = "refs/heads/"
TAGS = "refs/tags/"

LONGEST_LINE = 1_000
"""Characters of a subject or a name that are kept until the commit is read."""

FORM_FIELDS = 16
"""GitHub sends one field; more than a few is no delivery."""

Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]
"""Neither a ref nor a commit's message can hold a NUL."""

Instant = Annotated[
    AwareDatetime,
    Field(ge=datetime(1900, 1, 1, tzinfo=UTC), lt=datetime(9000, 1, 1, tzinfo=UTC)),
]
"""Epoch seconds or ISO 8601 with an offset; far enough from the ends of `datetime` to be reckoned with."""

_INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)


class MalformedPayload(Exception):
    """A signed body that is no payload of its event; the message is one line that says where."""


class Payload(BaseModel):
    """A part of a payload; fields that are not named here are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Author(Payload):
    """`commits[].author`; its e-mail address is never kept."""

    name: Text = ""


class PushedCommit(Payload):
    """One of `commits[]`."""

    id: Sha
    message: Text
    timestamp: Text
    """ISO 8601 with an offset."""
    author: Author = Author()

    def landed(self) -> Landed | None:
        """What the payload says of the commit; None if its date cannot be kept: the walk records it."""
        try:
            at = _INSTANT.validate_python(self.timestamp)
        except ValidationError:
            return None
        return Landed(
            sha=self.id,
            subject=redact(subject_of(self.message)[:LONGEST_LINE]),
            author=redact(self.author.name[:LONGEST_LINE]),
            authored_at=at,
            committed_at=at,
        )


class PushedRepository(Payload):
    """`repository` of a push."""

    id: int | None = None
    """Stays the same when the repository is renamed or given to another owner."""
    full_name: Text
    default_branch: Text
    pushed_at: Instant
    """Epoch seconds in a push, ISO 8601 in every other event."""
    private: bool = False
    """True for an internal one of an enterprise as well."""


class PushEvent(Payload):
    """The payload of a push."""

    ref: Text
    """In full, e.g. `refs/heads/release/1.0`."""
    before: Sha
    after: Sha
    deleted: bool = False
    forced: bool = False
    repository: PushedRepository
    commits: tuple[PushedCommit, ...] = ()

    @property
    def branch(self) -> str | None:
        """The ref without `refs/heads/`, slashes kept; None if it is no branch."""
        return self.ref.removeprefix(BRANCHES) if self.ref.startswith(BRANCHES) else None

    @property
    def ends_the_ref(self) -> bool:
        """Whether the push deleted its ref."""
        return self.deleted or self.after == NO_SHA

    def to_push(self, *, delivery: str, repository: str) -> Push:
        """The part that is kept.

        Args:
            delivery: `X-GitHub-Delivery`.
            repository: its name as it is spelt in the settings.
        """
        return Push(
            delivery=delivery,
            repository=repository,
            branch=self.ref.removeprefix(BRANCHES),
            before=self.before,
            after=self.after,
            forced=self.forced,
            pushed_at=self.repository.pushed_at,
            private=self.repository.private,
            commits=tuple(filter(None, (commit.landed() for commit in self.commits))),
        )


class Name(Payload):
    """`repository` of a ping."""

    full_name: Text


class PingEvent(Payload):
    """The payload of the ping that GitHub sends for a new webhook."""

    zen: Text = ""
    repository: Name | None = None
    """None for the webhook of an organization."""


Event = TypeVar("Event", PushEvent, PingEvent)


def parse_push(body: bytes, content_type: str) -> PushEvent:
    """Read a push.

    Args:
        body: the request's body, its signature verified.
        content_type: one of `CONTENT_TYPES`; a `charset` may follow, and changes nothing (RFC 8259).

    Raises:
        MalformedPayload: if it is no push as GitHub describes it.
    """
    return _parse(PushEvent, body, content_type)


def parse_ping(body: bytes, content_type: str) -> PingEvent:
    """Read a ping; arguments and errors as for a push."""
    return _parse(PingEvent, body, content_type)


def _parse(event: type[Event], body: bytes, content_type: str) -> Event:
    kind = content_type.partition(";")[0].strip().lower()
    try:
        return event.model_validate_json(_form_payload(body) if kind == FORM else body)
    except ValidationError as error:
        raise MalformedPayload(_one_line(error)) from None


def _form_payload(body: bytes) -> str:
    try:
        fields = parse_qs(body.decode(), strict_parsing=True, errors="strict", max_num_fields=FORM_FIELDS)
        return fields["payload"][0]
    except KeyError:
        raise MalformedPayload("the form has no field named payload") from None
    except ValueError:
        raise MalformedPayload("the body is no form in UTF-8") from None


def _one_line(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    what = " ".join(first["msg"].split())
    return f"{where}: {what}" if where else what
