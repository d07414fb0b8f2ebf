"""What secrets look like: data for `redact`, one form per kind.

A form is tried only where one of its landmarks, a plain substring, stands in the lowered text, and its
pattern begins right there. That is what makes thousands of lines cheap.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

Span = tuple[int, int]


@dataclass(frozen=True)
class Form:
    """One kind of secret."""

    kind: str
    landmarks: tuple[str, ...]
    """In lower case; the pattern begins at one of them."""
    pattern: re.Pattern[str]
    opens: Callable[[str], bool]
    """Whether such a text could open anything: a stand-in or a name of code could not."""

    def secret_at(self, text: str, landmark: int) -> Span | None:
        """Where the secret stands whose landmark is there: the group `secret`, or all of the match."""
        match = self.pattern.match(text, landmark)
        if match is None:
            return None
        start, end = match.span("secret" if "secret" in self.pattern.groupindex else 0)
        return (start, end) if self.opens(text[start:end]) else None


LONGEST_NAME = 24
"""Characters of a word between full stops: a longer one was drawn by a program."""
_STAND_IN = re.compile(
    r"(?i)x{4}|\*{3}|\.{3}|example|placeholder|dummy|change-?me|your[-_]|my[-_]|fake|redacted|masked:|secrets?\.|"
    r"none|null|process\.|environ|getenv"
)
_TEMPLATE = re.compile(r"(?i)[{}<>*]|\$[\w(]|%[sdvr(]|\A(?:passw(?:or)?d|pass|pwd?|secret|token)\Z")
_DRAWN = re.compile(r"(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{8}")
_PLACE = re.compile(r"[/.$@]|.*::")


def _real(value: str) -> bool:
    """Not what documentation puts in the place of a secret."""
    return _STAND_IN.search(value) is None


def _filled(value: str) -> bool:
    """A password as it is, not `{password}`, where code fills one in."""
    return _TEMPLATE.search(value) is None


def _mixed(value: str) -> bool:
    """Letters and digits, as every rule for passwords wants them; neither a place nor code."""
    both = any(char.isdigit() for char in value) and any(char.isalpha() for char in value)
    return both and _real(value) and not _PLACE.match(value) and not _dotted(value)


def _drawn(value: str) -> bool:
    """Drawn by a program: eight letters and digits in a row, of both sorts, which no name has."""
    return _mixed(value) and _DRAWN.search(value) is not None


def _no_word(value: str) -> bool:
    """Not just a word and a number, as a variable may be called."""
    return _mixed(value) and not value.rstrip("0123456789").replace("_", "").isalpha()


def _dotted(value: str) -> bool:
    words = value.split(".")
    return len(words) > 1 and all(word.isidentifier() and len(word) < LONGEST_NAME for word in words)


def _form(kind: str, landmarks: str, pattern: str, opens: Callable[[str], bool] = _real) -> Form:
    return Form(kind, tuple(landmarks.split()), re.compile(pattern), opens)


def _issued(kind: str, prefixes: str, tail: str, opens: Callable[[str], bool] = _real) -> Form:
    """A token that says by its first letters who issued it."""
    spelt = "|".join(map(re.escape, prefixes.split()))
    return _form(kind, prefixes.lower(), rf"(?<![A-Za-z0-9])(?:{spelt}){tail}", opens)


_BETWEEN = r"(?:[\s\"'+,-]|\\{1,2}[nr]|(?:Proc-Type|DEK-Info|Version|Comment):.*\n)"
"""What stands between the lines of a key: prefixes of a patch, quotes and breaks of a string, headers."""
_IS = r"\w{0,40}\\?[\"'`\]]{0,2}\s{0,9}(?::\s?\w{1,40}\s?)?(?:=>|:=|[:=])\s{0,9}"
"""From a name to its value, in whatever language."""
_QUOTED = r"\\?[\"'`](?P<secret>[^\"'`\s\\]{%d,400})\\?[\"'`]"
_BARE = r"(?P<secret>[^\s\"'`,;(){}\[\]<>$|&\\]{%d,400})(?=[ \t]*(?:[\r\n\"';#]|\\[nr]|\Z))"
_PASSWORDS = "passwd password passphrase pwd"
_KEYS = (
    "secret token api_key api-key apikey access_key access-key accesskey private_key private-key privatekey "
    "key-data key_data credential signing_key signingkey encryption_key encryptionkey master_key masterkey"
)
_PASSWORD, _KEY = (rf"(?i:{'|'.join(names.split())})" for names in (_PASSWORDS, _KEYS))

FORMS = (
    _form(
        "private-key",
        "-----begin",
        r"-----BEGIN [A-Z ]{0,20}PRIVATE KEY(?: BLOCK)?-----"
        rf"(?P<secret>(?:{_BETWEEN}*[A-Za-z0-9+/=]{{16,}})+(?:{_BETWEEN}*[A-Za-z0-9+/=]+(?={_BETWEEN}*-----END))?)",
    ),
    _form("private-key", "ls0tls1crudjtib", r"LS0tLS1CRUdJTiB(?:Q|SU0Eg|FQyBQ|PUEVOU1NI|FTkNS)[\w+/=]{20,}"),
    _issued("private-key", "AGE-SECRET-KEY-1", r"[A-Z0-9]{40,}"),
    _issued("github-token", "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_", r"\w{22,255}"),
    _issued(
        "gitlab-token", "glpat- glptt- gldt- glrt- glcbt- glsoat- glft- glagent- gloas-", r"[\w.-]{20,300}"
    ),
    _issued("slack-token", "xoxb- xoxp- xoxa- xoxr- xoxs- xoxe- xoxe. xapp-", r"[\w.-]{10,300}"),
    _issued("aws-key", "AKIA ASIA", r"[A-Z0-9]{16}\b"),
    _issued("cloud-key", "LTAI AKID AKLT", r"[A-Za-z0-9]{12,60}\b", _drawn),
    _issued("google-key", "AIza", r"[\w-]{35}"),
    _issued("google-key", "GOCSPX- ya29. 1//0", r"[\w-]{20,2000}", _drawn),
    _issued("api-key", "sk- gsk_ xai- nvapi- pplx- r8_ tvly- lsv2_pt_ lsv2_sk_", r"[\w-]{20,300}", _drawn),
    _issued("stripe-key", "sk_live_ sk_test_ rk_live_ rk_test_ whsec_", r"[A-Za-z0-9+/=]{16,300}"),
    _issued("registry-token", "npm_ cio", r"[A-Za-z0-9]{32,60}\b"),
    _issued("registry-token", "pypi- rubygems_ dckr_pat_ dckr_oat_", r"[\w-]{20,500}", _drawn),
    _issued("hugging-face-token", "hf_ api_org_", r"[A-Za-z0-9]{30,300}"),
    _issued("sendgrid-key", "SG.", r"[\w-]{16,100}\.[\w-]{16,100}"),
    _issued("token", "dapi key-", r"[0-9a-f]{32}\b"),
    _issued(
        "token",
        "dop_v1_ doo_v1_ shpat_ shpss_ shpca_ shppa_ lin_api_ ntn_ hvs. hvb. dp.pt. dp.st. sbp_ sntrys_ "
        "sntryu_ glsa_ ATATT3 ATCTT3 pscale_tkn_ pscale_pw_ figd_ PMAK- NRAK- phx_",
        r"[\w.=-]{20,500}",
        _drawn,
    ),
    _form("telegram-token", ":aa", r"(?<=\d{8}):AA[\w-]{32,}"),
    _form("json-web-token", "eyj", r"eyJ[\w-]{10,2000}\.eyJ[\w-]{10,4000}\.[\w-]{10,4000}"),
    _form("bearer", "bearer basic", r"(?i:bearer|basic)\s{1,3}(?P<secret>[\w.~+/=-]{16,4000})", _mixed),
    _form(
        "bearer",
        "authorization",
        r"(?i:authorization)[\"']?\s?[:=,]\s?[\"']?(?i:token|apikey|bot|key)\s(?P<secret>[\w.~+/=-]{16,4000})",
        _mixed,
    ),
    _form("url-password", "://", r"://[^\s:/@\"'`<>]{0,200}:(?P<secret>[^\s/\"'`]{1,200})@", _filled),
    _form(
        "query",
        "?token= ?key= ?secret= ?password= ?access_token= ?api_key= ?sig= "
        "&token= &key= &secret= &password= &access_token= &api_key= &sig=",
        r"[?&]\w{3,12}=(?P<secret>[\w%+/.~=-]{16,400})",
        _drawn,
    ),
    _form(
        "webhook",
        "/bot/v2/hook/ hooks.slack.com/services/ /api/webhooks/ /webhook/send?key= /robot/send?access_token= "
        ".webhook.office.com/webhookb2/ hooks.zapier.com/hooks/catch/",
        r"(?:/bot/v2/hook/|[\w.]{1,40}/services/|/api/webhooks/|/webhook/send\?key=|/robot/send\?access_token=|"
        r"[\w.]{1,40}/webhookb2/|[\w.]{1,40}/hooks/catch/)(?P<secret>[\w/@-]{16,400})",
        _mixed,
    ),
    _form("account-key", "accountkey= accesskey=", r"\w{9,10}=(?P<secret>[\w+/]{40,200}={0,2})"),
    _form(
        "login",
        "machine",
        r"machine\s+\S{1,200}\s+login\s+\S{1,200}\s+password\s+(?P<secret>\S{4,200})",
        _filled,
    ),
    _form("login", ":_auth :_password", r":_\w{4,9}\s?=\s?[\"']?(?P<secret>[\w+/=.-]{8,400})"),
    _form("login", '"auth"', r'"auth"\s?:\s?"(?P<secret>[A-Za-z0-9+/]{12,400}={0,2})"', _mixed),
    _form(
        "login",
        "curl",
        r"curl\s[^\n]{0,200}?\s(?:-u|--user)[ =][\"']?[^\s:\"']{1,80}:"
        r"(?P<secret>[^\s\"']{4,200})",
    ),
    _form("password", ";password= ;pwd=", r";\w{3,8}=(?P<secret>[^;\"'\s{}$]{4,200})(?=[;\"'])"),
    _form("password", "密码 口令", r"\w{2}\s?(?:是|为)?\s?[:：=]?\s?(?P<secret>[!-~]{6,200})", _mixed),
    _form(
        "password",
        "--password --token --secret --api-key",
        r"--[\w-]{5,30}[ =](?P<secret>[\w!@#%^*+/=.~-]{8,400})",
        _no_word,
    ),
    _form("password", _PASSWORDS, _PASSWORD + _IS + _QUOTED % 6, _mixed),
    _form("password", _PASSWORDS, _PASSWORD + _IS + _BARE % 8, _no_word),
    _form("value", _KEYS, _KEY + _IS + _QUOTED % 12, _drawn),
    _form("value", _KEYS, _KEY + _IS + _BARE % 16, _drawn),
)
