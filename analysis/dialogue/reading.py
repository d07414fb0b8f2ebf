"""A commit as one model reads it: in one prompt, or in parts whose findings go into a last one; pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from secrets import token_hex

from analysis.dialogue.prompt import Context, Prompt, build_messages, prompt_in
from analysis.diff.budget import Selection, choose_patches
from analysis.diff.clip import Count
from analysis.diff.parts import LEAST_ROOM, MOST_PARTS, Part, Parts, split, worth_parts
from analysis.language import Language
from analysis.model.completion import Message
from analysis.models import Commit, Coverage, FileCoverage, Verdict
from analysis.replies.findings import PartReply, gather, most_of
from analysis.text.visible import beginning, visible

SLACK = 50
"""Tokens by which two counts of the same prompt may differ: its marks are drawn anew each time."""
FRAME = Selection((), Coverage(files=(FileCoverage(path="", seen="none"),)))
"""A prompt without patches, but with all that is said around them."""
LONGEST_MESSAGE = 2_000
"""Characters of the commit's message that are shown with each part."""


@dataclass(frozen=True)
class Reading:
    """One commit, and the terms on which a model reads it."""

    commit: Commit
    """Its secrets masked."""
    verdict: Verdict
    language: Language
    max_tokens: int
    """Of any one prompt."""
    count: Count
    exclude_paths: tuple[str, ...] = ()
    context: Context | None = None

    @property
    def parts(self) -> tuple[Part, ...]:
        """None when one prompt does."""
        return self._taken_apart.parts

    @property
    def coverage(self) -> Coverage:
        """What will have been seen of the commit."""
        return self._taken_apart.coverage

    def prompts(self) -> list[list[Message]]:
        """Whatever is sent first: the only prompt, or those of all parts."""
        numbers = range(1, len(self.parts) + 1)
        return [self.part_prompt(number) for number in numbers] or [self.prompt()]

    def prompt(self) -> list[Message]:
        """The commit in one prompt."""
        return self._ask(self._selection, self.context)

    def part_prompt(self, number: int, *, fence: str | None = None) -> list[Message]:
        """One of the parts, counted from 1."""
        return self._ask_part(number, len(self.parts), self.parts[number - 1].text, fence)

    def merge_prompt(self, replies: Sequence[PartReply]) -> list[Message]:
        """What was found in all parts, in place of the patches."""
        framed = self._ask_merge(FRAME.patches, len(replies), left=1)
        gathered = gather(replies, self._room(framed), self.count)
        return self._ask_merge((gathered.text,), len(replies), left=gathered.left)

    @cached_property
    def _selection(self) -> Selection:
        """The frame is counted first; patches get what it leaves."""
        return choose_patches(
            self.commit,
            max_tokens=self._room(self._ask(FRAME, self.context)),
            count=self.count,
            exclude_paths=self.exclude_paths,
        )

    @cached_property
    def _taken_apart(self) -> Parts:
        """No parts if one prompt does, or if the commit is not worth more."""
        most = 1 if self.context and self.context.brief else MOST_PARTS[self.verdict.importance]
        room = self._room(self._ask_part(most, most, "", None))
        whole = Parts((), self._selection.coverage)
        if most == 1 or room < LEAST_ROOM or not worth_parts(self.commit, whole.coverage):
            return whole
        found = split(
            self.commit, max_tokens=room, most=most, count=self.count, exclude_paths=self.exclude_paths
        )
        return found if len(found.parts) > 1 else whole

    def _ask(self, selection: Selection, context: Context | None) -> list[Message]:
        return build_messages(self.commit, self.verdict, selection, language=self.language, context=context)

    def _ask_part(self, number: int, total: int, patches: str, fence: str | None) -> list[Message]:
        prompt, commit = self._part_words, self.commit
        message = f"{commit.subject}\n\n{commit.body}".strip()
        asked = prompt.part(
            "part",
            repository=commit.repository,
            sha=commit.sha,
            files=len(commit.files),
            number=number,
            total=total,
            message=beginning(visible(message), LONGEST_MESSAGE) or prompt.part("none"),
            patches=patches,
            fence=token_hex(8) if fence is None else fence,
        )
        system = prompt.part("system", most=most_of(total))
        return [{"role": "system", "content": system}, {"role": "user", "content": asked}]

    def _ask_merge(self, findings: Sequence[str], total: int, *, left: int) -> list[Message]:
        """The marks are new ones: a part's model, which knew those of its part, may repeat them."""
        prompt = self._part_words
        context = replace(self.context or Context(), fence=token_hex(8))
        system, user = self._ask(Selection(tuple(findings), self.coverage), context)
        note = prompt.part("merge", total=total, left=f"{prompt.part('left', count=left)} " if left else "")
        return [system, {"role": "user", "content": f"{user['content']}\n\n{note}"}]

    def _room(self, messages: Sequence[Message]) -> int:
        """Tokens that a prompt leaves."""
        taken = sum(self.count(message["content"]) for message in messages)
        return max(0, self.max_tokens - SLACK - taken)

    @property
    def _part_words(self) -> Prompt:
        return prompt_in(self.language, "parts")
