"""Secrets out of everything that leaves this machine: keys, tokens, passwords in URLs, private keys.

A pattern runs only if one of its landmarks, a plain substring, is in the text; and it starts with a literal
where it can, a word's border being looked for behind it. That is what makes thousands of lines cheap.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import quote

from analysis.models import Commit

_DUMMY = re.compile(
    r"(?i)x{4}|\*{3}|\.{3}|example|placeholder|dummy|changeme|change-me|your[-_]|my[-_]|fake|redacted|secrets?\.|none|null|"
    r"process\.|environ|getenv"
)
SHORTEST = 4
"""Characters from which on a configured secret is looked for: a shorter one would mask half of every text."""


@dataclass(frozen=True)
class _Rule:
    name: str
    landmarks: tuple[str, ...]
    """In lower case; the text is lowered once."""
    pattern: re.Pattern[str]
    keeps: Callable[[re.Match[str]], bool] | None = None
    """Whether a match is no secret after all."""

    def mask(self, text: str) -> str:
        return self.pattern.sub(self._replaced, text)

    def _replaced(self, match: re.Match[str]) -> str:
        if self.keeps is not None and self.keeps(match):
            return match[0]
        start, end = match.span("secret") if "secret" in self.pattern.groupindex else match.span()
        offset = match.start()
        return f"{match[0][: start - offset]}[masked:{self.name}]{match[0][end - offset :]}"


def _rule(
    name: str, landmarks: str, pattern: str, keeps: Callable[[re.Match[str]], bool] | None = None
) -> _Rule:
    return _Rule(name, tuple(landmarks.split(" ")), re.compile(pattern, re.MULTILINE), keeps)


def _templated(match: re.Match[str]) -> bool:
    """`{user}:{password}@` is code that fills in a password, not a password."""
    return any(mark in match["secret"] for mark in "{}$<>%*") or match["secret"].lower() in {
        "password",
        "pass",
    }


def _harmless(match: re.Match[str]) -> bool:
    """No literal that could open anything: a word, a name of a variable, a stand-in."""
    value = match["secret"]
    mixed = any(char.isdigit() for char in value) and any(char.isalpha() for char in value)
    return not mixed or _DUMMY.search(value) is not None


_NAMED = r"(?i:passw(?:or)?d|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential)"
_BETWEEN = r"(?:[\s\"'+,-]|\\[nr]|(?:Proc-Type|DEK-Info|Version|Comment):.*\n)"
"""What stands between the lines of a key: prefixes of a patch, quotes and breaks of a string, headers."""
_RULES = (
    _rule(
        "private-key",
        "private key",
        r"-----BEGIN [A-Z ]{0,20}PRIVATE KEY(?: BLOCK)?-----"
        rf"(?P<secret>(?:{_BETWEEN}*[A-Za-z0-9+/=]{{16,}})+(?:{_BETWEEN}*[A-Za-z0-9+/=]+(?={_BETWEEN}*-----END))?)",
    ),
    _rule("github-token", "ghp_ gho_ ghu_ ghs_ ghr_", r"gh[pousr]_[A-Za-z0-9]{30,}"),
    _rule("github-token", "github_pat_", r"github_pat_[A-Za-z0-9_]{22,}"),
    _rule("gitlab-token", "glpat-", r"glpat-[\w-]{20,}"),
    _rule("slack-token", "xoxb- xoxp- xoxa- xoxr- xoxs- xapp-", r"x(?:ox[abprs]|app)-[\w-]{10,}"),
    _rule("aws-key", "akia asia", r"A(?:KIA|SIA)[0-9A-Z]{16}\b"),
    _rule("google-key", "aiza", r"AIza[\w-]{35}"),
    _rule("api-key", "sk-", r"sk-(?<!\wsk-)(?=[\w-]{0,60}\d)[\w-]{20,}"),
    _rule("stripe-key", "k_live_ k_test_", r"\b[sr]k_(?:live|test)_[A-Za-z0-9]{16,}"),
    _rule("registry-token", "npm_ pypi-", r"\b(?:npm_[A-Za-z0-9]{36}|pypi-[\w-]{50,})"),
    _rule("hugging-face-token", "hf_", r"hf_(?<!\whf_)[A-Za-z0-9]{30,}"),
    _rule("sendgrid-key", "sg.", r"SG\.[\w-]{16,100}\.[\w-]{16,100}"),
    _rule("telegram-token", ":aa", r"\b\d{8,10}:AA[\w-]{32,}"),
    _rule("json-web-token", "eyj", r"eyJ[\w-]{10,2000}\.eyJ[\w-]{10,4000}\.[\w-]{10,}"),
    _rule("bearer", "bearer basic", r"(?i:\b(?:bearer|basic)) (?P<secret>[\w.~+/=-]{16,})", _harmless),
    _rule("url-password", "://", r"://[^\s:/@\"'`<>]*:(?P<secret>[^\s/@\"'`]{1,200})@", _templated),
    _rule(
        "webhook",
        "/hook/ hooks.slack.com /api/webhooks/ /webhook/send /robot/send",
        r"(?:/open-apis/bot/v2/hook/|hooks\.slack\.com/services/|/api/webhooks/|/webhook/send\?key=|"
        r"/robot/send\?access_token=)(?P<secret>[\w/-]{16,})",
    ),
    _rule("account-key", "accountkey= accesskey=", r"(?i:Account|Access)Key=(?P<secret>[\w+/]{40,}={0,2})"),
    _rule(
        "value",
        "passw secret token key credential",
        rf"{_NAMED}\w{{0,40}}[\"'\]]{{0,2}}\s{{0,9}}(?::\s?\w{{1,40}}\s?)?(?:=>|[:=])\s{{0,9}}[\"'](?P<secret>[^\"'\s]{{12,400}})[\"']",
        _harmless,
    ),
    _rule(
        "value",
        "passw secret token key credential",
        rf"^[-+ ]?\s*(?:export\s+|- )?[A-Za-z_.-]{{0,60}}{_NAMED}[A-Za-z_.-]{{0,20}}\s?[:=]\s?"
        r"(?P<secret>[A-Za-z0-9+/=_.~-]{16,400})\s*$",
        _harmless,
    ),
)  # fmt: skip


def redact(text: str) -> str:
    """The text with every secret replaced by `[masked:KIND]`; what stands around it stays."""
    lowered = text.lower()
    for rule in _RULES:
        if any(landmark in lowered for landmark in rule.landmarks):
            text = rule.mask(text)
    return text


def redact_values(text: str, secrets: Iterable[str]) -> str:
    """The text without our own secrets, whatever they look like, also as they stand in a URL."""
    for secret in sorted(set(secrets), key=len, reverse=True):
        if len(secret) >= SHORTEST:
            text = text.replace(secret, "[masked]").replace(quote(secret, safe=""), "[masked]")
    return text


def masked(commit: Commit, secrets: Iterable[str] = ()) -> Commit:
    """The commit without secrets in any text of it: what may leave this machine."""
    known = tuple(secrets)

    def mask(text: str) -> str:
        return redact_values(redact(text), known)

    patches = tuple(patch.model_copy(update={"text": mask(patch.text)}) for patch in commit.patches)
    return commit.model_copy(
        update={"subject": mask(commit.subject), "body": mask(commit.body), "patches": patches}
    )
