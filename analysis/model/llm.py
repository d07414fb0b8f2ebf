"""The only importer of litellm: one request to one model, with a deadline, a price and typed failures.

litellm takes seconds and 150 MB to import, so that happens on first use; `preload` does it before a fork.
"""

import logging
import math
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from threading import Thread
from time import monotonic
from types import ModuleType
from typing import Any

from pydantic import BaseModel

from analysis.calendar import Now, utc_now
from analysis.model.completion import (
    Completion,
    ContentRefused,
    Message,
    ModelFailure,
    ModelUnavailable,
    UnusableReply,
)
from analysis.model.faults import failure
from analysis.model.response import has_refused, headers_of, text_of, tokens_in
from analysis.models import Tokens
from analysis.redact import redact, redact_values
from analysis.storage.ladder import RUNGS, OwnRungs, Rung, Rungs

MARGIN = 1.15
"""The bundled tokenizers count up to this much less than a model that has its own."""
_ENVIRONMENT = {
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",  # else the import fetches a price list from the network
    "LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS": "True",  # else the first call fetches a list of headers
    "LITELLM_MODE": "PRODUCTION",  # else the import reads ./.env
}


@dataclass(frozen=True)
class ModelOptions:
    """Which model is asked, where, and on what terms."""

    model: str
    api_base: str | None = None
    api_key: str | None = field(default=None, repr=False)
    extra_headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    timeout: float = 60
    """Seconds for one `complete`, all in all."""
    max_output_tokens: int = 3000
    input_price: float | None = None
    """USD per million tokens; None: from litellm's table."""
    output_price: float | None = None

    @property
    def secrets(self) -> tuple[str, ...]:
        """What may not stand in a message."""
        return tuple(filter(None, [self.api_key, *self.extra_headers.values()]))


class Model:
    """One model; remembers which way of asking for JSON its server takes."""

    def __init__(self, options: ModelOptions, rungs: Rungs | None = None, now: Now = utc_now) -> None:
        self.options = options
        self.rungs = rungs or OwnRungs()
        self.now = now

    @property
    def name(self) -> str:
        """As litellm names it."""
        return self.options.model

    def complete(self, messages: Sequence[Message], schema: type[BaseModel]) -> Completion:
        """Ask once for JSON of that schema.

        Raises:
            ModelUnavailable: 401, 402, 403, 404, 429, 5xx, no answer in time, no connection, no JSON at all.
            PromptTooLarge: the server says so.
            ContentRefused: by a filter on either side.
            UnusableReply: the server did not understand the request in any of our ways.
        """
        deadline = monotonic() + self.options.timeout
        first = self.rungs.get(self.name, self.options.api_base)
        for rung in RUNGS[RUNGS.index(first) :]:
            try:
                response = self._request(messages, _format(rung, schema), deadline)
            except UnusableReply:
                if rung == RUNGS[-1]:
                    raise
            else:
                if rung != first:
                    self.rungs.put(self.name, self.options.api_base, rung)
                return self._completion(response, messages)
        raise AssertionError  # the last rung returns or raises

    @property
    def priced(self) -> bool:
        """Whether the price of its tokens is known."""
        return self._cost(Tokens()) is not None

    def count_tokens(self, text: str) -> int:
        """Tokens of a text, rather too many than too few; without a network."""
        return math.ceil(MARGIN * int(_litellm().token_counter(model=self.name, text=text)))

    def _request(self, messages: Sequence[Message], json: dict[str, Any], deadline: float) -> Any:  # noqa: ANN401 - litellm's
        litellm, options = _litellm(), self.options
        left = deadline - monotonic()
        ask = {
            "model": options.model,
            "messages": list(messages),
            "api_base": options.api_base,
            "api_key": options.api_key or ("none" if options.api_base else None),  # a server of one's own
            "extra_headers": dict(options.extra_headers) or None,
            "max_tokens": options.max_output_tokens,
            "timeout": left,
            "max_retries": 0,
            **json,
        }
        try:
            return _within(left, lambda: litellm.completion(**ask))
        except TimeoutError:
            raise self._too_late() from None
        except litellm.Timeout as error:  # a server's 408 or 504 too
            raise (self._failure(error) if headers_of(error) else self._too_late()) from None
        except litellm.exceptions.openai.OpenAIError as error:
            raise self._failure(error) from None

    def _too_late(self) -> ModelUnavailable:
        return ModelUnavailable(self.name, f"no answer within {self.options.timeout:g} s")

    def _failure(self, error: Exception) -> ModelFailure:
        """What litellm raised; its `litellm_debug_info` holds the prompt and is not looked at."""
        status = int(getattr(error, "status_code", None) or 500)
        text = redact_values(redact(str(getattr(error, "message", error))), self.options.secrets)
        if isinstance(error, _litellm().ContextWindowExceededError):
            text = f"{text} (context window exceeded)"
        return failure(self.name, status, text, headers=headers_of(error), now=self.now())

    def _completion(self, response: Any, messages: Sequence[Message]) -> Completion:  # noqa: ANN401 - litellm's
        choice = response.choices[0] if response.choices else None
        finish, text = getattr(choice, "finish_reason", None), text_of(choice)
        tokens = tokens_in(getattr(response, "usage", None)) or self._counted(messages, text)
        cost = self._cost(tokens)
        if finish == "content_filter" or (has_refused(choice) and not text):
            refused = ContentRefused(self.name, "the model refused to answer")
            refused.tokens, refused.cost_usd = tokens, cost
            raise refused
        return Completion(text, self.name, tokens=tokens, cost_usd=cost, cut=finish == "length")

    def _counted(self, messages: Sequence[Message], text: str) -> Tokens:
        """By our own tokenizer, where the server does not say: a budget holds for it as well."""
        prompt = sum(self.count_tokens(message["content"]) for message in messages)
        return Tokens(prompt=prompt, completion=self.count_tokens(text))

    def _cost(self, tokens: Tokens) -> float | None:
        """In USD; what the server had in its cache at its own price where the table has one."""
        options, table = self.options, _prices(self.name)
        if options.input_price is not None and options.output_price is not None:
            fresh = cached = options.input_price / 1e6
            out = options.output_price / 1e6
        elif "input_cost_per_token" in table:
            fresh, out = table["input_cost_per_token"], table.get("output_cost_per_token", 0.0)
            cached = table.get("cache_read_input_token_cost", fresh)
        else:
            return None
        return fresh * (tokens.prompt - tokens.cached) + cached * tokens.cached + out * tokens.completion


def preload() -> None:
    """Load litellm and its tokenizer, before a process forks those that use them.

    litellm puts off most of its imports until the first call (0.7 s of CPU, which every fork would pay), so
    one is made here that nobody answers.
    """
    _litellm().token_counter(model="openai/any", text="any")
    nobody = ModelOptions(model="openai/nobody", api_base="http://127.0.0.1:1", api_key="none")
    with suppress(ModelFailure):
        Model(nobody).complete([{"role": "user", "content": "any"}], _Anything)


class _Anything(BaseModel):
    """A schema to ask for where the answer does not matter."""


@cache
def _litellm() -> ModuleType:
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    import litellm  # noqa: PLC0415 - only a process that asks a model pays for the import

    litellm.suppress_debug_info = True
    for name in ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.setLevel(logging.CRITICAL)
    return litellm


@cache
def _prices(model: str) -> dict[str, float]:
    """The entry of litellm's table for a model, under its full name or under the one its provider knows."""
    litellm = _litellm()
    table: dict[str, dict[str, Any]] = litellm.model_cost
    provider, _, name = model.partition("/")
    entry = table.get(model) or table.get(name, {})
    return entry if model in table or entry.get("litellm_provider") == provider else {}


def _format(rung: Rung, schema: type[BaseModel]) -> dict[str, Any]:
    if rung == "json_schema":
        return {"response_format": schema}
    return {"response_format": {"type": "json_object"}} if rung == "json_object" else {}


def _within(seconds: float, call: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever the call returns
    """What the call returns, or TimeoutError: litellm's own time-out starts anew with each byte.

    The thread of a call that is given up is a daemon: it ends with the process that ran the one job.
    """
    future: Future[Any] = Future()

    def run() -> None:
        try:
            future.set_result(call())
        except BaseException as error:  # noqa: BLE001 - carried to the caller's thread, where it is raised
            future.set_exception(error)

    Thread(target=run, name="model call", daemon=True).start()
    return future.result(timeout=max(0.0, seconds))
