"""What a worker process does: it loads whatever its jobs need, once, and keeps a crew that shares it."""

from dataclasses import replace
from datetime import timedelta

from analysis.storage.outage import outage_of_server
from workers import jobs  # noqa: F401 - named in Redis only, and loaded before the forks
from workers.checkout import sweep
from workers.crew import Crew, work
from workers.desk import preload
from workers.workshop import Workshop, furnish

PATIENCE = timedelta(seconds=20)
"""How long a job asks a server again that is away: what a model has answered is paid for."""


def serve(shop: Workshop) -> None:
    """Analyse what is queued, WORKERS commits side by side, until SIGTERM."""
    furnish(replace(shop, patience=PATIENCE))
    preload(shop.settings)
    sweep()
    url = shop.redis_url
    Crew(shop.settings.workers, lambda: work(url), lambda: outage_of_server(url)).run()
