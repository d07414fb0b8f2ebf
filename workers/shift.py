"""What a worker process does: it loads whatever its jobs need, once, and keeps a crew that shares it."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import structlog

from analysis.storage.outage import outage_of_server
from workers import jobs  # noqa: F401 - named in Redis only, and loaded before the forks
from workers.checkout import sweep
from workers.crew import Crew, work
from workers.desk import preload
from workers.workshop import Workshop, furnish

PATIENCE = timedelta(seconds=20)
"""How long a job asks a server again that is away: what a model has answered is paid for."""

log = structlog.get_logger(__name__)


def serve(shop: Workshop) -> None:
    """Analyse what is queued, WORKERS commits side by side, until SIGTERM."""
    furnish(replace(shop, patience=PATIENCE))
    preload(shop.settings)
    sweep()
    url, count = shop.redis_url, shop.settings.workers
    log.info("workers start", workers=count, server=_place(url))
    Crew(count, lambda: work(url), lambda: outage_of_server(url)).run()
    log.info("workers have stopped")


def _place(url: str) -> str:
    """A server's URL without user and password."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
