import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

import pytest
from redis import Redis

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


def test_a_server_that_still_loads_its_data_is_not_started_again(server: EmbeddedServer) -> None:
    with loading(server.socket):
        server.start()
        assert server.started is None
        assert server.running()


@contextmanager
def loading(path: Path) -> Iterator[None]:
    """Answers everything as a server does that has just been started with much data."""
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()
        thread = Thread(target=_refuse, args=(listening,), daemon=True)
        thread.start()
        yield
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()
    path.unlink()


def _refuse(listening: socket.socket) -> None:
    with suppress(OSError):  # it is over
        while True:
            connection, _ = listening.accept()
            with connection:
                while connection.recv(4096):
                    connection.sendall(b"-LOADING Valkey is loading the dataset in memory\r\n")


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
