"""GitHub's REST API on loopback: pull requests, webhooks and their deliveries; ETags, limits and bad answers.

with github_server.serve() as github:
    github.pulls[sha] = [pull(12, title="Add retries", merged_as=sha)]
    GitHub(github.url, "token").get(f"/repos/a/b/commits/{sha}/pulls")
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from github_hooks import Hook

Found = tuple[int, bytes, Mapping[str, str]]
HOOKS = re.compile(r"/repos/([^/]+/[^/]+)/hooks(?:/(\d+)/deliveries(?:/(\d+)/attempts)?)?")


@dataclass
class Asked:
    """One request."""

    path: str
    authorization: str | None
    etag: str | None
    status: int
    method: str = "GET"


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
    names: dict[str, str] = field(default_factory=dict)
    """What repositories were called -> what they are called now."""
    hooks: dict[str, list[Hook]] = field(default_factory=dict)
    """By repository; of others a token may not see any."""
    answer: FakeAnswer | None = None
    answers: dict[str, FakeAnswer] = field(default_factory=dict)
    """What is answered instead, by the last part of the path."""
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
            fake = github.answer or github.answers.get(urlsplit(self.path).path.rpartition("/")[2])
            if fake and fake.drop:
                self.close_connection = True
                return
            etag = self.headers.get("If-None-Match")
            status, body, headers = (
                (fake.status, fake.body, fake.headers)
                if fake
                else _found(github, self.command, self.path, etag)
            )
            token = self.headers.get("Authorization")
            github.asked.append(Asked(self.path, token, etag, status, self.command))
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            """Keep the tests' output readable."""

    return Handler


def _found(github: GitHubServer, method: str, address: str, etag: str | None) -> Found:
    parts = urlsplit(address)
    _, _, owner, name, *rest = parts.path.split("/")
    repository = f"{owner}/{name}"
    if repository in github.names:
        path = parts.path.replace(repository, github.names[repository], 1)
        return (301 if method == "GET" else 307), b"{}", {"Location": f"{github.url}{path}?{parts.query}"}
    if not rest:
        return _json({"id": 123, "full_name": repository, "private": False})
    if hooks := HOOKS.fullmatch(parts.path):
        return _of_hooks(github, hooks, parse_qs(parts.query))
    return _of_pulls(github.pulls.get(rest[1]), etag)


def _of_hooks(github: GitHubServer, asked: re.Match[str], query: Mapping[str, list[str]]) -> Found:
    repository, number, again = asked.groups()
    hooks = github.hooks.get(repository)
    if hooks is None:
        return 404, b'{"message": "Not Found"}', {}
    if number is None:
        return _json([hook.listed() for hook in hooks])
    (hook,) = (hook for hook in hooks if hook.id == int(number))
    if again:
        return (202 if hook.again(int(again)) else 404), b"{}", {}
    size, first = int(query["per_page"][0]), int(query.get("cursor", ["v1_0"])[0].removeprefix("v1_"))
    found = _json(hook.attempts[first : first + size])
    following = f"https://elsewhere.example/deliveries?per_page={size}&cursor=v1_{first + size}"
    more = {"Link": f'<{following}>; rel="next"'} if first + size < len(hook.attempts) else {}
    return found[0], found[1], more


def _of_pulls(pulls: list[dict[str, Any]] | None, etag: str | None) -> Found:
    if pulls is None:
        return 422, b'{"message": "No commit found for SHA"}', {}
    body = json.dumps(pulls).encode()
    current = f'"{hashlib.sha256(body).hexdigest()}"'
    return (304, b"", {"ETag": current}) if etag == current else (200, body, {"ETag": current})


def _json(data: object) -> Found:
    return 200, json.dumps(data).encode(), {}
