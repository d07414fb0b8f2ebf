"""A range as JSON: a digest's names, and `from`, `to`, `days`, `trend` and what was taken back; pure."""

from typing import Any

from analysis.watching import Watch
from report.data import digest_data, to_text
from report.links import Links
from report.roundup.roundup import DayCount, RepositoryRoundup, Roundup

Data = dict[str, Any]


def render_data(roundup: Roundup, links: Links) -> str:
    """As JSON text, readable and with one line feed at its end."""
    return to_text(roundup_data(roundup, links))


def roundup_data(roundup: Roundup, links: Links) -> Data:
    """The range; `listing` says whether `commits` holds all or, of a long range, some of high importance."""
    whole = digest_data(roundup.whole, links)
    del whole["date"]
    parts = zip(whole.pop("repositories"), roundup.repositories, strict=True)
    return {
        "from": str(roundup.span.first),
        "to": str(roundup.span.last),
        "name": str(roundup.span),
        **whole,
        "listing": "high" if roundup.listing == "high" else "all",
        "counts": roundup.counts.model_dump(mode="json"),
        "highlights": [item.model_dump(mode="json") for item in roundup.highlights],
        "days": [_day(day, links, None, roundup.watch) for day in roundup.days],
        "repositories": [_repository(data, repository, links, roundup.watch) for data, repository in parts],
    }


def _repository(data: Data, repository: RepositoryRoundup, links: Links, watch: Watch | None) -> Data:
    """What belongs to single days, their revisions, is left out of a day's fields."""
    kept = {name: value for name, value in data.items() if name not in {"revision", "rebuilt"}}
    return kept | {
        "highlights": [
            item.model_dump(mode="json", exclude={"repository"}) for item in repository.highlights
        ],
        "highlights_source": "model" if repository.told else "rules",
        "groups": [
            {
                "title": each.title,
                "parts": [step.model_dump(mode="json") for step in each.steps],
                "more": each.more,
            }
            for each in repository.series
        ],
        "reversals": [each.model_dump(mode="json") for each in repository.reversals],
        "days": [_day(day, links, repository.name, watch) for day in repository.days],
        "trend": repository.trend.model_dump(mode="json"),
    }


def _day(day: DayCount, links: Links, repository: str | None, watch: Watch | None) -> Data:
    return day.model_dump(mode="json") | {"page": links.digest(day.date, repository, watch)}
