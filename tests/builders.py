"""Entries, facts and analyses for tests: a plain default each, and any field by its name."""

import hashlib
from datetime import UTC, datetime
from typing import Any

from analysis.models import (
    Analysis,
    Call,
    CommitFacts,
    FileChange,
    Importance,
    Insight,
    Landed,
    Risk,
    ScopeItem,
    Tokens,
)
from analysis.storage.entry import Correction, Entry, Source, State

NOON = datetime(2026, 1, 9, 4, 0, tzinfo=UTC)
"""Noon of 9 January 2026 in Shanghai."""
REPOSITORY = "octo/engine"


def make_sha(seed: object) -> str:
    """The same full sha for the same seed."""
    return hashlib.sha1(str(seed).encode(), usedforsecurity=False).hexdigest()


def make_facts(**fields: Any) -> CommitFacts:
    """The facts of a commit that changes one file; `seed` or `sha` makes it another commit."""
    seed = fields.pop("seed", 1)
    defaults: dict[str, Any] = {
        "repository": REPOSITORY,
        "sha": make_sha(seed),
        "parents": (make_sha(("parent", seed)),),
        "subject": "fix: answer before the client gives up",
        "author": "Author One",
        "authored_at": NOON,
        "committer": "Author One",
        "committed_at": NOON,
        "files": (FileChange(path="engine/server.py", status="M", additions=12, deletions=3),),
    }
    return CommitFacts(**defaults | fields)


def make_analysis(**fields: Any) -> Analysis:
    """A model's analysis of high importance with every field; `source="rules"` makes it the rules'."""
    by_model = fields.get("source", "model") == "model"
    defaults: dict[str, Any] = {
        "source": "model",
        "language": "zh-CN",
        "type": "Bug 修复",
        "importance": Importance.HIGH,
        "summary": "超时的请求现在会得到 504，而不是一直挂起。`timeout` 的默认值由 60 改为 30。",
        "scope": (ScopeItem(path="engine/server.py", why="请求循环"),),
        "insights": (Insight(aspect="compatibility", text="依赖 60 秒默认值的客户端会更早收到错误。"),),
        "risks": (Risk(text="慢请求会被提前切断", path="engine/server.py"),),
        "advice": ("需要 60 秒的部署请显式设置 `timeout`。",),
        "model": "example-model" if by_model else None,
        "prompt_version": "p1" if by_model else None,
        "analysed_at": NOON,
    }
    return Analysis(**defaults | fields)


def make_call(**fields: Any) -> Call:
    """A request to a model that went well, about the commit of seed 1."""
    defaults: dict[str, Any] = {
        "id": "one",
        "repository": REPOSITORY,
        "sha": make_sha(1),
        "model": "a/big",
        "at": NOON,
        "tokens": Tokens(prompt=100, cached=40, completion=20),
        "cost_usd": 0.25,
    }
    return Call(**defaults | fields)


def make_correction(**fields: Any) -> Correction:
    """A reader's, at noon: of low importance."""
    defaults: dict[str, Any] = {"importance": Importance.LOW, "note": "Only for tests.", "corrected_at": NOON}
    return Correction(**defaults | fields)


def make_entry(**fields: Any) -> Entry:
    """An analysed entry; fields of its facts (subject, author, files ...) are taken as well.

    `analysis` is the model's or, by its source, the rules' analysis; None makes an entry without one.
    `facts=None` makes a commit that has not been read yet.
    """
    own = {name: fields.pop(name) for name in Entry.model_fields.keys() & fields.keys()}
    analysis = fields.pop("analysis", "default")
    importance = fields.pop("importance", Importance.HIGH)
    if analysis == "default":
        analysis = make_analysis(importance=importance)
    if "repository" in own:
        fields["repository"] = own["repository"]
    if "sha" in own:
        fields["sha"] = own["sha"]
    facts = make_facts(**fields)
    defaults: dict[str, Any] = {
        "repository": facts.repository,
        "sha": facts.sha,
        "day": NOON.date(),
        "landed_at": NOON,
        "source": Source.PUSH,
        "branch": "main",
        "landed": Landed.model_validate(facts, from_attributes=True),
        "state": State.ANALYSED,
        "facts": facts,
    }
    if analysis is not None:
        defaults[analysis.source] = analysis
    return Entry(**defaults | own)
