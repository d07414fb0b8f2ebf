"""`pushdigest doctor`: every part is tried for real; what fails says how to mend it."""

import re
import shutil
import subprocess
from collections.abc import Iterator

from pydantic import BaseModel
from redis.exceptions import RedisError

from analysis.calendar import utc_now
from analysis.model.completion import Message, ModelFailure
from analysis.settings import Settings
from analysis.storage.outage import eviction_at, outage_at, outage_of
from analysis.storage.schema import NewerLedger
from workers.counted import counted
from workers.desk import model_of, models_in
from workers.embedded import ServerUnavailable
from workers.finding import Finding
from workers.gitstream import OLDEST_GIT, GitMissing, require_git
from workers.history import Mirror
from workers.intake import examine_intake
from workers.limits import examine_limits
from workers.readers import examine_readers
from workers.remote import RemoteUnavailable
from workers.workshop import Workshop, open_workshop

OLDEST_REDIS = (6, 2)
MOST_SKEW = 30.0
"""Seconds between this machine's clock and the server's."""
LEAST_DISK = 1 << 30
"""Bytes."""


def examine(settings: Settings) -> Iterator[Finding]:
    """Try every part, one after the other."""
    yield _git()
    yield _disk(settings)
    yield from examine_intake(settings)
    try:
        with open_workshop(settings) as shop:
            yield from _server(shop)
            yield from _ledger(shop)
            yield _processes(shop)
            yield examine_readers(settings, shop.ledger.private())
            yield from _repositories(shop)
    except RedisError as error:
        outage = outage_of(error)
        yield Finding("redis", "FAIL", f"{outage.what} ({_line(error)})", outage.mend)
    except ServerUnavailable as error:
        yield Finding("redis", "FAIL", _line(error))
    except NewerLedger as error:
        yield Finding("ledger", "FAIL", _line(error), "install the version that wrote it, or a later one")
    yield from examine_limits(settings)
    yield from _models(settings)


def _git() -> Finding:
    try:
        found = require_git()
    except GitMissing as error:
        return Finding("git", "FAIL", *str(error).split(": ", 1))
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603 - git
    if _version(version) < OLDEST_GIT:
        return Finding("git", "FAIL", version.strip(), "install git 2.32 or newer")
    return Finding("git", "ok", version.strip())


def _disk(settings: Settings) -> Finding:
    folder = settings.data_dir.absolute()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    detail = f"{free / LEAST_DISK:.1f} GiB free for {settings.data_dir}"
    if free < LEAST_DISK:
        return Finding("disk", "FAIL", detail, "make room, or set DATA_DIR to another disk")
    return Finding("disk", "ok", detail)


def _server(shop: Workshop) -> Iterator[Finding]:
    redis = shop.store.redis
    facts = redis.info()
    version = str(facts.get("valkey_version") or facts["redis_version"])
    if _version(version) < OLDEST_REDIS:
        yield Finding("redis", "FAIL", f"version {version}", "install Redis 6.2, Valkey 7.2 or newer")
        return
    yield Finding("redis", "ok", f"{facts.get('server_name', 'redis')} {version}")
    if outage := outage_at(redis):
        yield Finding("writing", "FAIL", outage.what, outage.mend)
    if eviction := eviction_at(redis):
        yield Finding("eviction", "FAIL", eviction.what, eviction.mend)
    else:
        yield Finding("eviction", "ok", "nothing is evicted")
    if not facts["aof_enabled"]:
        yield Finding(
            "durability", "note", "no append-only file: a crash loses seconds", "CONFIG SET appendonly yes"
        )
    seconds, microseconds = redis.time()
    skew = abs(utc_now().timestamp() - seconds - microseconds / 1e6)
    if skew > MOST_SKEW:
        yield Finding(
            "time", "FAIL", f"this clock and the server's differ by {skew:.0f} s", "run NTP on both"
        )
    else:
        yield Finding(
            "time", "ok", f"{shop.settings.report_timezone.key}, {skew:.1f} s from the server's clock"
        )


def _ledger(shop: Workshop) -> Iterator[Finding]:
    if notes := shop.losses.notes():
        yield from (Finding("ledger", "note", note.what, note.mend) for note in notes)
        return
    names = shop.ledger.repositories()
    days = sum(len(shop.ledger.days(name)) for name in names)
    held = f"{counted(days, 'day')} of {counted(len(names), 'repository', 'repositories')}"
    yield Finding("ledger", "ok", held)


def _processes(shop: Workshop) -> Finding:
    workers, ticking = shop.queue.workers(), shop.agenda.ticking()
    detail = f"{counted(workers, 'worker')} alive, {'a clock ticks' if ticking else 'no clock ticks'}"
    if not workers or not ticking:
        return Finding(
            "processes", "note", detail, "start them with `pushdigest run`, or as the Procfile says"
        )
    return Finding("processes", "ok", detail)


def _repositories(shop: Workshop) -> Iterator[Finding]:
    renamed = shop.names.renamed()
    for followed in shop.settings.followed:
        if name := renamed.get(followed.name):
            detail, mend = f"{followed.name} is now {name}", "change its name in REPOSITORIES"
            yield Finding("renamed", "note", detail, mend)
        mirror = Mirror(shop.mirror_folder(followed), shop.remote(shop.repository(followed.name)))
        try:
            heads = mirror.fetch()
        except GitMissing:
            return  # as was said
        except RemoteUnavailable as error:
            yield Finding(
                "repository",
                "FAIL",
                _line(error),
                "check its name and url, and GITHUB_TOKEN if it is private",
            )
            continue
        branches = [name for name in heads.branches if followed.follows(name, heads.default_branch or "")]
        if branches:
            yield Finding("repository", "ok", f"{followed.name}: {', '.join(sorted(branches)[:5])}")
        else:
            yield Finding("repository", "FAIL", f"{followed.name}: no branch to follow", "set its `branches`")


class _Pong(BaseModel):
    answer: str


def _models(settings: Settings) -> Iterator[Finding]:
    names = models_in(settings)
    if not names:
        yield Finding(
            "model", "note", "none: the rules analyse alone", "set LLM_MODEL, e.g. deepseek/deepseek-chat"
        )
    ask: list[Message] = [{"role": "user", "content": 'Answer with the JSON object {"answer": "pong"}.'}]
    for name in names:
        try:
            completion = model_of(settings, name).complete(ask, _Pong)
            _Pong.model_validate_json(completion.text)
        except ModelFailure as failure:
            yield Finding("model", "FAIL", str(failure), "check LLM_MODEL, LLM_API_KEY and LLM_API_BASE")
        except ValueError:
            yield Finding("model", "FAIL", f"{name} does not answer in JSON", "choose another model")
        else:
            yield Finding(
                "model", "ok", f"{name}: {completion.tokens.prompt} + {completion.tokens.completion} tokens"
            )


def _version(text: str) -> tuple[int, ...]:
    found = re.search(r"(\d+)\.(\d+)", text)
    return tuple(int(part) for part in found.groups()) if found else (0,)


def _line(error: Exception) -> str:
    return " ".join(str(error).split())
