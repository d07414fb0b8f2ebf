"""Commits without end are cut, in bounded memory, and say so."""

import tracemalloc

from read_commits import read
from repositories import Origin

from workers.patches import ReadLimits


def test_a_file_longer_than_its_limit_is_cut_at_a_line(origin: Origin) -> None:
    origin.commit("Begin", {"a.txt": "".join(f"line {n}\n" for n in range(1000)), "b.txt": "1\n"})
    commit = read(origin, file_bytes=2000)
    long, short = commit.patches
    assert long.truncated
    assert len(long.text) <= 2000
    assert long.text.endswith("\n")
    assert not short.truncated
    assert not commit.capped
    assert commit.files[0].additions == 1000
    assert commit.patch_id == read(origin).patch_id


def test_a_stream_longer_than_the_limit_is_cut_and_says_so(origin: Origin) -> None:
    origin.commit("Begin", {f"{n}.txt": "some text\n" * 100 for n in range(9)})
    commit = read(origin, patch_bytes=3000)
    assert commit.capped
    assert commit.patch_id is None
    assert len(commit.files) == 9
    assert commit.additions == 900
    assert [patch.truncated for patch in commit.patches] == [False, False, True]
    assert commit.patches[-1].text.endswith("\n+some text\n")
    assert sum(len(patch.text) for patch in commit.patches) <= 3000


def test_a_limit_that_is_met_exactly_is_not_exceeded(origin: Origin) -> None:
    origin.commit("Begin", {"a.txt": "some text\n" * 100})
    length = len(read(origin).patches[0].text)
    assert not read(origin, patch_bytes=length, file_bytes=length).capped
    assert not read(origin, patch_bytes=length, file_bytes=length).patches[0].truncated
    assert read(origin, patch_bytes=length - 1).capped


def test_a_line_of_five_megabytes_is_cut_within_and_between_characters(origin: Origin) -> None:
    origin.commit("Begin", {"a.json": "数" * 1_700_000, "z": "1\n"})
    commit = read(origin)
    assert commit.patches[0].truncated
    assert len(commit.patches[0].text.encode()) <= ReadLimits().file_bytes
    assert commit.patches[0].text[-10:] == "数" * 10
    assert commit.patches[1].text.endswith("+1\n")


def test_a_message_without_end_is_cut(origin: Origin) -> None:
    origin.commit("x" * 3_000_000 + "\n\n" + "line\n" * 600_000)
    commit = read(origin)
    assert len(commit.subject) == 1_000
    assert 30_000 < len(commit.body) < 65_536


def test_a_patch_without_end_is_read_in_bounded_memory(origin: Origin) -> None:
    origin.commit("Begin", {"a.txt": b"".join(b"line %d of a long file\n" % n for n in range(1_500_000))})
    tracemalloc.start()
    try:
        commit = read(origin)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert commit.capped
    assert commit.files[0].additions == 1_500_000
    assert peak < 50_000_000


def test_thousands_of_files_are_listed_up_to_the_limit(origin: Origin) -> None:
    origin.commit("Begin", {f"{n:04}/a.txt": f"{n}\n" for n in range(3000)})
    whole = read(origin)
    assert len(whole.files) == len(whole.patches) == 3000
    assert not whole.capped
    part = read(origin, files=2000)
    assert len(part.files) == len(part.patches) == 2000
    assert part.capped
    assert part.patches[-1].text.endswith("+1999\n")
