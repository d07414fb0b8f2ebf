"""Text that others wrote, set into Markdown so that it reads the same and does nothing.

GitHub makes links of more than Markdown does, and pings people: `@name`, `#123`, `owner/name#123`, bare URLs
and shas; `$...$` is mathematics. It looks for these after Markdown has been rendered, so a backslash or an entity
does not help; but never inside code. So they are set as code: nothing invisible is added that would be copied
along, no HTML is needed, the characters stay as they are, and every renderer shows them.
"""

import re

LINE_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
INVISIBLE = re.compile(r"[\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
"""Direction overrides would turn a line around; the last two are no characters."""

ACTIVE = r"""
  (?: (?: https?:// | ftp:// | mailto: | xmpp: | (?<![A-Za-z0-9]) www\. )            # GFM's autolinks
    | (?<![A-Za-z0-9_]) @ [A-Za-z0-9]                                               # a person or a team
    | (?<![A-Za-z0-9_./-]) [A-Za-z0-9] [A-Za-z0-9._/-]* \# [0-9]+ (?![A-Za-z0-9_])  # owner/name#123
    | (?<![A-Za-z0-9_]) (?: \# | [Gg][Hh]- ) [0-9]+ (?![A-Za-z0-9_])                # #123, GH-123
    | (?<![A-Za-z0-9_]) (?= [a-f]* [0-9] ) (?= [0-9]* [a-f] ) [0-9a-f]{7,40} (?![A-Za-z0-9_])  # a sha
    | \$
  )
  [!-;=?-_a-{}~]*
"""
"""What GitHub makes a link, a mention or mathematics of, up to the next space, `<`, `>`, `|`, backtick or character
beyond ASCII: whatever followed the code would be the beginning of a new text to GitHub. Verbose."""
CLOSING = ".,;:!?)]}/'\"*_~"
"""What ends a sentence or an emphasis, rather than a name."""

INLINE = re.compile(
    rf"""
    (?P<active> {ACTIVE} )
  | (?P<inner> (?<=[A-Za-z0-9]) _+ (?=[A-Za-z0-9]) )   # CommonMark takes no emphasis from within_a_word
  | (?P<special> [\\`*_\[\]<|~] | & (?=\#?[A-Za-z0-9]+;) | \# (?=\#*\s*$) )
    """,
    re.VERBOSE,
)
START = re.compile(r"(?=[#>+=:-])|\d{1,9}(?=[.)])")
"""What would make a block of a line's first characters: a heading, a quotation, a list, a rule."""


def one_line(text: str) -> str:
    """The text without line breaks, control characters and direction overrides."""
    return INVISIBLE.sub("", LINE_BREAKS.sub(" ", text)).strip()


def escape(text: str) -> str:
    """One line of plain text for a heading, a table's cell or a link's text."""
    line = one_line(text)
    escaped = INLINE.sub(_escape_match, line)
    return START.sub(lambda match: match[0] + "\\", escaped, count=1) if START.match(escaped) else escaped


def code(text: str) -> str:
    """One line as code, whatever backticks it holds; not for a table, where a `|` would end the cell."""
    line = one_line(text)
    fence = "`"
    while fence in line:
        fence += "`"
    padded = f" {line} " if line[:1] in "` " or line[-1:] in "` " else line
    return f"{fence}{padded}{fence}"


def split_active(active: str) -> tuple[str, str]:
    """What ACTIVE found, as code, and the punctuation after it."""
    name = active.rstrip(CLOSING) or active[:1]
    return f"`{name}`", active[len(name) :]


def escape_plain(text: str) -> str:
    """Backslashes before all that Markdown could take for its own."""
    return re.sub(r"([\\`*_\[\]<>|~#&$!])", r"\\\1", text)


def _escape_match(match: re.Match[str]) -> str:
    if match["active"]:
        name, rest = split_active(match["active"])
        return name + escape_plain(rest)
    return match[0] if match["inner"] else "\\" + match[0]
