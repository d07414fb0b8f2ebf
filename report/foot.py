"""How a digest was made: by which models and prompts, how much of the day, at what price."""

from collections import Counter
from collections.abc import Iterable

from analysis.models import Analysis
from analysis.words import Words
from report.digest import Digest
from report.price import price_of, spending_on


def foot_of(digest: Digest, words: Words) -> tuple[str, ...]:
    """Plain text, one item each: analysed of landed, who analysed, how much is borne out, tokens, cost."""
    counts = digest.counts
    analyses = [entry.analysis for entry in digest.commits if entry.analysis]
    by_model = [analysis for analysis in analyses if analysis.source == "model"]
    return (
        words("digest.foot.analysed", analysed=counts.analysed, total=counts.total),
        *_makers(by_model, words),
        *([words("digest.foot.rules", count=rules)] if (rules := len(analyses) - len(by_model)) else []),
        *_borne_out(by_model, words),
        *price_of(spending_on(digest), words),
    )


def _makers(analyses: Iterable[Analysis], words: Words) -> list[str]:
    makers = Counter((analysis.model or "?", analysis.prompt_version or "") for analysis in analyses)
    return [
        words("digest.foot.model-prompt", model=model, prompt=prompt, count=count)
        if prompt
        else words("digest.foot.model", model=model, count=count)
        for (model, prompt), count in makers.most_common()
    ]


def _borne_out(analyses: Iterable[Analysis], words: Words) -> list[str]:
    """How many claims of the analyses stand in their commits; nothing when none was looked up."""
    checked = [analysis.grounding for analysis in analyses if analysis.grounding]
    claims, grounded = sum(each.claims for each in checked), sum(each.grounded for each in checked)
    if not claims:
        return []
    if grounded == claims:
        return [words("grounding.foot-all", count=claims)]
    return [words("grounding.foot", count=claims - grounded, claims=claims, grounded=grounded)]
