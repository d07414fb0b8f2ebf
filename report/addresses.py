"""E-mail addresses out of everything that readers get: people put them in messages and names."""

from operator import is_not
from typing import TypeVar

from pydantic import BaseModel

from analysis.text.addresses import hide_addresses

PATHS = frozenset({"path", "old_path"})
"""A path may look like an address; it is a fact that must stay as it is."""

Value = TypeVar("Value")


def without_addresses(value: Value) -> Value:
    """The same value with the addresses in all its texts hidden, paths apart; itself when there are none.

    A digest passes each of its entries through here, so what stays as it is is not made anew.
    """
    hidden: object = value
    if isinstance(value, str):
        hidden = hide_addresses(value)
    elif isinstance(value, tuple):
        items = [without_addresses(item) for item in value]
        hidden = tuple(items) if any(map(is_not, items, value)) else value
    elif isinstance(value, BaseModel):
        hidden = _without_addresses_in(value)
    return hidden  # type: ignore[return-value]  # each branch keeps the type it was given


def _without_addresses_in(model: BaseModel) -> BaseModel:
    changed = {}
    for name, value in model.__dict__.items():
        if name not in PATHS and (hidden := without_addresses(value)) is not value:
            changed[name] = hidden
    return model.model_copy(update=changed) if changed else model
