"""Connections to Redis on the terms of a web process: GitHub waits 10 s for an answer, readers less."""

from redis import Redis, exceptions
from redis.backoff import ExponentialWithJitterBackoff
from redis.retry import Retry

from analysis.settings import Settings
from analysis.sources import InvalidSettings
from analysis.storage.store import Store
from workers.embedded import EmbeddedServer
from workers.queue import JobQueue

CONNECT_SECONDS = 1.0
LEDGER_SECONDS, HINT_SECONDS = 5.0, 2.0
"""A server that hangs is given up before GitHub does, and the delivery answered."""
RETRIES = 4
"""For a server that is just starting again: a second or two; one that hangs is not asked again."""


def open_store(settings: Settings) -> Store:
    """The ledger's server; connects when first used.

    Raises:
        InvalidSettings: if REDIS_URL is no URL of Redis.
        ServerUnavailable: if it is unset and there is no place for the embedded server's socket.
    """
    return Store(_connect(settings, text=True, seconds=LEDGER_SECONDS))


def open_queue(settings: Settings) -> JobQueue:
    """The queue, which is only a hint; raises as `open_store`."""
    return JobQueue(_connect(settings, text=False, seconds=HINT_SECONDS))


def _connect(settings: Settings, *, text: bool, seconds: float) -> Redis:
    """To REDIS_URL, or where the embedded server listens: the command line starts it, never this process."""
    given = settings.redis_url
    url = given.get_secret_value() if given else EmbeddedServer(settings.data_dir).url
    backoff = ExponentialWithJitterBackoff(base=0.1, cap=1)
    try:
        return Redis.from_url(
            url,
            decode_responses=text,
            socket_connect_timeout=CONNECT_SECONDS,
            socket_timeout=seconds,
            retry=Retry(backoff, RETRIES, supported_errors=(exceptions.ConnectionError,)),
        )
    except ValueError:
        raise InvalidSettings("REDIS_URL: write it as redis://, rediss:// or unix://") from None
