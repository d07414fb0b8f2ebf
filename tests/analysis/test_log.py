import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).parents[2]
SECRET = 'hunter2 "quoted" 密'
TOKEN = "ghp_" + "a1B2c3D4e5" * 4

PREAMBLE = f"""
import logging, sys, structlog
from analysis.log import configure
SECRET, TOKEN = {SECRET!r}, {TOKEN!r}
level, form = sys.argv[1:]
configure(level, form, secrets=[SECRET])
log = structlog.get_logger("ours")
theirs = logging.getLogger("rq.worker")
def fail():
    raise ValueError("the first line holds " + SECRET + "\\nthe second line")
"""


def logged(code: str, level: str = "info", form: str = "json") -> str:
    """What a process of its own writes to standard error; nothing may reach standard output."""
    done = subprocess.run(
        [sys.executable, "-c", PREAMBLE + code, level, form],
        env={"PYTHONPATH": str(PROJECT), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=60,
    )
    assert done.stdout == ""
    return done.stderr


def lines(code: str, level: str = "info") -> list[dict[str, Any]]:
    """The same as JSON, one object a line."""
    return [json.loads(line) for line in logged(code, level).splitlines()]


def test_a_line_of_json_says_when_who_how_bad_and_what() -> None:
    (line,) = lines("log.warning('push recorded', repository='a/b', commits=3, forced=True, none=None)")
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "push recorded",
        "level": "warning",
        "logger": "ours",
        "repository": "a/b",
        "commits": 3,
        "forced": True,
        "none": None,
    }


@pytest.mark.parametrize(
    ("level", "written"),
    [
        ("debug", ["debug", "info", "warning", "error"]),
        ("info", ["info", "warning", "error"]),
        ("error", ["error"]),
    ],
)
def test_less_than_the_level_is_not_written_by_us_nor_by_libraries(level: str, written: list[str]) -> None:
    code = (
        "for name in ('debug', 'info', 'warning', 'error'): [getattr(it, name)(name) for it in (log, theirs)]"
    )
    assert [line["event"] for line in lines(code, level)] == [name for name in written for _ in range(2)]


LIBRARIES = ["gunicorn.error", "gunicorn.access", "rq.worker", "werkzeug", "anything.else"]


@pytest.mark.parametrize("name", LIBRARIES)
def test_libraries_go_through_the_same_format_once_even_with_handlers_of_their_own(name: str) -> None:
    code = f"""
logger = logging.getLogger({name!r})
if {name!r} != "anything.else":
    logger.addHandler(logging.StreamHandler()); logger.propagate = False; logger.setLevel("CRITICAL")
configure(level, form, secrets=[SECRET])
logger.info("job %s of %d for %s", "x", 2, SECRET)
"""
    (line,) = lines(code)
    assert (line["event"], line["logger"], line["level"]) == ("job x of 2 for [masked]", name, "info")


WITH_SECRETS = [
    "log.info('event ' + SECRET + ' ' + TOKEN)",
    "log.info('event %s %s', SECRET, TOKEN)",
    "log.info('event', value=SECRET, token=TOKEN)",
    "log.info('event', nested={'deep': [SECRET, (TOKEN,), {SECRET}]})",
    "log.info('event', odd=type('Odd', (), {'__str__': lambda self: SECRET + ' ' + TOKEN})())",
    "log.info('event', error=ValueError(SECRET, TOKEN), path=__import__('pathlib').Path(SECRET))",
    "theirs.info('event %s %s', SECRET, TOKEN)",
    "theirs.info('event %s', {'key': SECRET, 'token': TOKEN})",
    "structlog.contextvars.bind_contextvars(secret=SECRET, token=TOKEN); log.info('event')",
    "try: fail()\nexcept ValueError: log.exception('event', token=TOKEN)",
    "try: fail()\nexcept ValueError: theirs.exception('event %s', TOKEN)",
    "log.info('event', url='redis://:hunter2pass@localhost:6379/0')",
]


@pytest.mark.parametrize("level", ["info", "debug"])
@pytest.mark.parametrize("form", ["json", "console"])
def test_no_secret_and_nothing_that_looks_like_one_is_written(level: str, form: str) -> None:
    text = logged("\n".join(WITH_SECRETS), level, form)
    assert text.count("event") >= len(WITH_SECRETS)
    assert "hunter2" not in text
    assert "ghp_" not in text
    assert "[masked]" in text


RAISING = """
try: fail()
except ValueError as error:
    log.error("ours failed", exc_info=error)
    theirs.error("theirs failed", exc_info=True)
    theirs.error("and again", exc_info=(type(error), error, error.__traceback__))
    import traceback
    theirs.error("[Job x] failed\\n%s", traceback.format_exc())
log.error("nothing failed", exc_info=True)
"""


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_traceback_is_one_line_unless_debugging(form: str) -> None:
    text = logged(RAISING, "info", form)
    assert len(text.splitlines()) == 5
    assert text.count("ValueError: the first line holds [masked]") == 3
    assert "Traceback" not in text
    assert "File " not in text


@pytest.mark.parametrize("form", ["json", "console"])
def test_the_traceback_is_written_when_debugging(form: str) -> None:
    text = logged(RAISING, "debug", form)
    assert text.count("Traceback (most recent call last)") == 4
    assert "in fail" in text


@pytest.mark.parametrize("form", ["json", "console"])
def test_no_text_from_outside_can_forge_a_line_or_command_a_terminal(form: str) -> None:
    hostile = "a\\nb\\r\\x1b[31mred\\x85\\u2028c"
    text = logged(f"log.info('{hostile}', value='{hostile}')\ntheirs.info('%s', '{hostile}')", form=form)
    assert len(text.splitlines()) == 2
    assert "\x1b" not in text


def test_any_language_stays_readable_and_half_a_surrogate_does_no_harm() -> None:
    text = logged("log.info('日报', author='作者一', half='\\ud800')")
    assert "日报" in text
    assert "作者一" in text
    assert r"\ud800" in text


def test_configured_twice_each_line_is_written_once() -> None:
    assert len(lines("configure(level, form, secrets=[SECRET]); log.info('once'); theirs.info('once')")) == 2
