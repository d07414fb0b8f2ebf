"""From a signed delivery to what is read, through real processes: with the rules, and with a model."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from loopback_model import LoopbackModel, always, completion, prompt_of, valid
from processes import TOKEN, Reply, Site, table
from reading import Page, read_markdown
from repositories import Header, Origin
from waiting import until

from analysis.storage.entry import Entry, State

RULES, MODEL = "example/rules", "example/model"
PUSHED, POLLED, FILLED = "example/pushed", "example/polled", "example/filled"
MARKED = "an_unmistakable_name"
"""Stands in the code of every commit, so that a prompt which holds it holds the code."""
FENCE = re.compile(r"\b[0-9a-f]{16}\b")
"""What encloses a commit's own words in a prompt, new each time."""


@dataclass(frozen=True)
class Town:
    """A site whose repositories have all been pushed, polled or filled, and its model."""

    site: Site
    model: LoopbackModel
    origin: Origin
    before: str
    shas: list[str]
    """Oldest first."""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    origin = Origin(folder / "origin.git")
    before = origin.commit("Begin", {"README.md": "An engine.\n"})
    tables = [
        *(table(name, origin, model="off") for name in (RULES, PUSHED)),
        table(POLLED, origin, model="off", poll="1s"),
        table(MODEL, origin),
    ]
    with LoopbackModel() as model:
        terms = {"LLM_MODEL": "openai/loopback", "LLM_INPUT_PRICE": 2, "LLM_OUTPUT_PRICE": 10}
        with Site(folder, tables=tables, LLM_API_BASE=model.url, **terms) as site:
            site.start("web", "worker", "clock")
            until(lambda: _cursors(site, RULES, PUSHED, POLLED, MODEL) == {before}, what="the first walk")
            shas = _grow(origin)
            yield Town(site, model, origin, before, shas)


def _cursors(site: Site, *repositories: str) -> set[str | None]:
    return {site.shop.agenda.branch(name, "main").cursor for name in repositories}


def _grow(origin: Origin) -> list[str]:
    """Four ordinary commits, a topic and its merge."""
    code = f"def {MARKED}():\n    return 1\n"
    one = origin.commit(
        "feat(engine): answer | in `time`\n\nBecause @nobody waits for #1.",
        {"engine/server.py": code},
        header=Header(author="Ada Lovelace <ada@example.org>", authored="1767923000 -0330"),
    )
    topic = origin.commit("fix: 修复 <script> 超时", {"engine/topic.py": code}, branch="topic", parents=[one])
    two = origin.commit(
        "docs: say so", {"README.md": f"An engine, {MARKED}.\n"}, header=Header(authored="1767920000 +0000")
    )
    return [one, topic, two, origin.merge("topic")]


def listed(reply: Reply) -> list[dict[str, Any]]:
    assert reply.status == 200, reply.text
    (repository,) = reply.data["repositories"]
    return list(repository["commits"])


def git_says(origin: Origin, shas: list[str]) -> dict[str, tuple[str, str, datetime]]:
    """sha -> subject, author, author's time; by plain git."""
    lines = origin.git("log", "--no-walk", "--format=%H%x00%s%x00%an%x00%aI", *shas).splitlines()
    fields = (line.split("\0") for line in lines)
    return {sha: (subject, author, datetime.fromisoformat(at)) for sha, subject, author, at in fields}


@pytest.fixture(scope="module")
def delivered(town: Town) -> Town:
    """The town after a push to the repository without a model."""
    reply = town.site.push(RULES, town.origin, town.before, delivery="first")
    assert (reply.status, reply.data["commits"]) == (202, len(town.shas))
    town.site.until_all(RULES, town.shas)
    return town


def test_a_push_is_read_as_json_with_gits_own_facts(delivered: Town) -> None:
    commits = listed(delivered.site.get(f"/reports/{RULES}/{delivered.site.today}.json"))
    found = {
        commit["sha"]: (commit["subject"], commit["author"], datetime.fromisoformat(commit["authored_at"]))
        for commit in commits
    }
    assert found == git_says(delivered.origin, delivered.shas)
    assert [commit["authored_at"] for commit in commits] == sorted(
        (commit["authored_at"] for commit in commits), key=datetime.fromisoformat, reverse=True
    )
    assert {commit["source"] for commit in commits} == {"rules"}
    assert {commit["state"] for commit in commits} == {"analysed"}


def test_a_push_is_read_as_html_and_markdown_and_every_link_leads_somewhere(delivered: Town) -> None:
    site = delivered.site
    address = f"/reports/{RULES}/{site.today}"
    page = Page(site.get(address).text)
    own = {link for link in page.links if link.startswith("/")}
    assert {f"/commits/{RULES}/{sha}" for sha in delivered.shas} <= own
    assert {link: site.get(link).status for link in own} == dict.fromkeys(own, 200)
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    markdown = read_markdown(site.get(f"{address}.md").text)
    assert markdown.dead_links() == []
    assert (markdown.active, markdown.html) == ([], [])
    subjects = {subject for subject, _, _ in git_says(delivered.origin, delivered.shas).values()}
    written = {cell for row in markdown.rows for cell in row}
    assert {re.sub(r"\W", "", text) for text in subjects} <= {re.sub(r"\W", "", text) for text in written}


def test_what_has_not_changed_is_not_sent_again(delivered: Town) -> None:
    for form in ("", ".md", ".json"):
        address = f"/reports/{RULES}/{delivered.site.today}{form}"
        first = delivered.site.get(address)
        again = delivered.site.get(address, **{"If-None-Match": first.headers["ETag"]})
        assert (again.status, again.text) == (304, "")


def test_a_redelivery_changes_nothing(delivered: Town) -> None:
    site, address = delivered.site, f"/reports/{RULES}/{delivered.site.today}.json"
    before = site.get(address)
    walked = site.shop.store.redis.zscore("pushdigest:walks", RULES)
    assert site.push(RULES, delivered.origin, delivered.before, delivery="first").status == 202
    until(
        lambda: (site.shop.store.redis.zscore("pushdigest:walks", RULES) or 0) > (walked or 0),
        what="the walk after the redelivery",
    )
    assert site.get(address).text == before.text


def test_nobody_reads_without_the_token(delivered: Town) -> None:
    assert delivered.site.ask("GET", f"/reports/{delivered.site.today}").status == 401


def test_nothing_of_a_repository_whose_model_is_off_is_sent(delivered: Town) -> None:
    assert [request for request in delivered.model.requests if MARKED in prompt_of(request)] == []
    done = delivered.site.run("show-prompt", RULES, delivered.shas[0])
    assert (done.code, done.out.count("\n")) == (0, 1)


@pytest.fixture(scope="module")
def asked(delivered: Town) -> Town:
    """The town after a push to the repository with the model."""
    assert delivered.site.push(MODEL, delivered.origin, delivered.before).status == 202
    delivered.site.until_all(MODEL, delivered.shas)
    return delivered


def test_the_model_speaks_and_what_it_took_is_recorded(asked: Town) -> None:
    commits = listed(asked.site.get(f"/reports/{MODEL}/{asked.site.today}.json"))
    assert {commit["sha"] for commit in commits} == set(asked.shas)
    assert {(commit["source"], commit["model"]) for commit in commits} == {("model", "openai/loopback")}
    assert {commit["tokens"]["prompt"] for commit in commits} == {1000}
    assert {round(commit["cost_usd"], 6) for commit in commits} == {0.004}


def test_the_status_counts_every_request(asked: Town) -> None:
    status = json.loads(asked.site.run("status", "--json").out)
    (model,) = status["models"]
    assert (model["model"], model["calls"]) == ("openai/loopback", len(asked.model.requests))
    assert model["tokens"]["prompt"] == 1000 * len(asked.model.requests)
    assert model["cost_usd"] == pytest.approx(0.004 * len(asked.model.requests))
    assert status["breakers"] == []


def test_show_prompt_prints_what_was_really_sent(asked: Town) -> None:
    sent = [
        "".join(f"--- {message['role']}\n{message['content']}\n" for message in request["messages"])
        for request in asked.model.requests
    ]
    printed = asked.site.run("show-prompt", MODEL, asked.shas[0][:10]).out
    assert MARKED in printed
    assert FENCE.sub("", printed) in [FENCE.sub("", text) for text in sent]


def test_the_key_goes_to_the_model_and_nowhere_else(asked: Town) -> None:
    for request in asked.model.requests:
        assert request["headers"]["authorization"] == f"Bearer {asked.site.environment['LLM_API_KEY']}"
        assert not any(secret in prompt_of(request) for secret in (TOKEN["Authorization"], "journeys-"))


def test_push_poll_and_backfill_give_the_same_entries(asked: Town) -> None:
    site, shas = asked.site, asked.shas
    assert site.push(PUSHED, asked.origin, asked.before).status == 202
    done = site.run("backfill", FILLED, "--url", asked.origin.url, "--since", "2026-01-01", LLM_MODEL="off")
    assert done.code == 0, done.err
    pushed = same(site.until_all(PUSHED, shas))
    assert same(site.until_all(POLLED, shas)) == pushed
    assert same(site.until_all(FILLED, shas)) == pushed


def test_doctor_is_content_with_a_good_setup(asked: Town) -> None:
    asked.model.answer(always(completion('{"answer": "pong"}')))
    done = asked.site.run("doctor")
    asked.model.answer(valid)
    assert done.code == 0, done.out
    assert {line.split()[0] for line in done.out.splitlines()} == {"ok"}


def same(entries: list[Entry]) -> list[dict[str, Any]]:
    """What may not depend on how a commit came to our knowledge."""
    assert {entry.state for entry in entries} == {State.ANALYSED}
    dumped = [
        entry.model_dump(mode="json", include={"landed", "facts", "rules", "branch"}) for entry in entries
    ]
    for entry in dumped:
        del entry["facts"]["repository"], entry["rules"]["analysed_at"]
    return dumped
