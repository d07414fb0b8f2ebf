"""GitHub's REST API on loopback: the pull requests of commits, with ETags, limits and bad answers.

with github_server.serve() as github:
    github.pulls[sha] = [pull(12, title="Add retries", merged_as=sha)]
    GitHub(github.url, "token").get(f"/repos/a/b/commits/{sha}/pulls")
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass
class Asked:
    """One request."""

    path: str
    authorization: str | None
    etag: str | None
    status: int


@dataclass
class FakeAnswer:
    """What is answered whatever is asked, while it is set."""

    status: int
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=dict)
    drop: bool = False


@dataclass
class GitHubServer:
    """What the server knows, and what it was asked."""

    url: str = ""
    pulls: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """By sha; a sha that is not here is unknown (422)."""
    answer: FakeAnswer | None = None
    asked: list[Asked] = field(default_factory=list)


def pull(
    number: int, *, merged_as: str | None = None, state: str = "closed", **fields: Any
) -> dict[str, Any]:
    """One pull request with the fields of GitHub's that matter, and some that do not."""
    return {
        "number": number,
        "title": f"Title of {number}",
        "body": f"Body of {number}.",
        "labels": [],
        "state": state,
        "merged_at": "2026-01-09T00:00:00Z" if merged_as else None,
        "merge_commit_sha": merged_as,
        "html_url": f"https://github.com/o/r/pull/{number}",
        "user": {"login": "somebody"},
        **fields,
    }


@contextmanager
def serve() -> Iterator[GitHubServer]:
    """The server, at `url`."""
    github = GitHubServer()
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(github)) as server:
        github.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield github
        finally:
            server.shutdown()
            thread.join()


def _handler(github: GitHubServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if github.answer and github.answer.drop:
                self.close_connection = True
                return
            etag = self.headers.get("If-None-Match")
            status, body, headers = self._found(etag)
            github.asked.append(Asked(self.path, self.headers.get("Authorization"), etag, status))
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def _found(self, etag: str | None) -> tuple[int, bytes, Mapping[str, str]]:
            if github.answer:
                return github.answer.status, github.answer.body, github.answer.headers
            sha = self.path.split("?")[0].split("/")[-2]
            if sha not in github.pulls:
                return 422, b'{"message": "No commit found for SHA"}', {}
            body = json.dumps(github.pulls[sha]).encode()
            current = f'"{hashlib.sha256(body).hexdigest()}"'
            return (304, b"", {"ETag": current}) if etag == current else (200, body, {"ETag": current})

        def log_message(self, *_: object) -> None:
            """Keep the tests' output readable."""

    return Handler
