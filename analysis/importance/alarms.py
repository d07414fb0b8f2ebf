"""Words in a commit's message that make a reader look up; each group is a rule of the triage."""

import re
from collections.abc import Iterator

_LEAKED = r"(?:secret|token|credential|password)s?"
_FAULTY = r"(?:wrong|incorrect|garbage|invalid|inaccurate)"
_GROUPS = {
    "security-word": (
        r"CVE-\d{4}-\d{4,}|GHSA(?:-\w{4}){3}|\AMerge commit from fork\Z|"
        r"security (?:vulnerability|issue|hole|fix|flaw)|RCE|XSS|SSRF|CSRF|ReDoS|"
        r"(?:fix|remediat|patch|prevent|address|mitigat)\w* (?:\S+ ){0,5}(?:vulnerability|vulnerabilities)|"
        r"DoS attack|remote code execution|arbitrary code|unsafe deserialization|sandbox escape|"
        r"denial of service|(?:SQL|command|code|shell) injection|(?:path|directory) traversal|zip slip|"
        r"privilege escalation|auth(?:entication|orization)? bypass|"
        rf"{_LEAKED} leak|leak(?:s|ed|ing)? (?:\w+ )?{_LEAKED}"
    ),
    "data-loss-word": (
        r"data[- ]?loss|accidental(?:ly)? (?:deletion|deletes?|deleting)|"
        r"corrupt(?:s|ion|ing)(?![- ](?:dump|payload|restore))|"
        r"(?<!on )(?<!with )(?<!from )(?<!of )(?<!for )(?<!\ba )"
        r"corrupt(?:ed)?(?![- ](?:dump|payload|restore))|"
        r"(?:los(?:e|es|t|ing)|drop(?:s|ped|ping)?) (?:\w+ )?(?:data|writes|messages|records|jobs)|"
        r"silently (?:drop|discard|overwr|trunc)\w*"
    ),
    "deadlock-word": (
        r"dead-?lock(?:s|ed)?|livelocks?|infinite (?:loop|recursion)|hang(?:s|ing)?|hung|starvation"
    ),
    "wrong-result-word": (
        rf"{_FAULTY} (?:\w+ )?(?:results?|outputs?|values?|answers?|logits|tokens)|NaNs?|off[- ]by[- ]one|"
        r"accuracy (?:issue|bug|drop|regression|loss|problem)s?|correctness|regressions?"
    ),
    "crash-word": (
        r"crash(?:es|ed|ing)?(?! (?:report|log|instruction|handler))|panic(?:s|ked)?|"
        r"seg(?:mentation )?faults?|SIGSEGV|core dump|OOMs?(?![- ]score)|IMA|"
        r"(?:integer|heap|buffer|stack) (?:over|under)flows?|out[- ]of[- ]bounds|double free|"
        r"(?:unallocated|uninitiali[sz]ed|invalid|freed) memory|memory corruption|"
        r"out[- ]of[- ]memory|memory leaks?|use[- ]after[- ]free|illegal memory access|null pointer|"
        r"race conditions?|data races?|(?:Key|Type|Attribute|Index|Import|Name|UnboundLocal)Error"
    ),
    "speed-word": (
        r"\d+(?:\.\d+)?\s?(?:%|x|times) (?:\w+ ){0,3}(?:faster|speed-?up|improvement|throughput|"
        r"TTFT|TPOT|latency)|"
        r"speed-?ups?|(?:faster|throughput|performance|latency|speed) (?:\w+ ){0,4}by (?:\w+ ){0,2}~?\d+"
    ),
}
_PATTERNS = {
    rule: re.compile(rf"(?<![\w-])(?:{words})(?!\w)", re.IGNORECASE) for rule, words in _GROUPS.items()
}


def alarms(text: str) -> Iterator[tuple[str, str]]:
    """`(rule, word)` for each group that a text has a word of, the first one in it."""
    for rule, pattern in _PATTERNS.items():
        if found := pattern.search(text):
            yield rule, found[0]
