"""What the patch of one file shows."""

from commits import make_commit

from analysis.importance.evidence import signs

ARGPARSE = 'parser.add_argument("--chunk-size", type=int, default={})\n'
FORMS = {"only-removed", "reworded"}
"""What is said of the form of a patch, whatever stands in its lines."""


def found(path: str, before: str, after: str) -> dict[str, str]:
    """Rule -> evidence, of a commit that changes this file alone."""
    seen = signs(make_commit(files={path: (before, after)}))
    return {sign.rule: sign.evidence for sign in seen if sign.rule not in FORMS}
