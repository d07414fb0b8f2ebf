"""One request to a model on loopback, with the real litellm."""

from loopback_model import LoopbackModel
from pydantic import BaseModel

from analysis.model.completion import Completion, Message
from analysis.model.llm import Model, ModelOptions
from analysis.replies.reply import Reply

MESSAGES: list[Message] = [{"role": "user", "content": "Explain the commit as JSON."}]
KEY = "k-0123456789abcdef"


def model_at(service: LoopbackModel, **options: object) -> Model:
    defaults: dict[str, object] = {
        "model": "openai/any",
        "api_base": service.url,
        "api_key": KEY,
        "timeout": 20.0,
    }
    return Model(ModelOptions(**defaults | options))  # type: ignore[arg-type] # they are its fields


def complete(service: LoopbackModel, schema: type[BaseModel] = Reply, **options: object) -> Completion:
    return model_at(service, **options).complete(MESSAGES, schema)
