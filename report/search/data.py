"""What a search has found as JSON: the names that scripts may rely on. Pure."""

from report.data import Data, to_text
from report.links import Links
from report.search.findings import End, Findings, FoundDay
from report.search.hit import Hit, text_of
from report.search.query import Query


def render_findings(query: Query, findings: Findings, links: Links) -> str:
    """`complete` is false when older days were not searched; `next` is where to go on then."""
    older = links.search() + ".json" + query.address(before=str(findings.back_to))
    return to_text(
        {
            "query": query.parts,
            "complete": findings.end is End.ALL,
            "ended": findings.end.value,
            "searched": {
                "commits": findings.searched,
                "back_to": str(findings.back_to) if findings.back_to else None,
            },
            "found": findings.found,
            "days": [_day(day, query, links) for day in findings.days],
            "next": None if findings.end is End.ALL else older,
        }
    )


def _day(found: FoundDay, query: Query, links: Links) -> Data:
    """`more` commits that fit are listed by the day itself."""
    return {
        "date": str(found.day),
        "more": found.more,
        "digest": links.digest(found.day, query.repository) + ".json" + query.selection.query(),
        "commits": [_commit(Hit.of(entry, query.selection.words), links) for entry in found.commits],
    }


def _commit(hit: Hit, links: Links) -> Data:
    """With the line that shows why it was found, and which of its texts that is from."""
    entry = hit.entry
    return {
        "repository": entry.repository,
        "sha": entry.sha,
        "subject": entry.landed.subject,
        "author": entry.landed.author,
        "authored_at": entry.landed.authored_at.isoformat(),
        "landed_at": entry.landed_at.isoformat(),
        "importance": entry.importance,
        "field": hit.field,
        "line": text_of(hit.line),
        "links": {
            "page": links.page(entry.repository, entry.sha),
            "json": links.page(entry.repository, entry.sha) + ".json",
        },
    }
