"""How a digest was made: by which models and prompts, how much of the day, at what price."""

from collections import Counter
from collections.abc import Iterable

from analysis.models import Analysis, Tokens
from analysis.words import Words
from report.digest import Digest


def foot_of(digest: Digest, words: Words) -> tuple[str, ...]:
    """Plain text, one item each: analysed of landed, who analysed, tokens, cost."""
    counts = digest.counts
    analyses = [entry.analysis for entry in digest.commits if entry.analysis]
    by_model = [analysis for analysis in analyses if analysis.source == "model"]
    return (
        words("digest.foot.analysed", analysed=counts.analysed, total=counts.total),
        *_makers(by_model, words),
        *([words("digest.foot.rules", count=rules)] if (rules := len(analyses) - len(by_model)) else []),
        *([_tokens(by_model, words), _cost(by_model, words)] if by_model else []),
    )


def _makers(analyses: Iterable[Analysis], words: Words) -> list[str]:
    makers = Counter((analysis.model or "?", analysis.prompt_version or "") for analysis in analyses)
    return [
        words("digest.foot.model-prompt", model=model, prompt=prompt, count=count)
        if prompt
        else words("digest.foot.model", model=model, count=count)
        for (model, prompt), count in makers.most_common()
    ]


def _tokens(analyses: Iterable[Analysis], words: Words) -> str:
    total = sum((analysis.tokens for analysis in analyses), Tokens())
    return words(
        "digest.foot.tokens",
        prompt=f"{total.prompt:,}",
        cached=f"{total.cached:,}",
        completion=f"{total.completion:,}",
    )


def _cost(analyses: Iterable[Analysis], words: Words) -> str:
    costs = [analysis.cost_usd for analysis in analyses]
    known = [cost for cost in costs if cost is not None]
    if not known:
        return words("digest.foot.cost-unknown")
    key = "digest.foot.cost" if len(known) == len(costs) else "digest.foot.cost-at-least"
    return words(key, cost=f"{sum(known):.4f}")
