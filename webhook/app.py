"""The web process: settings -> ledger, queue, blueprints, error handlers.

Neither git nor litellm is ever loaded here, so the process stays small.
"""

import sys
from datetime import datetime
from urllib.parse import urlsplit

from flask import Flask, request

from analysis import log
from analysis.settings import Settings, load_settings
from analysis.sources import InvalidSettings
from analysis.storage.accounts import Accounts
from analysis.storage.breaker import Breakers
from analysis.storage.ledger import Ledger
from analysis.storage.losses import Losses
from analysis.storage.schema import Schema
from report.access import as_read_by, harden
from report.library import Library
from report.pages import pages_blueprint
from webhook.connection import open_queue, open_store
from webhook.deliveries import LARGEST, Receiver, deliveries_blueprint
from webhook.errors import install_error_handlers
from webhook.gate import Gate
from webhook.health import health_blueprint
from webhook.metrics import Reading, metrics_blueprint
from webhook.proxies import behind, mounted
from workers.embedded import ServerUnavailable

CANNOT_START = 4
"""gunicorn's own exit status for an application that does not load: it stops instead of trying for ever."""


def create_app(settings: Settings | None = None) -> Flask:
    """The application.

    Args:
        settings: None for a process of its own, as gunicorn makes one: then they are read from where they
            are, the logs are set up, and settings that cannot be used end the process with one line.

    Raises:
        InvalidSettings: if REDIS_URL is no URL of Redis, or a private repository would be open to everybody.
        ServerUnavailable: if it is unset and there is no place for the embedded server's socket.
    """
    if settings is None:
        return _of_this_process()
    settings.check_readers()
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST
    app.url_map.merge_slashes = False  # or `//` would lead to an address made of whatever Host was sent
    store, queue = open_store(settings), open_queue(settings)
    ledger = Ledger(store, settings.calendar, settings.secret_values())
    breakers, accounts = Breakers(store), Accounts(store, settings.calendar)
    library = Library.of(settings, ledger)

    def read(now: datetime) -> Reading:
        gate.look()
        hidden = as_read_by(request, library).hidden()
        calls = accounts.calls(settings.calendar.day_of(now))
        shown = tuple(call for call in calls if call.repository.lower() not in hidden)
        return Reading(now, ledger.census.overview(), shown, queue.workers(), breakers.holding(now))

    schema = Schema(store)
    gate = Gate(schema)
    gate.install(app)
    app.register_blueprint(deliveries_blueprint(Receiver(settings, ledger, queue, gate)))
    app.register_blueprint(health_blueprint(schema, Losses(ledger)))
    app.register_blueprint(metrics_blueprint(read, library.report_token))
    app.register_blueprint(pages_blueprint(library))
    install_error_handlers(app, library)
    app.after_request(harden)
    application = mounted(app.wsgi_app, urlsplit(settings.public_url).path)
    app.wsgi_app = behind(application, settings.trusted_proxies)  # type: ignore[method-assign, assignment]  # as Flask's docs do
    return app


def _of_this_process() -> Flask:
    try:
        settings = load_settings()
        log.configure(settings.log_level, settings.log_format, secrets=settings.secret_values())
        return create_app(settings)
    except (InvalidSettings, ServerUnavailable) as error:
        sys.stderr.write(f"pushdigest: {error}\n")
        raise SystemExit(CANNOT_START) from None
