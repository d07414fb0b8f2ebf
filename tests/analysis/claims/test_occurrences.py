"""Names and numbers that stand in a text by themselves."""

import pytest

from analysis.claims.occurrences import stands, stands_as_number, stands_as_word


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("parse_arg", "x.parse_arg(y)"),
        ("parse_arg", "用parse_arg函数"),
        ("--no-build", "`--no-build`"),
        ("-c", "run -c file"),
        ("mem-fraction", "--mem-fraction 0.5"),
        ("a.b", "x/a.b:3"),
        ("$HOME", "cd $HOME/x"),
    ],
)
def test_a_name_stands_where_its_borders_are(name: str, text: str) -> None:
    assert stands(name, text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("parse_arg", "parse_args"),
        ("parse_arg", "reparse_arg"),
        ("--no-build", "--no-build-isolation"),
        ("-c", "--c a-c"),
        ("model-cache", "model-cache-pvc"),
        ("cache-pvc", "model-cache-pvc"),
        ("Name", "name"),
        ("", "x"),
    ],
)
def test_a_part_of_a_name_is_another_name(name: str, text: str) -> None:
    assert not stands(name, text)


@pytest.mark.parametrize(
    "text", ["failed", "Failed", "FAILED", "PhaseFailed", "on_failed", "failedAt", "is-failed"]
)
def test_a_plain_word_may_be_a_part_of_a_name(text: str) -> None:
    assert stands_as_word("Failed", text)


@pytest.mark.parametrize("text", ["fail", "failedly", "unfailed", "UNFAILED"])
def test_a_plain_word_is_no_piece_of_a_word(text: str) -> None:
    assert not stands_as_word("failed", text)


@pytest.mark.parametrize(
    ("digits", "text"),
    [
        ("512", "x=512;"),
        ("512", "h512 512x 512.0"),
        ("4096", "4,096"),
        ("1048576", "1_048_576"),
        ("3.12", ">=3.12.1"),
        ("4.7", "claude-opus-4-7"),
        (".75", "x = .75"),
        ("0x200", "0x200"),
    ],
)
def test_a_number_stands_in_its_spellings(digits: str, text: str) -> None:
    assert stands_as_number(digits, text)


@pytest.mark.parametrize(
    ("digits", "text"),
    [
        ("512", "5120 1512 3.512 512.5"),
        ("12", "3.12"),
        ("3.1", "3.12"),
        (".75", "1.75"),
        ("512", "sha256:0123456789512abcdef"),
    ],
)
def test_a_part_of_a_number_or_of_a_hash_is_none(digits: str, text: str) -> None:
    assert not stands_as_number(digits, text)
