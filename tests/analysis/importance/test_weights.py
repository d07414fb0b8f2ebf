"""Weights as data, and what may be put in their place."""

import pytest
from written import Write

from analysis.importance.weights import DEFAULT, FLOOR, RULES, SIZES, Weights
from analysis.models import Importance
from analysis.settings import load_settings
from analysis.sources import InvalidSettings


def test_the_defaults_are_complete() -> None:
    assert (DEFAULT.weights, DEFAULT.sizes) == (dict(RULES), dict(SIZES))
    assert RULES.keys() >= FLOOR
    assert SIZES.keys() <= RULES.keys()
    *large, tiny = SIZES.values()
    assert sorted(large, reverse=True) == large
    assert tiny < large[-1]


def test_sums_lead_to_levels() -> None:
    levels = [DEFAULT.level(DEFAULT.high), DEFAULT.level(DEFAULT.high - 1), DEFAULT.level(DEFAULT.medium - 1)]
    assert levels == [Importance.HIGH, Importance.MEDIUM, Importance.LOW]


def test_a_rule_that_was_given_up_weighs_nothing() -> None:
    assert DEFAULT.of("no-such-rule") == 0


def test_the_toml_overrides_single_values(toml: Write) -> None:
    assert load_settings().triage == DEFAULT
    toml("[triage]\nhigh = 9\n[triage.weights]\nfix = 2\n[triage.sizes]\nsize-huge = 3000\n")
    weights = load_settings().triage
    assert (weights.high, weights.medium) == (9, DEFAULT.medium)
    assert weights.weights == {**RULES, "fix": 2}
    assert weights.sizes == {**SIZES, "size-huge": 3000}


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (
            "[triage.weights]\nsecurity-wrod = 9",
            r"triage\.weights: there is no 'security-wrod'; is it security-word\?",
        ),
        ("[triage.weights]\nqqq = 9", r"triage\.weights: there is no 'qqq'; see docs/triage\.md"),
        ("[triage.weights]\nfix = 'much'", r"triage\.weights\.fix: write a whole number"),
        ("[triage.weights]\nfix = 1.5", r"triage\.weights\.fix: write a whole number"),
        ("[triage.weights]\nfix = 1000", r"triage\.weights\.fix: .*100"),
        ("[triage.sizes]\nsize-enormous = 1", r"triage\.sizes: there is no 'size-enormous'"),
        ("[triage]\nhihg = 9", r"triage: there is no 'hihg'; is it high\?"),
        ("[triage]\nhigh = 2\nmedium = 3", r"triage: medium = 3 is above high = 2"),
        ("triage = 3", r"triage: write it as a table that begins with \[triage\]"),
    ],
)
def test_what_is_no_weight_is_named_in_one_line(toml: Write, table: str, message: str) -> None:
    toml(table)
    with pytest.raises(InvalidSettings, match=rf"^{message}") as raised:
        load_settings()
    assert "\n" not in str(raised.value)


def test_weights_are_a_value() -> None:
    assert Weights(high=9) == Weights(high=9) != DEFAULT
    assert DEFAULT.model_copy(deep=True) == Weights.model_validate_json(DEFAULT.model_dump_json())
