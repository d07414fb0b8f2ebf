"""What a text claims: found wherever it stands, and nothing that only looks like it."""

import time
from itertools import pairwise

import pytest
from hostile import ANYTHING
from hypothesis import given

from analysis.claims.claim import Kind
from analysis.claims.claims import claims_in


def found(text: str) -> list[tuple[str, str]]:
    return [(claim.kind.value, claim.text) for claim in claims_in(text)]


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("`src/a.py:12` 与 lib/b.rs", [("path", "src/a.py:12"), ("path", "lib/b.rs")]),
        ("改 docker-compose.yml。", [("path", "docker-compose.yml")]),
        ("用 --no-kv-events 或 `-x`", [("flag", "--no-kv-events"), ("flag", "-x")]),
        ("--a-b/--no-a-b", [("flag", "--a-b"), ("flag", "--no-a-b")]),
        ("设置HF_TOKEN即可", [("variable", "HF_TOKEN")]),
        ("`$HF_TOKEN`", [("variable", "$HF_TOKEN")]),
        ("`foo()` calls bar_baz and quux()", [("symbol", name) for name in ("foo()", "bar_baz", "quux()")]),
        ("Foo::new", [("symbol", "Foo::new")]),
        ("新的DynamoGraphDeployment字段", [("symbol", "DynamoGraphDeployment")]),
        ("`a.b.run` `worker` `@cached`", [("symbol", name) for name in ("a.b.run", "worker", "@cached")]),
        ("`model-cache-pvc`", [("symbol", "model-cache-pvc")]),
        ("`v1.2.3` 与 3.12", [("version", "v1.2.3"), ("number", "3.12")]),
        ("回退 `0d3ff44`", [("sha", "0d3ff44")]),
        ("修 #12 与 CVE-2024-31449", [("symbol", "#12"), ("symbol", "CVE-2024-31449")]),
        ("`timeout = 60`", [("code", "timeout = 60")]),
        ("KV (Key-Value)", [("abbreviation", "KV (Key-Value)")]),
        ("```\nrun --fast x\n```", [("flag", "--fast")]),
        ("[5 s](https://example.org/v1.2.3/a.py)", [("number", "5 s")]),
    ],
)  # fmt: skip
def test_claims_in_the_order_of_the_text(text: str, claims: list[tuple[str, str]]) -> None:
    assert found(text) == claims


@pytest.mark.parametrize(
    "text",
    [
        "Python、Redis、GitHub、JSON、HTTP 与 NATS 都不是说法。",
        "PyTorch, Node.js, TensorRT, macOS and and/or, CI/CD, client/server, I/O.",
        "`true`、`None`、`Redis`、`JSON`、`git`、`O(log n)`、`x`、`n`",
        "破折号——不是参数，a--b 也不是；e.g. this, i.e. that. x86_64",
        "`只有中文`、`` ` ``、``",
        "**重点**、_强调_、~~删除~~",
        "https://example.org/a_b/c.py",
    ],
)
def test_what_says_nothing_of_the_commit_is_no_claim(text: str) -> None:
    assert found(text) == []


def test_a_claim_knows_where_it_stands() -> None:
    text = "默认 **`--fast`** 开"
    (claim,) = claims_in(text)
    assert text[claim.start : claim.stop] == claim.text == "--fast"
    assert text[claim.behind :] == " 开"


@given(ANYTHING)
def test_any_text_has_its_claims_in_order_and_apart(text: str) -> None:
    claims = claims_in(text)
    for claim in claims:
        assert 0 <= claim.start < claim.stop <= claim.behind <= len(text)
    ends = [(claim.start, claim.stop) for claim in claims if not claim.fenced]
    assert all(before[1] <= after[0] for before, after in pairwise(ends))


SIZE = 200_000
HOSTILE = {
    "backticks": "`" * SIZE,
    "runs of backticks": "".join("`" * (at % 7 + 1) + "a" for at in range(SIZE // 5)),
    "brackets": "[" * SIZE,
    "open links": "[a](" * (SIZE // 4),
    "capitals": "A" * SIZE,
    "initials": "Ab " * (SIZE // 3) + "(ABC)",
    "open parentheses": "ABC (" * (SIZE // 5),
    "emphasis": "**a *b _c __d " * (SIZE // 14),
    "digits": "1" * SIZE,
    "dots": "1." * (SIZE // 2),
    "commas": "1,111" * (SIZE // 5),
    "underscores": "a_" * (SIZE // 2),
    "hyphens": "-" * SIZE,
    "slashes": "a/" * (SIZE // 2),
    "fences": "```\n" * (SIZE // 4),
    "addresses": "https://" * (SIZE // 8),
    "overrides": "\u202e`x_y`" * (SIZE // 6),
    "changes": "从 3 改为 5，" * (SIZE // 9),
    "humps": "AaBbCc" * (SIZE // 6),
    "one span": "`" + "a b " * (SIZE // 4) + "`",
    "names": " ".join(f"`a_{at}`" for at in range(SIZE // 8)),
}


def _best(text: str) -> float:
    times = []
    for _ in range(3):
        start = time.process_time()
        claims_in(text)
        times.append(time.process_time() - start)
    return min(times)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_text_of_200_kb_is_read_in_less_than_a_second(text: str) -> None:
    assert _best(text) < 1


def test_a_block_of_code_is_read_for_what_is_unmistakable() -> None:
    claims = claims_in("```py\nimport os  # src/a.py\nrun(os.environ['HF_HOME'], 5)\n```\n")
    assert [(claim.kind, claim.text) for claim in claims] == [
        (Kind.PATH, "src/a.py"),
        (Kind.VARIABLE, "HF_HOME"),
    ]
    assert {claim.fenced for claim in claims} == {True}
