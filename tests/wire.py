"""HTTP byte by byte: whatever a client may send, and as slowly as it likes."""

import socket
from contextlib import suppress
from dataclasses import dataclass
from email.message import Message
from email.parser import Parser
from typing import Self


@dataclass(frozen=True)
class Answered:
    """The first answer on a connection; `status` 0 when it was closed without a word."""

    status: int
    headers: Message
    body: bytes


class Wire:
    """One connection to a port of this machine."""

    def __init__(self, port: int, *, seconds: float = 30) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, *parts: bytes) -> Self:
        """Send; a server that has heard enough may have closed meanwhile."""
        with suppress(ConnectionError):
            for part in parts:
                self.socket.sendall(part)
        return self

    def finish(self) -> Self:
        """Say that nothing more comes."""
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_WR)
        return self

    def answer(self) -> Answered:
        """What comes until the server closes, or a whole answer has come."""
        received = b""
        with suppress(ConnectionError):
            while not _whole(received) and (chunk := self.socket.recv(65_536)):
                received += chunk
        return _parsed(received)

    def is_open(self) -> bool:
        """Whether the server has not closed yet; reads away what it has said."""
        self.socket.setblocking(False)
        try:
            while chunk := self.socket.recv(65_536):
                del chunk
        except BlockingIOError:
            return True
        except ConnectionError:
            return False
        finally:
            self.socket.setblocking(True)
        return False


def _whole(received: bytes) -> bool:
    answer = _parsed(received)
    length = answer.headers.get("Content-Length")
    return answer.status >= 200 and length is not None and len(answer.body) >= int(length)


def _parsed(received: bytes) -> Answered:
    head, blank, body = received.partition(b"\r\n\r\n")
    line, _, fields = head.decode("latin-1").partition("\r\n")
    status = int(line.split()[1]) if blank else 0
    if 100 <= status < 200:
        return _parsed(body)
    return Answered(status, Parser().parsestr(fields, headersonly=True), body)
