"""Text that others wrote, set into Markdown so that it reads the same and does nothing.

GitHub makes links of more than Markdown does, and pings people: `@name`, `#123`, `owner/name#123`, bare URLs
and shas; `$...$` is mathematics, `:tada:` a picture. It looks for these after Markdown has been rendered, so
a backslash or an entity does not help; but never inside code. So a word that holds one is set as code:
nothing invisible is added that would be copied along, no HTML is needed, and every renderer shows the
characters as they are.
"""

import html
import re

from analysis.text.unseen import one_line

_ACTIVE = r"""
    [:$@\#HhfmxwGg0-9a-e]   # first, so that a search skips what begins none of these
    (?: (?<=[Hh]) (?i: ttps?:// ) | (?<=f) tp:// | (?<=m) ailto: | (?<=x) mpp:     # GFM's autolinks
      | (?<=w) (?<! [A-Za-z0-9]w ) ww\.
      | (?<=@) (?<! [A-Za-z0-9]@ ) [A-Za-z0-9]                                    # a person or a team
      | (?<=@) [A-Za-z0-9_-]* \.                                                  # name@1.2: mail to GFM
      | (?<=\#) [0-9]+ (?![A-Za-z0-9])                                            # #123, owner/name#123
      | (?<=[Gg]) (?<! [A-Za-z0-9]. ) [Hh]-[0-9]+ (?![A-Za-z0-9])                 # GH-123
      | (?<=[0-9]) (?<! [A-Za-z0-9]. ) (?=[0-9]*[a-f]) [0-9a-f]{6,39} (?![A-Za-z0-9])   # a sha
      | (?<=[a-f]) (?<! [A-Za-z0-9]. ) (?=[a-f]*[0-9]) [0-9a-f]{6,39} (?![A-Za-z0-9])
      | (?<=:) (?: [a-z][a-z0-9_+-]* | [+-]1 | 100 | 1234 | 8ball | [1-3][a-z]+_place_medal ) :  # emoji
      | (?<=\$)
    )
"""
ACTIVE = re.compile(_ACTIVE, re.VERBOSE)
"""What GitHub makes a link, a mention, mathematics or a picture of; but a sha of digits only looks like a
number."""
_CHARACTER = r"(?: [!-;=?-\[\]-_a-{}~] | \\ (?![<>|`]) )"
WORD = rf"(?<! [!-;=?-_a-{{}}~] ) (?= {_CHARACTER}*? (?: {_ACTIVE} ) ) {_CHARACTER}+"
"""A whole word with something active in it; verbose. A word is ASCII without white space, `<`, `>`, `|` and
backticks: these end a name, as all beyond ASCII does."""
OPENING, CLOSING = "([{'\"*_~", ".,;:!?)]}/'\"*_~"
"""Punctuation around a word, rather than in it."""

MARKS = r"""
    (?P<inner> (?<=[A-Za-z0-9]) _+ (?=[A-Za-z0-9]) )   # CommonMark takes no emphasis from within_a_word
  | (?P<mark> [\\`*_\[\]<|~] | & (?=\#?[A-Za-z0-9]+;) | \# (?=\#*\s*$) )
"""
QUIET = re.compile(MARKS, re.VERBOSE)
BUSY = re.compile(rf"(?P<word> {WORD} ) | {MARKS}", re.VERBOSE)
START = re.compile(r"(?=[#>+=:-])|\d{1,9}(?=[.)])")
"""What would make a block of a line's first characters: a heading, a quotation, a list, a rule."""


def escape(text: str) -> str:
    """One line of plain text for a heading, a table's cell or a link's text."""
    line = one_line(text)
    escaped = BUSY.sub(_escape_word, line) if ACTIVE.search(line) else QUIET.sub(_escape_mark, line)
    return escape_start(escaped)


def escape_start(line: str) -> str:
    """The line with a backslash in its first characters if they would begin a block."""
    return START.sub(lambda match: match[0] + "\\", line, count=1) if START.match(line) else line


def code(text: str) -> str:
    """One line as code, whatever backticks it holds; not for a table, where a `|` would end the cell."""
    line = one_line(text)
    if not line:
        return ""
    fence = "`"
    while fence in line:
        fence += "`"
    padded = f" {line} " if line[:1] in "` " or line[-1:] in "` " else line
    return f"{fence}{padded}{fence}"


def in_html(text: str) -> str:
    """One line of plain text inside an element of HTML: no Markdown is read there, yet names still ping."""
    words = ((word, html.escape(word)) for word in one_line(text).split(" "))
    return " ".join(f"<code>{shown}</code>" if ACTIVE.search(word) else shown for word, shown in words)


def split_word(word: str) -> tuple[str, str, str]:
    """The punctuation before an active word, the word as code, the punctuation after it."""
    rest = word.lstrip(OPENING)
    name = rest.rstrip(CLOSING)
    if name.startswith(":") and rest.startswith(f"{name}:"):
        name += ":"  # a picture's name has one at either end
    return word[: len(word) - len(rest)], f"`{name}`", rest[len(name) :]


def _escape_word(match: re.Match[str]) -> str:
    if match["word"] is None:
        return _escape_mark(match)
    before, name, after = split_word(match["word"])
    return QUIET.sub(_escape_mark, before) + name + QUIET.sub(_escape_mark, after)


def _escape_mark(match: re.Match[str]) -> str:
    return match[0] if match["inner"] else f"\\{match[0]}"
