import pytest
from builders import make_analysis, make_entry

from analysis.importance.urgency import urgency
from analysis.models import FileChange, Importance, Reason
from analysis.storage.entry import Entry
from analysis.storage.glance import Glance


def of(seed: object, lines: int = 1, **fields: object) -> Entry:
    files = (FileChange(path="a.py", status="M", additions=lines, deletions=0),)
    return make_entry(seed=seed, files=files, analysis=make_analysis(**{"advice": ()} | fields))


SECURITY = (Reason(rule="security-word", evidence="CVE"),)
RANKED = [
    of("security", reasons=SECURITY),
    of("asks", advice=("Upgrade.",)),
    of("large", 900),
    of("small"),
    of("medium", importance=Importance.MEDIUM, reasons=SECURITY),
    of("low", importance=Importance.LOW),
    make_entry(seed="unread", analysis=None, facts=None),
]


def test_what_must_be_heard_of_first_comes_first() -> None:
    shuffled = [RANKED[at] for at in (3, 6, 0, 5, 2, 4, 1)]
    assert sorted(shuffled, key=urgency) == RANKED


@pytest.mark.parametrize("entry", RANKED)
def test_a_glance_is_as_urgent_as_its_entry(entry: Entry) -> None:
    assert urgency(Glance.of(entry)) == urgency(entry)
