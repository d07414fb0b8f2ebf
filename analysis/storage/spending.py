"""What calls to models took: sums of tokens and cost, each call counted once. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from operator import add

from analysis.models import Analysis, Call, Frozen, Tokens

LOST = "lost"
"""The outcome of a call that is under way, or whose process died before it ended."""
NOTHING = Tokens()


class Spent(Frozen):
    """The sum of some calls."""

    calls: int = 0
    under_way: int = 0
    """Calls that have not ended, or never will: what they take is not known."""
    unpriced: int = 0
    """Calls that took tokens of a model whose price is not known."""
    tokens: Tokens = Tokens()
    cost_usd: float = 0.0
    """Of all calls whose price is known."""

    @property
    def known_cost(self) -> float | None:
        """The cost; None when nothing of it is known."""
        return None if self.unpriced and not self.cost_usd else self.cost_usd

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(**{name: value + getattr(other, name) for name, value in self})

    @classmethod
    def on(cls, calls: Sequence[Call]) -> "Spent":
        """The sum of calls."""
        return cls(
            calls=len(calls),
            under_way=sum(call.outcome == LOST for call in calls),
            unpriced=sum(call.cost_usd is None and call.tokens != NOTHING for call in calls),
            tokens=Tokens(
                prompt=sum(call.tokens.prompt for call in calls),
                cached=sum(call.tokens.cached for call in calls),
                completion=sum(call.tokens.completion for call in calls),
            ),
            cost_usd=sum(call.cost_usd or 0.0 for call in calls),
        )

    @classmethod
    def on_analysis(cls, analysis: Analysis) -> "Spent":
        """The calls that led to an analysis, which are not kept one by one: `calls` is 0."""
        return cls(
            unpriced=analysis.cost_usd is None,
            tokens=analysis.tokens,
            cost_usd=analysis.cost_usd or 0.0,
        )


class Line(Frozen):
    """What one repository took of one model."""

    repository: str
    model: str
    spent: Spent


class Spending(Frozen):
    """What some calls took, by repository and model, in the order of their names."""

    lines: tuple[Line, ...] = ()

    @classmethod
    def of(cls, calls: Iterable[Call]) -> "Spending":
        """Add up calls."""
        books: defaultdict[tuple[str, str], list[Call]] = defaultdict(list)
        for call in calls:
            books[call.repository, call.model].append(call)
        return _summed(
            Line(repository=name, model=model, spent=Spent.on(own)) for (name, model), own in books.items()
        )

    @classmethod
    def of_analyses(cls, analyses: Iterable[tuple[str, Analysis]]) -> "Spending":
        """Add up what (repository, analysis) took, where the calls themselves are not at hand."""
        return _summed(
            Line(repository=name, model=analysis.model or "", spent=Spent.on_analysis(analysis))
            for name, analysis in analyses
        )

    def __add__(self, other: "Spending") -> "Spending":
        return _summed((*self.lines, *other.lines))

    @property
    def total(self) -> Spent:
        """Of all repositories and models."""
        return _total(line.spent for line in self.lines)

    def by_model(self) -> dict[str, Spent]:
        """Model -> the sum over all repositories."""
        return self._by(lambda line: line.model)

    def by_repository(self) -> dict[str, Spent]:
        """Repository -> the sum over all models."""
        return self._by(lambda line: line.repository)

    def _by(self, name: Callable[[Line], str]) -> dict[str, Spent]:
        names = sorted({name(line) for line in self.lines})
        return {each: _total(line.spent for line in self.lines if name(line) == each) for each in names}


def _summed(lines: Iterable[Line]) -> Spending:
    """One line for each repository and model."""
    sums: dict[tuple[str, str], Spent] = {}
    for line in lines:
        pair = line.repository, line.model
        sums[pair] = sums[pair] + line.spent if pair in sums else line.spent
    rows = sorted(sums.items())
    return Spending(lines=tuple(Line(repository=name, model=model, spent=own) for (name, model), own in rows))


def _total(parts: Iterable[Spent]) -> Spent:
    return reduce(add, parts, Spent())
