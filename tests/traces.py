"""Whatever is left of a word, in a server or in a folder."""

import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from redis import Redis


def in_server(url: str, words: Iterable[str]) -> list[str]:
    """The keys that have one of these words in their name or anywhere in what they hold, packed or not."""
    wanted = [word.lower().encode() for word in words]
    with Redis.from_url(url) as redis:
        return [
            key.decode()
            for key in redis.scan_iter(count=1000)
            if any(word in text.lower() for text in _texts(redis, key) for word in wanted)
        ]


def in_folder(folder: Path, words: Iterable[str]) -> list[Path]:
    """The files and folders that have one of these words in their path or in their bytes."""
    wanted = [word.lower().encode() for word in words]
    found = []
    for path in folder.rglob("*"):
        texts = [str(path.relative_to(folder)).encode(), path.read_bytes() if path.is_file() else b""]
        if any(word in text.lower() for text in texts for word in wanted):
            found.append(path)
    return found


def _texts(redis: Redis, key: bytes) -> Iterator[bytes]:
    yield key
    for value in _values(redis, key):
        yield value
        try:
            yield zlib.decompress(value)
        except zlib.error:
            continue


def _values(redis: Redis, key: bytes) -> list[bytes]:
    kind = redis.type(key)
    if kind == b"hash":
        return [part for pair in redis.hgetall(key).items() for part in pair]
    if kind == b"list":
        return redis.lrange(key, 0, -1)
    if kind == b"set":
        return list(redis.smembers(key))
    if kind == b"zset":
        return redis.zrange(key, 0, -1)
    if kind == b"stream":
        return [part for _, entry in redis.xrange(key) for pair in entry.items() for part in pair]
    return [redis.get(key) or b""]
