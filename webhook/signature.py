"""Whether GitHub made a delivery: HMAC-SHA256 over the raw body. Pure."""

import hmac
from collections.abc import Sequence


class InvalidSignature(Exception):
    """A delivery that nobody who knows a secret has signed; the message is one line without secrets."""


def verify_signature(body: bytes, header: str | None, secrets: Sequence[str]) -> None:
    """Check `X-Hub-Signature-256` as GitHub documents it under "Validating webhook deliveries".

    Several secrets are valid at once while they are rotated. Each is tried, in constant time, so the answer
    takes as long whichever fits. An empty secret signs for everybody and counts as none.

    Args:
        body: the request's body, byte for byte.
        header: `sha256=` and 64 hexadecimal digits, or None when it was not sent.
        secrets: any of these may have signed.

    Raises:
        InvalidSignature: if there is no secret, no header, or no secret fits.
    """
    usable = [secret for secret in secrets if secret]
    if not usable:
        raise InvalidSignature("no secret is set: set GITHUB_WEBHOOK_SECRET here and in GitHub's webhook")
    if header is None:
        raise InvalidSignature("X-Hub-Signature-256 is missing: set the webhook's secret on GitHub")
    given = header.encode("utf-8", "replace")
    fits = [hmac.compare_digest(sign(body, secret).encode(), given) for secret in usable]
    if not any(fits):
        raise InvalidSignature("the signature fits no secret: set the same one here and in GitHub's webhook")


def sign(body: bytes, secret: str) -> str:
    """The header that GitHub sends with a body."""
    return f"sha256={hmac.digest(secret.encode(), body, 'sha256').hex()}"
