"""The catalogues of words as they are written, and what the code asks of them."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

from analysis.language import Language
from analysis.words import DOMAIN, FOLDER

ROOT = Path(__file__).parents[1]
CODE = [file for name in ("analysis", "report", "webhook", "workers") for file in (ROOT / name).rglob("*.py")]
TEMPLATES = list((ROOT / "report" / "templates").rglob("*.j2"))
ANY = "[A-Za-z0-9-]+"
"""What stands in the place of a value in a key that is put together."""


@dataclass(frozen=True)
class Asked:
    """One place where words are asked for."""

    key: str
    """As a pattern for the whole of it; a key that is not put together matches itself only."""
    fields: frozenset[str] | None = None
    """None where they are not written out."""
    composed: bool = False


def source(language: Language) -> Path:
    """The file in which people write."""
    return FOLDER / language.replace("-", "_") / "LC_MESSAGES" / f"{DOMAIN}.po"


@cache
def written_in(language: Language) -> Catalog:
    """Everything of it, as Babel reads it."""
    with source(language).open("rb") as file:
        return read_po(file, abort_invalid=True)


def catalogue(language: Language) -> dict[str, tuple[str, ...]]:
    """Key -> its forms; a message without plural forms has one."""
    return {
        key_of(message.id): (message.string,) if isinstance(message.string, str) else tuple(message.string)
        for message in written_in(language)
        if message.id
    }


def plurals(language: Language) -> set[str]:
    """The keys whose message depends on a count."""
    return {key_of(message.id) for message in written_in(language) if message.pluralizable}


def key_of(msgid: str | tuple[str, ...] | list[str]) -> str:
    return msgid if isinstance(msgid, str) else msgid[0]


def asked() -> Iterator[Asked]:
    """Every `words(...)` of code and templates, and every key that stands or is put together elsewhere."""
    for file in CODE:
        yield from _asked_by_code(ast.parse(file.read_text(encoding="utf-8")))
    for file in TEMPLATES:
        yield from _asked_by_template(Environment(autoescape=True).parse(file.read_text(encoding="utf-8")))


@cache
def said() -> frozenset[str]:
    """Every word in a string of the code or of a template: what a key may be put together with."""
    texts = [text for file in CODE for text in _strings(ast.parse(file.read_text(encoding="utf-8")))]
    for file in TEMPLATES:
        tree = Environment(autoescape=True).parse(file.read_text(encoding="utf-8"))
        texts += [str(const.value) for const in tree.find_all(nodes.Const)]
    return frozenset(word for text in texts for word in re.findall(ANY, text))


def _asked_by_code(tree: ast.AST) -> Iterator[Asked]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and _is_words(node.func):
            names = [keyword.arg for keyword in node.keywords]
            fields = None if None in names else frozenset(name for name in names if name)
            if isinstance(first := node.args[0], ast.Constant):
                yield Asked(re.escape(str(first.value)), fields)
        elif isinstance(node, ast.JoinedStr):
            parts = [
                re.escape(str(part.value)) if isinstance(part, ast.Constant) else ANY for part in node.values
            ]
            yield Asked("".join(parts), composed=True)
        elif isinstance(node, ast.Constant):
            yield Asked(re.escape(str(node.value)))


def _asked_by_template(tree: nodes.Template) -> Iterator[Asked]:
    for call in tree.find_all(nodes.Call):
        if not (isinstance(call.node, nodes.Name) and call.node.name == "words"):
            continue
        fields = None if call.dyn_kwargs else frozenset(keyword.key for keyword in call.kwargs)
        if isinstance(first := call.args[0], nodes.Const):
            yield Asked(re.escape(str(first.value)), fields)
        elif isinstance(first, nodes.Concat):
            parts = [
                re.escape(str(part.value)) if isinstance(part, nodes.Const) else ANY for part in first.nodes
            ]
            yield Asked("".join(parts), composed=True)


def _is_words(function: ast.expr) -> bool:
    return (function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")) == "words"


def _strings(tree: ast.AST) -> Iterator[str]:
    return (
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
