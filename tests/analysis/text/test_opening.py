import pytest

from analysis.text.opening import opening_of


@pytest.mark.parametrize(
    ("body", "opening"),
    [
        ("", ""),
        (
            "The cache was never cleared,\nso it grew.\n\nMore of it.",
            "The cache was never cleared, so it grew.",
        ),
        (
            "Transport is now Query.Factory\nCachingTransport is now Cache\nCall.Query is now Query",
            "Transport is now Query.Factory; CachingTransport is now Cache; Call.Query is now Query",
        ),
        (
            "Wrapped where a name begins, as in the old\nReader of it.",
            "Wrapped where a name begins, as in the old Reader of it.",
        ),
        (
            "`retry` had its arguments swapped:\n\n    retry(b, a)\n\nNo longer.",
            "`retry` had its arguments swapped…",
        ),
        ("It had them swapped:\n```\nretry(b, a)\n\nretry(a, b)\n```\n", "It had them swapped…"),
        ("参数顺序错了：\n\n```sh\nretry b a\n```", "参数顺序错了…"),
        ("```\nfirst\n\nsecond\n```\n\nThen prose.", "Then prose."),
        ("~~~\nnever closed\n\nstill code", ""),
        ("    indented\n    code\n\nThen prose.", "Then prose."),
        ("These are gone:\n- one\n- two", "These are gone…"),
        ("These are gone\n1. one\n2. two", "These are gone…"),
        ("It was lost.\nSigned-off-by: Ada", "It was lost."),
        ("- one\n- two\n\nThen prose.", "Then prose."),
        ("Summary:\n\nThen prose.", "Then prose."),
        ("Returns\n-1 when it is away, and\n#12 said so.", "Returns -1 when it is away, and #12 said so."),
        ("Signed-off-by: Ada", ""),
        ("Fixes #12", ""),
        ("https://example.org/12", ""),
    ],
)
def test_the_first_prose_is_told_in_one_line(body: str, opening: str) -> None:
    assert opening_of(body) == opening
