"""The languages that a report can be written in."""

from typing import Literal

Language = Literal["zh-CN", "en"]
"""As BCP 47 tags; each has its gettext catalogue (`words.py`)."""
