"""Asking a model about one thing: a request, the few turns that may follow it, and a record of every call."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from uuid import uuid4

from pydantic import BaseModel

from analysis.calendar import Now
from analysis.dialogue.prompt import Prompt
from analysis.model.completion import Complete, Completion, Message, ModelFailure, UnusableReply
from analysis.models import Call
from analysis.replies.json_reply import UnreadableReply

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Form(Generic[Answer]):
    """What is asked for, and how the answer is read."""

    schema: type[BaseModel]
    read: Callable[[Completion], Answer]
    """Raises `UnreadableReply`."""
    doubts: Callable[[Answer], Sequence[str]] = lambda _: ()
    """Claims of a readable answer that nothing supports: the model is told of them once."""


@dataclass
class Conversation:
    """All that is said about one thing, whichever models take part; `calls` grows with each request."""

    repository: str
    about: str
    """The sha of the commit, or the day."""
    prompt: Prompt
    before_call: Callable[[Call], None]
    now: Now
    calls: list[Call] = field(default_factory=list)

    def reply(self, model: Complete, messages: Sequence[Message], form: Form[Answer]) -> Answer:
        """The model's answer: asked for once more when it cannot be read, and once more when it is doubtful.

        Raises:
            UnusableReply: when the second is as unreadable as the first.
            ModelFailure: whatever the model raises.
        """
        completion = self._ask(model, messages, form)
        try:
            answer = self._read(completion, form)
        except UnreadableReply as unreadable:
            completion = self._ask(model, self._turn(messages, completion, self._problem(unreadable)), form)
            try:
                answer = self._read(completion, form)
            except UnreadableReply as still:
                raise UnusableReply(model.name, str(still)) from None
        return self._revised(model, messages, form, completion, answer)

    def _revised(
        self,
        model: Complete,
        messages: Sequence[Message],
        form: Form[Answer],
        completion: Completion,
        answer: Answer,
    ) -> Answer:
        """The answer, or the one after the model was told which claims nothing supports, if it has fewer."""
        doubts = form.doubts(answer)
        if not doubts:
            return answer
        wish = self.prompt.part("repair-claims", claims="\n".join(f"- {claim}" for claim in doubts))
        try:
            second = self._read(self._ask(model, self._turn(messages, completion, wish), form), form)
        except (ModelFailure, UnreadableReply):
            return answer
        return second if len(form.doubts(second)) < len(doubts) else answer

    def _ask(self, model: Complete, messages: Sequence[Message], form: Form[Answer]) -> Completion:
        call = Call(
            id=uuid4().hex,
            repository=self.repository,
            sha=self.about,
            model=model.name,
            at=self.now(),
        )
        self.before_call(call)
        try:
            completion = model.complete(messages, form.schema)
        except ModelFailure as failure:
            if failure.asked:
                spent = {"tokens": failure.tokens, "cost_usd": failure.cost_usd, "outcome": failure.code}
                self.calls.append(call.model_copy(update=spent))
            raise
        spent = {"tokens": completion.tokens, "cost_usd": completion.cost_usd}
        self.calls.append(call.model_copy(update=spent))
        return completion

    def _read(self, completion: Completion, form: Form[Answer]) -> Answer:
        """The answer in the completion; the call is marked when there is none."""
        try:
            return form.read(completion)
        except UnreadableReply:
            self.calls[-1] = self.calls[-1].model_copy(update={"outcome": UnusableReply.code})
            raise

    def _problem(self, unreadable: UnreadableReply) -> str:
        problem = self.prompt.part(
            f"problem-{unreadable.problem}", field=unreadable.field, reason=unreadable.reason
        )
        return self.prompt.part("repair", problem=problem)

    def _turn(self, messages: Sequence[Message], completion: Completion, wish: str) -> list[Message]:
        """What was said and what is wished for; an empty reply is left out: some servers refuse it."""
        said: list[Message] = (
            [{"role": "assistant", "content": completion.text}] if completion.text.strip() else []
        )
        return [*messages, *said, {"role": "user", "content": wish}]
