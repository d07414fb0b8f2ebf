"""gunicorn's configuration: `gunicorn --config python:webhook.server "webhook.app:create_app()"`.

Threads keep serving readers while one of them waits for a Redis that is away.
"""

import gc
import os

from analysis import log
from analysis.settings import load_settings
from analysis.storage.schema import Schema
from webhook.connection import open_store
from webhook.gate import refuse_to_start
from workers.embedded import STARTED_BY, EmbeddedServer

settings = load_settings()

bind = f"[{settings.host}]:{settings.port}" if ":" in settings.host else f"{settings.host}:{settings.port}"
workers = 2
worker_class = "webhook.connections.Worker"
threads = 8
timeout = 30
graceful_timeout = 10
forwarded_allow_ips = ""  # TRUSTED_PROXIES says whom to believe, and `create_app` heeds it
forwarder_headers = ""
control_socket_disable = True  # it would lie in the home folder, shared by every gunicorn of the user
proc_name = "pushdigest-web"

UNCOLLECTED = 20_000
"""Objects that may be made before Python looks for cycles: a page makes many times that, and no cycles."""


def on_exit(_server: object) -> None:
    """A server that `pushdigest web` started for itself ends with it."""
    if os.environ.get(STARTED_BY) == str(os.getpid()):
        EmbeddedServer(settings.data_dir).release(ours=True)


def on_starting(_server: object) -> None:
    """Gunicorn has given its loggers handlers by now; ours take over."""
    log.configure(settings.log_level, settings.log_format, secrets=settings.secret_values())
    gc.set_threshold(UNCOLLECTED)  # for the processes that are forked as well
    refuse_to_start(Schema(open_store(settings)))
