"""Numbers and versions that are claims, and how a source may write them."""

import pytest

from analysis.claims.claim import Kind
from analysis.claims.figures import figures_in, kind_of_figure, spellings


def figures(text: str) -> list[str]:
    return [text[start:stop] for _, start, stop in figures_in(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("把 chunk 从 512 改为 384", ["512", "384"]),
        ("默认值由 1 调整为 2", ["1", "2"]),
        ("retries go from 2 to 3", ["2", "3"]),
        ("重试次数 3→5", ["3", "5"]),
        ("占用 75 %，即 0.75", ["75 %", "0.75"]),
        ("16×H200 与 16-GPU", ["16×H200", "16-GPU"]),
        ("耗时 0.5 ~ 1 µs，旧值 100–200ms", ["0.5 ~ 1 µs", "100–200ms"]),
        ("升到 v1.2.3、3.12+ 与 2.0.0rc1", ["v1.2.3", "3.12+", "2.0.0rc1"]),
        ("1,048,576 字节，32K，5s", ["1,048,576 字节", "32K", "5s"]),
        ("返回 HTTP 404", ["404"]),
        ("+120 −35", ["120", "35"]),
    ],
)
def test_values_are_claims(text: str, found: list[str]) -> None:
    assert figures(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "改了 3 处，2 个文件",
        "two switches in 3 files",
        "2026-01-09 10:30，2026 年 1 月 9 日，01-14",
        "GPT-4、H200、UTF-8、HTTP/2、IPv6、SHA-256、RFC 7231、W3C、13Bx",
        "1. 第一\n12. 第十二\n13) 第十三",
        "第 120 行，line 77",
        "100% 兼容",
        "#5309",
        "a_12 b.13 c/14",
    ],
)
def test_counting_names_and_dates_are_none(text: str) -> None:
    assert figures(text) == []


@pytest.mark.parametrize(
    ("figure", "way"),
    [
        ("60 秒", "60000"),
        ("5 s", "5000"),
        ("24 小时", "86400"),
        ("15 MB", "15728640"),
        ("15 MB", "15000000"),
        ("32K", "32768"),
        ("10 万", "100000"),
        ("75 %", "0.75"),
        ("4,096", "4096"),
        ("1_048_576", "0x100000"),
        ("v1.2.3", "1.2.3"),
        ("16×", "16"),
    ],
)
def test_a_source_may_count_in_smaller_units(figure: str, way: str) -> None:
    assert way in spellings(figure)[0]


def test_a_range_needs_both_ends() -> None:
    assert [ways[0] for ways in spellings("1-2 ms")] == ["1", "2"]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("512", Kind.NUMBER),
        ("0.75", Kind.NUMBER),
        ("v3.1", Kind.VERSION),
        ("1.2.3", Kind.VERSION),
        ("x1", None),
        ("1a", None),
    ],
)
def test_code_may_be_a_figure(code: str, kind: Kind | None) -> None:
    assert kind_of_figure(code) is kind
