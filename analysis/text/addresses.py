"""E-mail addresses in texts and names, which nobody is shown; pure."""

import re

ADDRESS = re.compile(
    r"(?<![\w.+-])(?!git@)[\w.+-]+@(?![123]x\.)"  # not git@host:path, not logo@2x.png
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}(?![\w-])"
)
BRACKETED = re.compile(rf"\s*<\s*{ADDRESS.pattern}\s*>")


def hide_addresses(text: str) -> str:
    """`Ada <ada@example.org>` -> `Ada`; a bare `ada@example.org` -> `ada@…`."""
    if "@" not in text:
        return text
    return ADDRESS.sub(lambda match: match[0].split("@")[0] + "@…", BRACKETED.sub("", text))
