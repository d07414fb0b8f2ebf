"""Planted secrets, and what must not be taken for one."""

import base64
import time

import pytest
from commits import lines, make_commit

from analysis.redact import masked, redact, redact_values

HEX = "0123456789abcdef" * 4
MIXED = "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7" * 3
UUID = "8f14e45f-ceea-467f-ab12-0123456789ab"
KEY = base64.b64encode(bytes(range(256))).decode()
BEGIN, END = "-----BEGIN RSA PRIVATE KEY-----", "-----END RSA PRIVATE KEY-----"

PLANTED = {
    "private-key": f"{BEGIN}\n{KEY[:64]}\n{KEY[64:90]}\n{END}",
    "short-last-line": f"{BEGIN}\n{KEY[:64]}\n{KEY[64:76]}\n{END}",
    "added-private-key": f"+{BEGIN}\n+{KEY[:64]}\n+{KEY[64:90]}\n+{END}",
    "key-in-a-string": f'key = "-----BEGIN EC PRIVATE KEY-----\\n{KEY[:64]}\\n{KEY[64:90]}"',
    "ghp": "ghp_" + MIXED[:36],
    "github_pat": "github_pat_" + MIXED[:60],
    "gitlab": "glpat-" + MIXED[:20],
    "slack": "xoxb-1234567890-" + MIXED[:24],
    "aws": "AKIAIOSFODNN7ABCDEFG",
    "google": "AIza" + MIXED[:35],
    "openai": "sk-proj-" + MIXED[:48],
    "deepseek": "sk-" + HEX[:32],
    "anthropic": "sk-ant-api03-" + MIXED[:60],
    "stripe": "sk_live_" + MIXED[:24],
    "npm": "npm_" + MIXED[:36],
    "pypi": "pypi-AgEIcHlwaS5vcmc" + MIXED[:60],
    "hugging-face": "hf_" + MIXED[:34],
    "sendgrid": f"SG.{MIXED[:22]}.{MIXED[:43]}",
    "telegram": "123456789:AA" + MIXED[:33],
    "jwt": f"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.{MIXED[:43]}",
    "bearer": f"Authorization: Bearer {HEX[:40]}",
    "redis": "redis://:h0rse-battery@cache:6379/0",
    "postgres": "postgresql://app:h0rse-battery@db/app",
    "git-url": "https://x-access-token:h0rse-battery@github.com/a/b",
    "feishu": f"https://open.feishu.cn/open-apis/bot/v2/hook/{UUID}",
    "slack-hook": "https://hooks.slack.com/services/T00000000/B00000000/" + MIXED[:24],
    "dingtalk": f"https://oapi.dingtalk.com/robot/send?access_token={HEX}",
    "wecom": f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={UUID}",
    "azure": f"DefaultEndpointsProtocol=https;AccountKey={KEY[:86]}==",
    "quoted": f'db_password = "{MIXED[:20]}"',
    "json": f'  "apiKey": "{MIXED[:30]}",',
    "environment": f"+export AWS_SECRET_ACCESS_KEY={MIXED[:40]}",
    "yaml": f"+  client_secret: {MIXED[:32]}",
}
SECRETS = (
    KEY[:64],
    KEY[64:90],
    HEX[:32],
    MIXED[:20],
    "h0rse-battery",
    UUID,
    "AKIAIOSFODNN7ABCDEFG",
    "AgEIcHlwaS5vcmc",
)

HARMLESS = [
    "token = tokenizer.encode(text)",
    'password = os.environ["DATABASE_PASSWORD"]',
    "const apiKey = process.env.API_KEY1234567",
    'api_key = "your-api-key-12345"',
    'secret: "${{ secrets.NPM_TOKEN_2 }}"',
    'f"https://{user}:{password}@{host}/"',
    "max_tokens: 4096",
    'token_type = "identifier"',
    "index 0d3ff44000b70666300eaa37a0340ffbc25a0984..e69de29bb2d1d6434b8b29ae775ad8c2e48c5391 100644",
    "uses: actions/checkout@0d3ff44000b70666300eaa37a0340ffbc25a0984",
    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "http://127.0.0.1:8000/reports@latest",
    "task-management-system-with-hyphens-2",
    'if "-----BEGIN PRIVATE KEY-----" in text:',
    "basic configuration of the server",
]


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_secret_is_masked(name: str) -> None:
    shown = redact(f"before\n{PLANTED[name]}\nafter")
    assert "[masked:" in shown
    assert not [secret for secret in SECRETS if secret in shown]
    assert shown.startswith("before\n")
    assert shown.endswith("\nafter")


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_secret_stays(text: str) -> None:
    assert redact(text) == text


def test_what_stands_around_a_secret_stays() -> None:
    assert (
        redact("redis://app:h0rse-battery@cache:6379/0") == "redis://app:[masked:url-password]@cache:6379/0"
    )


def test_masking_twice_changes_nothing() -> None:
    once = redact("\n".join(PLANTED.values()))
    assert redact(once) == once


def test_our_own_secrets_are_masked_whatever_they_look_like() -> None:
    shown = redact_values("pass/word and pass%2Fword, not pw", ["pass/word", "pw", ""])
    assert shown == "[masked] and [masked], not pw"


def test_a_longer_secret_is_masked_before_one_that_it_contains() -> None:
    assert redact_values("abcd1234", ["abcd", "abcd1234"]) == "[masked]"


def test_a_commit_is_masked_in_every_text() -> None:
    secret = PLANTED["ghp"]
    commit = make_commit(f"fix {secret}", {"a.py": ("", f"x = 1  # {secret} hunter22\n")}, body=secret)
    shown = masked(commit, ["hunter22"])
    text = shown.model_dump_json()
    assert secret not in text
    assert "hunter22" not in text
    assert shown.files == commit.files


def test_five_thousand_lines_take_little_time() -> None:
    text = "".join(f"+{line}\n" for line in lines(4900).splitlines()) + "\n".join(PLANTED.values())
    started = time.process_time()
    redact(text)
    assert time.process_time() - started < 1  # 0.05 is the goal; a loaded machine may need longer


@pytest.mark.parametrize("start", ["-----BEGIN PRIVATE KEY-----", "password=", "://", "Bearer ", "sk-"])
def test_a_giant_line_is_no_trap(start: str) -> None:
    started = time.process_time()
    redact(start + "a:" * 100_000)
    redact(start * 20_000)
    redact(start + "A" * 300_000)
    assert time.process_time() - started < 5
