"""A ledger with some of everything that lasts, and all that its readers see of it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from builders import NOON, REPOSITORY, make_analysis, make_call, make_correction, make_sha
from commits import lines, make_commit
from invariants import content_of, snapshot
from landings import LEASED, make_push

from analysis.models import Analysis, Commit, Importance, PullRequest
from analysis.storage import keys
from analysis.storage.agenda import Agenda
from analysis.storage.corrections import Corrections
from analysis.storage.entry import Obstacle, Source
from analysis.storage.highlights import Group, Highlights, Part, Told
from analysis.storage.leases import Lease, Leases
from analysis.storage.ledger import USUAL, Ledger
from analysis.storage.spending import LOST
from analysis.story.relations import Relations
from analysis.words import words_for
from report.data import commit_data, render_json, to_text
from report.feed import render_feed
from report.highlights import basis_of
from report.html import render_commit, render_html
from report.library import Library
from report.markdown import render_markdown

OTHER, QUIET = "octo/other", "octo/quiet"
A_DAY = timedelta(days=1)
YESTERDAY = NOON - A_DAY
LONG_AGO = NOON - 20 * A_DAY
PASSING = frozenset({"token", "pause", "deaths"})
"""Fields of a commit that only its lease needs."""
PASSING_KEYS = frozenset(
    {"asked", "awaiting", "breaker", "delivery", "lock", "part", "pull", "room", "rung", "running", "ticked"}
)
OBSTACLE = Obstacle(code="model-unavailable", detail="HTTP 503", since=NOON)
HIGH, MEDIUM, LOW = Importance


@dataclass(frozen=True)
class Estate:
    """Writes into a ledger what jobs would."""

    ledger: Ledger

    def land(self, *commits: Commit, at: datetime, source: Source = Source.PUSH) -> None:
        """Record commits that landed together."""
        landed = [(commit.landed(), at) for commit in commits]
        self.ledger.record_landed(commits[0].repository, "main", landed, source=source)

    def leased(self, commit: Commit, at: datetime) -> Lease:
        """Lease a commit, read it, and find what it belongs to."""
        lease = Leases(self.ledger).claim(commit.repository, commit.sha, now=at, until=at + LEASED)
        assert lease is not None
        Relations(self.ledger).record(commit, lease.entry)
        pull = PullRequest(number=7, title="Why", body="Because.", labels=("bug",))
        Leases(self.ledger).record_read(lease, commit.facts(), make_analysis(source="rules"), pull)
        return lease

    def analysed(self, commit: Commit, at: datetime, model: Analysis | None) -> None:
        """Take a commit through a whole attempt, with what it cost."""
        Leases(self.ledger).record_analysis(self.leased(commit, at), model, at)
        if model:
            call = make_call(id=f"call-{commit.sha[:7]}", repository=commit.repository, sha=commit.sha, at=at)
            self.ledger.accounts.record(call)

    def close(self, repository: str, day: date, now: datetime, *, told: bool = False) -> int:
        """Close a day, with a model's highlights or without."""
        record, entries = self.ledger.day_record(repository, day), self.ledger.day(repository, day)
        if told:
            shas = tuple(entry.sha for entry in entries if entry.model)
            highlights = Highlights(
                basis=basis_of(entries),
                language="zh-CN",
                items=(Told(shas=shas[:1], headline="后果", who="所有部署"),),
                groups=(Group(title="一件事", parts=tuple(Part(sha=sha, text="一部分") for sha in shas)),),
                model="a/big",
                made_at=now,
            )
            record = record.model_copy(update={"highlights": highlights})
        return self.ledger.close(record, content_of(entries), now)


def commit(seed: object, subject: str, at: datetime = NOON, **fields: object) -> Commit:
    """A commit with a patch, made at an instant."""
    files = {"engine/server.py": (lines(10, f"old_{seed}"), lines(10, f"new_{seed}"))}
    return make_commit(subject, files, sha=make_sha(seed), committed_at=at, authored_at=at, **fields)


def furnish(ledger: Ledger) -> None:
    """Fill an empty ledger."""
    estate, leases, agenda = Estate(ledger), Leases(ledger), Agenda(ledger.store, ledger.calendar)
    _yesterday(estate)
    _today(estate, leases)
    _long_ago(estate)
    ledger.record_push(make_push("pushed", 1, repository=OTHER, delivery="a-delivery"))
    ledger.follow(REPOSITORY, "https://example.test/engine.git")
    ledger.follow(QUIET, "file:///srv/quiet.git")
    ledger.follow(OTHER, USUAL)
    agenda.follow([REPOSITORY, OTHER, QUIET], NOON)
    agenda.plan_closings([REPOSITORY, QUIET], NOON.date())
    agenda.advance(REPOSITORY, "main", cursor=None, head=make_sha("head"))
    agenda.advance(QUIET, "release/1", cursor=None, head=make_sha("quiet"))


def _yesterday(estate: Estate) -> None:
    """A closed day of three revisions: analysed, by rules, parked, deferred, corrected."""
    ledger, leases, day = estate.ledger, Leases(estate.ledger), YESTERDAY.date()
    names = ("high", "rules", "parked", "waits", "corrected")
    commits = {name: commit(name, f"fix: {name} | `code` <b>", YESTERDAY) for name in names}
    estate.land(*commits.values(), at=YESTERDAY)
    estate.close(REPOSITORY, day, YESTERDAY + A_DAY)
    estate.analysed(commits["high"], YESTERDAY, make_analysis(importance=HIGH))
    estate.analysed(commits["rules"], YESTERDAY, None)
    estate.close(REPOSITORY, day, YESTERDAY + A_DAY)
    leases.park(estate.leased(commits["parked"], YESTERDAY), Obstacle(code="model-refused"), YESTERDAY)
    leases.defer(estate.leased(commits["waits"], YESTERDAY), OBSTACLE, YESTERDAY, until=NOON + A_DAY)
    estate.analysed(commits["corrected"], YESTERDAY, make_analysis(importance=LOW))
    Corrections(ledger).put(REPOSITORY, commits["corrected"].sha, make_correction(importance=MEDIUM))
    assert estate.close(REPOSITORY, day, YESTERDAY + A_DAY, told=True) == 3
    lost = make_call(id="lost", sha=commits["waits"].sha, outcome=LOST, cost_usd=None)
    ledger.accounts.record(lost)
    ledger.accounts.record(make_call(id="day", sha=str(day)))


def _today(estate: Estate, leases: Leases) -> None:
    """An open day: a revert of yesterday's, one that is leased, one that was read, one untouched."""
    revert = commit("revert", 'Revert "fix: high"', body=f"This reverts commit {make_sha('high')}.")
    names = ("leased", "read", "ready")
    commits = [commit(name, f"feat: {name} (#12)") for name in names]
    estate.land(revert, *commits, at=NOON)
    estate.analysed(revert, NOON, make_analysis(importance=HIGH))
    leased, read, _ = commits
    estate.leased(leased, NOON)
    leases.postpone(estate.leased(read, NOON), Obstacle(code="budget"), until=NOON + A_DAY)


def _long_ago(estate: Estate) -> None:
    """A backfilled day that is closed, and one that waits."""
    past = commit("past", "docs: past", LONG_AGO)
    waiting = commit("later", "docs: later", LONG_AGO + A_DAY)
    estate.land(past, at=LONG_AGO, source=Source.BACKFILL)
    estate.land(waiting, at=LONG_AGO + A_DAY, source=Source.BACKFILL)
    estate.analysed(past, NOON, make_analysis(importance=LOW))
    estate.close(REPOSITORY, LONG_AGO.date(), NOON)


def pages(ledger: Ledger) -> dict[str, str]:
    """Every form of every digest, every commit and the feeds."""
    library = Library(
        ledger=ledger,
        calendar=ledger.calendar,
        public_url="https://digest.example.org",
        clock=lambda: NOON + A_DAY,
    )
    words, links, found = words_for("zh-CN"), library.links, {}
    for day, names in library.days().items():
        for part in ((), *((name,) for name in names)):
            digest = library.digest(day, part)
            found[f"{day} {part} md"] = render_markdown(digest, words, links)
            found[f"{day} {part} html"] = render_html(digest, words, links)
            found[f"{day} {part} json"] = render_json(digest, links)
        for name in names:
            for entry in ledger.day(name, day):
                found[f"{name} {entry.sha}"] = render_commit(entry, words, links, ledger.calendar.zone)
                found[f"{name} {entry.sha} json"] = to_text(commit_data(entry, links))
    digests = [library.read(issue) for issue in library.recent(20)]
    found["feed"] = render_feed(digests, words, links)
    return found


def lasting(ledger: Ledger) -> dict[str, object]:
    """What a server holds, without what passes: every commit that waits is ready."""
    kept = {key: value for key, value in snapshot(ledger.redis).items() if _lasts(key)}
    for key, value in kept.items():
        if key.startswith(keys.COMMIT):
            kept[key] = {name: text for name, text in value.items() if name not in PASSING}
        if key.startswith(f"{keys.PREFIX}digest:"):
            kept[key] = {name: text for name, text in value.items() if name != "version"}
    due = (*kept.pop(keys.READY, ()), *kept.pop(keys.WAITING, ()))
    kept[keys.READY] = frozenset(member for member, _ in due)
    return {key: value for key, value in kept.items() if value}


def _lasts(key: str) -> bool:
    return key.startswith(keys.PREFIX) and key.removeprefix(keys.PREFIX).partition(":")[0] not in PASSING_KEYS
