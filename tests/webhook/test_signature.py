from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webhook.signature import InvalidSignature, sign, verify_signature

# The example in GitHub's documentation, "Validating webhook deliveries".
SECRET = "It's a Secret to Everybody"
BODY = b"Hello, World!"
SIGNATURE = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"


def test_githubs_own_example_is_signed_and_verified() -> None:
    assert sign(BODY, SECRET) == SIGNATURE
    verify_signature(BODY, SIGNATURE, [SECRET])


@pytest.mark.parametrize("secrets", [[SECRET, "old"], ["new", SECRET], ["new", SECRET, "old"]])
def test_any_of_several_secrets_may_have_signed(secrets: Sequence[str]) -> None:
    verify_signature(BODY, SIGNATURE, secrets)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "sha256=",
        SIGNATURE.removeprefix("sha256="),
        SIGNATURE.replace("sha256", "sha1"),
        SIGNATURE.upper(),
        SIGNATURE[:-1],
        f"{SIGNATURE}0",
        f" {SIGNATURE}",
        f"{SIGNATURE},{SIGNATURE}",
        "sha256=é",
        "\ud800",
    ],
)
def test_a_header_that_is_not_exactly_the_signature_is_refused(header: str) -> None:
    with pytest.raises(InvalidSignature, match="fits no secret"):
        verify_signature(BODY, header, [SECRET])


def test_a_missing_header_is_refused_and_says_what_to_set() -> None:
    with pytest.raises(InvalidSignature, match="X-Hub-Signature-256 is missing"):
        verify_signature(BODY, None, [SECRET])


@pytest.mark.parametrize("secrets", [[], [""]])
def test_without_a_secret_nothing_is_let_in(secrets: Sequence[str]) -> None:
    with pytest.raises(InvalidSignature, match="set GITHUB_WEBHOOK_SECRET"):
        verify_signature(BODY, sign(BODY, ""), secrets)


def test_an_empty_secret_beside_a_real_one_signs_for_nobody() -> None:
    with pytest.raises(InvalidSignature):
        verify_signature(BODY, sign(BODY, ""), ["", SECRET])


def test_the_message_holds_neither_the_secret_nor_the_right_signature() -> None:
    with pytest.raises(InvalidSignature) as caught:
        verify_signature(BODY, "sha256=00", [SECRET])
    assert SECRET not in str(caught.value)
    assert SIGNATURE not in str(caught.value)


@given(body=st.binary(), secret=st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_what_was_signed_is_verified_and_any_other_body_is_not(body: bytes, secret: str) -> None:
    verify_signature(body, sign(body, secret), [secret])
    with pytest.raises(InvalidSignature):
        verify_signature(body + b".", sign(body, secret), [secret])
