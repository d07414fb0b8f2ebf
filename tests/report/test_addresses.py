import pytest
from builders import make_facts

from analysis.text.addresses import hide_addresses
from report.addresses import without_addresses


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Some One <some.one@example.org>", "Some One"),
        ("some.one+x@mail.example.org", "some.one+x@…"),
        ("<12345+name@users.noreply.github.com>", ""),
        ("ask 1234567@163.com.", "ask 1234567@…."),
        ("git@github.com:octo/engine.git", "git@github.com:octo/engine.git"),
        ("logo@2x.png", "logo@2x.png"),
        ("actions/checkout@v4", "actions/checkout@v4"),
        ("pin x@1.2.3", "pin x@1.2.3"),
        ("thanks @someone", "thanks @someone"),
        ("@torch.compile", "@torch.compile"),
    ],
)
def test_addresses_go_and_what_looks_alike_stays(text: str, expected: str) -> None:
    assert hide_addresses(text) == expected


def test_a_path_stays_as_it_is() -> None:
    facts = make_facts(files=({"path": "team@example.org/x.py", "status": "A"},))
    assert without_addresses(facts) == facts


def test_a_value_without_addresses_is_returned_itself() -> None:
    facts = make_facts()
    assert without_addresses(facts) is facts
