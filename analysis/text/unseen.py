"""Characters that nobody sees, and that change what is seen: for texts that others wrote; pure.

Controls drive terminals and end lines; direction marks turn a line around (Unicode TR 9, TR 36); hidden
letters make two names look like one, or carry a text of their own. Joiners are kept where they join: in
emoji, and in scripts that need them.
"""

import re

BREAKING = r"\x00-\x1f\x7f-\x9f\u2028\u2029"
"""For a class in a pattern: controls and whatever ends a line."""
HIDDEN = (
    r"\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
    r"\ud800-\udfff\U000e0000-\U000e0fff"
)
"""For a class in a pattern: direction marks, letters without a width, tags, what is no character."""

_BREAKING = re.compile(f"[{BREAKING}]+")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]+")
_HIDDEN = re.compile(f"[{HIDDEN}]+")
_IDLE_JOINERS = re.compile(r"(?<![^\n -~])[\u200c\u200d]+|[\u200c\u200d]+(?![^\n -~])")
_ALL = re.compile(rf"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u200c\u200d{HIDDEN}](?!(?<=\r)\n)")


def one_line(text: str) -> str:
    """The text with a blank for each break and each control character, and without what is hidden."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return _without_hidden(_BREAKING.sub(" ", text)).strip()


def many_lines(text: str) -> str:
    """The text with its own tabs and line feeds; all other breaks and controls are blanks."""
    return _without_hidden(_CONTROLS.sub(" ", text.replace("\r\n", "\n")))


def escaped(text: str) -> str:
    """The text with an escape of JSON for each such character; its tabs and line breaks, CRLF too, stay."""
    return _ALL.sub(lambda match: _escape(match[0]), text)


def _escape(char: str) -> str:
    """One escape, or two for a character that UTF-16 writes as a pair."""
    units = char.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def _without_hidden(text: str) -> str:
    return _IDLE_JOINERS.sub("", _HIDDEN.sub("", text))
