"""What a commit's subject gives as reasons: the change it claims, and words for what is at stake."""

import re
from collections.abc import Iterator, Mapping

from analysis.importance.alarms import alarms
from analysis.importance.titles import ChangeType, Title, parse_title
from analysis.models import Reason

_BREAKING = re.compile(r"(?i:[\[(]breaking(?:[ -]change)?[\])])|(?<!-)\bBREAKING\b")
_BUMP = re.compile(r"\bfrom v?(?P<old>\d+)(?:\.[\w.+-]*)? to v?(?P<new>\d+)(?:\.[\w.+-]*)?")
_ACCESS = re.compile(
    r"\b(?:(?:un)?authenticat\w+|(?:un)?authori[sz]\w+|access (?:tokens?|control)|permissions?|privileges?|"
    r"credentials?|passwords?|secrets?)\b",
    re.IGNORECASE,
)
_GUARD = re.compile(
    r"(?:do(?:es)? not|don't|never|prevent|stop|reject|deny|require|enforce|restrict|protect|harden|"
    r"only allow)\b",
    re.IGNORECASE,
)
_BY_DEFAULT = re.compile(
    r"\b(?:by default|(?:change|new|flip)\w* (?:the )?defaults?|default (?:to|values?))\b", re.IGNORECASE
)
_REMOVAL = re.compile(r"\A(?:remove|drop|delete|retire|stop|disable)[sd]?\b", re.IGNORECASE)
_SKIPPABLE = re.compile(
    r"(?<![\w-])(?:typos?|spelling|grammar|docstrings?|wording|code style|dead code|readab(?:le|ility)|"
    r"trailing white-?spaces?|(?:fix|sort|reorder|clean up) imports?|import order|"
    r"type (?:hints?|annotations?)|fix type errors|typing|"
    r"(?:es|style)?lint(?:er|s|ing)?|prettier|clippy|mypy|pyright|pylint|flake8|pep ?8\w*|"
    r"flaky|tests|(?:unit |doc-?)tests?|(?:unit )?test (?:cases?|coverage|suite|matrix)|benchmarks?|"
    r"changelog|readme|dead[ -]code|ruff fixes|(?:in (?:the )?|API )docs|unused|"
    r"(?:compil(?:er|ation|e)|valgrind|clang|gcc|build|make) warnings?|"
    r"(?:on|in|for|from|the|fix|repair) CI(?:/CD)?|"
    r"CI (?:jobs?|builds?|runs?|workflows?|failures?|config\w*|pipelines?)|"
    r"GitHub (?:Actions?|workflows?)|dependabot|"
    r"indent\w*|clang-format|(?:function )?prototypes?|circular (?:imports?|dependenc(?:y|ies))|pythonic|"
    r"(?:debug|explicit) (?:asserts?|assertions?)|as const|(?:make|mark) (?:\S+ ){1,4}private|"
    r"json (?:docs|(?:command )?files?)|(?:command )?json (?:descriptions?|formats?)|"
    r"code clean-?ups?|reformat\w*|format(?:ted|ting)? (?:the )?code|(?:code|standard|toml) format\w+|"
    r"fix formatting|fix(?:es|ed)? white ?-?spaces?|gofmt|go vet|(?:error|k|golangci-)lint|spotless|rubocop|"
    r"merge (?:conflicts?|errors?|mistakes?)|(?:main|master) merge|code review|review (?:comments?|feedback)|"
    r"moderni[sz]e\w*|more modern|idiomatic|doc comments?|example usage|documentation|"
    r"(?:add|fix|update|improve|write|clarify)\w* (?:\S+ ){0,3}docs?|"
    r"(?:add|fix|update|improve|correct|repair|skip|change|adjust|extend|rework)\w* (?:\S+ ){0,4}tests?|"
    r"(?:debug|trace) (?:logs?|logging|outputs?|strings?|messages?|prints?|dumps?)|"
    r"(?:minor|outdated|stale|misleading|code) comments?|"
    r"(?:add|update|fix|improve|correct|clarify|remove|updating|removing|improving)\w* "
    r"(?:(?:a|an|the|some|inline|incorrect|wrong) )?comments?|"
    r"(?:remove|delete|drop)s?d? (?:\S+ ){0,3}"
    r"(?:duplicate[sd]?|duplication|redundant|unnecessary|useless|orphaned|dead|obsolete|leftovers?))\b",
    re.IGNORECASE,
)
_MINOR = re.compile(r"\b(?:minor|trivial|tiny|harmless|cosmetic|nonsense)\b", re.IGNORECASE)
_RETIRED = re.compile(
    r"\A(?:remove|drop|end|retire|delete)[sd]? (?:(?:\S+ ){0,3}support (?:for|of)\b|"
    r"(?:the )?(?:\S+ ){1,3}(?:listener|endpoint|(?:sub)?command|protocol|transport|backend)s?\b(?! \w))|"
    r"\Amake (?:\S+ ){1,5}(?:required|mandatory)\b",
    re.IGNORECASE,
)
"""What worked and works no longer, or only in another way."""
_RENAME = re.compile(r"\A(?:rename|renaming)[sd]?\b", re.IGNORECASE)
_UPDATE = re.compile(r"\A(?:update|tweak|change|adjust|polish|enhance)(?:s|e?d)?\b", re.IGNORECASE)
"""What says that something is otherwise, and not that anything was wrong or is new."""
_STRICT = re.compile(
    r"\A(?:reject|refuse|deny|decline|require|enforce|protect|disallow|forbid|restrict)(?:e?[sd])?\b",
    re.IGNORECASE,
)
"""What was let through and is no longer."""
_HINT = re.compile(r"\b(?:hints?|warn(?:s|ings?)?)\b", re.IGNORECASE)
_CASE = re.compile(r"\b(?:when|if|unless|while|during|after|before|until)\b", re.IGNORECASE)
"""Who names the case in which something happens means a behaviour."""
_ANYWHERE = {"default-word": _BY_DEFAULT}
_IN_WORDS = {
    "removal-word": _REMOVAL,
    "retired-word": _RETIRED,
    "rename-word": _RENAME,
    "skippable-word": _SKIPPABLE,
    "minor-word": _MINOR,
    "update-word": _UPDATE,
    "strict-word": _STRICT,
    "hint-word": _HINT,
    "case-word": _CASE,
}
"""Looked for behind the title's marks."""
_LOOKS = re.compile(
    r"\b(?:styl(?:e|es|ing)|layouts?|padding|margins?|gaps?|spacing|overflow|align\w*|icons?|colou?rs?|fonts?|"
    r"animat\w+|transitions?|placeholder|tooltips?|responsive|width|height|hover|theme)\b",
    re.IGNORECASE,
)


def claims(subject: str) -> Iterator[Reason]:
    """What the title says of itself; of a revert also what the reverted title said."""
    titles = _titles(subject)
    for title in titles:
        yield Reason(rule=title.type.value, evidence=title.rest if title.reverts is None else title.reverts)
    yield from _breaks(subject, titles[-1])
    yield from _words(_ANYWHERE, subject)
    if titles[-1].type is ChangeType.FIX or _GUARD.match(titles[-1].rest):
        yield from _words({"access-word": _ACCESS}, subject)
    yield from _words(_IN_WORDS, titles[-1].rest)
    bump = _BUMP.search(subject)
    if bump and bump["old"] != bump["new"]:
        yield Reason(rule="major-bump", evidence=bump[0])


def _breaks(subject: str, title: Title) -> Iterator[Reason]:
    tag = _BREAKING.search(subject)
    if title.breaking or tag:
        yield Reason(rule="breaking-mark", evidence=tag[0] if tag else "!")


def _words(rules: Mapping[str, re.Pattern[str]], text: str) -> Iterator[Reason]:
    found = ((rule, words.search(text)) for rule, words in rules.items())
    return (Reason(rule=rule, evidence=match[0]) for rule, match in found if match)


def looks(subject: str) -> Iterator[Reason]:
    """What the title says of how pages look."""
    if found := _LOOKS.search(subject):
        yield Reason(rule="look-word", evidence=found[0])


def stakes(subject: str) -> Iterator[Reason]:
    """What the title says is at stake."""
    return (Reason(rule=rule, evidence=word) for rule, word in alarms(subject))


def _titles(subject: str) -> list[Title]:
    """The title, and of a revert the one that it reverts: further down nobody reads."""
    title = parse_title(subject)
    return [title] if title.reverts is None else [title, parse_title(title.reverts)]
