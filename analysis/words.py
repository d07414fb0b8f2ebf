"""The words of a language: its gettext catalogue, `catalogues/LANGUAGE/LC_MESSAGES/pushdigest.mo`.

A message is looked up by its dotted key, which is the msgid in every language, and filled with `str.format`
fields. A key that is missing is a mistake of ours, so it raises; tests hold the catalogues to the same keys
and fields, and to what the code asks for.
"""

from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path

from analysis.language import Language

FOLDER = Path(__file__).with_name("catalogues")
DOMAIN = "pushdigest"


class Words:
    """`words("digest.title", date=...)` -> the message in this language."""

    def __init__(self, language: Language, messages: NullTranslations) -> None:
        self.language: Language = language
        self.messages = messages

    def __call__(self, key: str, /, **fields: object) -> str:
        """The message under that key, filled; the field `count` picks among its plural forms.

        Raises:
            KeyError: no such message, or none with plural forms if there is a count; or it has another field.
            TypeError: the count is no integer.
        """
        found = self._form(key, fields["count"]) if "count" in fields else self.messages.gettext(key)
        if found == key:  # gettext's answer when it has none
            raise KeyError(key)
        return found.format(**fields)

    def has(self, key: str) -> bool:
        """Whether there is such a message."""
        return {self.messages.gettext(key), self._form(key, 1)} != {key}

    def takes(self, key: str, field: str) -> bool:
        """Whether there is such a message, with that field."""
        return f"{{{field}}}" in self.messages.gettext(key)

    def _form(self, key: str, count: object) -> str:
        if not isinstance(count, int):
            raise TypeError(f"{key}: count is {count!r}")
        return self.messages.ngettext(key, key, count)


@cache
def words_for(language: Language) -> Words:
    """The catalogue of `zh-CN` or `en`."""
    return Words(language, translation(DOMAIN, FOLDER, [language.replace("-", "_")]))
