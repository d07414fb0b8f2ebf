"""`python -m bench.forks COUNT`: the CPU of forks that do nothing, from a process as large as a worker."""

import os
import resource
import sys

from analysis.model import llm
from workers import jobs  # noqa: F401 - a worker has it loaded


def main(count: int) -> float:
    """Seconds of CPU, the children's included."""
    llm.preload()
    before = _cpu()
    for _ in range(count):
        pid = os.fork()
        if pid == 0:
            os._exit(0)
        os.waitpid(pid, 0)
    return _cpu() - before


def _cpu() -> float:
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, who))


if __name__ == "__main__":
    print(main(int(sys.argv[1])))
