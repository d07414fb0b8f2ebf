"""Each reading has a folder of its own, and what killed ones left is swept away."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from repositories import Origin

from workers import checkout
from workers.checkout import read_commit


def test_several_workers_share_nothing(origin: Origin) -> None:
    shas = [origin.commit(f"Commit {n}", {"a": f"{n}\n"}) for n in range(12)]
    with ThreadPoolExecutor(4) as pool:
        commits = list(pool.map(lambda sha: read_commit(origin.remote(), sha), shas))
    assert [commit.sha for commit in commits] == shas
    assert [commit.patches[0].text[-2:] for commit in commits[1:10]] == [f"{n}\n" for n in range(1, 10)]


def test_what_killed_workers_left_behind_is_swept_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leftovers = tmp_path / "leftovers"
    monkeypatch.setattr(checkout, "gettempdir", lambda: str(leftovers))
    old, fresh, other = (leftovers / name for name in ("pushdigest-git-old", "pushdigest-git-new", "other"))
    for folder in (old, fresh, other):
        folder.mkdir(parents=True)
    for folder in (old, other):
        os.utime(folder, (0, 0))
    checkout.sweep()
    assert {folder.name for folder in leftovers.iterdir()} == {"other", "pushdigest-git-new"}
