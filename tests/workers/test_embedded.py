import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from disks import Ballast, small_disk
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from waiting import until

from analysis.storage.outage import outage_at
from workers import embedded
from workers.embedded import LONGEST_SOCKET_PATH, EmbeddedServer, ServerUnavailable


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedServer]:
    opened = EmbeddedServer(tmp_path)
    yield opened
    opened.stop()


def set_value(server: EmbeddedServer, value: str) -> None:
    with Redis.from_url(server.url) as client:
        client.set("key", value)


def get_value(server: EmbeddedServer) -> bytes | None:
    with Redis.from_url(server.url) as client:
        found = client.get("key")
        assert found is None or isinstance(found, bytes)
        return found


def test_it_keeps_what_was_written_when_it_is_killed(server: EmbeddedServer) -> None:
    server.start()
    set_value(server, "kept")
    assert server.started is not None
    os.kill(server.started.pid, signal.SIGKILL)
    server.started.wait()
    assert server.died()
    server.start()
    assert get_value(server) == b"kept"


def test_a_second_start_uses_the_server_that_is_there(server: EmbeddedServer, tmp_path: Path) -> None:
    server.start()
    set_value(server, "shared")
    other = EmbeddedServer(tmp_path)
    other.start()
    assert other.started is None
    assert get_value(other) == b"shared"


def test_it_refuses_to_evict_and_syncs_every_write(server: EmbeddedServer) -> None:
    server.start()
    with Redis.from_url(server.url, decode_responses=True) as client:
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert client.config_get("appendfsync") == {"appendfsync": "always"}
        assert client.config_get("port") == {"port": "0"}


def test_release_stops_what_this_process_started(server: EmbeddedServer) -> None:
    server.start()
    server.release()
    assert not server.running()


def test_release_leaves_a_server_that_others_use(server: EmbeddedServer) -> None:
    server.start()
    with Redis.from_url(server.url) as other:
        other.ping()
        server.release()
        assert server.running()


def test_release_leaves_a_server_that_another_started(server: EmbeddedServer, tmp_path: Path) -> None:
    server.start()
    other = EmbeddedServer(tmp_path)
    other.start()
    other.release()
    assert server.running()


def test_the_socket_path_is_short_however_deep_the_data_lies(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 100) / ("e" * 100)
    assert len(os.fsencode(EmbeddedServer(deep).socket)) <= LONGEST_SOCKET_PATH


def test_a_server_that_cannot_start_says_why_in_one_line(server: EmbeddedServer) -> None:
    server.folder.mkdir(parents=True)
    (server.folder / "appendonlydir").write_text("in the way")
    with pytest.raises(ServerUnavailable, match=r"stopped at once: .+") as raised:
        server.start()
    assert "\n" not in str(raised.value)


# Data that is damaged


@pytest.fixture
def written(server: EmbeddedServer) -> Path:
    """The append-only file of a server that was stopped after it had taken a hundred writes."""
    server.start()
    with Redis.from_url(server.url) as client:
        for number in range(100):
            client.set(f"key {number}", "value" * 20)
    server.stop()
    (file,) = server.folder.glob("appendonlydir/*.incr.aof")
    return file


def kept(server: EmbeddedServer) -> int:
    server.start()
    with Redis.from_url(server.url) as client:
        return int(str(client.dbsize()))


def test_a_file_that_was_torn_at_its_end_is_read_up_to_there(server: EmbeddedServer, written: Path) -> None:
    written.write_bytes(written.read_bytes()[:-7])
    assert kept(server) == 99


def test_a_file_damaged_in_the_middle_is_refused_in_one_line_whose_advice_works(
    server: EmbeddedServer, written: Path
) -> None:
    whole = written.read_bytes()
    written.write_bytes(whole[: len(whole) // 2] + whole[len(whole) // 2 + 503 :])
    for _ in range(2):
        with pytest.raises(ServerUnavailable, match=r"data is damaged: copy \S+, then run `") as raised:
            server.start()
    assert len(str(raised.value).splitlines()) == 1
    command = str(raised.value).split("`")[1].split()
    done = subprocess.run(command, input="y\n", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert 40 < kept(server) < 60


def test_zeros_after_a_power_cut_are_dropped_by_the_same_advice(
    server: EmbeddedServer, written: Path
) -> None:
    with written.open("ab") as file:
        file.write(bytes(500))
    with pytest.raises(ServerUnavailable, match="is damaged") as raised:
        server.start()
    subprocess.run(str(raised.value).split("`")[1].split(), input=b"y\n", capture_output=True, check=True)
    assert kept(server) == 100


@pytest.mark.parametrize(
    ("pattern", "content"),
    [("*.manifest", b"no manifest\n"), ("*.base.rdb", b"REDIS0011 and no more"), ("*.incr.aof", None)],
)
def test_what_cannot_be_mended_says_what_to_move_away(
    server: EmbeddedServer, written: Path, pattern: str, content: bytes | None
) -> None:
    (file,) = written.parent.glob(pattern)
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ServerUnavailable, match=r"stopped at once: \w.+ move that folder away") as raised:
        server.start()
    assert len(str(raised.value).splitlines()) == 1
    server.folder.rename(server.folder.with_name("away"))
    assert kept(server) == 0


# A server that loads its data


@pytest.fixture
def loading(server: EmbeddedServer) -> Iterator["subprocess.Popen[bytes]"]:
    """The server as somebody else has started it, with so much data that it loads for seconds."""
    server.start()
    with Redis.from_url(server.url) as client, client.pipeline(transaction=False) as pipe:
        for number in range(25_000):
            pipe.set(f"key {number}", number)
        pipe.execute()
    server.stop()
    options = {"port": 0, "unixsocket": server.socket, "dir": server.folder, "appendonly": "yes", "save": ""}
    slow = {"key-load-delay": 100, "logfile": server.folder / "slow.log"}
    arguments = [str(text) for name, value in (options | slow).items() for text in (f"--{name}", value)]
    process = subprocess.Popen([embedded.server_binary(), *arguments])
    until(server.running, what="a server that loads")
    yield process
    process.kill()
    process.wait()


def test_no_second_server_is_started_beside_one_that_still_loads(
    server: EmbeddedServer, loading: "subprocess.Popen[bytes]", monkeypatch: pytest.MonkeyPatch
) -> None:
    with Redis.from_url(server.url, retry=Retry(NoBackoff(), 0)) as client:
        assert str(outage_at(client)) == "Redis is still loading its data: wait until it has"
    monkeypatch.setattr(embedded, "START_SECONDS", 0.0)
    with pytest.raises(ServerUnavailable, match="still loads its data"):
        server.start()
    monkeypatch.setattr(embedded, "START_SECONDS", 60)
    server.start()
    assert (server.started, loading.poll(), kept(server)) == (None, None, 25_000)


# A full disk


@pytest.fixture
def full(tmp_path: Path) -> Iterator[EmbeddedServer]:
    """A server that has kept a key, died for want of room, and was started again."""
    with small_disk(tmp_path / "disk") as disk:
        server = EmbeddedServer(disk.folder)
        server.start()
        set_value(server, "kept")
        disk.fill()
        with Redis.from_url(server.url) as client, pytest.raises(RedisError):
            client.set("too long", bytes(1 << 20))
        until(server.died, what="the end of a server without room")
        server.start()
        yield server
        server.stop()


def test_on_a_full_disk_the_server_is_read_from_and_refuses_to_write(full: EmbeddedServer) -> None:
    assert full.full
    assert get_value(full) == b"kept"
    with Redis.from_url(full.url) as client:
        outage = outage_at(client)
    assert str(outage).startswith("Redis cannot write to its disk: make room there")
    assert not full.recovered()
    other = EmbeddedServer(full.folder.parent)
    other.start()
    assert (other.started, full.died()) == (None, False)


def test_with_room_again_it_takes_writes_and_syncs_each(full: EmbeddedServer) -> None:
    Ballast(full.folder.parent).remove()
    until(full.recovered, what="room")
    assert not full.full
    set_value(full, "written since")
    assert full.started is not None
    full.started.kill()
    full.started.wait()
    full.start()
    assert get_value(full) == b"written since"
    with Redis.from_url(full.url, decode_responses=True) as client:
        assert client.config_get("appendfsync") == {"appendfsync": "always"}


def test_a_full_disk_without_data_is_said_in_one_line(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        server = EmbeddedServer(disk.folder)
        server.folder.mkdir()
        disk.fill()
        with pytest.raises(ServerUnavailable, match=r"no room in .+: make some, or move DATA_DIR"):
            server.start()


def test_without_any_server_the_error_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "find_spec", lambda _: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ServerUnavailable, match="set REDIS_URL, or install"):
        EmbeddedServer(tmp_path).start()


def test_a_runtime_folder_that_others_can_read_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_to_all = tmp_path / f"pushdigest-{os.getuid()}"
    open_to_all.mkdir()
    open_to_all.chmod(0o755)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert EmbeddedServer(tmp_path).socket.parent != open_to_all
