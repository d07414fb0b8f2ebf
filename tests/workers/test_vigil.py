from structlog.testing import capture_logs

from analysis.storage.remark import Remark
from workers.vigil import Vigil

AWAY, LOADING = Remark("It is away", "start it"), Remark("It loads", "wait")


def test_only_the_beginning_a_new_reason_and_the_end_are_told() -> None:
    vigil = Vigil("clock")
    with capture_logs() as logs:
        kept = [vigil.keep(found) for found in (None, AWAY, AWAY, LOADING, LOADING, None, None, AWAY)]
    assert kept == [False, True, True, True, True, False, False, True]
    told = [(line["event"], line.get("reason")) for line in logs]
    assert told == [
        ("waiting for Redis", "It is away: start it"),
        ("waiting for Redis", "It loads: wait"),
        ("Redis is back", None),
        ("waiting for Redis", "It is away: start it"),
    ]
    assert {line["who"] for line in logs} == {"clock"}
