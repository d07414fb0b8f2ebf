"""Asking a model about one commit: a request, at most one repair turn, and a record of every call."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import uuid4

from analysis.completion import Complete, Completion, Message, ModelFailure, UnusableReply
from analysis.models import Call, CommitFacts
from analysis.prompt import Prompt
from analysis.reply import Reply, UnreadableReply, read_reply


class Conversation:
    """All that is said about a commit, whichever models take part; `calls` grows with each request."""

    def __init__(
        self,
        commit: CommitFacts,
        prompt: Prompt,
        *,
        before_call: Callable[[Call], None],
        now: Callable[[], datetime],
    ) -> None:
        self.commit = commit
        self.prompt = prompt
        self.before_call = before_call
        self.now = now
        self.calls: list[Call] = []

    def reply(self, model: Complete, messages: Sequence[Message]) -> Reply:
        """The model's reply, asked for once more when the first cannot be used.

        Raises:
            UnusableReply: when the second is no better.
            ModelFailure: whatever the model raises.
        """
        completion = self._ask(model, messages)
        try:
            return self._read(completion)
        except UnreadableReply as unreadable:
            completion = self._ask(model, [*messages, *self._repair(completion, unreadable)])
        try:
            return self._read(completion)
        except UnreadableReply as unreadable:
            raise UnusableReply(model.name, str(unreadable)) from None

    def _ask(self, model: Complete, messages: Sequence[Message]) -> Completion:
        call = Call(
            id=uuid4().hex,
            repository=self.commit.repository,
            sha=self.commit.sha,
            model=model.name,
            at=self.now(),
        )
        self.before_call(call)
        try:
            completion = model.complete(messages, Reply)
        except ModelFailure as failure:
            if failure.asked:
                spent = {"tokens": failure.tokens, "cost_usd": failure.cost_usd, "outcome": failure.code}
                self.calls.append(call.model_copy(update=spent))
            raise
        spent = {"tokens": completion.tokens, "cost_usd": completion.cost_usd}
        self.calls.append(call.model_copy(update=spent))
        return completion

    def _read(self, completion: Completion) -> Reply:
        """The reply in the completion; the call is marked when there is none."""
        try:
            return read_reply(completion.text, cut=completion.cut, touches_files=bool(self.commit.files))
        except UnreadableReply:
            self.calls[-1] = self.calls[-1].model_copy(update={"outcome": UnusableReply.code})
            raise

    def _repair(self, completion: Completion, unreadable: UnreadableReply) -> list[Message]:
        """The reply and what is wrong with it; an empty one is left out, since some servers refuse that."""
        problem = self.prompt.part(
            f"problem-{unreadable.problem}", field=unreadable.field, reason=unreadable.reason
        )
        wish: Message = {"role": "user", "content": self.prompt.part("repair", problem=problem)}
        said: Message = {"role": "assistant", "content": completion.text}
        return [said, wish] if completion.text.strip() else [wish]
