"""Who may read the digests, as `doctor` tells it."""

from collections.abc import Set as AbstractSet

from analysis.settings import Settings
from analysis.sources import InvalidSettings
from workers.finding import Finding

MEND = "set REPORT_TOKEN to any long random text: then reading needs it"


def examine_readers(settings: Settings, private: AbstractSet[str]) -> Finding:
    """Whether private repositories are safe.

    Args:
        settings: as they are here; the web process may have others.
        private: the repositories that GitHub called private.
    """
    try:
        settings.check_readers()
    except InvalidSettings as error:
        return Finding("readers", "FAIL", str(error).partition(": ")[0], MEND)
    if settings.report_token:
        return Finding("readers", "ok", "whoever has REPORT_TOKEN")
    if settings.only_here:
        return Finding("readers", "ok", "only this machine")
    if private:
        detail = f"everybody, but for what is private at GitHub: {', '.join(sorted(private))}"
        return Finding("readers", "note", detail, MEND)
    return Finding("readers", "ok", "everybody")
