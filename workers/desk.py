"""Where commits are analysed: the settings of a repository -> the analyzer with its models."""

from collections.abc import Iterable
from datetime import timedelta

import structlog

from analysis.calendar import Now, utc_now
from analysis.dialogue.analyzer import Analyzer
from analysis.dialogue.prompt import prompt_in
from analysis.model import llm
from analysis.model.completion import Complete
from analysis.model.llm import Model, ModelOptions
from analysis.models import Commit, Sha
from analysis.redact import masked
from analysis.repository import Repository
from analysis.settings import Settings
from analysis.storage.kept import SharedKept
from analysis.storage.ladder import Rungs, SharedRungs
from analysis.words import words_for
from workers.checkout import read_commit
from workers.guard import FIRST, Gates, GuardedModel
from workers.workshop import Workshop

log = structlog.get_logger(__name__)


def analyzer_for(workshop: Workshop, repository: Repository, *, rank: float = FIRST) -> Analyzer | None:
    """The analyzer of a repository, for a commit of that rank; None when no model may see its code."""
    models = models_for(workshop, repository, rank=rank)
    if not models:
        return None
    settings = workshop.settings
    return Analyzer(
        models=models,
        language=settings.report_language,
        max_input_tokens=settings.llm_max_input_tokens,
        exclude_paths=repository.exclude_paths,
        secrets=settings.secret_values(),
        kept=SharedKept(workshop.store, repository.name),
        now=workshop.now,
    )


def read_masked(workshop: Workshop, repository: Repository, sha: Sha) -> Commit:
    """One commit without any secret in it: what may be kept, shown and sent; raises as `read_commit` does."""
    commit = read_commit(workshop.remote(repository), sha)
    return masked(commit, workshop.settings.secret_values())


def models_for(workshop: Workshop, repository: Repository, *, rank: float = FIRST) -> tuple[Complete, ...]:
    """The models that may be asked about a repository's code, in order; none when that stays here.

    Of all who wait for a turn at one of them the lowest rank goes first.
    """
    settings = workshop.settings
    first = settings.model_for(repository)
    if first is None:
        return ()
    timeout, rungs = timedelta(seconds=settings.llm_timeout), SharedRungs(workshop.store)
    gates = Gates(workshop.breakers, workshop.throttle, workshop.waitlist, workshop.now, workshop.pauses)
    names = tuple(dict.fromkeys((first, *settings.llm_fallback_models)))
    pauses = workshop.pauses
    return tuple(
        GuardedModel(
            model_of(settings, name, rungs, workshop.now),
            gates,
            timeout,
            rank=rank,
            turn_patience=pauses.last_turn if name == names[-1] else pauses.turn,
        )
        for name in names
    )


def model_of(settings: Settings, name: str, rungs: Rungs | None = None, now: Now = utc_now) -> Model:
    """A model on the terms of the settings."""
    return Model(
        ModelOptions(
            model=name,
            api_base=settings.llm_api_base,
            api_key=settings.llm_api_key.get_secret_value() if settings.llm_api_key else None,
            extra_headers={
                name: value.get_secret_value() for name, value in settings.llm_extra_headers.items()
            },
            timeout=settings.llm_timeout,
            max_output_tokens=settings.llm_max_output_tokens,
            input_price=settings.llm_input_price,
            output_price=settings.llm_output_price,
        ),
        rungs,
        now,
    )


def preload(settings: Settings) -> None:
    """Load what every fork would load, litellm only if a model is asked; say which the budget cannot hold."""
    words_for(settings.report_language)
    names = models_in(settings)
    if names:
        prompt_in(settings.report_language)
        llm.preload()
    for name in unpriced(settings, names):
        log.warning("the price of the model is not known: LLM_DAILY_BUDGET_USD cannot hold it", model=name)


def models_in(settings: Settings) -> tuple[str, ...]:
    """Every model that the settings name, in order."""
    chosen = [settings.model_for(repository) for repository in settings.followed]
    names = filter(None, (settings.llm_model, *chosen))
    first = tuple(dict.fromkeys(name for name in names if name != "off"))
    return tuple(dict.fromkeys((*first, *settings.llm_fallback_models))) if first else ()


def unpriced(settings: Settings, names: Iterable[str]) -> tuple[str, ...]:
    """The models that a budget in USD cannot hold, while there is such a budget."""
    if settings.llm_daily_budget_usd is None:
        return ()
    return tuple(name for name in names if not model_of(settings, name).priced)
