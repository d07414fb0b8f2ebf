"""The init system of the machine: the supervisor of `pushdigest run`, and the server it keeps.

python -m chaos.init DATA_DIR
"""

import sys
from pathlib import Path

from workers.embedded import EmbeddedServer
from workers.launch import PROCESSES
from workers.supervisor import Supervisor

HASTY = {name: [sys.executable, "-m", "chaos.hasty", name] for name in ("worker", "clock")}


def main() -> None:
    """Start everything, start anew whatever ends, and stop all at SIGTERM."""
    server = EmbeddedServer(Path(sys.argv[1]))
    server.start()
    supervisor = Supervisor(PROCESSES | HASTY, {}, server)
    supervisor.start()
    try:
        supervisor.watch()
    finally:
        supervisor.stop()
        server.stop()


if __name__ == "__main__":
    main()
