import pytest

from workers.pretty import cut_text, records


@pytest.mark.parametrize("size", [1, 2, 5, 100])
def test_records_do_not_depend_on_how_the_stream_is_cut(size: int) -> None:
    stream = b"a\0b\0" + b"\0\0" + b"longer\0\n\0"
    chunks = [stream[start : start + size] for start in range(0, len(stream), size)]
    assert list(records(chunks, 2)) == [(b"a", b"b"), (b"", b""), (b"longer", b"\n")]


def test_a_record_that_is_not_complete_is_none() -> None:
    assert list(records([b"a\0b\0c"], 2)) == [(b"a", b"b")]


def test_text_is_cut_at_a_line_or_within_one_that_is_long() -> None:
    assert cut_text(b"one\ntwo\nthree\n", 10) == "one\ntwo\n"
    assert cut_text(b"one\ntwo and more", 12) == "one\ntwo and "
    assert cut_text("数数数".encode(), 7) == "数数"
    assert cut_text(b"\xff\n", 7) == "\\xff\n"
    assert cut_text(b"short", 5) == "short"
