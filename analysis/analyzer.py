"""A commit and the models that may be asked -> an analysis, with every call that it took."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from analysis.budget import Selection, choose_patches
from analysis.completion import Complete, ContentRefused, Message, ModelFailure, PromptTooLarge
from analysis.conversation import Conversation, Form
from analysis.grounding import grounded_risks, grounded_scope
from analysis.models import (
    Analysis,
    Call,
    Commit,
    Coverage,
    FileCoverage,
    Insight,
    Reason,
    Risk,
    ScopeItem,
    Tokens,
    Verdict,
)
from analysis.prompt import build_messages, prompt_in
from analysis.redact import masked
from analysis.reply import FIELDS, Reply, read_reply
from analysis.scope import scope_of
from analysis.triage import at_least, floor
from analysis.words import Language

HALVINGS = 3
"""How often a prompt that a server finds too large is made smaller at once."""
SLACK = 50
"""Tokens by which two counts of the same prompt may differ: its marks are drawn anew each time."""
FRAME = Selection((), Coverage(files=(FileCoverage(path="", seen="none"),)))
"""A prompt without patches, but with all that is said around them."""


@dataclass(frozen=True)
class Outcome:
    """A model's analysis, and every call made for it, those that failed included."""

    analysis: Analysis
    calls: tuple[Call, ...]


@dataclass(frozen=True)
class Draft:
    """What is sent for a commit, and what that leaves unseen."""

    messages: list[Message]
    coverage: Coverage


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
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def analyse(
        self, commit: Commit, verdict: Verdict, *, before_call: Callable[[Call], None] = lambda _: None
    ) -> Outcome:
        """Ask the first model, and the next one when that fails; `before_call` is told of each request first.

        Raises:
            ModelFailure: `ContentRefused` when every model refuses, else the first other failure. Its
                `calls` are all that were made.
        """
        safe = self._safe(commit)
        talk = Conversation(
            safe.repository, safe.sha, prompt_in(self.language), before_call=before_call, now=self.now
        )
        failures: list[ModelFailure] = []
        for model in self.models:
            try:
                reply, coverage = self._ask(model, safe, verdict, talk)
            except ModelFailure as failure:
                failures.append(failure)
            else:
                analysis = self._analysis(reply, safe, verdict)
                return Outcome(_signed(analysis, coverage, talk), tuple(talk.calls))
        decisive = next((each for each in failures if not isinstance(each, ContentRefused)), failures[0])
        decisive.calls = tuple(talk.calls)
        raise decisive

    def draft(self, commit: Commit, verdict: Verdict) -> Draft:
        """Exactly what the first model would be sent first."""
        return self._draft(self.models[0], self._safe(commit), verdict, self.max_input_tokens)

    def _safe(self, commit: Commit) -> Commit:
        """The commit as it may leave this machine."""
        return masked(commit, self.secrets)

    def _draft(self, model: Complete, safe: Commit, verdict: Verdict, max_tokens: int) -> Draft:
        """The frame is counted first; patches get what it leaves."""
        frame = build_messages(safe, verdict, FRAME, language=self.language)
        left = max_tokens - SLACK - sum(model.count_tokens(message["content"]) for message in frame)
        selection = choose_patches(
            safe, max_tokens=max(0, left), count=model.count_tokens, exclude_paths=self.exclude_paths
        )
        return Draft(build_messages(safe, verdict, selection, language=self.language), selection.coverage)

    def _ask(
        self, model: Complete, safe: Commit, verdict: Verdict, talk: Conversation
    ) -> tuple[Reply, Coverage]:
        """The reply, and what it rests on; a prompt that is too large is halved and sent again."""
        for halvings in range(HALVINGS + 1):
            draft = self._draft(model, safe, verdict, self.max_input_tokens >> halvings)
            try:
                return talk.reply(model, draft.messages, _form(safe)), draft.coverage
            except PromptTooLarge:
                if halvings == HALVINGS:
                    raise
        raise AssertionError  # the last turn returns or raises

    def _analysis(self, reply: Reply, safe: Commit, verdict: Verdict) -> Analysis:
        """What the reply says and the commit bears out; fields beyond its importance are left out."""
        importance = at_least(reply.importance, floor(verdict.reasons))
        fields = FIELDS[importance]
        scope = grounded_scope((ScopeItem(path=place.path, why=place.why) for place in reply.scope), safe)
        risks = grounded_risks((Risk(text=danger.text, path=danger.path) for danger in reply.risks), safe)
        insights = tuple(Insight(aspect=each.aspect, text=each.text) for each in reply.insights)
        return Analysis(
            source="model",
            language=self.language,
            type=reply.type,
            importance=importance,
            reasons=(*verdict.reasons, *([Reason(rule="model", evidence=reply.why)] if reply.why else [])),
            summary=reply.summary,
            scope=(scope or scope_of(safe, self.language)) if "scope" in fields else (),
            insights=insights if "insights" in fields else (),
            risks=risks if "risks" in fields else (),
            advice=reply.advice if "advice" in fields else (),
            prompt_version=prompt_in(self.language).version,
            analysed_at=self.now(),
        )


def _form(safe: Commit) -> Form[Reply]:
    touches_files = bool(safe.files)
    return Form(Reply, lambda said: read_reply(said.text, cut=said.cut, touches_files=touches_files))


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
