"""Two promises of whatever a process prints or a page says: no secret, no traceback."""

SECRETS = {
    "GITHUB_WEBHOOK_SECRET": "journeys-webhook-5b0c9a7e",
    "GITHUB_TOKEN": "journeys-github-c41d8f02",
    "REPORT_TOKEN": "journeys-report-97e3a1b6",
    "LLM_API_KEY": "journeys-model-2f6d80c5",
}
REDIS_PASSWORD = "journeys-redis-e8b15d34"


def said(text: str) -> str:
    """The same text, if it gives away no secret and shows no traceback."""
    for name, secret in {**SECRETS, "the password of REDIS_URL": REDIS_PASSWORD}.items():
        assert secret not in text, f"{name} stands in: {text[:2000]}"
    assert "Traceback (most recent call last)" not in text, text[max(0, text.find("Traceback") - 2000) :][
        :6000
    ]
    return text
