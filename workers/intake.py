"""Whether deliveries would be taken, as `doctor` tells it and `run` when it starts."""

from collections.abc import Iterator

from analysis.settings import EVERYWHERE, WEBHOOK_PATH, Settings
from workers.finding import Finding


def examine_intake(settings: Settings) -> Iterator[Finding]:
    """What keeps them out, or that nothing does."""
    refused = _refused(settings)
    if not settings.followed:
        yield Finding("webhook", "note", "no repository is followed", "set REPOSITORIES=owner/name")
    if refused:
        mend = "set GITHUB_WEBHOOK_SECRET to any long random text, or rely on polling"
        yield Finding("webhook", "note", f"{refused} are refused", mend)
    elif settings.followed:
        yield _verified(settings)


def _verified(settings: Settings) -> Finding:
    """Where they arrive, if that can be told."""
    if settings.host in EVERYWHERE and not settings.base_url:
        place = f"deliveries are verified at port {settings.port} of this machine, {WEBHOOK_PATH}"
        return Finding(
            "webhook", "note", place, "set BASE_URL to the address by which GitHub and readers reach it"
        )
    return Finding("webhook", "ok", f"deliveries at {settings.webhook_url} are verified")


def _refused(settings: Settings) -> str | None:
    """Which deliveries have no secret to be verified with."""
    if not settings.followed:
        return None if settings.github_webhook_secret else "all deliveries"
    unsigned = (each.name for each in settings.followed if not settings.webhook_secrets(each))
    name = next(unsigned, None)
    return f"deliveries of {name}" if name else None
