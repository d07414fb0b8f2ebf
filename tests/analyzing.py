"""A commit analysed by models on loopback, with the real litellm."""

import pytest
from commits import MORNING
from loopback_model import LoopbackModel

from analysis.dialogue.analyzer import Analyzer, Outcome
from analysis.importance.triage import triage
from analysis.model.completion import ModelFailure
from analysis.model.llm import Model, ModelOptions
from analysis.models import Commit, Importance, Verdict


def model_at(service: LoopbackModel, name: str = "openai/first") -> Model:
    options = ModelOptions(
        name, api_base=service.url, api_key="key-1234", timeout=20, input_price=1.0, output_price=5.0
    )
    return Model(options)


def analyzer(*models: Model, **terms: object) -> Analyzer:
    return Analyzer(models=models, now=lambda: MORNING, **terms)  # type: ignore[arg-type] # its fields


def analyse(commit: Commit, *models: Model, verdict: Verdict | None = None, **terms: object) -> Outcome:
    return analyzer(*models, **terms).analyse(commit, verdict or triage(commit))


def failure_of(commit: Commit, *models: Model) -> ModelFailure:
    with pytest.raises(ModelFailure) as caught:
        analyse(commit, *models)
    return caught.value


HIGH = "[Security] fix RCE in loader"
UNIMPORTANT = Verdict(importance=Importance.LOW)
"""Not worth more than one prompt."""
