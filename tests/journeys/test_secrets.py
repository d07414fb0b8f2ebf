"""Secrets of a commit and of the operator, through real processes at the most talkative level of the log."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hostile_town import texts_in
from loopback_model import LoopbackModel, prompt_of
from planted import PLANTED
from processes import Site, table
from promises import SECRETS
from repositories import Header, Origin

NAME, AT_HOME = "example/sent", "example/at-home"
DAY = "2026-01-09"
OWN = SECRETS["GITHUB_TOKEN"]
"""Somebody has committed the operator's token."""


@dataclass(frozen=True)
class Told:
    """What a site said of a commit full of secrets, and where."""

    site: Site
    model: LoopbackModel
    sha: str
    places: dict[str, str]


def _careless(origin: Origin) -> str:
    everything = "\n\n".join([OWN, *(text for text, _ in PLANTED.values())])
    origin.commit("Begin", {"README.md": "An engine.\n"}, header=Header(authored="1767800000 +0800"))
    return origin.commit(
        f"fix: rotate {PLANTED['github'][0]} and {OWN}\n\n{everything}",
        {"config/settings.py": f"{everything}\n", f"{PLANTED['deepseek'][0]}.txt": "x\n"},
        header=Header(author=f"Ada {PLANTED['npm'][0]} <ada@example.org>"),
    )


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    folder = tmp_path_factory.mktemp("secrets")
    origin = Origin(folder / "origin.git")
    sha = _careless(origin)
    tables = [table(NAME, origin), table(AT_HOME, origin, model="off")]
    terms = {"LLM_MODEL": "openai/loopback", "LOG_LEVEL": "debug", "LOG_FORMAT": "json"}
    terms["REPORT_TIMEZONE"] = "Asia/Shanghai"
    with LoopbackModel() as model, Site(folder, tables=tables, LLM_API_BASE=model.url, **terms) as site:
        site.start("web", "worker", "clock")
        for name in (AT_HOME, NAME):
            done = site.run("backfill", name, "--since", DAY, "--until", DAY)
            assert done.code == 0, done.err
            assert site.push(name, origin, origin.git("rev-parse", f"{sha}^")).status == 202
        addresses = [f"/reports/{NAME}/{DAY}", f"/commits/{NAME}/{sha}"]
        places = {
            **{address: site.get(address).text for address in addresses},
            **{f"{address}.json": site.get(f"{address}.json").text for address in addresses},
            "markdown": site.get(f"/reports/{NAME}/{DAY}.md").text,
            "feed": site.get("/feed.atom").text,
            "metrics": site.get("/metrics").text,
            "show-prompt": site.run("show-prompt", NAME, sha).out,
            "triage": site.run("triage", NAME, "--since", DAY).out,
            "prompts": "\n".join(map(prompt_of, model.requests)),
            "store": "\n".join(texts_in(site.server.url)),
        }
        site.stop(*list(site.processes))
        places |= {log.name: log.read_text(encoding="utf-8") for log in site.folder.glob("*.log")}
        yield Told(site, model, sha, places)
        for log in site.folder.glob("*.log"):
            log.unlink()  # at this level tracebacks are wanted: a site would complain


def test_the_commit_was_read_sent_and_shown(told: Told) -> None:
    assert len(told.model.requests) == 1
    assert "masked:github-token" in told.places["markdown"]
    assert "[masked:github-token]" in told.places["prompts"]
    assert told.sha in told.places["worker.log"]
    assert '"level": "debug"' in told.places["worker.log"] + told.places["clock.log"]


def test_no_secret_of_the_commit_is_anywhere(told: Told) -> None:
    found = [
        (place, kind)
        for place, text in told.places.items()
        for kind, (_, secret) in PLANTED.items()
        if secret in text or json.dumps(secret)[1:-1] in text
    ]
    assert found == []


def test_no_secret_of_the_operator_is_anywhere(told: Told) -> None:
    found = [
        (place, name)
        for place, text in told.places.items()
        for name, secret in SECRETS.items()
        if secret in text
    ]
    assert found == []


def test_a_repository_whose_model_is_off_stays_at_home(told: Told) -> None:
    """Not by a push, not by a backfill, not for the highlights of the day, not when it is analysed again."""
    site, model = told.site, told.model
    before = len(model.requests)
    site.start("worker", "clock")
    done = site.run("backfill", AT_HOME, "--since", DAY, "--until", DAY, "--reanalyse")
    assert done.code == 0, done.err
    assert site.shop.ledger.day_record(AT_HOME, datetime(2026, 1, 9, tzinfo=UTC).date()).revision >= 1
    shown = site.run("show-prompt", AT_HOME, told.sha)
    assert (shown.code, shown.out) == (
        0,
        "Nothing leaves this machine: no model is configured for this repository.\n",
    )
    assert len(model.requests) == before
    assert [request for request in model.requests if AT_HOME in prompt_of(request)] == []
