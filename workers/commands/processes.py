"""`run`, and the three processes that it runs."""

import os
import sys
import threading
from datetime import date

import click

from workers import launch
from workers.clock import run_clock, until_asked_to_stop
from workers.commands.arguments import DAY, read_settings
from workers.embedded import STARTED_BY, EmbeddedServer
from workers.gitstream import require_git
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
    settings.check_readers()
    require_git()
    launch.run(settings, launch.Shown.of(settings, show, url, since) if show else None)


@click.command()
def web() -> None:
    """Serve the webhook and the digests."""
    settings = read_settings()
    settings.check_readers()
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
    from workers import shift  # noqa: PLC0415 - loads whatever its jobs need

    settings = read_settings()
    require_git()
    with open_workshop(settings, stopped=threading.Event()) as shop:
        shift.serve(shop)


@click.command()
def clock() -> None:
    """Enqueue what is due: commits, walks, closings."""
    stopped = until_asked_to_stop()
    with open_workshop(read_settings(), stopped=stopped) as shop:
        run_clock(shop, stopped)
