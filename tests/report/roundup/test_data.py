import json

from builders import make_sha
from roundups import LONG, MONDAY, everything, make_roundup, on, related

from analysis.models import Importance
from report.data import digest_data
from report.links import Links
from report.roundup.data import render_data, roundup_data

LINKS = Links(base_url="/sub")
OF_ONE_DAY = {"date", "revision", "rebuilt"}


def test_it_has_the_names_of_a_day_and_those_of_a_range() -> None:
    roundup = make_roundup(everything())
    data, day = roundup_data(roundup, LINKS), digest_data(roundup.whole, LINKS)
    assert set(day) - OF_ONE_DAY <= set(data)
    assert set(data) - set(day) == {"from", "to", "name", "listing", "highlights", "days"}
    assert (data["from"], data["to"], data["name"]) == ("2026-01-12", "2026-01-18", "2026-W03")
    (part, _), (day_part, _) = data["repositories"], day["repositories"]
    assert set(day_part) - OF_ONE_DAY <= set(part)
    assert set(part) - set(day_part) == {"reversals", "days", "trend"}
    assert part["commits"] == day_part["commits"]


def test_days_have_their_counts_and_pages() -> None:
    data = roundup_data(make_roundup([on(0, 1), on(0, 2, repository="octo/other")]), LINKS)
    assert data["days"][0] | {"counts": data["days"][0]["counts"]["total"]} == {
        "date": str(MONDAY),
        "counts": 2,
        "closed": False,
        "page": f"/sub/reports/{MONDAY}",
    }
    pages = [part["days"][0]["page"] for part in data["repositories"]]
    assert pages == [f"/sub/reports/octo/{name}/{MONDAY}" for name in ("engine", "other")]


def test_highlights_series_reversals_and_trends_are_told() -> None:
    data = roundup_data(make_roundup(everything()), LINKS)
    part = data["repositories"][0]
    assert part["highlights"][0]["day"]
    assert not {"urgency", "turn", "repository"} & set(part["highlights"][0])
    assert data["highlights"][0]["repository"]
    inside = [item for item in part["reversals"] if item["inside"]]
    assert [item["undone"]["sha"] for item in inside] == [make_sha("feature")]
    assert inside[0]["again"] == {"sha": make_sha("again"), "day": "2026-01-14"}
    assert part["groups"][0]["parts"][0].keys() == {"sha", "day", "text"}
    assert len(part["trend"]["buckets"]) == 7
    assert part["trend"]["areas"][0]["path"] == "engine/"
    assert part["trend"]["before"] is None


def test_what_is_listed_is_said() -> None:
    entries = [on(0, tier, importance=tier) for tier in Importance]
    for span, listing, count in (("2026-W03", "all", 3), (LONG, "high", 1)):
        data = roundup_data(make_roundup(entries, span=span), LINKS)
        assert (data["listing"], len(data["repositories"][0]["commits"])) == (listing, count)
    chosen = roundup_data(make_roundup(entries, query={"importance": "low"}), LINKS)
    assert (chosen["selection"], chosen["counts"]["total"]) == ("importance=low", 1)


def test_it_is_json_in_one_form_and_the_same_bytes_for_the_same_range() -> None:
    roundup = make_roundup([on(0, 1, relations=related("reverts", "old", -9))])
    text = render_data(roundup, LINKS)
    assert json.loads(text) == roundup_data(roundup, LINKS)
    assert text == render_data(make_roundup([on(0, 1, relations=related("reverts", "old", -9))]), LINKS)
    assert text.endswith("}\n")
