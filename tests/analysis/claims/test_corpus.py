"""What stands in a commit, in whichever spelling."""

import time

import pytest
from commits import make_commit

from analysis.claims.claims import claims_in
from analysis.claims.corpus import Sources
from analysis.models import Commit, FileChange, Patch, PullRequest

BEFORE = """\
class WorkerPool:
    timeout_ms = 60_000
    def run(self, retry_count=3):
        return self.tracker.isl
"""
AFTER = """\
class WorkerPool:
    timeout_ms = 30_000
    fraction = .75
    def run(self, retry_count=5, no_build=False):
        log("closing the connection", os.environ["POOL_SIZE"])
        parser.add_argument("--max-parallel")
        return self.tracker.isl_count
"""
COMMIT = make_commit(
    "feat: pools that end (#12)",
    {"engine/pool/worker.py": (BEFORE, AFTER), "docs/pool.md": (None, "16x faster; Key-Value 全部\n")},
    body="Reverts 0d3ff44 with `serde`. 占用 ２５％",
    author="Author One",
)
PULL = PullRequest(number=77, title="Pools", body="see RFC for drain_mode", labels=("area/pool",))
SOURCES = Sources.of(COMMIT, PULL, ["the earlier analysis said 4711"])


def holds(text: str, sources: Sources = SOURCES) -> bool:
    claims = claims_in(text)
    assert claims, text
    return all(sources.has(claim) for claim in claims)


@pytest.mark.parametrize(
    "text",
    [
        "`engine/pool/worker.py`",
        "`worker.py:12`",
        "`pool/worker.py`",
        "`./engine/pool/`",
        "`engine/**`",
        "`engine/{pool}/worker.py`",
        "`{engine/pool/worker.py,docs/pool.md}`",
        "`…/worker.py`",
        "`WorkerPool`",
        "`WorkerPool.run()`",
        "`run`",
        "`Pool`",
        "`retry_count`",
        "`request.tracker.isl_count`",
        "`pool.worker.WorkerPool`",
        "`--max-parallel`",
        "`max_parallel`",
        "`--no-build`",
        "`$POOL_SIZE` 与 `${POOL_SIZE}`",
        '`os.environ["POOL_SIZE"]`',
        "`retry_count=5`",
        "`isl_*`",
        "60000 ms、60 秒、60,000",
        "30 s",
        "0.75、75 %、75%",
        "16 倍、16×",
        "25%",
        "`#12`、#77、`0D3FF44`",
        "0d3ff44000b70666300eaa37a0340ffbc25a0984",
        "`drain_mode` 与 area/pool 4711",
        "KV (Key-Value)",
        "`ＷｏｒｋｅｒＰｏｏｌ`、‘--max‑parallel’",
        "`git revert --hard abc`",
        "`closing the connection`",
        "`octo/engine`",
    ],
)  # fmt: skip
def test_what_stands_in_the_commit_is_found(text: str) -> None:
    assert not claims_in(text) or holds(text)


@pytest.mark.parametrize(
    "text",
    [
        "`engine/pool/workers.py`",
        "`engine/queue/worker.py`",
        "`engine/cluster/`",
        "`worker_pool.py`",
        "`WorkerPools`",
        "`WorkPool`",
        "`retry_counts`",
        "`retry_counter=5`",
        "`request.tracker.isl_total`",
        "`--max-paralle`",
        "`--max_parallel`",
        "`--max-parallels`",
        "`--build`",
        "`POOL_SIZES`",
        "`retry_count=7`",
        "`worker --max-parallel --drain`",
        "45 秒",
        "61000",
        "0.76",
        "17×",
        "v1.2.3",
        "`#13`",
        "`1d3ff44`",
        "KV (Key-Volume)",
        "EP（专家并行）",
        "`opening the connection`",
    ],
)
def test_what_is_only_similar_is_not(text: str) -> None:
    assert not holds(text)


def test_counts_of_git_stand_in_the_commit() -> None:
    files = tuple(FileChange(path=f"a{at}.c", status="M", additions=at, deletions=40) for at in range(11, 25))
    sources = Sources.of(COMMIT.model_copy(update={"files": files, "patches": (), "merged": 31}))
    added, deleted = sum(range(11, 25)), 14 * 40
    assert holds(f"14 个文件，+{added} −{deleted}，共 {added + deleted} 行，合并 31 个提交", sources)
    assert not holds(f"减少 {deleted - added} 行", sources)


def test_line_numbers_and_blobs_are_no_numbers_of_the_commit() -> None:
    patch = "diff --git a/x b/x\nindex 4711aaa..815bbbb 100644\n@@ -512,7 +777,9 @@ def handler():\n+a\n"
    sources = Sources.of(COMMIT.model_copy(update={"patches": (Patch(path="x", text=patch),)}))
    assert not any(holds(number, sources) for number in ("4711", "512", "777", "815"))
    assert holds("`handler`", sources)


def test_what_was_not_shown_to_the_model_counts_as_well() -> None:
    assert not holds("`hidden_name`")
    patch = Patch(path="z", text="diff --git a/z b/z\n@@ -1 +1 @@\n+hidden_name\n")
    assert holds("`hidden_name`", Sources.of(COMMIT.model_copy(update={"patches": (patch,)})))


def _large() -> Commit:
    lines = "".join(f"+    value_{at} = compute_{at}(other.value, {at})\n" for at in range(100_000))
    hunks = "".join(
        f"@@ -{at},3 +{at},4 @@\n{lines[at * 1000 : at * 1000 + 1000]}" for at in range(len(lines) // 1000)
    )
    return COMMIT.model_copy(update={"patches": (Patch(path="x", text=f"diff --git a/x b/x\n{hunks}"),)})


def test_a_patch_of_five_megabytes_is_ready_in_a_tenth_of_a_second() -> None:
    commit = _large()
    assert len(commit.patches[0].text) > 4_500_000
    times = []
    for _ in range(5):
        start = time.process_time()
        Sources.of(commit)
        times.append(time.process_time() - start)
    assert min(times) < 0.1
