"""The web process: settings -> ledger, queue, blueprints, error handlers.

Neither git nor litellm is ever loaded here, so the process stays small.
"""

import sys
from datetime import datetime
from urllib.parse import urlsplit

from flask import Flask, Response
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from analysis import log
from analysis.repository import is_loopback
from analysis.settings import Settings, load_settings
from analysis.sources import InvalidSettings
from analysis.storage.accounts import Accounts
from analysis.storage.breaker import Breakers
from analysis.storage.ledger import Ledger
from analysis.storage.schema import Schema
from report.library import Library
from report.pages import pages_blueprint
from webhook.connection import open_queue, open_store
from webhook.deliveries import LARGEST, Receiver, deliveries_blueprint
from webhook.errors import install_error_handlers
from webhook.gate import Gate
from webhook.health import health_blueprint
from webhook.metrics import Reading, metrics_blueprint
from workers.embedded import ServerUnavailable

CANNOT_START = 4
"""gunicorn's own exit status for an application that does not load: it stops instead of trying for ever."""


def create_app(settings: Settings | None = None) -> Flask:
    """The application.

    Args:
        settings: None for a process of its own, as gunicorn makes one: then they are read from where they
            are, the logs are set up, and settings that cannot be used end the process with one line.

    Raises:
        InvalidSettings: if REDIS_URL is no URL of Redis.
        ServerUnavailable: if it is unset and there is no place for the embedded server's socket.
    """
    if settings is None:
        return _of_this_process()
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST
    store, queue = open_store(settings), open_queue(settings)
    ledger = Ledger(store, settings.calendar)
    breakers, accounts = Breakers(store), Accounts(store, settings.calendar)

    def read(now: datetime) -> Reading:
        gate.look()
        calls = accounts.calls(settings.calendar.day_of(now))
        return Reading(now, ledger.overview(), calls, queue.workers(), breakers.open())

    schema = Schema(store)
    gate = Gate(schema)
    gate.install(app)
    app.register_blueprint(deliveries_blueprint(Receiver(settings, ledger, queue)))
    app.register_blueprint(health_blueprint(schema))
    app.register_blueprint(metrics_blueprint(read))
    library = _library(settings, ledger)
    app.register_blueprint(pages_blueprint(library))
    install_error_handlers(app, library)
    app.after_request(_no_sniffing)
    _mount(app, urlsplit(settings.public_url).path)
    return app


def _mount(app: Flask, path: str) -> None:
    """Answer below the path of BASE_URL too: some proxies take it off the request, some leave it on."""
    if path:
        app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {path: app.wsgi_app})  # type: ignore[method-assign]  # as Flask's docs do


def _library(settings: Settings, ledger: Ledger) -> Library:
    followed = settings.followed
    return Library(
        ledger=ledger,
        calendar=settings.calendar,
        language=settings.report_language,
        public_url=settings.public_url,
        report_token=settings.report_token.get_secret_value() if settings.report_token else None,
        private=frozenset()
        if _only_here(settings)
        else frozenset(each.name for each in followed if each.private),
        keep_days=settings.keep_days,
        github_url=settings.github_url,
        clone_urls={each.name: settings.clone_url(each) for each in followed},
    )


def _only_here(settings: Settings) -> bool:
    """Whether nobody beyond this machine can read: a public address means a proxy in front of loopback."""
    return is_loopback(settings.host) and is_loopback(urlsplit(settings.public_url).hostname or "")


def _of_this_process() -> Flask:
    try:
        settings = load_settings()
        log.configure(settings.log_level, settings.log_format, secrets=settings.secret_values())
        return create_app(settings)
    except (InvalidSettings, ServerUnavailable) as error:
        sys.stderr.write(f"pushdigest: {error}\n")
        raise SystemExit(CANNOT_START) from None


def _no_sniffing(response: Response) -> Response:
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    return response
