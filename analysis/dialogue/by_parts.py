"""Asking a model about each part of a large commit, where it was not asked the very same before."""

from collections.abc import Sequence
from hashlib import sha256

from pydantic import ValidationError

from analysis.dialogue.conversation import Conversation, Form
from analysis.dialogue.reading import Reading
from analysis.model.completion import Complete, Message
from analysis.replies.findings import PartReply, most_of, read_part
from analysis.storage.kept import Kept


def found_in_parts(model: Complete, reading: Reading, talk: Conversation, kept: Kept) -> list[PartReply]:
    """What the model notes of each part; every answer is kept at once, so that another try can go on.

    Raises:
        ModelFailure: whatever the model raises, `UnusableReply` after two unreadable replies.
    """
    return [_found(model, reading, number, talk, kept) for number in range(1, len(reading.parts) + 1)]


def _found(model: Complete, reading: Reading, number: int, talk: Conversation, kept: Kept) -> PartReply:
    key = _key(model.name, reading.part_prompt(number, fence=""))
    known = _remembered(kept.get(key))
    if known is not None:
        return known
    most = most_of(len(reading.parts))
    form = Form(PartReply, lambda said: read_part(said.text, cut=said.cut, most=most))
    reply = talk.reply(model, reading.part_prompt(number), form)
    kept.put(key, reply.model_dump_json())
    return reply


def _key(model: str, prompt: Sequence[Message]) -> str:
    """Stands for a model and all that it is asked."""
    return sha256("\0".join([model, *(message["content"] for message in prompt)]).encode()).hexdigest()


def _remembered(said: str | None) -> PartReply | None:
    """None as well for what another version has kept in another form."""
    try:
        return None if said is None else PartReply.model_validate_json(said)
    except ValidationError:
        return None
