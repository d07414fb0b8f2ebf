"""Reads the seed, a published digest of one day, into entries; its labels and lists vary between commits."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from builders import make_analysis, make_entry

from analysis.models import Analysis, Importance, Insight, Risk, ScopeItem
from analysis.storage.entry import Entry

FOLDER = Path(__file__).parent / "fixtures" / "seed"
SEED = (FOLDER / "2026-01-09.md").read_text(encoding="utf-8")
REPOSITORY = "ai-dynamo/dynamo"
SHANGHAI = ZoneInfo("Asia/Shanghai")

NAMES = "变更类型|重要程度|变更摘要|摘要|影响范围|技术洞察|潜在风险|关注建议"
LABEL = re.compile(rf"^(?:### )?(?:\*\*)?(?:\S{{1,2}} )?({NAMES})(?:\*\*)?：?[ ]*", re.MULTILINE)
"""`**🎯 变更类型**：`, `**📋 变更摘要**`, `### 🔍 技术洞察`, `**变更类型**：` are all labels."""
ROW = re.compile(r"^\| (2026\S+ \S+) \| (.+?) \| (.+) \|$", re.MULTILINE)
TIER = re.compile(r"^#{3,4} .*?(高|中|低)重要度变更 \(\d+\)$", re.MULTILINE)
COMMIT = re.compile(
    r"^#{3,4} (?P<subject>.+)\n"
    r"\*\*SHA\*\*: `\w{7}` \| 🔗 \[查看提交\]\(\S+/commit/(?P<sha>\w{40})\)$",
    re.MULTILINE,
)
ASPECTS = {
    "架构影响": "architecture",
    "性能影响": "performance",
    "安全考虑": "security",
    "可维护性": "maintainability",
    "兼容性": "compatibility",
}
TIERS = {"高": Importance.HIGH, "中": Importance.MEDIUM, "低": Importance.LOW}


def commit_bodies(text: str) -> dict[str, tuple[str, Importance, str]]:
    """Full sha -> subject, tier and what stands between its SHA line and the next heading."""
    marks = sorted([*TIER.finditer(text), *COMMIT.finditer(text)], key=lambda match: match.start())
    ends = [*(match.start() for match in marks[1:]), len(text)]
    tier, found = Importance.LOW, {}
    for match, end in zip(marks, ends, strict=True):
        if match.re is TIER:
            tier = TIERS[match[1]]
        else:
            body = re.split(r"^<a id=|^> 本报告", text[match.end() : end], flags=re.MULTILINE)[0]
            found[match["sha"]] = match["subject"], tier, body.strip()
    return found


def fields(body: str) -> list[tuple[str, str]]:
    """The labels of one commit in their order, each with its Markdown."""
    labels = list(LABEL.finditer(body))
    ends = [*(match.start() for match in labels[1:]), len(body)]
    return [
        (match[1], _without_rules(body[match.end() : end])) for match, end in zip(labels, ends, strict=True)
    ]


def entries() -> list[Entry]:
    """The seed's commits as entries with a model's analysis, in the order of its table."""
    shas = {subject: sha for sha, (subject, _, _) in commit_bodies(SEED).items()}
    return [_entry(row, shas[row[3]]) for row in ROW.finditer(SEED)]


def conclusion(markdown: str) -> str:
    """The seed's closing words after a field's list, which no field of ours holds."""
    match = re.search(r"\n\n(?![ \-|\d])(?!.*\n\n[ \-|\d])(.+)$", markdown, re.DOTALL)
    return match[1].strip() if match else ""


def _without_rules(markdown: str) -> str:
    return re.sub(r"^---\s*$", "", markdown, flags=re.MULTILINE).strip()


def _entry(row: re.Match[str], sha: str) -> Entry:
    time, author, subject = row.groups()
    _, tier, body = commit_bodies(SEED)[sha]
    return make_entry(
        repository=REPOSITORY,
        sha=sha,
        subject=subject,
        author=author,
        authored_at=datetime.strptime(time, "%Y-%m-%d %H:%M:%S").replace(tzinfo=SHANGHAI),
        analysis=_analysis(tier, dict(fields(body))),
    )


def _analysis(tier: Importance, said: dict[str, str]) -> Analysis:
    values: dict[str, Any] = {"scope": (), "insights": (), "risks": (), "advice": ()}
    if "影响范围" in said:
        values["scope"] = tuple(map(_scope, _items(said["影响范围"])))
    if "技术洞察" in said:
        values["insights"] = tuple(_insights(said["技术洞察"]))
    if "潜在风险" in said:
        values["risks"] = tuple(Risk(text=item) for item in _items(said["潜在风险"]))
    if "关注建议" in said:
        values["advice"] = tuple(_items(said["关注建议"]))
    summary = said.get("变更摘要") or said["摘要"]
    return make_analysis(type=said["变更类型"], importance=tier, summary=summary, **values)


def _items(markdown: str) -> Iterator[str]:
    """The items of a list, or the rows of a table under its first two lines, each as Markdown."""
    if markdown.startswith("|"):
        for line in markdown.splitlines()[2:]:
            if line.startswith("|"):
                yield _row_text(line)
        return
    starts = [match.start() for match in re.finditer(r"^(?:- |\d+\. )", markdown, re.MULTILINE)]
    ends = [*starts[1:], len(markdown) - len(conclusion(markdown))]
    for start, end in zip(starts, ends, strict=True):
        item = re.sub(r"^(?:- |\d+\. )", "", markdown[start:end].strip())
        yield re.sub(r"^ {2,3}", "", item, flags=re.MULTILINE)


def _row_text(line: str) -> str:
    name, text = (cell.strip() for cell in line.strip("|").split("|", 1))
    return f"{name}\n{text.strip(' |').replace('<br>', chr(10))}"


def _scope(item: str) -> ScopeItem:
    match = re.fullmatch(r"`([^`]+)`(?:（(.+)）)?", item.strip())
    if match:
        return ScopeItem(path=match[1], why=match[2] or "")
    return ScopeItem(path=item.strip())


def _insights(markdown: str) -> Iterator[Insight]:
    for item in _items(markdown):
        first, _, rest = item.partition("\n")
        name = first.strip("*： ")
        lines = [line for line in rest.splitlines() if line.strip()]
        text = "\n".join(lines)
        yield Insight.model_validate({"aspect": ASPECTS[name], "text": text})
