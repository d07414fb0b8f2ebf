import time
from pathlib import Path

import pytest

from workers.gitstream import BareRepository, GitFailed, GitTimedOut
from workers.remote import git_environment

SECONDS = 10.0


@pytest.fixture
def repository(tmp_path: Path) -> BareRepository:
    made = BareRepository(tmp_path / "some.git", git_environment(None), time.monotonic() + SECONDS)
    made.create()
    return made


def script(text: str) -> tuple[str, ...]:
    """A shell script that git runs as it runs its own helpers."""
    return ("-c", f"alias.script=!{text}", "script")


def has_ended(pid: int) -> bool:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        status = Path(f"/proc/{pid}/stat")
        if not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.01)
    return False


def test_creating_twice_changes_nothing(repository: BareRepository) -> None:
    before = {file: file.read_bytes() for file in repository.folder.rglob("*") if file.is_file()}
    repository.create()
    assert {file: file.read_bytes() for file in repository.folder.rglob("*") if file.is_file()} == before
    assert repository.folder / "HEAD" in before


def test_an_error_is_told_in_one_line_that_can_be_printed(repository: BareRepository) -> None:
    with pytest.raises(GitFailed) as caught:
        repository.run(
            *script("printf 'remote: hm\\nfatal: no \\033[31m such thing\\nhint: x\\n' >&2; false")
        )
    assert str(caught.value) == "fatal: no ?[31m such thing"
    with pytest.raises(GitFailed, match="without a word"):
        repository.run(*script("exit 3"))


def test_a_flood_of_errors_does_not_stop_the_output(repository: BareRepository) -> None:
    flood = "yes remote: still counting | head -c 1000000 >&2; echo done"
    assert repository.run(*script(flood)) == b"done\n"


def test_at_the_deadline_git_and_what_it_started_are_ended(tmp_path: Path) -> None:
    folder = tmp_path / "some.git"
    BareRepository(folder, git_environment(None)).create()
    hurried = BareRepository(folder, git_environment(None), time.monotonic() + 0.5)
    pid_file = tmp_path / "pid"
    with pytest.raises(GitTimedOut):
        hurried.run(*script(f"sleep 1000 & echo $! > {pid_file}; wait"))
    assert has_ended(int(pid_file.read_text()))


def test_a_reader_who_has_enough_ends_git(repository: BareRepository) -> None:
    with repository.stream(*script("echo $$; exec yes")) as chunks:
        pid = int(next(chunks).split(b"\n")[0])
    assert has_ended(pid)


def test_an_exception_of_the_reader_ends_git(repository: BareRepository) -> None:
    seen: list[int] = []
    with pytest.raises(ZeroDivisionError):
        fail_while_reading(repository, seen)
    assert has_ended(seen[0])


def fail_while_reading(repository: BareRepository, seen: list[int]) -> None:
    with repository.stream(*script("echo $$; exec sleep 1000")) as chunks:
        seen.append(int(next(chunks)))
        seen.append(1 // 0)


def test_no_pipe_stays_open(repository: BareRepository) -> None:
    before = open_files()
    for _ in range(5):
        repository.run("version")
    assert open_files() == before


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_a_repository_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert not BareRepository(tmp_path / "none.git", git_environment(None)).holds("1" * 40)
