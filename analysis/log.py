"""The logs of every process, ours and the libraries': one line each on standard error, secrets masked."""

import logging
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from analysis.redact import redact, redact_values

Level = Literal["debug", "info", "warning", "error"]
Format = Literal["console", "json"]

LIBRARIES = ("gunicorn.error", "gunicorn.access", "rq.worker", "werkzeug", "LiteLLM")
"""Loggers whose libraries give them levels and handlers of their own."""
TALKATIVE = ("openai", "httpx", "httpcore", "asyncio")
"""Loggers that tell whole requests and each byte's way at level debug: prompts do not belong into a log."""

CONTROLS = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)
"""What a terminal would obey, or a reader take for the end of the line; tab and line feed apart."""
TRACEBACK = "Traceback (most recent call last):"


def configure(level: Level, form: Format, *, secrets: Sequence[str] = ()) -> None:
    """Send every log line of this process to standard error; may be called again.

    Tracebacks are written at level debug only; otherwise an exception is its name and the first line of its
    message. gunicorn gives its loggers handlers when it starts: call this again in its `on_starting` hook.

    Args:
        level: the least that is written.
        form: `console` for people, `json` for machines (one object a line).
        secrets: values that never appear in a line; whatever else looks like a secret does not either.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    finish = [_exceptions(level), _masks(secrets), _renderer(form)]
    _take_over(level, shared, finish)


def _take_over(level: Level, shared: list[Processor], finish: list[Processor]) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *finish],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name in LIBRARIES:
        library = logging.getLogger(name)
        library.handlers = []
        library.propagate = True
        library.setLevel(logging.NOTSET)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def _renderer(form: Format) -> Processor:
    if form == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
    )


def _exceptions(level: Level) -> Processor:
    return structlog.processors.format_exc_info if level == "debug" else _in_one_line


def _in_one_line(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    raised = _raised(event.pop("exc_info", None))
    if raised is not None:
        event["error"] = _one_line(f"{type(raised).__name__}: {raised}")
    event["event"] = _one_line(str(event.get("event", "")))
    return event


def _raised(exc_info: object) -> BaseException | None:
    """The exception behind whatever logging accepts as `exc_info`."""
    if isinstance(exc_info, BaseException):
        return exc_info
    if isinstance(exc_info, tuple):
        return exc_info[1] if isinstance(exc_info[1], BaseException) else None
    return sys.exc_info()[1] if exc_info else None


def _one_line(text: str) -> str:
    """A text without line breaks; of a traceback in it (RQ formats its own) only the last line."""
    before, traceback, after = text.partition(TRACEBACK)
    lines = before.splitlines() + (after.strip().splitlines()[-1:] if traceback else [])
    return " ".join(filter(None, (line.strip() for line in lines)))


def _masks(secrets: Sequence[str]) -> Processor:
    def mask(text: str) -> str:
        return CONTROLS.sub(" ", redact(redact_values(text, secrets)))

    def masks(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        return {key: _masked(value, mask) for key, value in event.items()}

    return masks


def _masked(value: object, mask: Callable[[str], str]) -> object:
    """The value with every text in it masked; whatever is no JSON becomes text first, so nothing slips by."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {str(key): _masked(item, mask) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked(item, mask) for item in value]
    return mask(str(value))
