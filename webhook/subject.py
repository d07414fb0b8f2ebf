"""A commit's message -> its subject, as git folds it. Pure."""

BLANKS = " \t\n\r"
"""What git takes for white space; Python's `strip()` takes more."""


def subject_of(message: str) -> str:
    """The first paragraph folded into one line, as git's `%s` does."""
    lines = message.split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip(BLANKS)), len(lines))
    paragraph = []
    for line in lines[first:]:
        if not line.strip(BLANKS):
            break
        paragraph.append(line.rstrip(BLANKS))
    return " ".join(paragraph)
