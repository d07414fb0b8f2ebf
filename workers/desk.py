"""Where commits are analysed: the settings of a repository -> the analyzer with its models."""

from datetime import timedelta

from analysis import llm
from analysis.analyzer import Analyzer
from analysis.llm import Model, ModelOptions
from analysis.repository import Repository
from analysis.settings import Settings
from workers.guard import GuardedModel
from workers.workshop import Workshop


def analyzer_for(workshop: Workshop, repository: Repository) -> Analyzer | None:
    """The analyzer of a repository; None when no model may see its code."""
    settings = workshop.settings
    first = settings.model_for(repository)
    if first is None:
        return None
    timeout = timedelta(seconds=settings.llm_timeout)
    names = dict.fromkeys((first, *settings.llm_fallback_models))
    models = tuple(GuardedModel(model_of(settings, name), workshop.breakers, timeout) for name in names)
    return Analyzer(
        models=models,
        language=settings.report_language,
        max_input_tokens=settings.llm_max_input_tokens,
        exclude_paths=repository.exclude_paths,
        secrets=settings.secret_values(),
    )


def model_of(settings: Settings, name: str) -> Model:
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
        )
    )


def preload(settings: Settings) -> None:
    """Load litellm before the forks, if any model is ever asked."""
    models = [settings.model_for(repository) for repository in settings.followed]
    if settings.llm_model or any(models):
        llm.preload()
