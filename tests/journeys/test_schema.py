"""A ledger that a newer version has written: no process touches it."""

from pathlib import Path

from invariants import snapshot
from processes import Site

from analysis.storage import keys
from analysis.storage.schema import SCHEMA

NAME = "example/project"
COMMANDS = (
    "run",
    "web",
    "worker",
    "clock",
    f"backfill {NAME} --since 2026-01-09 --url file:///nowhere.git",
    "digest 2026-01-09",
    "status",
    "retry",
    f"show-prompt {NAME} {'f' * 40}",
    f"triage {NAME} --since 2026-01-09",
)


def test_every_process_and_command_refuses_in_one_line(tmp_path: Path) -> None:
    with Site(tmp_path, REPOSITORIES=NAME) as site:
        redis = site.shop.store.redis
        redis.set(keys.SCHEMA, SCHEMA + 1)
        before = snapshot(redis)
        line = f"pushdigest: this ledger was written by a newer pushdigest (schema {SCHEMA + 1}); upgrade"
        for command, done in zip(COMMANDS, site.run_all((each, {}) for each in COMMANDS), strict=True):
            assert (done.code, done.out) == (1, ""), command
            assert done.err.splitlines()[-1] == line, command
        doctor = site.run("doctor")
        assert (doctor.code, snapshot(redis) == before) == (1, True)
        assert any(each.startswith("FAIL  ledger") for each in doctor.out.splitlines())
