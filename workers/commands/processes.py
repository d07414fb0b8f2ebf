"""`run`, and the three processes that it runs."""

import os
import signal
import sys
import threading
from datetime import date

import click

from workers import launch
from workers.checkout import sweep
from workers.clock import run_clock
from workers.commands.arguments import DAY, read_settings
from workers.crew import Crew, work
from workers.embedded import STARTED_BY, EmbeddedServer
from workers.workshop import open_workshop


@click.command()
@click.option(
    "--show", metavar="OWNER/NAME", help="Post a push of its newest commits first; . is this checkout."
)
@click.option("--url", help="Where to fetch it from, if not from GITHUB_URL.")
@click.option("--since", type=DAY, help="Also analyse the days since then.")
def run(show: str | None, url: str | None, since: date | None) -> None:
    """Run everything on this machine until Ctrl-C."""
    settings = read_settings()
    launch.run(settings, launch.Shown.of(settings, show, url, since) if show else None)


@click.command()
def web() -> None:
    """Serve the webhook and the digests."""
    settings = read_settings()
    if settings.redis_url is None:
        embedded = EmbeddedServer(settings.data_dir)
        embedded.start()
        os.environ["REDIS_URL"] = embedded.url
        if embedded.started is not None:
            os.environ[STARTED_BY] = str(os.getpid())
    arguments = ["-m", "gunicorn", "--config", "python:webhook.server", "webhook.app:create_app()"]
    os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606 - gunicorn takes this process over


@click.command()
def worker() -> None:
    """Analyse what is queued, WORKERS commits side by side."""
    from workers import jobs  # noqa: F401, PLC0415 - loaded once, before the forks
    from workers.desk import preload  # noqa: PLC0415 - loads litellm

    settings = read_settings()
    with open_workshop(settings, stopped=threading.Event()) as shop:
        os.environ["REDIS_URL"] = shop.redis_url
        preload(settings)
        sweep()
        Crew(settings.workers, lambda: work(shop.redis_url)).run()


@click.command()
def clock() -> None:
    """Enqueue what is due: commits, walks, closings."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    with open_workshop(read_settings(), stopped=stopped) as shop:
        run_clock(shop, stopped)
