"""A ledger with every kind of page in it, and the table of these kinds.

A new page of the product is one more line in `KINDS`, and whatever it shows goes into `furnish`.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import get_args

import seed
from builders import NOON, REPOSITORY, make_analysis, make_correction, make_entry, make_sha
from days import CALENDAR, DAY
from filled import close, fill
from hostile_commits import BIDI, BREAKOUT, HTML, MARKDOWN
from roundups import everything, hostile_range
from serving import serving

from analysis.language import Language
from analysis.models import FileChange, Importance, Insight, Risk, ScopeItem
from analysis.settings import load_settings
from analysis.storage.entry import Entry, State
from analysis.storage.ledger import Ledger
from analysis.storage.store import Store
from analysis.watching import Mute, Watch
from webhook.app import create_app

LANGUAGES: tuple[Language, ...] = get_args(Language)
HIGH, MEDIUM, LOW = Importance
A_DAY = timedelta(days=1)
HOSTILE_DAY, LONG_DAY, OPEN_DAY, EMPTY_DAY = (DAY - number * A_DAY for number in (1, 2, 3, 4))
HOSTILE, LONG = "octo/hostile", "octo/long"
TOKEN = "open-sesame"
LENGTH = 500
"""Commits of the long day."""
OPEN, READ = 15, 12
"""Commits of the day that is still being analysed, and how many of them are."""
WAITING = [f"waits-{number}" for number in range(OPEN - READ)]


@dataclass(frozen=True)
class Kind:
    """One kind of page."""

    name: str
    path: str
    status: int = 200
    place: str = "city"
    """`city`, `desert`, where nothing is kept, or `vault`, which needs a token."""
    main: bool = False
    """Looked at in each theme in each language, and closely on a phone; the others once in each."""

    def __str__(self) -> str:
        return self.name.replace(" ", "-")


SEED = seed.entries()[:5]
"""The first of its day, with some of each importance."""
COMMIT = f"/commits/{seed.REPOSITORY}/{SEED[2].sha}"
KINDS = (
    Kind("front", "/", main=True),
    Kind("front of one repository", f"/reports/{seed.REPOSITORY}"),
    Kind("front without anything", "/", place="desert"),
    Kind("month", "/months/2026-01", main=True),
    Kind("month of one repository", f"/months/{REPOSITORY}/2026-01"),
    Kind("day", f"/reports/{DAY}", main=True),
    Kind("day of one repository", f"/reports/{seed.REPOSITORY}/{DAY}"),
    Kind("day filtered", f"/reports/{DAY}?importance=high&q=support"),
    Kind("day filtered to nothing", f"/reports/{DAY}?author=nobody"),
    Kind("day without commits", f"/reports/{REPOSITORY}/{EMPTY_DAY}"),
    Kind("day in progress", f"/reports/{REPOSITORY}/{OPEN_DAY}"),
    Kind("day of 500 commits", f"/reports/{LONG}/{LONG_DAY}"),
    Kind("day of hostile commits", f"/reports/{HOSTILE}/{HOSTILE_DAY}"),
    Kind("commit", COMMIT, main=True),
    Kind("commit in a story", f"/commits/{REPOSITORY}/{make_sha('feature')}"),
    Kind("commit by rules", f"/commits/{REPOSITORY}/{make_sha('rules')}"),
    Kind("commit that waits", f"/commits/{REPOSITORY}/{make_sha(WAITING[0])}"),
    Kind("commit that is large", f"/commits/{REPOSITORY}/{make_sha('large')}"),
    Kind("commit that is hostile", f"/commits/{HOSTILE}/{make_sha(('hostile', 0))}"),
    Kind("weekend", f"/reports/{DAY}..{DAY + 2 * A_DAY}", main=True),
    Kind("week", f"/reports/{REPOSITORY}/2026-W03"),
    Kind("month as one", "/reports/2026-01"),
    Kind("year as one", "/reports/2025-06-01..2026-05-31"),
    Kind("range of hostile commits", f"/reports/{HOSTILE}/2026-W03"),
    Kind("watches", "/watches"),
    Kind("no watches", "/watches", place="desert"),
    Kind("watch", "/watches/timeouts", main=True),
    Kind("watch that caught nothing", "/watches/nothing"),
    Kind("watch on a day", f"/watches/timeouts/{DAY}"),
    Kind("week of a watch", "/watches/timeouts/2026-W02"),
    Kind("year of a watch", "/watches/attacks/2025-06-01..2026-05-31"),
    Kind("range of a watch that caught nothing", "/watches/nothing/2026-01"),
    Kind("search", "/search", main=True),
    Kind("search for a word", "/search?q=timeout"),
    Kind("search for attacks", f"/search?repository={HOSTILE}&q=a"),
    Kind("search for nothing there is", "/search?q=nowhere&importance=high&author=nobody"),
    Kind("no such watch", "/watches/unheard", status=404),
    Kind("no such day", "/reports/2024-01-01", status=404),
    Kind("no such repository", "/reports/octo/nothing", status=404),
    Kind("no such address", "/nothing/here", status=404),
    Kind("no date", "/reports/2026-13-99", status=400),
    Kind("no range of a watch", "/watches/timeouts/2026-W54", status=400),
    Kind("no words", f"/search?q={'x' * 300}", status=400),
    Kind("no token", f"/reports/{DAY}", status=401, place="vault"),
)


WATCHES = (
    Watch(name="timeouts", title="Time-outs", words=("timeout", "time-out")),
    Watch(name="nothing", words=("nowhere",)),
    Watch(name="attacks", title="Attacks", repositories=(HOSTILE, REPOSITORY)),
)
MUTES = (Mute(name="robots", authors=("dependabot[bot]",)),)


@dataclass(frozen=True)
class City:
    """Its ledger, and where it is served: a URL for each place in each language."""

    ledger: Ledger
    places: dict[tuple[str, Language], str]

    def url(self, path: str, language: Language = "en", place: str = "city") -> str:
        return self.places[place, language] + path


@contextmanager
def city(redis_url: str) -> Iterator[City]:
    """The whole application on a server whose first two databases are empty."""
    store = Store.open(redis_url)
    ledger = Ledger(store, CALENDAR)
    furnish(ledger)
    common = {
        "city": {"watches": WATCHES, "mutes": MUTES},
        "desert": {"redis_url": f"{redis_url}?db=1"},
        "vault": {"report_token": TOKEN},
    }
    with ExitStack() as stack:
        places = {}
        for name, own in common.items():
            for language in LANGUAGES:
                settings = load_settings(**{"redis_url": redis_url, "report_language": language} | own)
                places[name, language] = stack.enter_context(serving(create_app(settings)))
        yield City(ledger, places)
    store.redis.close()


def furnish(ledger: Ledger) -> None:
    """Fill an empty ledger."""
    fill(ledger, [*SEED, *everything(), *_engine(), *_open_day(), *_long_day(), *_hostile()])
    close(ledger, seed.REPOSITORY, DAY)
    close(ledger, REPOSITORY, EMPTY_DAY)


def _engine() -> list[Entry]:
    """Beside the seed's day: in both languages, told by the rules, corrected, large."""
    english = make_analysis(
        language="en",
        importance=MEDIUM,
        type="Fix",
        summary="Clients wait *no longer* than they asked for. Whoever needs 60 seconds has to say so.",
        scope=(ScopeItem(path="engine/server.py", why="the loop that answers every request"),),
        insights=(),
        risks=(),
        advice=("Set `timeout` where sixty seconds are needed.",),
    )
    chinese = make_analysis(importance=LOW, summary="空请求*不再*让服务退出。")
    files = tuple(FileChange(path=f"engine/part_{n}/{'deep/' * 9}module.py", status="M") for n in range(150))
    return [
        make_entry(seed="plain"),
        make_entry(seed="english", analysis=english),
        make_entry(seed="chinese", subject="修复：空请求不再让服务退出", analysis=chinese),
        make_entry(seed="rules", analysis=make_analysis(source="rules", importance=MEDIUM)),
        make_entry(seed="corrected", correction=make_correction()),
        make_entry(seed="muted", author="dependabot[bot]", subject="build: bump one", importance=LOW),
        make_entry(seed="large", files=files, body="Why it is so large.\n" * 400, importance=MEDIUM),
    ]


def _open_day() -> list[Entry]:
    when = {"day": OPEN_DAY, "landed_at": NOON - 3 * A_DAY}
    read = [
        make_entry(seed=("read", number), importance=list(Importance)[number % 3], **when)
        for number in range(READ)
    ]
    unread = {"analysis": None, "facts": None, "state": State.PENDING}
    return [*read, *(make_entry(seed=name, **unread, **when) for name in WAITING)]


def _long_day() -> list[Entry]:
    when = {"day": LONG_DAY, "landed_at": NOON - 2 * A_DAY, "repository": LONG}
    return [
        make_entry(
            seed=("long", number), importance=LOW if number % 5 else list(Importance)[number % 2], **when
        )
        for number in range(LENGTH)
    ]


def _hostile() -> list[Entry]:
    """Attacks in every place that they can get to."""
    return [
        *(_attack(number, text) for number, text in enumerate((HTML, BREAKOUT, MARKDOWN, BIDI, "x" * 3000))),
        *(each.model_copy(update={"repository": HOSTILE}) for each in hostile_range(BREAKOUT)),
    ]


def _attack(number: int, text: str) -> Entry:
    analysis = make_analysis(
        type=text,
        summary=text,
        scope=(ScopeItem(path=text, why=text),),
        insights=(Insight(aspect="security", text=text),),
        risks=(Risk(text=text, path=text),),
        advice=(text,),
    )
    return make_entry(
        seed=("hostile", number),
        repository=HOSTILE,
        day=HOSTILE_DAY,
        landed_at=NOON - A_DAY,
        branch="main",
        subject=text,
        author=text,
        body=text,
        files=(FileChange(path=text, status="M", additions=1),),
        analysis=analysis,
        correction=make_correction(note=text),
    )
