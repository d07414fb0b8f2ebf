"""Many commands, each in a fork of one process that has loaded the command line once: a second for all.

A list of `[arguments, environment]` comes in as JSON, and `[status, standard output, standard error]` of each
goes out. `processes.Site.run_all` starts this as a program.
"""

import json
import os
import sys
import tempfile
import traceback
from pathlib import Path

from workers import cli

Said = tuple[int, str, str]


def run(arguments: list[str], environment: dict[str, str]) -> Said:
    """Run a command in a child, to its end."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder, name) for name in ("out", "err")]
        pid = os.fork()
        if pid == 0:
            for number, file in enumerate(files, start=1):
                os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT), number)
            os.environ.update(environment)
            os._exit(_status(arguments))
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        out, err = (file.read_text(encoding="utf-8") for file in files)
    return status, out, err


def _status(arguments: list[str]) -> int:
    sys.argv = ["pushdigest", *arguments]
    code: object = 0
    try:
        cli.main()
    except SystemExit as leaving:
        code = leaving.code or 0
    except BaseException:  # noqa: BLE001 - shown as the interpreter would show it
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return code if isinstance(code, int) else 1


if __name__ == "__main__":
    json.dump([run(*command) for command in json.load(sys.stdin)], sys.stdout)
