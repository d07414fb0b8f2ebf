"""Numbers with what they count, for the command line, which speaks English only."""


def counted(number: int, one: str, several: str = "") -> str:
    """`1 commit`, `2 commits`; words that take more than an s are given in both forms."""
    return f"{number} {one if number == 1 else several or f'{one}s'}"
