"""A day of nothing but hostile commits, all the way from git to the pages, with a model on loopback."""

import json
import re
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from hostile_commits import BIDI, BREAKOUT, HIDDEN, HOSTILE, HTML, MARKDOWN, SEPARATORS, TERMINAL
from loopback_model import ANALYSED, Answer, Answers, LoopbackModel, Request, answer_of, completion, prompt_of
from promises import SECRETS
from redis import Redis
from repositories import Header, Origin
from werkzeug.test import Client

from analysis.settings import load_settings
from analysis.storage.entry import Entry
from webhook.app import create_app
from workers.attempt import Attempt
from workers.backfill import Backfill
from workers.closing import close
from workers.embedded import EmbeddedServer
from workers.workshop import Workshop

NAME = "example/hostile"
DAY = date(2026, 1, 9)
BEFORE = "1767800000 +0800"
"""A day earlier."""
ATTACKS = (HTML, BREAKOUT, MARKDOWN, TERMINAL, BIDI, HIDDEN, SEPARATORS, "half \ud83d a pair")
"""All that a renderer can be attacked with."""
DATA = re.compile(r"^<<<(\S[^\n]*) ([0-9a-f]{16})\n(.*?)\n\2>>>$", re.MULTILINE | re.DOTALL)
"""What stands between a prompt's marks."""


@dataclass(frozen=True)
class Village:
    """A base and every hostile commit on a branch of its own, some with their neutral twin."""

    origin: Origin
    shas: Mapping[str, str]
    """Name -> sha."""
    twins: Mapping[str, str]

    @classmethod
    def build(cls, folder: Path) -> "Village":
        origin = Origin(folder / "hostile.git", NAME)
        base = origin.commit("Begin", {"README.md": "An engine.\n"}, header=Header(authored=BEFORE))
        shas = {hostile.name: hostile.commit(origin, base) for hostile in HOSTILE}
        twins = {hostile.name: hostile.neutral(origin, base) for hostile in HOSTILE}
        return cls(origin, shas, {name: sha for name, sha in twins.items() if sha})


@dataclass(frozen=True)
class Town:
    """The day in a ledger of its own, after every commit was analysed."""

    shop: Workshop
    village: Village
    model: LoopbackModel
    seconds: Mapping[str, float]
    """Name -> how long its analysis took."""

    def entry(self, name: str) -> Entry:
        found = self.shop.ledger.entry(NAME, self.village.shas[name])
        assert found is not None
        return found

    @cached_property
    def reader(self) -> Client:
        """A client of the real web application."""
        return create_app(self.shop.settings).test_client()

    @property
    def token(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {SECRETS['REPORT_TOKEN']}"}

    def get(self, address: str) -> str:
        answer = self.reader.get(address, headers=self.token)
        assert answer.status_code == 200, answer.get_data(as_text=True)[:500]
        return answer.get_data().decode()


def texts_in(url: str) -> Iterator[str]:
    """Whatever a server keeps: keys, fields, members and values; RQ compresses some of its own."""
    with Redis.from_url(url) as redis:
        for key in redis.scan_iter(count=1000):
            yield from map(_readable, [key, *_values(redis, key)])


def _values(redis: Redis, key: Any) -> Iterable[Any]:
    match redis.type(key):
        case b"string":
            return [redis.get(key)]
        case b"hash":
            return [text for pair in redis.hgetall(key).items() for text in pair]
        case b"set":
            return redis.smembers(key)
        case b"zset":
            return redis.zrange(key, 0, -1)
        case b"stream":
            return [repr(entry).encode() for entry in redis.xrange(key)]
        case _:
            return redis.lrange(key, 0, -1)


def _readable(raw: bytes) -> str:
    with suppress(zlib.error):
        raw = zlib.decompress(raw)
    return raw.decode("utf-8", "backslashreplace")


@contextmanager
def settled(folder: Path, village: Village, answers: Answers) -> Iterator[Town]:
    """The village analysed by a model that answers so."""
    folder.mkdir()
    server = EmbeddedServer(folder)
    server.start()
    try:
        with LoopbackModel() as model:
            model.answer(answers)
            shop = _workshop(folder, server.url, village, model.url)
            seconds = _analyse(shop, village)
            yield Town(shop, village, model, seconds)
            shop.disconnect()
    finally:
        server.stop()


def _workshop(folder: Path, redis_url: str, village: Village, model_url: str) -> Workshop:
    settings = load_settings(
        data_dir=folder,
        redis_url=redis_url,
        repository_tables=[{"name": NAME, "url": village.origin.url, "branches": ["h/*"]}],
        llm_model="openai/loopback",
        llm_api_base=model_url,
        llm_input_price=1,
        llm_output_price=2,
        report_token=SECRETS["REPORT_TOKEN"],
        llm_api_key=SECRETS["LLM_API_KEY"],
    )
    return Workshop(settings, redis_url)


def _analyse(shop: Workshop, village: Village) -> dict[str, float]:
    """As the jobs do, one after the other; then the day is closed."""
    filled = Backfill.of(shop, shop.repository(NAME), DAY, DAY)
    assert set(filled.shas) == set(village.shas.values())
    seconds = {}
    for name, sha in village.shas.items():
        started, now = time.monotonic(), datetime.now(UTC)
        lease = shop.leases.claim(NAME, sha, now=now, until=now + shop.pauses.reading)
        assert lease is not None
        Attempt(shop, lease).run()
        seconds[name] = time.monotonic() - started
    close(shop, NAME, DAY, datetime.now(UTC))
    return seconds


def obeying(request: Request) -> Answer:
    """Does what the commits want: everything is low, and every text is an attack."""
    prompt, reply = prompt_of(request), answer_of(request)
    echo = "\n".join(data for _, _, data in DATA.findall(prompt))[:3000]
    text = "\n\n".join([*ATTACKS, echo])
    if ANALYSED.search(prompt):
        reply = {
            "highlights": [_attacked(item, text) for item in reply["highlights"]],
            "groups": [
                {"title": text, "commits": [{"sha": each["sha"], "text": text} for each in group["commits"]]}
                for group in reply["groups"]
            ],
        }
    elif "findings" in reply:
        reply = {"findings": [each | {"change": text, "risk": text} for each in reply["findings"]]}
    else:
        place = {"path": BREAKOUT, "why": text}
        reply |= dict.fromkeys(("type", "why", "summary"), text) | {"importance": "low"}
        reply |= {"scope": [place, *({**each, "why": text} for each in reply["scope"])]}
        reply |= {"insights": [{"aspect": "security", "text": text}], "advice": [text]}
        reply |= {"risks": [place | {"text": text}, *({**each, "text": text} for each in reply["risks"])]}
    return completion(json.dumps(reply))


def _attacked(item: Mapping[str, object], text: str) -> dict[str, object]:
    return {name: value if name == "shas" else text for name, value in item.items()}
