"""POST /webhooks/github: verify, parse, record, answer; nothing else."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

import structlog
from flask import Blueprint, Request, request
from flask.typing import ResponseReturnValue
from redis.exceptions import RedisError
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from analysis.models import Push
from analysis.repository import MERGE_QUEUE, Repository, is_name
from analysis.settings import WEBHOOK_PATH, Settings
from analysis.storage.ledger import Ledger
from analysis.storage.looks import Looks
from analysis.storage.names import RENAMED
from webhook.events import (
    CONTENT_TYPES,
    TAGS,
    MalformedPayload,
    PushedRepository,
    PushEvent,
    parse_ping,
    parse_push,
)
from webhook.gate import Gate
from webhook.signature import InvalidSignature, verify_signature
from workers.queue import JobQueue

LARGEST = 25 * 1024 * 1024
"""Bytes; GitHub makes no larger delivery."""
IDENTIFIER = re.compile(r"[0-9A-Za-z_-]{1,64}")
"""`X-GitHub-Delivery` is a GUID; it becomes a key of the ledger, so nothing else passes."""
OTHER_BRANCH = "other branch"
"""Why most pushes are ignored; the answer then says which branches count."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Delivery:
    """A request whose signature fits one of our secrets."""

    identifier: str
    event: str
    content_type: str
    body: bytes
    signature: str | None


class Receiver:
    """Takes GitHub's deliveries for the repositories that are followed."""

    def __init__(self, settings: Settings, ledger: Ledger, queue: JobQueue, gate: Gate) -> None:
        self.settings = settings
        self.gate = gate
        self.ledger = ledger
        self.looks, self.names = Looks(ledger.store), ledger.names
        self.queue = queue
        self.secrets = _every_secret(settings)

    def receive(self, delivery: Delivery) -> ResponseReturnValue:
        """The answer to a delivery.

        Raises:
            MalformedPayload: if the body is no payload of its event.
            InvalidSignature: if the secret that signed belongs to another repository.
            RedisError, ServiceUnavailable: if the push could not be recorded.
        """
        if delivery.event == "ping":
            return self._answer_ping(delivery)
        if delivery.event != "push":
            return _ignored(delivery, "event")
        event = parse_push(delivery.body, delivery.content_type)
        self.gate.look()
        name = event.repository.full_name
        repository = self.settings.repository(name) or self._renamed(event.repository)
        if repository is None:
            unknown = f"repository not followed: {name}; if it was renamed, change REPOSITORIES"
            return _ignored(delivery, unknown)
        verify_signature(delivery.body, delivery.signature, self.settings.webhook_secrets(repository))
        note = self._note_name(repository, event.repository)
        if reason := reason_to_ignore(event, repository):
            return _ignored(delivery, reason, **_known(event, repository, reason)) | note
        self._record(event.to_push(delivery=delivery.identifier, repository=repository.name))
        answer = {
            "delivery": delivery.identifier,
            "repository": repository.name,
            "commits": len(event.commits),
        }
        return answer | note, HTTPStatus.ACCEPTED

    def _renamed(self, pushed: PushedRepository) -> Repository | None:
        """The repository that is still followed by the name it had before; an old name may just come late."""
        if pushed.id is None or not is_name(pushed.full_name):
            return None
        known = self.names.followed_as(pushed.id)
        if pushed.full_name.lower() in map(str.lower, known):
            return None
        return next(filter(None, map(self.settings.repository, known)), None)

    def _note_name(self, repository: Repository, pushed: PushedRepository) -> dict[str, str]:
        """Remember what GitHub calls a repository; what its operator is told if that is another name."""
        if pushed.full_name.lower() == repository.name.lower():
            self.names.confirm(repository.name, pushed.id)
            return {}
        if self.names.rename(repository.name, pushed.full_name):
            log.warning(RENAMED, repository=repository.name, name=pushed.full_name)
        return {"renamed": f"{repository.name} is now {pushed.full_name}: change REPOSITORIES"}

    def _answer_ping(self, delivery: Delivery) -> ResponseReturnValue:
        ping = parse_ping(delivery.body, delivery.content_type)
        followed = ping.repository and self.settings.repository(ping.repository.full_name)
        return {"pong": ping.zen, "followed": followed.name if followed else None}

    def _record(self, push: Push) -> None:
        if self.looks.been_there(push):
            push = push.model_copy(update={"commits": ()})
        new = self.ledger.record_push(push)
        log.info(
            "push recorded",
            delivery=push.delivery,
            repository=push.repository,
            branch=push.branch,
            new=len(new),
        )
        try:
            self.queue.enqueue_push(push.repository, new)
        except RedisError:
            log.warning(
                "push recorded but not enqueued: the clock will", delivery=push.delivery, exc_info=True
            )


def reason_to_ignore(event: PushEvent, repository: Repository) -> str | None:
    """Why a push to a followed repository brings nothing for a digest; None if it does."""
    if event.ref.startswith(TAGS):
        return "tag"
    if event.ends_the_ref:
        return "deleted ref"
    if event.branch is None:
        return "no branch"
    if event.branch.startswith(MERGE_QUEUE):
        return "merge queue"
    if not repository.follows(event.branch, event.repository.default_branch):
        return OTHER_BRANCH
    return None


def deliveries_blueprint(receiver: Receiver) -> Blueprint:
    """The route, and what each obstacle is answered with."""
    blueprint = Blueprint("deliveries", __name__)

    @blueprint.post(WEBHOOK_PATH)
    def receive() -> ResponseReturnValue:
        try:
            return receiver.receive(_verified(request, receiver.secrets))
        except (BadRequest, RequestEntityTooLarge, UnsupportedMediaType) as error:
            log.info("delivery refused", reason=error.description, client=request.remote_addr)
            raise

    @blueprint.errorhandler(InvalidSignature)
    def refuse(error: InvalidSignature) -> ResponseReturnValue:
        log.warning("delivery refused", reason=str(error), client=request.remote_addr)
        return {"error": str(error)}, HTTPStatus.UNAUTHORIZED

    @blueprint.errorhandler(MalformedPayload)
    def complain(error: MalformedPayload) -> ResponseReturnValue:
        log.warning("delivery malformed", reason=str(error))
        return {"error": str(error)}, HTTPStatus.BAD_REQUEST

    return blueprint


def _verified(incoming: Request, secrets: Sequence[str]) -> Delivery:
    """The request as a delivery: its size, type and signature are checked before anything is parsed.

    The repository that a payload names is not to be believed yet, so any secret may have signed; that it was
    one of that repository's is checked once the name is known.
    """
    body = _body(incoming)
    if incoming.mimetype not in CONTENT_TYPES:
        raise UnsupportedMediaType(f"Set the webhook's content type to {' or '.join(sorted(CONTENT_TYPES))}.")
    if incoming.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMediaType("A delivery comes uncompressed.")
    signature = incoming.headers.get("X-Hub-Signature-256")
    verify_signature(body, signature, secrets)
    return Delivery(
        identifier=_header(incoming, "X-GitHub-Delivery"),
        event=_header(incoming, "X-GitHub-Event"),
        content_type=incoming.mimetype,
        body=body,
        signature=signature,
    )


def _body(incoming: Request) -> bytes:
    """The whole body; one that is too large is not read, or not to its end."""
    announced = incoming.content_length or 0
    incoming.max_content_length = LARGEST + 1  # a chunked body is cut there without a word
    body = incoming.get_data(cache=False) if announced <= LARGEST else None
    if body is None or len(body) > LARGEST:
        raise RequestEntityTooLarge("A delivery has at most 25 MB.")
    if len(body) < announced:
        raise BadRequest("The body is shorter than its Content-Length.")
    return body


def _header(incoming: Request, name: str) -> str:
    value = incoming.headers.get(name, "")
    if not IDENTIFIER.fullmatch(value):
        raise BadRequest(f"{name} is missing or malformed.")
    return value


def _every_secret(settings: Settings) -> tuple[str, ...]:
    """The global secret, for pings and before anything is followed, and those of all repositories."""
    common = settings.github_webhook_secret
    secrets = [common.get_secret_value()] if common else []
    for repository in settings.followed:
        secrets += settings.webhook_secrets(repository)
    return tuple(dict.fromkeys(secrets))


def _known(event: PushEvent, repository: Repository, reason: str) -> dict[str, str]:
    """What else there is to say of a push that is ignored."""
    known = {"repository": repository.name}
    if reason == OTHER_BRANCH and event.branch:
        followed = repository.branches or (event.repository.default_branch,)
        known |= {"branch": event.branch, "followed": ", ".join(followed)}
    return known


def _ignored(delivery: Delivery, reason: str, **known: str) -> dict[str, str]:
    """The answer: the reason, and what else is known."""
    log.info("delivery ignored", delivery=delivery.identifier, kind=delivery.event, reason=reason, **known)
    return {"ignored": reason, **known}
