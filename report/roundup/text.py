"""A range as Markdown for GitHub and any CommonMark reader with tables; pure.

Text of others passes through `escape` (subjects, paths) or `prose` (a model's words).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from analysis.models import Importance
from analysis.storage.entry import Entry
from analysis.words import Words
from report.anchors import SHORT
from report.commit_markdown import CommitMarkdown
from report.digest import Counts
from report.escape import code, escape
from report.first_screen import kind_text, named
from report.highlight import Highlight
from report.links import Links
from report.markdown import commit_block, muted_blocks, quote
from report.opening import Opening
from report.parts import BLANK, COMMIT, LooseAnchors, public, split
from report.prose import tame_line
from report.roundup import phrases
from report.roundup.areas import TOP, Area
from report.roundup.chosen import Noted
from report.roundup.places import Places
from report.roundup.reversals import Reversal, Undone
from report.roundup.roundup import DayCount, RepositoryRoundup, Roundup
from report.roundup.screen import Screen, screen_of
from report.roundup.sections import DaySection, MonthSection, calendar_of, days_of, months_of
from report.roundup.series import Series
from report.skippable import Skippable


def render_text(roundup: Roundup, words: Words, links: Links) -> str:
    """Title and status, what it opens with, each repository with its trend and commits, how it was made."""
    text = _Text(roundup, words, links, Places(roundup, links), CommitMarkdown(words, links))
    return BLANK.join(text.blocks()) + "\n"


def render_text_parts(roundup: Roundup, words: Words, links: Links) -> tuple[str, ...]:
    """The same in parts that GitHub takes."""
    posted = replace(links, base_url=public(links.base_url))
    places = Places(roundup, posted, LooseAnchors(roundup.whole))
    text = _Text(roundup, words, posted, places, CommitMarkdown(words, posted, COMMIT))
    names = [repository.name for repository in roundup.repositories]
    home = posted.roundup(roundup.span, names[0] if len(names) == 1 else None, roundup.watch)
    return split(text.blocks(), words, home)


@dataclass(frozen=True)
class _Opening(Opening):
    """As the digest of a day opens, but its commits may be listed elsewhere, and each is of a day."""

    places: Places

    def highlight(self, item: Highlight) -> str:
        """With its day."""
        first, *rest = super().highlight(item).split("\n")
        day = f" · {item.day}" if isinstance(item, Noted) else ""
        return "\n".join([f"{first}{day}", *rest])

    def commits(self, repository: str, shas: tuple[str, ...]) -> str:
        """Links to where they are told."""
        first, more = named(shas, self.words)
        return " ".join(self.places.link(f"`{sha[:SHORT]}`", repository, sha) for sha in first) + more


@dataclass(frozen=True)
class _Text:
    """The parts; a block is what stands between blank lines, or a whole commit."""

    roundup: Roundup
    words: Words
    links: Links
    places: Places
    told: CommitMarkdown

    @property
    def opening(self) -> _Opening:
        return _Opening(self.roundup.whole, self.words, self.links, self.places.anchors, self.places)

    def blocks(self) -> Iterator[str]:
        watch = f"{escape(self.roundup.watch.heading)} · " if self.roundup.watch else ""
        title = phrases.title_of(self.roundup.span, self.words)
        yield f"# {watch}{title}\n{quote(phrases.status_of(self.roundup, self.words))}"
        yield from self.screen(screen_of(self.roundup))
        if not self.roundup.counts.total:
            yield phrases.none_text(self.roundup, self.words)
        elif len(self.roundup.repositories) > 1 or self.roundup.listing == "high":
            yield f"## {self.words('range.days.heading')}"
            yield self.calendar()
        for repository in self.roundup.repositories:
            if repository.whole.counts.total:
                yield from self.repository(repository)
        yield quote((self.words("digest.foot.heading"), *phrases.foot_text(self.roundup, self.words)))

    def screen(self, screen: Screen) -> Iterator[str]:
        opening = self.opening
        yield from self.highlights(screen)
        if screen.series:
            yield f"## {self.words('digest.groups.heading')}"
            yield "\n".join(self.series(name, each) for name, each in screen.series)
        if screen.reversals:
            yield f"## {self.words('range.undone.heading')}"
            yield "\n".join(self.reversals(screen))
        if screen.skippable:
            yield f"## {self.words('digest.skippable.heading', count=screen.skipped)}"
            yield "\n".join(
                f"{opening.of(name, mark='- ')}{self.skippable(name, kinds)}"
                for name, kinds in screen.skippable
            )

    def highlights(self, screen: Screen) -> Iterator[str]:
        calm = phrases.calm_of(self.roundup)
        if not screen.highlights and not calm:
            return
        repositories = self.roundup.repositories
        key = "heading-one" if len(repositories) == 1 else "heading"
        name = escape(repositories[0].name) if repositories else ""
        yield f"## {self.words(f'range.highlights.{key}', repository=name)}"
        if calm:
            yield self.words(f"digest.highlights.{calm}")
        if screen.highlights:
            opening = self.opening
            yield "\n".join(f"{n}. {opening.highlight(item)}" for n, item in enumerate(screen.highlights, 1))
        if left := phrases.left_text(screen, self.words):
            yield left

    def skippable(self, name: str, kinds: Iterable[Skippable]) -> str:
        """Of many commits only how many; each has its line below."""
        if self.roundup.listing == "told":
            return self.opening.skippable(name, kinds)
        return " · ".join(f"{kind_text(each.kind, self.words)} {len(each.shas)}" for each in kinds)

    def series(self, name: str, series: Series) -> str:
        opening = self.opening
        steps = [
            f"  - {step.day} {opening.commits(name, (step.sha,))} {tame_line(step.text)}".rstrip()
            for step in series.steps
        ]
        more = [f"  - {self.words('range.series.more', count=series.more)}"] if series.more else []
        return "\n".join([f"- {opening.of(name)}{opening.strong(series.title)}", *steps, *more])

    def reversals(self, screen: Screen) -> Iterator[str]:
        for name, reversal in screen.reversals:
            yield f"- {self.opening.of(name)}{self.reversal(name, reversal)}"
        if screen.more_reversals:
            yield f"- {self.words('range.undone.more', count=screen.more_reversals)}"

    def reversal(self, name: str, reversal: Reversal) -> str:
        by = self.opening.commits(name, (reversal.sha,))
        other = self.undone(name, reversal.undone)
        said = self.words(phrases.reversal_key(reversal), other=other, date=reversal.day, by=by)
        if reversal.again is None:
            return said
        landed = self.opening.commits(name, (reversal.again.sha,))
        return said + self.words("range.undone.again", date=reversal.again.day, by=landed)

    def undone(self, name: str, undone: Undone) -> str:
        subject = escape(undone.subject) or self.words("digest.no-subject")
        item = self.words("relation.item", subject=subject, date=undone.day)
        return f"{self.opening.commits(name, (undone.sha,))} {item}"

    def calendar(self) -> str:
        if self.roundup.listing != "high":
            days = self.roundup.days
            return self.table("range.days.day", ((self.day(day), day.counts) for day in days))
        lines = []
        for month in calendar_of(self.roundup.days):
            counts = phrases.counts_text(month.counts, self.words)
            lines.append(f"- {self.words('range.days.month', month=month.month, counts=counts)}")
            lines.append("  - " + " · ".join(f"{self.day(day)} {day.counts.total}" for day in month.days))
        return "\n".join(lines)

    def day(self, day: DayCount) -> str:
        repositories = self.roundup.repositories
        single = repositories[0].name if len(repositories) == 1 else None
        return f"[{day.date}]({self.links.digest(day.date, single, self.roundup.watch)})"

    def table(self, first: str, rows: Iterable[tuple[str, Counts]]) -> str:
        columns = phrases.columns_of(self.roundup.counts)
        names = [self.words(first), *(self.words(f"range.days.{column}") for column in columns)]
        lines = [_row(names), _row(["---", *("---:" for _ in columns)])]
        lines += [
            _row([name, *(str(getattr(counts, column)) for column in columns)]) for name, counts in rows
        ]
        return "\n".join(lines)

    def repository(self, repository: RepositoryRoundup) -> Iterator[str]:
        yield self.places.anchors.target(self.places.anchors.repository(repository.name))
        yield f"## {escape(repository.name)}"
        yield " ".join(phrases.trend_text(repository, self.roundup.span, self.words))
        yield from self.trend(repository)
        if self.roundup.listing == "high":
            yield from self.months(repository)
        else:
            for section in days_of(repository):
                yield from self.commits(section)
        yield from muted_blocks(repository.whole, self.words, self.links, self.places.anchors)

    def trend(self, repository: RepositoryRoundup) -> Iterator[str]:
        yield f"### {self.words('range.trend.heading')}"
        buckets = repository.trend.buckets
        rows = ((phrases.bucket_text(bucket, self.words), bucket.counts) for bucket in buckets)
        yield self.table(f"range.trend.bucket-{phrases.grain_of(self.roundup)}", rows)
        if repository.trend.areas:
            yield f"### {self.words('range.areas.heading')}"
            yield "\n".join(
                f"- {phrases.area_text(area, self.path(area), self.words)}" for area in repository.trend.areas
            )

    def path(self, area: Area) -> str:
        return self.words("range.areas.top") if area.path == TOP else code(area.path)

    def commits(self, section: DaySection) -> Iterator[str]:
        counts = phrases.counts_text(section.day.counts, self.words)
        yield f"### {self.words('range.listed.day', day=self.day(section.day), counts=counts)}"
        for importance, entries in section.tiers:
            if self.roundup.listing == "told" and importance in {Importance.HIGH, Importance.MEDIUM}:
                for entry in entries:
                    yield commit_block(entry, self.told, self.places.anchors)
            else:
                yield "\n".join(map(self.line, entries))

    def months(self, repository: RepositoryRoundup) -> Iterator[str]:
        heading = "chosen" if self.roundup.selection else "high"
        yield f"### {self.words(f'range.listed.{heading}')}"
        for section in months_of(repository, self.roundup):
            yield f"#### {self.words('range.listed.month', month=section.month, count=section.count)}"
            yield "\n".join([*map(self.line, section.entries), *self.more(repository, section)])

    def more(self, repository: RepositoryRoundup, section: MonthSection) -> Iterator[str]:
        if section.more > 0:
            said = self.words("range.listed.more", count=section.more, month=section.month)
            query = "" if self.roundup.selection else phrases.ONLY_HIGH
            page = self.links.roundup(section.month, repository.name, self.roundup.watch)
            yield f"- [{said}]({page}{query})"

    def line(self, entry: Entry) -> str:
        """A commit in a line, with the anchor that others link to."""
        anchors = self.places.anchors
        mark = phrases.mark_of(entry, self.words)
        page = self.links.page(entry.repository, entry.sha)
        subject = self.told.subject(entry)
        text = tame_line(phrases.line_text(entry))
        said = f" — {text}" if text else ""
        return (
            f"- {anchors.target(anchors.commit(entry))}{mark} {subject} [`{entry.sha[:SHORT]}`]({page}){said}"
        )


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
