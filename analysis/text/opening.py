"""How the message of a commit opens: its first prose, as it may be quoted in one line; pure."""

import re
from itertools import pairwise, takewhile

SHORT = 40
"""Characters of a line that was not wrapped: whoever wraps lines fills more of them."""

_FENCED = re.compile(
    r"^[ \t]*(?P<fence>`{3,}|~{3,})[^`\n]*$.*?(?:^[ \t]*(?P=fence)[`~]*[ \t]*$|\Z)", re.MULTILINE | re.DOTALL
)
_NO_PROSE = re.compile(
    r"(?:[a-z]+(?:-[a-z]+)+:|(?:fixes|closes|resolves|refs?|see|cc|issue|pr)\b[: ]+\S+\s*$|\(cherry picked|"
    r"[#*>|-]|(?:[a-z]+(?: [a-z]+)?|\w{1,4})[:：]\s*$|https?://\S+\s*$)",
    re.IGNORECASE,
)
"""A paragraph that begins so: trailers, headings, lists, check boxes of a template, a label, an address."""
_BLOCK = re.compile(r"(?:[-*+•>|]|\d{1,3}[.)]|#{1,6})\s|[a-z]+(?:-[a-z]+)+:\s", re.IGNORECASE)
"""A line within a paragraph at which its prose ends: a list, a quotation, a trailer."""
_INDENTED = re.compile(r"(?: {4}|\t)")
_ENDED = (*".!?,;:…。！？，；：、", "—", "(", "（")


def opening_of(body: str) -> str:
    """The first paragraph of prose; empty when there is none. It ends in `…` where what follows is left out.

    Lines that were not wrapped, each a statement of its own, are told apart by semicolons.
    """
    paragraphs = re.split(r"\n\s*\n", _FENCED.sub("\n\n", body).strip("\n"))
    prose = next(filter(_is_prose, paragraphs), "")
    lines = [line.strip() for line in prose.splitlines()]
    said = list(takewhile(lambda line: not _BLOCK.match(line), lines))
    text = _joined(said)
    open_end = text.endswith((":", "：")) or (len(said) < len(lines) and not text.endswith(_ENDED))
    return f"{text.rstrip(':： ')}…" if open_end else text


def _is_prose(paragraph: str) -> bool:
    code = all(_INDENTED.match(line) for line in paragraph.splitlines())
    return not code and bool(paragraph.strip()) and not _NO_PROSE.match(paragraph.strip())


def _joined(lines: list[str]) -> str:
    text = lines[0] if lines else ""
    for line, after in pairwise(lines):
        text += f"; {after}" if _stands_alone(line, after) else f" {after}"
    return text


def _stands_alone(line: str, after: str) -> bool:
    return len(line) < SHORT and after[:1].isupper() and not line.endswith(_ENDED)
