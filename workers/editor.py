"""The highlights of a day by a model: asked when the day is closed, from its stored analyses alone.

Whatever keeps the model from answering, the rules' highlights stand, and the day is closed all the same.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime

import structlog

from analysis.claims.day_grounding import Shown, doubts, groups_of, items_of
from analysis.dialogue.conversation import Conversation, Form
from analysis.dialogue.day_prompt import Day
from analysis.dialogue.prompt import prompt_in
from analysis.model.completion import (
    Complete,
    ModelFailure,
    ModelUnavailable,
    PromptTooLarge,
    UnusableReply,
)
from analysis.models import Call, Tokens
from analysis.replies.day_reply import DayReply, read_day
from analysis.storage.entry import Entry
from analysis.storage.highlights import Highlights
from analysis.storage.spending import LOST
from report.digest import StoredDay
from report.highlights import basis_of
from report.muting import muted_in, unmuted
from workers.desk import models_for
from workers.guard import raise_if_used_up
from workers.workshop import NotFollowed, Workshop

FEWEST = 2
"""Commits of a day that is worth a model's while: one commit is its own highlight."""
HALVINGS = 3
"""How often a prompt that a server finds too large is made smaller at once."""
MOST_FAILURES = 8
"""Attempts at one and the same day before it is left to the rules; the last of them was answered."""

log = structlog.get_logger(__name__)


def edit(workshop: Workshop, stored: StoredDay, now: datetime) -> Highlights | None:
    """What a model tells of a day, or that none could be asked; None when there is nothing to ask about.

    What is muted is not told. A day is asked about once: only when its analyses have changed since, or
    nothing usable came of it.
    """
    basis, before = basis_of(stored.entries), stored.record.highlights
    told = before if before and before.basis == basis else None
    language = workshop.settings.report_language
    if told and told.language == language and (told.model or told.failures >= MOST_FAILURES):
        return None
    models = _models(workshop, stored.record.repository)
    stored = replace(
        stored, entries=unmuted(stored.entries, muted_in(stored.entries, workshop.settings.mutes))
    )
    if not models or not _worthwhile(stored):
        return None
    blank = Highlights(basis=basis, language=language, made_at=now, failures=told.failures if told else 0)
    return Editor(workshop, models, blank).highlights(stored)


def _models(workshop: Workshop, repository: str) -> tuple[Complete, ...]:
    try:
        return models_for(workshop, workshop.readable(repository))
    except NotFollowed:
        return ()


def _worthwhile(stored: StoredDay) -> bool:
    judged = [entry for entry in stored.entries if entry.importance]
    return len(judged) >= FEWEST and any(entry.matters for entry in judged)


@dataclass(frozen=True)
class Editor:
    """One attempt at one day."""

    workshop: Workshop
    models: tuple[Complete, ...]
    """At least one; tried in this order."""
    blank: Highlights
    """What is known before anyone is asked."""
    announced: list[Call] = field(default_factory=list)
    """Requests of which the accounts know, whatever becomes of this process."""

    def highlights(self, stored: StoredDay) -> Highlights:
        """The first model's that gives something usable; else one failure more."""
        day = self._day(stored.record.repository, stored.record.day, stored.entries)
        prompt, now = prompt_in(day.language, "highlights"), self.workshop.now
        talk = Conversation(day.repository, str(day.day), prompt, before_call=self._announce, now=now)
        failures: list[ModelFailure] = []
        for model in self.models:
            try:
                reply, shown = self._ask(model, day, talk)
                found = self._told(reply, shown, talk)
                break
            except ModelFailure as failure:
                log.warning("no highlights", repository=day.repository, day=str(day.day), reason=str(failure))
                failures.append(failure)
        else:
            found = self._failed(failures)
        self._record(talk)
        return found

    def _failed(self, failures: list[ModelFailure]) -> Highlights:
        """One failure more; while a model is away it is asked again, however long that takes."""
        away = any(isinstance(failure, ModelUnavailable) for failure in failures)
        most = MOST_FAILURES - 1 if away else MOST_FAILURES
        return self.blank.model_copy(update={"failures": min(self.blank.failures + 1, most)})

    def _day(self, repository: str, day: date, entries: tuple[Entry, ...]) -> Day:
        analysed = tuple(entry for entry in entries if entry.analysis)
        return Day(repository, day, analysed, self.blank.language, self.workshop.settings.secret_values())

    def _ask(self, model: Complete, day: Day, talk: Conversation) -> tuple[DayReply, Shown]:
        """The reply, and what it rests on; a prompt that is too large is halved and sent again.

        Raises:
            ModelFailure: as the model raises it, or because nothing in the reply holds.
        """
        for halvings in range(HALVINGS + 1):
            limit = self.workshop.settings.llm_max_input_tokens >> halvings
            messages, shown = day.ask(limit, model.count_tokens)
            try:
                return talk.reply(model, messages, _form(shown)), shown
            except PromptTooLarge:
                if halvings == HALVINGS:
                    raise
        raise AssertionError  # the last turn returns or raises

    def _told(self, reply: DayReply, shown: Shown, talk: Conversation) -> Highlights:
        """What of the reply holds.

        Raises:
            UnusableReply: nothing does.
        """
        model, items = talk.calls[-1].model, items_of(reply, shown)
        if not items:
            raise UnusableReply(model, "no highlight rests on a commit of the day")
        costs = [call.cost_usd for call in talk.calls if call.cost_usd is not None]
        told = {
            "items": items,
            "groups": groups_of(reply, shown),
            "model": model,
            "prompt_version": talk.prompt.version,
            "tokens": sum((call.tokens for call in talk.calls), Tokens()),
            "cost_usd": sum(costs) if costs else None,
            "failures": 0,
        }
        return self.blank.model_copy(update=told)

    def _announce(self, call: Call) -> None:
        """Have the call counted even if it never ends.

        Raises:
            BudgetUsedUp: the day has cost what it may.
        """
        raise_if_used_up(self.workshop.purse, call.model, self.workshop.now())
        self.workshop.accounts.record(call.model_copy(update={"outcome": LOST}))
        self.announced.append(call)

    def _record(self, talk: Conversation) -> None:
        """Keep what came of the calls; one that was announced and held back was none."""
        made = {call.id: call for call in talk.calls}
        for call in made.values():
            self.workshop.accounts.record(call)
        for call in self.announced:
            if call.id not in made:
                self.workshop.accounts.forget(call)


def _form(shown: Shown) -> Form[DayReply]:
    return Form(DayReply, lambda said: read_day(said.text, cut=said.cut), lambda reply: doubts(reply, shown))
