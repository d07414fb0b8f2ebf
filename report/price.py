"""What a digest took: tokens and cost, and of each model when there were several. Pure."""

from collections.abc import Iterator

from analysis.storage.spending import Spending, Spent
from analysis.words import Words
from report.digest import Digest


def price_of(spending: Spending, words: Words) -> tuple[str, ...]:
    """Plain text, one item each; nothing when no model was asked."""
    return tuple(_items(spending, words)) if spending.lines else ()


def spending_on(digest: Digest) -> Spending:
    """What all calls for the digest took; of a selection, what the analyses took that it shows."""
    if digest.spending.lines and not digest.selection:
        return digest.spending
    analyses = [
        (entry.repository, entry.analysis)
        for entry in digest.commits
        if entry.analysis and entry.analysis.source == "model"
    ]
    return Spending.of_analyses(analyses)


def _items(spending: Spending, words: Words) -> Iterator[str]:
    total, models = spending.total, spending.by_model()
    yield words("digest.foot.tokens", **_tokens(total))
    yield _cost(total, words)
    if len(models) > 1:
        for model, spent in models.items():
            cost = _cost(spent, words)
            yield words("digest.foot.model-price", model=model, cost=cost, **_tokens(spent))
    if total.under_way:
        yield words("digest.foot.unended", count=total.under_way)


def _tokens(spent: Spent) -> dict[str, str]:
    return {name: f"{count:,}" for name, count in spent.tokens}


def _cost(spent: Spent, words: Words) -> str:
    if spent.known_cost is None:
        return words("digest.foot.cost-unknown")
    key = "digest.foot.cost-at-least" if spent.unpriced else "digest.foot.cost"
    return words(key, cost=f"{spent.known_cost:.4f}")
