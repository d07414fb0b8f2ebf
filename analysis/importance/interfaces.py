"""What code defines for its users by name: public names, options, environment variables, settings.

Only definitions count: an option in a list of arguments for another program is none of ours. Each pattern
runs over one side of a patch (its lines before or after, without marks), so a definition may span lines.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath


class Interface(StrEnum):
    """What sort of thing users hold on to; the removal of each is a rule of the triage."""

    FLAG = "flag"
    VARIABLE = "variable"
    SETTING = "setting"
    FIELD = "field"
    API = "api"


OPTIONS = frozenset({Interface.FLAG, Interface.VARIABLE, Interface.SETTING})
"""What whoever runs the project can set."""


@dataclass(frozen=True)
class Definition:
    """How one sort of thing is defined in some languages."""

    interface: Interface
    suffixes: frozenset[str]
    pattern: re.Pattern[str]
    """Its group is the name, or for flags a text that holds `--names`."""


def _in(interface: Interface, suffixes: str, pattern: str) -> Definition:
    return Definition(
        interface, frozenset(f".{each}" for each in suffixes.split()), re.compile(pattern, re.MULTILINE)
    )


_STRINGS = r"((?:[\"'][^\"'\n]{1,60}[\"']\s{0,40},?\s{0,40}){1,4})"
_NAME = r"[A-Z][A-Z0-9_]{2,}"
_DEFINITIONS = (
    # options of the command line: argparse, click, typer; clap; pflag, flag; commander, yargs
    _in(
        Interface.FLAG,
        "py pyi",
        rf"\b(?:add_argument|[oO]ption)\(\s{{0,40}}(?:[\w.]{{1,40}},\s{{0,40}})?{_STRINGS}",
    ),
    _in(Interface.FLAG, "rs", r"\.long\(\s{0,40}\"([\w-]{2,60})\""),
    _in(
        Interface.FLAG,
        "rs",
        r"#\[(?:arg|clap|structopt)\([^\]#]{0,400}?\blong\b(?!\s?=)[^\]#]{0,400}\)\]\s{1,80}"
        r"(?:(?:#\[[^\]#]{0,400}\]|///.*)\s{1,80}){0,9}(?:pub(?:\([a-z]{1,9}\))? )?(\w{2,60}):",
    ),
    _in(Interface.FLAG, "rs", r"#\[(?:arg|clap|structopt)\([^\]#]{0,400}?\blong\s?=\s?\"([\w-]{2,60})\""),
    _in(
        Interface.FLAG,
        "go",
        r"\b(?:[fF]lags?|(?:[pP]ersistent)?[fF]lags\(\)|fs)\.\w{1,20}\((?:&?[\w.]{1,60},\s?)?\"([\w.-]{2,60})\"",
    ),
    _in(Interface.FLAG, "js ts mjs cjs", r"\.(?:requiredO|addO|o)ption\(\s{0,40}[\"']([^\"'\n]{2,60})[\"']"),
    # environment variables
    _in(
        Interface.VARIABLE,
        "py pyi",
        rf"\b(?:environ(?:\.get\(|\[)|getenv\(|envvar\s?=)\s{{0,9}}[\"']({_NAME})",
    ),
    _in(Interface.VARIABLE, "rs", rf"\b(?:env::var(?:_os)?\(|env\s?=)\s{{0,9}}(?:\w{{1,20}}::|\")({_NAME})"),
    _in(Interface.VARIABLE, "rs", rf"\bconst ({_NAME}): &(?:'static )?str =\s{{1,40}}\"\1\""),
    _in(
        Interface.VARIABLE, "go", rf"\b(?:Getenv|LookupEnv|BindEnv)\((?:\"[^\"\n]{{0,60}}\",\s?)?\"({_NAME})"
    ),
    _in(
        Interface.VARIABLE,
        "js ts mjs cjs tsx jsx",
        rf"\b(?:process|import\.meta)\.env(?:\.|\[[\"'])({_NAME})",
    ),
    _in(Interface.VARIABLE, "c h cc cpp hpp", rf"\bgetenv\(\"({_NAME})"),
    _in(Interface.VARIABLE, "java kt scala", rf"\bgetenv\(\"({_NAME})"),
    # settings of a configuration file
    _in(Interface.SETTING, "c h", r"\bcreate\w{1,20}Config\(\"([\w-]{2,60})\""),
    _in(Interface.SETTING, "go", r"\bSetDefault\(\"([\w.-]{2,60})\""),
    _in(Interface.SETTING, "conf", r"^(?:# )?([a-z][a-z0-9]*(?:-[a-z0-9]+)+)(?= \S+$)"),
    # fields of messages, as they are sent
    _in(
        Interface.FIELD,
        "proto",
        r"^[ \t]{1,20}(?:repeated |optional |required )?"
        r"((?:map<[\w., ]{1,80}>|[\w.]{1,80}) \w{1,80} ?= ?\d{1,9})",
    ),
    _in(Interface.FIELD, "proto", r"^[ \t]{1,20}([A-Z][A-Z0-9_]{0,80} ?= ?\d{1,9})"),
    _in(Interface.FIELD, "proto", r"^[ \t]{0,20}(?:rpc|message|enum|service) (\w{1,80})"),
    _in(
        Interface.FIELD, "thrift", r"^[ \t]{1,20}(\d{1,5}: ?(?:optional |required )?[\w.<>, ]{1,80} \w{1,80})"
    ),
    # names that other code may use
    _in(Interface.API, "py pyi", r"^(?: {4})?(?:async )?(?:def|class) ([A-Za-z]\w*)"),
    _in(
        Interface.API,
        "rs",
        r"^[ \t]{0,40}pub (?:async |const |unsafe )*(?:fn|struct|enum|trait|type|mod|static) (\w+)",
    ),
    _in(Interface.API, "go", r"^(?:func (?:\([^)\n]{0,80}\) )?|type )([A-Z]\w*)"),
    _in(
        Interface.API,
        "js ts mjs cjs tsx jsx",
        r"^export (?:default |async |declare |abstract )*(?:function|class|const|interface|type|enum) (\w+)",
    ),
    _in(
        Interface.API,
        "java kt scala cs",
        r"^[ \t]{0,40}public (?:(?:static|final|abstract|async|virtual|override) )*"
        r"(?:class |interface |enum |record |[\w<>\[\], ]{1,60}? )(\w{1,60})[ \t]*[({<]",
    ),
    _in(Interface.API, "c cc cpp", r"^[a-z][\w *]{1,40}\b((?:VM|RM)_\w{2,60})\("),
    _in(
        Interface.API, "h hpp", r"^(?:\w*API )?[\w *]{1,40}\(?\*?((?:ValkeyModule|RedisModule)_\w{2,60})\)?\("
    ),
)
_LONG_OPTION = re.compile(r"--[a-z0-9][\w-]+")
_NOT_FOR_OTHERS = re.compile(
    r"(?:.*/)?(?:internal|_[^/]+|cmd|web|frontend|ui|dashboard|bin)/|(?:.*/)?_\w+\.py"
)
"""Where names are no interface: Go's `internal`, what begins with `_`, the pages of a web application."""


def defined(path: str, text: str) -> Iterator[tuple[Interface, str]]:
    """What a text of that file defines, in order; flags with their dashes."""
    suffix = PurePosixPath(path).suffix.lower()
    hidden = bool(_NOT_FOR_OTHERS.match(path))
    for definition in _DEFINITIONS:
        if suffix in definition.suffixes and not (hidden and definition.interface is Interface.API):
            for match in definition.pattern.finditer(text):
                for name in _names(definition.interface, match[1]):
                    yield definition.interface, name


def _names(interface: Interface, text: str) -> tuple[str, ...]:
    if interface is not Interface.FLAG:
        return (text,)
    spelt = _LONG_OPTION.findall(text)
    if spelt or not re.fullmatch(r"[\w.-]+", text):
        return tuple(spelt)
    return (f"--{text.replace('_', '-')}",)
