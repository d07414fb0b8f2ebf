"""A commit and the models that may be asked -> an analysis, with every call that it took."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from analysis.calendar import Now, utc_now
from analysis.dialogue.by_parts import found_in_parts
from analysis.dialogue.case import Case
from analysis.dialogue.conversation import Conversation
from analysis.dialogue.prompt import Context, prompt_in
from analysis.dialogue.reading import Reading
from analysis.language import Language
from analysis.model.completion import Complete, ContentRefused, Message, ModelFailure, PromptTooLarge
from analysis.models import (
    Analysis,
    Call,
    Commit,
    Coverage,
    Tokens,
    Verdict,
)
from analysis.redact import masked
from analysis.replies.reply import Reply
from analysis.storage.kept import Kept, OwnKept

HALVINGS = 3
"""How often a prompt that a server finds too large is made smaller at once."""


@dataclass(frozen=True)
class Outcome:
    """A model's analysis, and every call made for it, those that failed included."""

    analysis: Analysis
    calls: tuple[Call, ...]


@dataclass(frozen=True)
class Draft:
    """What is sent for a commit at first, and what it leaves unseen."""

    prompts: tuple[tuple[Message, ...], ...]
    """One, or those of the parts of a large commit; what is found in these goes into a last one."""
    coverage: Coverage

    @property
    def messages(self) -> list[Message]:
        """Of all prompts, one after the other."""
        return [message for prompt in self.prompts for message in prompt]


@dataclass(frozen=True)
class Analyzer:
    """The terms on which the commits of one repository are analysed."""

    models: tuple[Complete, ...]
    """At least one; tried in this order."""
    language: Language = "zh-CN"
    max_input_tokens: int = 16_000
    exclude_paths: tuple[str, ...] = ()
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """Our own; they are masked in whatever is sent."""
    kept: Kept = field(default_factory=OwnKept)
    """Answers about single parts, for whoever tries again."""
    now: Now = utc_now

    def analyse(
        self,
        commit: Commit,
        verdict: Verdict,
        context: Context | None = None,
        *,
        before_call: Callable[[Call], None] = lambda _: None,
    ) -> Outcome:
        """Ask the first model, and the next one when that fails; `before_call` is told of each request first.

        Raises:
            ModelFailure: `ContentRefused` when every model refuses, else the first other failure. Its
                `calls` are all that were made.
        """
        case = self._case(commit, verdict, context)
        talk = Conversation(
            commit.repository, commit.sha, prompt_in(self.language), before_call=before_call, now=self.now
        )
        failures: list[ModelFailure] = []
        for model in self.models:
            try:
                reply, coverage = self._ask(model, case, talk)
            except ModelFailure as failure:
                failures.append(failure)
            else:
                analysis = case.analysis(reply, self.language, self.now())
                return Outcome(_signed(analysis, coverage, talk), tuple(talk.calls))
        decisive = next((each for each in failures if not isinstance(each, ContentRefused)), failures[0])
        decisive.calls = tuple(talk.calls)
        raise decisive

    def draft(self, commit: Commit, verdict: Verdict, context: Context | None = None) -> Draft:
        """Exactly what the first model would be sent first."""
        reading = self._reading(self.models[0], self._case(commit, verdict, context), self.max_input_tokens)
        return Draft(tuple(tuple(prompt) for prompt in reading.prompts()), reading.coverage)

    def _case(self, commit: Commit, verdict: Verdict, context: Context | None) -> Case:
        """The commit as it may leave this machine."""
        return Case.of(masked(commit, self.secrets), verdict, context or Context())

    def _reading(self, model: Complete, case: Case, max_tokens: int) -> Reading:
        return Reading(
            commit=case.commit,
            verdict=case.verdict,
            language=self.language,
            max_tokens=max_tokens,
            count=model.count_tokens,
            exclude_paths=self.exclude_paths,
            context=case.context,
        )

    def _ask(self, model: Complete, case: Case, talk: Conversation) -> tuple[Reply, Coverage]:
        """The reply, and what it rests on; prompts of which one is too large are halved and sent again."""
        for halvings in range(HALVINGS + 1):
            reading = self._reading(model, case, self.max_input_tokens >> halvings)
            try:
                return talk.reply(model, self._last_prompt(model, reading, talk), case.form), reading.coverage
            except PromptTooLarge:
                if halvings == HALVINGS:
                    raise
        raise AssertionError  # the last turn returns or raises

    def _last_prompt(self, model: Complete, reading: Reading, talk: Conversation) -> Sequence[Message]:
        """The one that asks for the analysis; for a commit in parts, after each of them has been read."""
        if not reading.parts:
            return reading.prompt()
        return reading.merge_prompt(found_in_parts(model, reading, talk, self.kept))


def _signed(analysis: Analysis, coverage: Coverage, talk: Conversation) -> Analysis:
    """The same analysis with what it rests on, who made it, and what all calls for it took."""
    costs = [call.cost_usd for call in talk.calls if call.cost_usd is not None]
    signature = {
        "coverage": coverage,
        "model": talk.calls[-1].model,
        "tokens": sum((call.tokens for call in talk.calls), Tokens()),
        "cost_usd": sum(costs) if costs else None,
    }
    return analysis.model_copy(update=signature)
