"""Words in a commit's body that say who will notice the change; each group is a rule of the triage.

A title has room for what was done, a body for why: who writes of users, or of something new to use, has a
change in mind that is felt.
"""

import re
from collections.abc import Iterator

_GROUPS = {
    "new-in-body": (
        r"new (?:\S+ )?(?:option|flag|command|setting|config\w*|feature|API|field|metric|argument|parameter|"
        r"mode)s?|adds? support|introduc(?:e|es|ing)|support for|allows?"
    ),
    "felt-in-body": (
        r"users?|(?<!no )(?<!same )(?<!without changing )behavi(?:or|our)s?|breaking(?![- ]changes?:)|"
        r"backwards?[- ](?:in)?compat\w*|incompatib\w+"
    ),
}
BODIES = {rule: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for rule, words in _GROUPS.items()}
_TRAILER = re.compile(r"^[A-Z][\w-]+-by:.*$", re.MULTILINE)
"""Who signed a commit or reviewed it says nothing of it."""


def told(body: str) -> Iterator[tuple[str, str]]:
    """`(rule, word)` for each group that a body has a word of, the first one in it."""
    text = _TRAILER.sub("", body)
    for rule, words in BODIES.items():
        if found := words.search(text):
            yield rule, found[0]
