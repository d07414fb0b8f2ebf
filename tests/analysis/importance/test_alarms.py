"""Words that make a reader look up."""

import pytest

from analysis.importance.alarms import alarms


@pytest.mark.parametrize(
    ("text", "rule", "word"),
    [
        ("Apply patches for CVE-2024-31449", "security-word", "CVE-2024-31449"),
        ("GHSA-pwjx-qhcg-rvj4", "security-word", "GHSA-pwjx-qhcg-rvj4"),
        ("Remediate SSRF in the dispatcher", "security-word", "SSRF"),
        ("Fix a heap overflow vulnerability", "security-word", "Fix a heap overflow vulnerability"),
        ("Do not leak the token", "security-word", "leak the token"),
        ("Records are silently dropped", "data-loss-word", "silently dropped"),
        ("Fix possible memory corruption", "data-loss-word", "corruption"),
        ("Fix occasional hangs", "deadlock-word", "hangs"),
        ("Prevent accesses to unallocated memory", "crash-word", "unallocated memory"),
        ("Fix use-after-free", "crash-word", "use-after-free"),
        ("Fix an off by one error", "wrong-result-word", "off by one"),
        ("Scans are 30% faster", "speed-word", "30% faster"),
        ("about 30% or more performance improvement", "speed-word", "30% or more performance improvement"),
    ],
)
def test_a_word_is_found_as_it_stands(text: str, rule: str, word: str) -> None:
    assert dict(alarms(text))[rule] == word


@pytest.mark.parametrize(
    "text",
    [
        "crash report instructions",
        "Don't write oom-score-adj",
        "uv audit: add context for ignored vulnerabilities",
        "Improvements to corrupt payload sanitization",
        "a change of the panel",
        "clobbering of element ids",
        "source code",
    ],
)
def test_what_only_sounds_like_it_is_not(text: str) -> None:
    assert not list(alarms(text))
