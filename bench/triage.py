"""How often the triage is right: its verdicts against labels given by hand, and what a verdict costs."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from analysis.importance.triage import replay
from analysis.importance.weights import DEFAULT, Weights
from analysis.models import Importance
from bench.labelled import Labelled, read_fixture
from bench.rows import Row

RIGHT = 0.8
TWO_STEPS = 0.02
HALVES = ("tune", "held")


def strangers(commits: Iterable[Labelled]) -> list[Labelled]:
    """Those that were held back and whose repositories no rule was chosen on."""
    every = list(commits)
    known = {each.repository for each in every if each.half == "tune"}
    return [each for each in every if each.half == "held" and each.repository not in known]


@dataclass(frozen=True)
class Score:
    """How the verdicts on some commits stand to their labels."""

    pairs: Counter[tuple[Importance, Importance]]
    """(label, verdict) -> how many."""

    @classmethod
    def of(cls, commits: Iterable[Labelled], weights: Weights = DEFAULT) -> "Score":
        """Judge each from its facts and signs."""
        return cls(
            Counter((each.label, replay(each.facts, each.signs, weights).importance) for each in commits)
        )

    @property
    def total(self) -> int:
        """How many commits there are."""
        return self.pairs.total()

    @property
    def right(self) -> int:
        """Verdicts that are the label."""
        return sum(count for (label, verdict), count in self.pairs.items() if label is verdict)

    @property
    def two_steps(self) -> int:
        """High taken for low, or low for high."""
        return sum(count for pair, count in self.pairs.items() if abs(pair[0].rank - pair[1].rank) > 1)

    def table(self) -> str:
        """The confusion table in Markdown: a row per label, a column per verdict."""
        names = [importance.value for importance in Importance]
        rows = [
            [f"**{label}**", *(str(self.pairs[label, each]) for each in Importance)] for label in Importance
        ]
        lines = [["label \\ verdict", *names], ["---", *(["--:"] * len(names))], *rows]
        return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def measure(folder: Path) -> Iterator[Row]:
    """What the rules were chosen on, what was held back, and of that what is strange to them."""
    del folder
    commits = read_fixture()
    parts = {f"{half} half": [each for each in commits if each.half == half] for half in HALVES}
    for name, part in {**parts, "strange to it": strangers(commits)}.items():
        score = Score.of(part)
        right, missed = score.right / score.total, score.two_steps / score.total
        what = f"triage of {score.total} labelled commits, {name}"
        yield Row(what, f">= {RIGHT:.0%} right", f"{right:.1%} right", None, right >= RIGHT)
        yield Row(what, f"<= {TWO_STEPS:.0%} two steps off", f"{missed:.1%}", None, missed <= TWO_STEPS)
    started = time.perf_counter()
    Score.of(commits)
    each = (time.perf_counter() - started) / len(commits)
    yield Row("triage of a stored commit again", "", f"{each * 1e6:.0f} us")
