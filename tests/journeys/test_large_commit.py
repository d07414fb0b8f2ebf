"""A commit that no prompt can hold, from a signed delivery to the page: it is read in parts."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from commits import lines
from loopback_model import LoopbackModel, Request, is_part, prompt_of
from processes import TOKEN, Site, table
from repositories import Origin
from waiting import until

from analysis.models import Coverage
from analysis.storage.entry import Entry, State

NAME = "example/engine"
FILES, LINES = 12, 120
GENERATED = "api/types.out"


@dataclass(frozen=True)
class Landed:
    """A site on which a large commit has landed, as it was pushed."""

    site: Site
    model: LoopbackModel
    sha: str

    @property
    def entry(self) -> Entry:
        entry = self.site.entry(NAME, self.sha)
        assert entry is not None
        return entry

    @property
    def coverage(self) -> Coverage:
        assert self.entry.model is not None
        return self.entry.model.coverage

    @property
    def parts(self) -> list[Request]:
        return [request for request in self.model.requests if is_part(request)]


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Landed]:
    folder = tmp_path_factory.mktemp("large")
    origin = Origin(folder / "origin.git")
    before = origin.commit("Begin", {".gitattributes": "*.out linguist-generated\n"})
    files = {f"engine/part_{number}.py": lines(LINES, f"value_{number}") for number in range(FILES)}
    sha = origin.commit("feat!: a new engine", {**files, GENERATED: lines(900), "yarn.lock": lines(900)})
    with LoopbackModel() as model:
        terms = {"LLM_MODEL": "openai/loopback", "LLM_API_BASE": model.url, "LLM_MAX_INPUT_TOKENS": 5000}
        with Site(folder, tables=[table(NAME, origin)], **terms) as site:
            site.start("web", "worker", "clock")
            assert site.push(NAME, origin, before).status == 202
            done = Landed(site, model, sha)
            until(lambda: site.entry(NAME, sha) and done.entry.state is State.ANALYSED, what="the analysis")
            yield done


def test_every_part_is_read_and_every_line_of_it_once(landed: Landed) -> None:
    assert landed.coverage.parts == len(landed.parts) > 2
    sent = "\n".join(prompt_of(request) for request in landed.parts)
    counted = {sent.count(f"+value_{file}_{line} = ") for file in range(FILES) for line in range(LINES)}
    assert counted == {1}


def test_the_coverage_is_true_and_the_page_says_so(landed: Landed) -> None:
    missing = {file.path: file.why for file in landed.coverage.missing()}
    assert missing == {GENERATED: "generated", "yarn.lock": "lock"}
    page = landed.site.get(f"/reports/{landed.entry.day}.md", **TOKEN).text
    assert "2 个文件未完整纳入分析" in page


def test_each_request_is_in_the_accounts(landed: Landed) -> None:
    calls = landed.site.shop.accounts.calls_for(NAME, landed.entry.day)
    mine = [call for call in calls if call.sha == landed.sha]
    assert len(mine) == landed.coverage.parts + 1
    assert {call.outcome for call in mine} == {"ok"}
    assert landed.entry.model is not None
    assert landed.entry.model.tokens.prompt == sum(call.tokens.prompt for call in mine)


def test_what_would_be_sent_can_be_printed(landed: Landed) -> None:
    done = landed.site.run("show-prompt", NAME, landed.sha)
    assert done.code == 0
    assert done.out.count("--- user\n") == landed.coverage.parts
    assert all(f"engine/part_{number}.py" in done.out for number in range(FILES))
