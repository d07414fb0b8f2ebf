"""Whether deliveries would be taken, as `doctor` tells it and `run` when it starts."""

from collections.abc import Iterator

from analysis.settings import Settings
from workers.finding import Finding


def examine_intake(settings: Settings) -> Iterator[Finding]:
    """What keeps them out, or that nothing does."""
    refused = _refused(settings)
    if not settings.followed:
        yield Finding("webhook", "note", "no repository is followed", "set REPOSITORIES=owner/name")
    if refused:
        mend = "set GITHUB_WEBHOOK_SECRET, or rely on polling"
        yield Finding("webhook", "note", f"{refused} are refused", mend)
    elif settings.followed:
        yield Finding("webhook", "ok", f"deliveries at {settings.webhook_url} are verified")


def _refused(settings: Settings) -> str | None:
    """Which deliveries have no secret to be verified with."""
    if not settings.followed:
        return None if settings.github_webhook_secret else "all deliveries"
    unsigned = (each.name for each in settings.followed if not settings.webhook_secrets(each))
    name = next(unsigned, None)
    return f"deliveries of {name}" if name else None
