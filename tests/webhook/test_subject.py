import subprocess
from pathlib import Path

import pytest

from webhook.subject import subject_of

MESSAGES = [
    "subject",
    "subject\n",
    "subject\n\nbody",
    "two\nlines\n\nbody",
    "\n\n  \nlate subject\nsecond\n",
    "  indented\n  second\n \t \nbody",
    "trailing  \t\nspaces \n",
    "carriage\r\nreturn\r\n\r\nbody",
    "form\x0cfeed\n\x0c\nbody",
    "no-break\u00a0space\n\u00a0\nbody",
    "separator\u2028line\n\u3000\nbody",
    "中文标题\n第二行\n\n正文",
    "   ",
    "",
]


@pytest.mark.parametrize("message", MESSAGES)
def test_the_subject_is_what_git_makes_of_the_message(tmp_path: Path, message: str) -> None:
    assert subject_of(message) == git_subject(tmp_path, message)


def git_subject(folder: Path, message: str) -> str:
    def git(*arguments: str, given: bytes = b"") -> str:
        called = ["git", "-C", str(folder), *arguments]
        return subprocess.run(called, input=given, check=True, capture_output=True).stdout.decode()

    git("init", "-q", "--bare")
    tree = git("mktree").strip()
    who = "Author One <> 1767929400 +0800"
    commit = f"tree {tree}\nauthor {who}\ncommitter {who}\n\n{message}".encode()
    sha = git("hash-object", "-t", "commit", "-w", "--stdin", given=commit).strip()
    return git("log", "-1", "--format=%s", "-z", sha).removesuffix("\0").removesuffix("\n")
