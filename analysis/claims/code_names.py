"""What sort of name a piece of code is: path, flag, environment variable, symbol, figure; pure."""

import re

from analysis.claims.claim import Kind
from analysis.claims.common_names import is_common
from analysis.claims.figures import kind_of_figure

LONGEST = 200
"""Characters of one name; whatever is longer was made to be long."""

_FLAG = re.compile(r"-{1,2}[A-Za-z][\w-]*")
_VARIABLE = re.compile(r"\$?\{?[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\}?")
_SHA = re.compile(r"(?=\D*\d)(?=[0-9]*[A-Fa-f])[0-9A-Fa-f]{7,40}")
_REFERENCE = re.compile(r"#\d+|(?:CVE-\d{4}|GHSA)-[\w-]+")
_NAME = r"[A-Za-z_$][\w$]*(?:-\w+)*"
_CALLED = r"[!?]?(?:\((?:\.\.\.|…)?\)|\[\])?[!?:;,]?"
_SYMBOL = re.compile(rf"[@&*.:]*{_NAME}(?:(?:\.|::|->|#|:){_NAME})*{_CALLED}")
_EXTENSIONS = """
py pyi pyx ipynb rs go c h cc cpp cxx hpp hh cu cuh mm java kt kts scala swift rb php pl pm lua sh bash
zsh fish ps1 bat js jsx ts tsx mjs cjs vue svelte css scss sass less html htm xml svg json jsonl json5
yaml yml toml ini md mdx rst txt adoc csv tsv sql proto thrift graphql tf hcl nix gradle cmake mk tcl scm
dockerfile tmpl tpl j2 jinja jinja2 plist xcconfig png jpg gif ico woff woff2 whl so cfg conf
"""
"""Without those that are names of attributes as well, as in `job.service`."""
_ENDING = "|".join(_EXTENSIONS.split())
_FILE = re.compile(rf"/?(?:[\w.@~+*-]+/)*[\w.@+*-]*\.(?:{_ENDING})(?::\d+(?:-\d+)?|#L[\d-]+L?)?")
_PATH = re.compile(r"(?=[^/]*/)[\w./{},:#+~*…$<>-]+")
_PRODUCT = re.compile(r"[A-Z]\w*\.(?:js|env|io|so)", re.IGNORECASE)
"""Node.js, socket.io: without a folder these are no files."""
_HUMPS = re.compile(r"[A-Z][a-z]+(?:[A-Z][a-z0-9]+){2,}")
_SNAKE = re.compile(r"(?=.*[a-z])[A-Za-z0-9_.:]*[A-Za-z0-9]_[A-Za-z0-9][A-Za-z0-9_.:]*(?:\(\))?")
_CALL = re.compile(r"[A-Za-z_][\w.:]*\(\)|[A-Za-z_]\w*(?:::[A-Za-z_]\w*)+")
_SORTS = (
    (Kind.FLAG, _FLAG),
    (Kind.VARIABLE, _VARIABLE),
    (Kind.SHA, _SHA),
    (Kind.SYMBOL, _REFERENCE),
)
_UNMISTAKABLE = (_SNAKE, _CALL, _HUMPS)
_WORD = re.compile(r"[\w./:#$*+-]+")
_COMPLEXITY = re.compile(r"[OΘ]\(.*\)")


def kind_of_code(code: str) -> Kind | None:
    """What a code span's content claims; None when it says nothing that could be looked up."""
    if is_common(code) or _COMPLEXITY.fullmatch(code) or not words_of(code):
        return None
    if figure := kind_of_figure(code):
        return figure
    if len(code) > LONGEST or any(char.isspace() for char in code):
        return Kind.CODE
    return kind_of_name(code) or Kind.CODE


def kind_of_name(name: str) -> Kind | None:
    """What one name without white space is, when it is set as code."""
    kind = kind_of_figure(name) or next((kind for kind, sort in _SORTS if sort.fullmatch(name)), None)
    if kind is None and is_path(name):
        return Kind.PATH
    return kind or (Kind.SYMBOL if _SYMBOL.fullmatch(name) else None)


def kind_of_word(word: str) -> Kind | None:
    """What a word of prose is, if it is unmistakable without being set as code."""
    if len(word) > LONGEST or is_common(word) or (word.startswith("-") and not word.startswith("--")):
        return None
    kind = next((kind for kind, sort in _SORTS if sort.fullmatch(word)), None)
    if kind is None and _FILE.fullmatch(word) and not _PRODUCT.fullmatch(word):
        return Kind.PATH
    return kind or (Kind.SYMBOL if any(sort.fullmatch(word) for sort in _UNMISTAKABLE) else None)


def is_path(name: str) -> bool:
    """Whether a name set as code is a path: it has a slash, or the ending of a file."""
    if "://" in name:
        return False
    return (_PATH.fullmatch(name) or _FILE.fullmatch(name)) is not None and not name.startswith("--")


def words_of(code: str) -> tuple[str, ...]:
    """The names and figures in a piece of code, without punctuation and common names."""
    words = (word.rstrip(".:/-+#$").lstrip("/:.+*#$") for word in _WORD.findall(code) if "://" not in word)
    return tuple(word for word in words if _says(word))


def _says(word: str) -> bool:
    """One letter says nothing: it is a variable of an example."""
    named = word.isascii() and word.strip("_-*") and not (len(word) == 1 and word.isalpha())
    return bool(named) and not is_common(word)
