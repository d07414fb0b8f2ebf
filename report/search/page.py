"""The search as a page: a form, and what was found. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.words import Words
from report.links import Links
from report.search.findings import End, Findings
from report.search.hit import Hit
from report.search.query import Query
from report.selection import LONGEST, TooLong
from report.templating import render

FIELDS = ("author", "path")
"""What else is filled in beside the words and the importance."""


@dataclass(frozen=True)
class SearchPage:
    """What a reader asked, and what came of it."""

    query: Query
    repositories: Sequence[str] = ()
    """Those that may be read."""
    findings: Findings | None = None
    """None where nothing was searched."""
    refusal: TooLong | None = None
    """Why it was not, if something was asked."""


def render_search(page: SearchPage, words: Words, links: Links) -> str:
    """The page."""
    query, findings = page.query, page.findings
    marked = query.selection.words
    return render(
        "search.html.j2",
        words,
        links,
        query=query,
        selection=query.selection,
        repositories=page.repositories,
        fields=FIELDS,
        findings=findings,
        days=[
            (found, [Hit.of(entry, marked) for entry in found.commits])
            for found in (findings.days if findings else ())
        ],
        reach=reach(query, findings) if findings else "",
        onward=onward(query, findings, links) if findings else "",
        tags=_tags(query, words),
        refused=page.refusal.name if page.refusal else "",
        reason=_reason(page.refusal, words) if page.refusal else "",
    )


def _reason(refusal: TooLong, words: Words) -> str:
    """With the name that the form gives to the parameter."""
    name = words(f"pages.filter.{refusal.name}")
    return words("search.too-long", name=name, count=LONGEST, given=refusal.given)


def reach(query: Query, findings: Findings) -> str:
    """How far was searched, and why no further: the last part of a key of the words."""
    if findings.back_to is None:
        return "nothing-before" if query.before else "nothing"
    return "all-before" if query.before and findings.end is End.ALL else findings.end


def onward(query: Query, findings: Findings, links: Links) -> str:
    """Where the days are searched that were not; empty when all were."""
    if findings.end is End.ALL:
        return ""
    return links.search() + query.address(before=str(findings.back_to))


def _tags(query: Query, words: Words) -> dict[str, str]:
    """What narrows the search beside its words, by the name of its parameter, as readers see it."""
    told = query.parts | query.selection.told(words)
    return {name: value for name, value in told.items() if name != "q"}
