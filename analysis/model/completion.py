"""What asking a model is, whichever library does it: messages in, one completion out, and how that fails."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal, Protocol, TypedDict

from pydantic import BaseModel

from analysis.models import Call, Tokens
from analysis.storage.entry import Obstacle

Code = Literal["model-unavailable", "model-reply", "model-refused"]


class Message(TypedDict):
    """One turn of a conversation with a model."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True)
class Completion:
    """What a model answered, and what that took."""

    text: str
    model: str
    tokens: Tokens = field(default_factory=Tokens)
    cost_usd: float | None = None
    """None when the price of the model is not known."""
    cut: bool = False
    """It stopped at the limit of output tokens."""


class Complete(Protocol):
    """A model that can be asked: the real one, or one behind a breaker or a limit."""

    @property
    def name(self) -> str:
        """As litellm names it."""

    def complete(self, messages: Sequence[Message], schema: type[BaseModel]) -> Completion:
        """Ask once for JSON of that schema; raises a `ModelFailure`."""

    def count_tokens(self, text: str) -> int:
        """Tokens of a text, rather too many than too few; without a network."""


class ModelFailure(Exception):
    """No usable answer; the message is one line without secrets."""

    code: ClassVar[Code]
    asked: ClassVar[bool] = True
    """Whether a request was made at all; False for a model that is being left alone."""
    calls: tuple[Call, ...] = ()
    """Every call that was made for the commit, set by the analyzer: what they cost is not lost."""

    def __init__(self, model: str, detail: str, *, retry_after: float | None = None) -> None:
        super().__init__(f"{model}: {detail}")
        self.model = model
        self.detail = detail
        self.retry_after = retry_after
        """Seconds that the server asked us to wait."""
        self.tokens = Tokens()
        self.cost_usd: float | None = None

    @property
    def obstacle(self) -> Obstacle:
        """Why the commit waits or is parked."""
        return Obstacle(code=self.code, detail=f"{self.model}: {self.detail}")


class ModelUnavailable(ModelFailure):
    """Unpaid, forbidden, unknown, over quota, down, slow or unreachable: any commit would meet the same."""

    code = "model-unavailable"


class PromptTooLarge(ModelFailure):
    """The server wants fewer tokens for this commit."""

    code = "model-reply"


class UnusableReply(ModelFailure):
    """The answer is not what was asked for, or the server did not understand the request."""

    code = "model-reply"


class ContentRefused(ModelFailure):
    """The model will not speak about this commit."""

    code = "model-refused"
