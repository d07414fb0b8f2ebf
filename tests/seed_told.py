"""The seed's day as it is shown: its commits, in either language, and what an editor tells of them."""

import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

import seed
from builders import make_analysis
from filled import LATER

from analysis.language import Language
from analysis.models import Analysis, Risk, Sha
from analysis.storage.entry import Entry
from analysis.storage.highlights import Group, Highlights, Part, Told
from report.highlights import basis_of

TOLD = tomllib.loads((seed.FOLDER / "2026-01-09.toml").read_text(encoding="utf-8"))


def entries(language: Language) -> list[Entry]:
    """In the order of the seed's table; how large they are is not known."""
    return [_shown(entry, language) for entry in seed.entries()]


def highlights(day: Sequence[Entry], language: Language) -> Highlights:
    """What opens the day."""
    shas = {entry.sha[:7]: entry.sha for entry in day}
    return Highlights(
        basis=basis_of(day),
        language=language,
        items=tuple(
            Told(shas=tuple(shas[sha] for sha in item["shas"]), **item[language])
            for item in TOLD["highlights"]
        ),
        groups=tuple(_group(group[language], shas) for group in TOLD["groups"]),
        model="example-model",
        made_at=LATER,
    )


def _group(said: Mapping[str, Any], shas: Mapping[str, Sha]) -> Group:
    parts = (Part(sha=shas[sha], text=text) for sha, text in said["parts"].items())
    return Group(title=said["title"], parts=tuple(parts))


def _shown(entry: Entry, language: Language) -> Entry:
    assert entry.facts
    facts = entry.facts.model_copy(update={"files": ()})
    return entry.model_copy(update={"facts": facts, "model": _analysis(entry, language)})


def _analysis(entry: Entry, language: Language) -> Analysis:
    said = TOLD["commits"][entry.sha[:7]][language]
    return make_analysis(
        language=language,
        importance=entry.importance,
        type=said["type"],
        summary=said["summary"],
        scope=(),
        insights=(),
        risks=tuple(Risk(text=text) for text in said.get("risks", ())),
        advice=tuple(said.get("advice", ())),
    )
