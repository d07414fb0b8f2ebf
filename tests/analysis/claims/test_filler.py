"""Words that help nobody: found in what was published before, and in nothing that we say ourselves."""

import time

import pytest
from catalogues import catalogue
from seed import entries

from analysis.claims.filler import filler_in, is_chore, is_destructive, worthwhile
from analysis.language import Language

GENERIC = [
    "补充相关文档和单元测试。",
    "**文档更新**：在 README 中说明 `--kv-events`。",
    "**单元/集成测试**：增加针对 `enable_nats=False` 的单元测试。",
    "**监控与告警**：为 `x` 增加计数器。",
    "建议密切关注后续版本。",
    "升级前在测试环境中验证。",
    "进行充分的回归测试。",
    "Add documentation and tests for the new flag.",
    "Testing: cover `parse` with unit tests.",
    "Consider adding monitoring for this path.",
    "Keep an eye on memory usage.",
    "Test thoroughly before release.",
]
USEFUL = [
    "自行部署前端的：与 worker 同批升级。",
    "用 docker-compose 的：跳过此版，或取 `a713270` 的修复。",
    "把监控面板里的 `kv_hits` 改为 `kv_hit_total`。",
    "脚本里写了 `--no-kv-events` 的：升级前删掉这个参数。",
    "无事可做。",
    "If you run the frontend yourself: upgrade it together with the workers.",
    "Rename `timeout` to `deadline` in your configuration before upgrading.",
    "Dashboards that read `requests_total`: switch to `http_requests_total`.",
]
DESTRUCTIVE = [
    "删除旧卷后重新创建。",
    "出现异常时回滚到上一版本。",
    "清空缓存目录后重启。",
    "Delete the old volume and create it again.",
    "Roll back if latency rises.",
    "Drop the table before migrating.",
]


@pytest.mark.parametrize("advice", GENERIC)
def test_advice_that_fits_any_commit_is_dropped(advice: str) -> None:
    assert is_chore(advice)
    assert worthwhile([advice], "Remove the old volume") == ()


@pytest.mark.parametrize("advice", USEFUL)
def test_advice_that_names_who_and_what_stays(advice: str) -> None:
    assert worthwhile([advice], "") == (advice,)


@pytest.mark.parametrize("advice", DESTRUCTIVE)
def test_destructive_advice_needs_evidence_in_the_commit(advice: str) -> None:
    assert is_destructive(advice)
    assert worthwhile([advice], "fix: align PVC name") == ()
    assert worthwhile([advice], "Old volumes must be deleted by hand.") == (advice,)


def test_a_fall_back_in_code_is_no_rollback() -> None:
    assert not is_destructive("`display_name` 为空时会回退到 `name`。")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("额外开销可以忽略不计，总体而言可放心上线。", ("可以忽略不计", "总体而言", "可放心上线")),
        (
            "Overall, this is safe to roll out; the cost is negligible.",
            ("Overall,", "safe to roll out", "negligible"),
        ),
        ("实现了零拷贝。", ("零拷贝",)),
        ("缩小攻击面，缩小攻击面。", ("缩小攻击面",)),
        ("默认批大小从 512 降到 384。", ()),
        ("The overall timeout drops from 30 to 10 s.", ()),
    ],
)
def test_phrases_that_say_nothing(text: str, found: tuple[str, ...]) -> None:
    assert filler_in(text) == found


def test_a_phrase_of_the_source_is_no_filler() -> None:
    assert filler_in("Uses zero-copy reads.", "perf: Zero-Copy reads in the loader") == ()


def test_what_was_published_before_is_full_of_it() -> None:
    analyses = [entry.analysis for entry in entries() if entry.analysis]
    advice = [each for analysis in analyses for each in analysis.advice]
    dropped = [each for each in advice if not worthwhile([each], "")]
    assert len(advice) > 30
    assert len(dropped) > len(advice) / 3


@pytest.mark.parametrize(
    "text", ["增加" * 50_000, "*" * 100_000, "add " * 50_000, "`" * 100_000, "回退" * 50_000]
)
def test_hostile_text_takes_no_time(text: str) -> None:
    started = time.process_time()
    worthwhile([text], text)
    filler_in(text)
    assert time.process_time() - started < 1


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_no_text_of_ours_is_filler(language: Language) -> None:
    texts = [text for forms in catalogue(language).values() for text in forms]
    assert len(texts) > 200
    assert [text for text in texts if filler_in(text)] == []
    advice = [text for key, (text, *_) in catalogue(language).items() if key.startswith("rules.advice.")]
    assert advice
    assert [text for text in advice if is_chore(text) or is_destructive(text)] == []
