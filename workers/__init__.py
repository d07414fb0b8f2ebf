"""Whatever runs outside a request: git, the queue, the clock, the command line."""

import os

os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")  # else GitPython cannot even be imported without git
