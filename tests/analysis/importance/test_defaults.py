"""Defaults that change."""

import pytest
from signs import ARGPARSE, found


@pytest.mark.parametrize(
    ("before", "after", "evidence"),
    [
        (ARGPARSE.format(512), ARGPARSE.format(384), "--chunk-size: 512 → 384"),
        ("    default=512,\n", "    default=384,\n", "default: 512 → 384"),
        ('    engine: str = "v0",\nold = f()\n', '    engine: str = "v1",\n', 'engine: "v0" → "v1"'),
        ("DEFAULT_TTL = 512\n", "DEFAULT_TTL = 384\n", "DEFAULT_TTL: 512 → 384"),
        ("    eager: bool = False\n", "    eager: bool = True\n", "eager: False → True"),
        ("    retries: int = 3,\n", "    retries: int = 5,\n", "retries: 3 → 5"),
    ],
)
def test_a_changed_default_is_shown_with_both_values(before: str, after: str, evidence: str) -> None:
    assert found("a.py", before, after) == {"changed-default": evidence}


@pytest.mark.parametrize(
    ("path", "before", "after", "evidence"),
    [
        ("a.go", 'viper.SetDefault("port", 80)\n', 'viper.SetDefault("port", 81)\n', "port: 80 → 81"),
        ("a.go", 'f.IntVar(&p, "port", 80, "x")\n', 'f.IntVar(&p, "port", 81, "x")\n', "port: 80 → 81"),
        (
            "config.c",
            'createIntConfig("hz", NULL, MODIFIABLE, 0, 99, server.hz, 10, INTEGER, NULL, f),\n',
            'createIntConfig("hz", NULL, MODIFIABLE, 0, 99, server.hz, 20, INTEGER, NULL, f),\n',
            "hz: 10 → 20",
        ),
        (
            "redis.conf",
            "repl-backlog-size 1mb\n",
            "repl-backlog-size 10mb\n",
            "repl-backlog-size: 1mb → 10mb",
        ),
    ],
)
def test_defaults_are_known_in_other_languages(path: str, before: str, after: str, evidence: str) -> None:
    assert found(path, before, after) == {"changed-default": evidence}


@pytest.mark.parametrize(
    "line", ['VERSION = "1.{}"', '__version__ = "1.{}"', "RELEASE_DATE = {}", "rev: str = '{}'"]
)
def test_a_version_is_no_default(line: str) -> None:
    assert not found("a.py", line.format(1) + "\n", line.format(2) + "\n")


def test_lines_that_cannot_be_told_apart_are_not_paired() -> None:
    assert not found("a.py", "    default=1,\n    default=2,\n", "    default=2,\n")


def test_a_local_variable_has_no_default() -> None:
    assert not found("a.py", "count = 1\n", "count = 2\n")
