import pytest
from builders import make_analysis, make_entry
from hostile import MARKDOWN
from hypothesis import given, settings

from analysis.matching import covers, lies_in, paths_of, says, texts_of
from analysis.models import FileChange


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("csrc", "csrc/a.cu"),
        ("csrc/", "csrc/attention/a.cu"),
        ("csrc/**", "csrc/attention/a.cu"),
        ("csrc/*.cu", "csrc/attention/a.cu"),
        ("*.cu", "csrc/attention/a.cu"),
        ("**/a.cu", "a.cu"),
        ("**/a.cu", "csrc/a.cu"),
        ("csrc/**/a.cu", "csrc/a.cu"),
        ("csrc/a.cu", "csrc/a.cu"),
        ("app/[id]/page.tsx", "app/[id]/page.tsx"),
        ("app/[id]", "app/[id]/page.tsx"),
        ("文档/**", "文档/指南.md"),
    ],
)
def test_a_path_is_a_file_a_folder_or_a_pattern(pattern: str, path: str) -> None:
    assert covers(pattern, path)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("csrc", "csrc2/a.cu"),
        ("csrc", "src/csrc/a.cu"),
        ("CSRC", "csrc/a.cu"),
        ("csrc/**", "csrc"),
        ("**/a.cu", "csrc/ba.cu"),
        ("*.cu", "a.cuh"),
    ],
)
def test_what_is_only_alike_is_not_meant(pattern: str, path: str) -> None:
    assert not covers(pattern, path)


@pytest.mark.parametrize(
    ("area", "path", "lies"),
    [
        ("engine", "engine/a.py", True),
        ("engine/", "engine/kernels/a.py", True),
        ("engine/kernels", "engine/kernels/a.py", True),
        ("engine/*", "engine/a.py", True),
        ("engine/*", "engine/kernels/a.py", False),
        ("*", "README.md", True),
        ("*", "engine/a.py", False),
        ("engine", "engines/a.py", False),
        ("engine", "engine", False),
        ("kernels", "engine/kernels/a.py", False),
        ("eng*", "engine/a.py", False),
    ],
)
def test_an_area_is_a_folder_as_ranges_name_it(area: str, path: str, *, lies: bool) -> None:
    assert lies_in(area, path) is lies


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("race", "fix a Race between two threads"),
        ("RACE", "race"),
        ("data race", "a data\n  race"),
        ("race", "修复race条件"),
        ("死锁", "修复调度器死锁问题"),
        ("デッドロック", "デッドロックを直す"),
        ("교착", "교착을 고친다"),
        ("c++", "build: use C++20"),
        ("c++", "the C++ part"),
        ("-fno-exceptions", "build with -fno-exceptions"),
        ("größe", "die GRÖSSE"),
        ("cafe\u0301", "au CAFE\u0301"),
        ("[wip]", "[WIP] something"),
        (".*", "a .* b"),
    ],
)
def test_a_word_is_found_whole_and_in_any_case(word: str, text: str) -> None:
    assert says([word], [text])


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("race", "trace the request"),
        ("race", "races"),
        ("race", "race_condition"),
        ("cafe", "cafe\u0301"),
        ("死锁", "死 锁"),
        ("rac.", "race"),
        ("[ab]", "a"),
    ],
)
def test_a_part_of_a_word_is_not(word: str, text: str) -> None:
    assert not says([word], [text])


@settings(deadline=None)
@given(MARKDOWN)
def test_any_text_can_be_looked_for_and_looked_through(text: str) -> None:
    covers(text, "engine/server.py")
    lies_in(text, "engine/server.py")
    says(["race", text or "x"], [text])
    if text.strip():
        assert says([text.strip()], [text])


def test_words_are_looked_for_in_all_that_is_said_of_a_commit() -> None:
    entry = make_entry(subject="the subject", body="the body", analysis=make_analysis(summary="the summary"))
    told = " ".join(texts_of(entry))
    for part in ("the subject", "the body", "the summary", "请求循环", "慢请求", "显式设置"):
        assert part in told
    assert [*texts_of(make_entry(subject="s", facts=None, analysis=None))] == ["s"]


def test_the_paths_of_a_commit_are_the_former_ones_too() -> None:
    moved = make_entry(files=(FileChange(path="new.py", old_path="old.py", status="R"),))
    assert paths_of(moved) == ["new.py", "old.py"]
    assert paths_of(make_entry(facts=None)) == []
