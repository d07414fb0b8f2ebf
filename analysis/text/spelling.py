"""Characters that look alike in one spelling: what a model typesets is compared with what was typed; pure."""

_WIDE = "０１２３４５６７８９（）％＋－／＝＿＜＞＊＃＆＠～．［］｛｝＄"
_NARROW = "0123456789()%+-/=_<>*#&@~.[]{}$"
_LETTERS = {ord("Ａ") + at: ord("A") + at for at in (*range(26), *range(32, 58))}
_ALIKE = (
    str.maketrans(_WIDE, _NARROW)
    | _LETTERS
    | str.maketrans("\u2010\u2011\u2212\u2018\u2019\u201c\u201d", "---''\"\"")
    | dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f\u3000"), " ")
)
"""Dashes between words and full-width commas stay: `512，384` are two numbers, and `——x` is no flag."""


def plainly(text: str) -> str:
    """The same text, character by character, in ASCII where there is one that looks the same."""
    return text if text.isascii() else text.translate(_ALIKE)
