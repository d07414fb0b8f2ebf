"""`python -m chaos`: rehearse, and print what came of it; the status is 1 if anything was lost or doubled."""

import argparse
import shutil
import sys
import time
from pathlib import Path
from tempfile import mkdtemp

from chaos.rehearsal import Terms, rehearse

INTERRUPTED = 130
"""128 and the number of SIGINT, as a shell reports it."""


def main() -> int:
    """Returns the exit status; the folder with the logs is kept when it is not 0."""
    options = _options()
    folder = Path(mkdtemp(prefix="pushdigest-chaos-"))
    print(f"{'seed':<11}{options.seed}", flush=True)
    try:
        outcome = rehearse(folder, Terms(options.commits, options.kills, options.seed, options.seconds))
    except KeyboardInterrupt:
        print("chaos: stopped", file=sys.stderr)
        return INTERRUPTED
    problems = outcome.problems()
    for problem in problems:
        print(f"chaos: {problem}; see {folder}", file=sys.stderr, flush=True)
    if not problems:
        shutil.rmtree(folder)
    print(outcome.report(), flush=True)
    return 1 if problems else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m chaos", description="Rehearse what can go wrong.")
    parser.add_argument("--commits", type=int, default=300)
    parser.add_argument("--kills", type=int, default=48, help="how often something is killed")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000, help="draws the same again")
    parser.add_argument("--seconds", type=float, default=900.0, help="after which it is given up")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
