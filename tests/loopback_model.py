"""An OpenAI-compatible model on loopback, for tests, journeys and benchmarks.

`with LoopbackModel() as model:` answers every request with JSON that is grounded in the prompt;
`model.answer(down, valid)` answers otherwise, one after the other, and the last one stays. By hand:

    python tests/loopback_model.py --port 8001 --delay 1
"""

import argparse
import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

Request = dict[str, Any]
"""The body of a request, plus its `headers` in lower case."""

LISTED = re.compile(r"^[ACDMRT] (?:binary|\+\d+ -\d+) (.+?)(?: \(.*\))?$", re.MULTILINE)
JUDGED = re.compile(r"(?:初步判断：|judgement by rules: )(high|medium|low)")
ANALYSED = re.compile(r"^([0-9a-f]{7,40}) \| (high|medium|low) \| ", re.MULTILINE)
"""A commit as the prompt of a day's highlights lists it."""
PATCHED = re.compile(r"^diff --git a/(.+) b/", re.MULTILINE)


@dataclass(frozen=True)
class Answer:
    """What goes over the wire: a status and a body, and how it is sent."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    pace: float = 0.0
    """Seconds between single bytes of the body."""
    hang: bool = False
    """Never answers, until the server stops."""
    drop: bool = False
    """Closes the connection without an answer."""


Answers = Callable[[Request], Answer]


def prompt_of(request: Request) -> str:
    """All messages as one text."""
    return "\n".join(str(message["content"]) for message in request["messages"])


def analysis_of(request: Request) -> dict[str, Any]:
    """A reply whose paths and importance stand in the prompt, with every field of the schema."""
    prompt = prompt_of(request)
    chinese = "初步判断" in prompt
    paths = LISTED.findall(prompt)[:8]
    judged = JUDGED.search(prompt)
    first = paths[0] if paths else ""
    return {
        "type": "功能" if chinese else "Feature",
        "importance": judged[1] if judged else "medium",
        "why": f"改动了 {first}" if chinese else f"it changes {first}",
        "summary": f"使用者会看到 `{first}` 的新行为。" if chinese else f"Users see what `{first}` now does.",
        "scope": [{"path": path, "why": "改动" if chinese else "changed"} for path in paths],
        "insights": [
            {"aspect": "compatibility", "text": "接口不变。" if chinese else "The interface stays."}
        ],
        "risks": [{"path": first, "text": "行为有变。" if chinese else "Behaviour changes."}]
        if paths
        else [],
        "advice": ["升级前阅读此提交。" if chinese else "Read this commit before upgrading."],
    }


def highlights_of(request: Request) -> dict[str, Any]:
    """The highlights of a day: one for each of the first commits that matter, the rest of these a group."""
    prompt = prompt_of(request)
    chinese = "今日要点" in prompt
    shas = [sha for sha, tier in ANALYSED.findall(prompt) if tier != "low"]
    return {
        "highlights": [
            {
                "headline": f"模型说 {sha[:3]} 有后果" if chinese else f"A model says what {sha[:3]} does",
                "who": "所有部署" if chinese else "Every deployment",
                "action": "升级前阅读此提交" if chinese else "Read this commit before upgrading",
                "risk": "",
                "shas": [sha],
            }
            for sha in shas[:3]
        ],
        "groups": [
            {
                "title": "同一处改动" if chinese else "One and the same place",
                "commits": [{"sha": sha, "text": "一步" if chinese else "one step"} for sha in shas[3:]],
            }
        ],
    }


def findings_of(request: Request) -> dict[str, Any]:
    """A finding for each of the first files in a part of a commit."""
    prompt = prompt_of(request)
    chinese = "补丁" in prompt
    return {
        "findings": [
            {
                "path": path,
                "change": f"改动了 `{path}`" if chinese else f"changes `{path}`",
                "affects": "",
                "risk": "",
            }
            for path in PATCHED.findall(prompt)[:3]
        ]
    }


def is_part(request: Request) -> bool:
    """Whether it asks about one part of a commit."""
    return '{"findings"' in request["messages"][0]["content"]


def answer_of(request: Request) -> dict[str, Any]:
    """What a good model says to any of our prompts."""
    if is_part(request):
        return findings_of(request)
    return (highlights_of if ANALYSED.search(prompt_of(request)) else analysis_of)(request)


def completion(
    text: str | None, *, finish: str = "stop", tokens: tuple[int, int, int] = (1000, 0, 200)
) -> Answer:
    """A chat completion with that content; `tokens` are prompt, cached and completion."""
    prompt, cached, out = tokens
    usage = {
        "prompt_tokens": prompt,
        "completion_tokens": out,
        "total_tokens": prompt + out,
        "prompt_tokens_details": {"cached_tokens": cached},
    }
    return _completion({"role": "assistant", "content": text}, finish=finish, usage=usage)


def _completion(message: Mapping[str, Any], *, finish: str = "stop", **more: Any) -> Answer:
    body = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1767934800,
        "model": "loopback",
        "choices": [{"index": 0, "finish_reason": finish, "message": message}],
    }
    return Answer(json.dumps(body | more).encode())


def refusal(status: int, message: str, *, code: str = "", headers: Mapping[str, str] | None = None) -> Answer:
    """An error in OpenAI's form."""
    error = {"message": message, "type": "error", "param": None, "code": code or None}
    return Answer(json.dumps({"error": error}).encode(), status=status, headers=headers or {})


def always(answer: Answer) -> Answers:
    """The same answer whatever is asked."""
    return lambda _request: answer


def saying(wrap: Callable[[str], str], **fields: Any) -> Answers:
    """The grounded reply with some fields replaced (None: left out), and something made of its text."""

    def answer(request: Request) -> Answer:
        reply = {name: value for name, value in (answer_of(request) | fields).items() if value is not None}
        return completion(wrap(json.dumps(reply, ensure_ascii=False)))

    return answer


def truncated(request: Request) -> Answer:
    """Stops in mid-sentence at the limit of tokens."""
    text = json.dumps(answer_of(request), ensure_ascii=False)
    return completion(text[: len(text) * 2 // 3], finish="length")


def uncounted(request: Request) -> Answer:
    """Does not say how many tokens it took."""
    return _completion({"role": "assistant", "content": json.dumps(analysis_of(request))})


def accepting(*kinds: str) -> Answers:
    """Refuses a `response_format` whose type is none of these; `""` stands for none at all."""

    def answer(request: Request) -> Answer:
        kind = (request.get("response_format") or {}).get("type", "")
        if kind in kinds:
            return valid(request)
        return refusal(400, f"response_format type {kind} is unavailable now", code="invalid_request_error")

    return answer


def smaller_than(characters: int) -> Answers:
    """Has a context window of so many characters."""

    def answer(request: Request) -> Answer:
        if len(prompt_of(request)) < characters:
            return valid(request)
        return refusal(
            400, "This model's maximum context length is 4096 tokens.", code="context_length_exceeded"
        )

    return answer


valid = saying(lambda text: text)
fenced = saying(lambda text: f"```json\n{text}\n```")
prose = saying(lambda text: f"Here is the analysis:\n\n{text}\n\nLet me know if you need more.")
thinking = saying(lambda text: f"<think>The commit {{is}} small.</think>\n{text}")
empty = always(completion(""))
no_choices = always(Answer(json.dumps({"id": "1", "object": "chat.completion", "choices": []}).encode()))
unpaid = always(refusal(402, "Insufficient Balance"))
forbidden = always(refusal(403, "Forbidden"))
too_many = always(refusal(429, "Rate limit reached", headers={"Retry-After": "7"}))
down = always(refusal(503, "The server is overloaded"))
filtered = always(refusal(400, "Content Exists Risk", code="content_filter"))
filtered_reply = always(completion("", finish="content_filter"))
refusing = always(_completion({"role": "assistant", "content": None, "refusal": "I cannot help with that."}))
html = always(Answer(b"<html><body>Sign in</body></html>", headers={"Content-Type": "text/html"}))
dropped = always(Answer(drop=True))
hanging = always(Answer(hang=True))


def dripping(pace: float) -> Answers:
    """A good answer, one byte at a time."""
    return lambda request: Answer(valid(request).body, pace=pace)


class LoopbackModel:
    """The server: `url` is the api_base, `requests` is what it was asked, `answer` says what it answers."""

    def __init__(self, *, host: str = "127.0.0.1", port: int = 0, delay: float = 0.0) -> None:
        self.delay = delay
        """Seconds before every answer."""
        self.requests: list[Request] = []
        self.asked_at: list[float] = []
        """When each of these came, in seconds of the monotonic clock."""
        self.under_way = 0
        self.busiest = 0
        """The most requests there ever were at the same time."""
        self.stopped = threading.Event()
        self._answers: list[Answers] = [valid]
        self._lock = threading.Lock()
        self._server = _Server((host, port), self)

    @property
    def url(self) -> str:
        """What `api_base` takes."""
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}/v1"

    def answer(self, *answers: Answers) -> None:
        """From now on: one answer after the other; the last one stays."""
        with self._lock:
            self._answers = list(answers)

    def reply(self, request: Request) -> Answer:
        """The answer to a request, which is remembered."""
        with self._lock:
            self.requests.append(request)
            self.asked_at.append(time.monotonic())
            self.under_way += 1
            self.busiest = max(self.busiest, self.under_way)
            answers = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        self.stopped.wait(self.delay)
        with self._lock:
            self.under_way -= 1
        return answers(request)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def running(*answers: Answers) -> Iterator[LoopbackModel]:
    """A server that gives these answers."""
    with LoopbackModel() as model:
        if answers:
            model.answer(*answers)
        yield model


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], model: LoopbackModel) -> None:
        super().__init__(address, _Exchange)
        self.model = model

    def handle_error(self, *_: Any) -> None:
        """A client that went away is no error here."""


class _Exchange(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        request: Request = json.loads(self.rfile.read(length))
        request["headers"] = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.model.reply(request)
        if answer.hang:
            self.server.model.stopped.wait()
        if answer.hang or answer.drop:
            self.close_connection = True
            return
        self._send(answer)

    def _send(self, answer: Answer) -> None:
        """The connection ends with the answer: litellm keeps one open for each time-out it was given."""
        self.send_response(answer.status)
        headers = {
            "Content-Type": "application/json",
            "Content-Length": str(len(answer.body)),
            "Connection": "close",
        }
        for name, value in (headers | dict(answer.headers)).items():
            self.send_header(name, value)
        self.end_headers()
        if not answer.pace:
            self.wfile.write(answer.body)
            return
        for byte in answer.body:
            self.wfile.write(bytes([byte]))
            if self.server.model.stopped.wait(answer.pace):
                return

    def log_message(self, *_: Any) -> None:
        """Silent."""


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before every answer")
    options = parser.parse_args()
    with LoopbackModel(port=options.port, delay=options.delay) as model:
        print(model.url, flush=True)  # noqa: T201 - whoever starts it by hand wants the address
        while True:
            time.sleep(3600)


if __name__ == "__main__":
    main()
