"""What each rule of the triage weighs, and which sums make a commit matter: data, in one place.

`pushdigest.toml` may override any of it under `[triage]`; docs/triage.md explains the rules to who does.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from analysis.mistakes import unknown
from analysis.models import Frozen, Importance

RULES: Mapping[str, int] = MappingProxyType(
    {
        # what the message says is at stake
        "breaking-mark": 8,
        "breaking-note": 8,
        "security-word": 7,
        "security-in-body": 3,
        "reverts-high": 8,
        "access-word": 4,
        "data-loss-word": 4,
        "data-loss-in-body": 4,
        "deadlock-word": 4,
        "deadlock-in-body": 2,
        "wrong-result-word": 3,
        "crash-word": 1,
        "crash-in-body": 1,
        "speed-word": 3,
        "speed-in-body": 1,
        "default-word": 2,
        "removal-word": 2,
        "retired-word": 5,
        "rename-word": -1,
        "major-bump": 3,
        "look-word": -2,
        "only-pages": -1,
        "only-build": -1,
        "case-word": 1,
        "strict-word": 4,
        "update-word": -1,
        "hint-word": -1,
        "new-in-body": 1,
        "felt-in-body": 1,
        "skippable-word": -4,
        "mostly-skippable": -3,
        "minor-word": -2,
        # what the patch does
        "removed-field": 4,
        "removed-flag": 4,
        "removed-setting": 4,
        "removed-variable": 3,
        "removed-api": 1,
        "changed-default": 3,
        "changed-constant": 1,
        "new-option": 1,
        "requirement": 3,
        "major-dependency": 3,
        "locks": 1,
        "stakes-in-code": 1,
        "only-removed": -1,
        "reworded": -1,
        "only-moved": -4,
        "only-texts": -3,
        "only-versions": -3,
        # where it does it
        "migration": 2,
        "wire-format": 1,
        "schema": 2,
        "command-table": 1,
        # what sort of change the title claims
        "security": 8,
        "feature": 4,
        "fix": 4,
        "performance": 4,
        "deprecation": 4,
        "other": 3,
        "revert": 2,
        "refactor": 2,
        "dependency": 2,
        "build": 2,
        "chore": 2,
        "docs": -3,
        "test": -3,
        "ci": -3,
        "style": -3,
        "release": -3,
        "merge": -3,
        # how much code of the core it touches
        "size-huge": 4,
        "size-large": 2,
        # what else it touches
        "tests-too": 1,
        "tests-changed": 1,
        "removed-file": -1,
        "ci-too": -2,
        # these decide alone: low, unless a rule of the floor fired
        "only-skippable": 0,
        "only-comments": 0,
        "no-files": 0,
        "only-empty": 0,
    }
)
SIZES: Mapping[str, int] = MappingProxyType({"size-huge": 1500, "size-large": 500})
"""Changed lines of code in the core from which on each counts, the largest first."""

FLOOR = frozenset({"security", "security-word", "breaking-mark", "breaking-note", "data-loss-word"})
"""Rules whose commits are never of low importance, whatever weights or the model say."""


def _over(defaults: Mapping[str, int], given: Mapping[str, int]) -> dict[str, int]:
    """The defaults with what is given in their place.

    Raises:
        ValueError: one of them is no rule.
    """
    for rule in given:
        if rule not in defaults:
            raise ValueError(unknown(rule, defaults, "see docs/triage.md"))
    return {**defaults, **given}


Weighed = Annotated[
    dict[str, Annotated[int, Field(strict=True, ge=-100, le=100)]],
    AfterValidator(lambda given: _over(RULES, given)),
]
Sized = Annotated[
    dict[str, Annotated[int, Field(strict=True, ge=0)]],
    AfterValidator(lambda given: _over(SIZES, given)),
]


class Weights(Frozen, extra="forbid"):
    """The rules' weights, the sums that lead to a level, and the sizes that count: one value."""

    high: Annotated[int, Field(strict=True, ge=1)] = 8
    medium: Annotated[int, Field(strict=True, ge=1)] = 3
    weights: Weighed = Field(default_factory=dict, validate_default=True)
    sizes: Sized = Field(default_factory=dict, validate_default=True)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.medium > self.high:
            raise ValueError(f"medium = {self.medium} is above high = {self.high}")
        return self

    def of(self, rule: str) -> int:
        """What a rule weighs; one that has been given up since weighs nothing."""
        return self.weights.get(rule, 0)

    def level(self, weight: int) -> Importance:
        """The importance that a sum leads to."""
        if weight >= self.high:
            return Importance.HIGH
        return Importance.MEDIUM if weight >= self.medium else Importance.LOW


DEFAULT = Weights()
