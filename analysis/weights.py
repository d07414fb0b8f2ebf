"""What each rule of the triage weighs, and which sums make a commit matter: data, in one place."""

from collections.abc import Mapping
from types import MappingProxyType

HIGH, MEDIUM = 8, 3
"""The sums from which on a commit is of high or medium importance."""

WEIGHTS: Mapping[str, int] = MappingProxyType(
    {
        # what the message says is at stake
        "breaking-mark": 8,
        "security-word": 7,
        "security-in-body": 2,
        "data-loss-word": 4,
        "deadlock-word": 4,
        "wrong-result-word": 3,
        "crash-word": 3,
        "speed-word": 2,
        # what the patch does
        "removed-flag": 3,
        "removed-variable": 2,
        "removed-api": 2,
        "changed-default": 2,
        "migration": 3,
        "wire-format": 3,
        "schema": 2,
        "major-bump": 3,
        # what sort of change the title claims
        "security": 8,
        "feature": 4,
        "fix": 4,
        "performance": 4,
        "deprecation": 4,
        "revert": 2,
        "reland": 1,
        "refactor": 2,
        "dependency": 2,
        "build": 2,
        "other": 3,
        "chore": 1,
        "docs": -3,
        "test": -3,
        "ci": -3,
        "style": -3,
        "merge": -3,
        # how much of the core it touches
        "size-huge": 4,
        "size-large": 2,
        "size-some": 1,
        "size-tiny": -1,
        # nothing that runs is touched: decides alone
        "only-skippable": 0,
    }
)

SIZES = (("size-huge", 1500), ("size-large", 500), ("size-some", 150))
"""Changed lines of the core from which on each counts, the largest first."""
TINY = 3
"""Changed lines of the core up to which `size-tiny` counts."""

FLOOR = frozenset({"security", "security-word", "breaking-mark", "data-loss-word"})
"""Rules whose commits are never of low importance, whatever the model says."""
