"""Taking deliveries: two web processes as shipped, against an application that only checks the HMAC."""

import sys
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path
from statistics import median

from processes import Site, free_port, table
from waiting import until

from bench import ROOT
from bench.load import Load, deliveries, post
from bench.rows import Row

REPOSITORY = "example/project"
CLIENTS = 8
COMMITS = 20
DELIVERIES = 400
WARMING = 40
RUNS = 3
LEAST_RATE = 50
LONGEST_P99 = 250


def measure(folder: Path) -> Iterator[Row]:
    """The same load on ours and on the floor, in turn."""
    with Site(folder, tables=[table(REPOSITORY)]) as site:
        site.start("web")
        floor_port = _start_floor(site)
        for port in (site.port, floor_port):
            _load(port, WARMING)
        pairs = [(_load(site.port, DELIVERIES), _load(floor_port, DELIVERIES)) for _ in range(RUNS)]
    ours, floors = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    rate, p50, p99 = _medians(ours)
    what = f"deliveries of {COMMITS} commits, {CLIENTS} clients"
    slower = median(floor.rate / own.rate for own, floor in pairs)
    floor = f"{rate:.0f}/s, HMAC alone {_medians(floors)[0]:.0f}/s"
    yield Row(what, f">= {LEAST_RATE}/s", floor, slower, rate >= LEAST_RATE)
    _, floor_p50, floor_p99 = _medians(floors)
    times = f"p50 {p50:.0f}, p99 {p99:.0f} ms; HMAC alone {floor_p50:.0f}, {floor_p99:.0f}"
    yield Row(f"{what}: answers", f"p99 < {LONGEST_P99} ms", times, None, p99 < LONGEST_P99)


def _load(port: int, count: int) -> Load:
    return post(port, deliveries(REPOSITORY, count, commits=COMMITS), clients=CLIENTS)


def _medians(loads: list[Load]) -> tuple[float, float, float]:
    """Deliveries a second, and the p50 and p99 of the answers in ms."""
    rates, halves, lasts = zip(
        *((load.rate, load.percentile(50), load.percentile(99)) for load in loads), strict=True
    )
    return median(rates), median(halves), median(lasts)


def _start_floor(site: Site) -> int:
    """Start it under the same gunicorn and the same configuration; returns its port."""
    port = free_port()
    variables = ["env", f"PORT={port}", f"PYTHONPATH={ROOT}"]
    gunicorn = ["-m", "gunicorn", "--config", "python:webhook.server", "bench.floor:create_app()"]
    site.processes["floor"] = site.launch("floor", [*variables, sys.executable, *gunicorn])
    until(lambda: _answers(port), what="the floor")
    return port


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    with suppress(OSError):
        connection.request("GET", "/")
        return connection.getresponse().status > 0
    return False
