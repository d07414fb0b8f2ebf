"""Words in a commit's body that say who will notice the change; each group is a rule of the triage.

A title has room for what was done, a body for why: who writes of users, or of something new to use, has a change in
mind that is felt.
"""

import re
from collections.abc import Iterator

BODIES = {
    "new-in-body": re.compile(
        r"\bnew (?:\S+ )?(?:option|flag|command|setting|config\w*|feature|API|field|metric|argument|parameter|mode)s?\b|"
        r"\badds? support\b|\bintroduc(?:e|es|ing)\b|\bsupport for\b|\ballows?\b",
        re.IGNORECASE,
    ),
    "felt-in-body": re.compile(
        r"\busers?\b|\bbehaviou?rs?\b|\bbreaking\b(?![- ]changes?:)|\bbackwards?[- ](?:in)?compat\w*|\bincompatib\w+",
        re.IGNORECASE,
    ),
}


_TRAILER = re.compile(r"^[A-Z][\w-]+-by:.*$", re.MULTILINE)


def told(body: str) -> Iterator[tuple[str, str]]:
    """`(rule, word)` for each group that a body has a word of, the first one in it; who signed it says nothing."""
    text = _TRAILER.sub("", body)
    for rule, words in BODIES.items():
        if found := words.search(text):
            yield rule, found[0]
