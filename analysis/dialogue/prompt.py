"""A commit in a model's words: instructions that we wrote, and data between marks that nobody can guess.

The words stand in `prompts/TOPIC.LANGUAGE.md`, cut into parts by `<!-- part: NAME -->` lines.
"""

import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from string import Template

from analysis.diff.budget import Selection
from analysis.language import Language
from analysis.model.completion import Message
from analysis.models import Commit, FileChange, PullRequest, Sha, Verdict
from analysis.text.visible import beginning, visible

FOLDER = Path(__file__).with_name("prompts")
LONGEST_MESSAGE = 6_000
"""Characters of a commit's message that are shown."""
LONGEST_CLAIM = 4_000
"""Characters of a pull request's text, or of an earlier analysis, that are shown."""
MOST_FILES = 150
"""Files that are listed; the rest is a number."""

_PART = re.compile(r"^<!-- part: ([a-z-]+) -->\n", re.MULTILINE)


@dataclass(frozen=True)
class SameChange:
    """An earlier commit with an equal patch."""

    sha: Sha
    summary: str
    """Of its analysis."""


@dataclass(frozen=True)
class Context:
    """What is known beside the commit itself, and how much is asked for."""

    pull_request: PullRequest | None = None
    same_change: SameChange | None = None
    brief: bool = False
    """Only a summary: the day's budget is nearly used up."""
    fence: str = field(default_factory=lambda: secrets.token_hex(8))
    """What marks the end of data: nobody who wrote some could know it."""


@dataclass(frozen=True)
class Prompt:
    """The parts of one language's prompt, and the version that tells them from every other text."""

    parts: Mapping[str, str]
    version: str

    def part(self, name: str, **fields: object) -> str:
        """One part, filled; what is filled in is not searched for fields again."""
        return Template(self.parts[name]).substitute(fields)


@cache
def prompt_in(language: Language, topic: str = "commit") -> Prompt:
    """The prompt of a topic, and how a reply is sent back unless it has words of its own for that.

    The version changes with the words.
    """
    files = (FOLDER / f"repair.{language}.md", FOLDER / f"{topic}.{language}.md")
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    _, *pieces = _PART.split(text)
    parts = {name: part.strip() for name, part in zip(pieces[::2], pieces[1::2], strict=True)}
    return Prompt(parts, f"{language}-{sha256(text.encode()).hexdigest()[:8]}")


def build_messages(
    commit: Commit,
    verdict: Verdict,
    selection: Selection,
    *,
    language: Language,
    context: Context | None = None,
) -> list[Message]:
    """What is sent for a commit whose secrets are masked; the first message is the same for every commit."""
    prompt, context = prompt_in(language), context or Context()
    missing = len(selection.coverage.missing())
    asked = prompt.part(
        "commit",
        repository=commit.repository,
        sha=commit.sha,
        kind=_kind(commit, prompt),
        files=len(commit.files),
        additions=commit.additions,
        deletions=commit.deletions,
        importance=verdict.importance.value,
        reasons=_rules(verdict),
        message=visible(beginning(f"{commit.subject}\n\n{commit.body}".strip(), LONGEST_MESSAGE))
        or prompt.part("none"),
        listing=visible(_listing(commit.files, prompt)) or prompt.part("none"),
        patches=visible("\n".join(text.rstrip("\n") for text in selection.patches)) or prompt.part("none"),
        context="".join(f"{part}\n\n" for part in _told(context, prompt)),
        unseen=prompt.part("unseen", count=missing) + "\n" if missing else "",
        brief=prompt.part("brief") + "\n" if context.brief else "",
        fence=context.fence,
    )
    return [{"role": "system", "content": prompt.part("system")}, {"role": "user", "content": asked}]


def _told(context: Context, prompt: Prompt) -> Iterator[str]:
    """What the pull request claims, and what was said of the same change before."""
    if (pull := context.pull_request) is not None:
        yield prompt.part(
            "pull-request",
            number=pull.number,
            title=visible(pull.title),
            labels=visible(", ".join(pull.labels)) or prompt.part("none"),
            body=visible(beginning(pull.body, LONGEST_CLAIM)) or prompt.part("none"),
            fence=context.fence,
        )
    if (same := context.same_change) is not None:
        summary = visible(beginning(same.summary, LONGEST_CLAIM))
        yield prompt.part("same-change", sha=same.sha[:12], summary=summary, fence=context.fence)


def _kind(commit: Commit, prompt: Prompt) -> str:
    if commit.at_history_edge:
        return prompt.part("edge") + "\n"
    return prompt.part("merge", merged=commit.merged) + "\n" if commit.merged else ""


def _rules(verdict: Verdict) -> str:
    """The names of the rules only: their evidence is untrusted and stands in the data anyway."""
    return ", ".join(reason.rule for reason in verdict.reasons) or "-"


def _listing(files: tuple[FileChange, ...], prompt: Prompt) -> str:
    lines = [_line(file) for file in files[:MOST_FILES]]
    more = len(files) - MOST_FILES
    return "\n".join([*lines, prompt.part("more", count=more)] if more > 0 else lines)


def _line(file: FileChange) -> str:
    """`M +12 -3 path`, `A binary path`, `R +0 -0 new (old)`."""
    size = "binary" if file.binary else f"+{file.additions} -{file.deletions}"
    old = f" ({file.old_path})" if file.old_path else ""
    return f"{file.status} {size} {file.path}{old}".replace("\n", "\\n")
