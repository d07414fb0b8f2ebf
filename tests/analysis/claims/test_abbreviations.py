"""Abbreviations spelt out, and what is only a remark in brackets."""

import pytest

from analysis.claims.abbreviations import abbreviations_in, long_form, pattern_of


def spelt_out(text: str) -> list[str]:
    return [text[start:stop] for start, stop in abbreviations_in(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the KV (Key-Value) cache", "KV (Key-Value)"),
        ("a Key-Value (KV) cache", "Key-Value (KV)"),
        ("ISL（Inference Sequence Length）变长", "ISL（Inference Sequence Length）"),
        ("the time to first token (TTFT) drops", "time to first token (TTFT)"),
        ("指标 TTFT（首个 Token 延迟）", "TTFT（首个 Token 延迟）"),
        ("EP（专家并行）", "EP（专家并行）"),
        ("HuggingFace (HF)", "HuggingFace (HF)"),
    ],
)
def test_long_and_short_form_together_are_a_claim(text: str, found: str) -> None:
    assert spelt_out(text) == [found]


@pytest.mark.parametrize(
    "text",
    [
        "NATS（可选）",
        "KV（默认关闭）",
        "TTL（60 秒）",
        "API（命令接口）",
        "the frontend (TCP) and DNS (optional)",
        "MOE（提交中未见）",
        "CRD (see docs)",
    ],
)
def test_a_remark_is_none(text: str) -> None:
    assert spelt_out(text) == []


@pytest.mark.parametrize("claim", ["KV (Key-Value)", "Key-Value (KV)", "**KV**（Key-Value）"])
def test_the_long_form_is_looked_up_however_it_is_joined(claim: str) -> None:
    pattern = pattern_of(long_form(claim))
    assert all(pattern.search(text) for text in ("a key value store", "KeyValue", "key_value", "Key-\nValue"))
    assert not pattern.search("key or value")
