"""The lineage as it is given out: to everybody, and to nobody before the text is theirs to read."""

import json
from datetime import timedelta

from consult import clock
from consult.consultations.models import Stage
from consult.documents import steps
from tests import counting, factories
from tests.documents import ground

WIDTH = (
    "The clear width is 1.5 metres along the whole of the footway, so that two people can pass each other."
)
BINS = "Bins may be put out from seven in the evening before collection, and should be back inside by noon."
BOARDS = (
    "Boards stand against the building, and are taken in at closing time. One board is enough for one shop."
)
FIRST = f"# Kerbs\n\n{WIDTH}\n\n{BINS}\n\n{BOARDS}\n"
SECOND = f"# Kerbs\n\n{WIDTH.replace('1.5', '2.0')}\n\n{BOARDS}\n"
THIRD = f"# Kerbs\n\n{BOARDS}\n\n{WIDTH.replace('1.5', '2.0')}\n\n{BINS}\n"


def _three_versions():
    document = ground.a_draft(FIRST)
    ground.publish(document, SECOND)
    ground.publish(document, THIRD)
    return document


def _read(client, document, between, status=200):
    answer = client.get(ground.address(document, f"/compare/{between}.json"))
    assert answer.status_code == status
    return answer.get_json() if status == 200 else None


def test_the_steps_lead_from_any_version_to_any_later_one(app, client):
    document = _three_versions()
    for between in ("1...2", "2...3", "1...3", "2...2"):
        told = _read(client, document, between)
        assert steps.apply(told["old"], told["steps"]) == told["new"]
        before, after = (int(number) for number in between.split("..."))
        for number, side in ((before, "old"), (after, "new")):
            page = [(row.key, row.number) for row in ground.page(document, number) if not row.is_removed]
            assert [(entry["key"], entry["number"]) for entry in told[side]] == page


def test_it_says_what_became_of_each_paragraph_and_how_sure_that_is(app, client):
    document = _three_versions()
    told = {step["before"] or step["after"]: step for step in _read(client, document, "1...2")["steps"]}
    assert {number: step["relation"] for number, step in told.items()} == {
        "s1": "same",
        "1": "edited",
        "2": "removed",
        "3": "same",
    }
    assert told["1"]["text"] == WIDTH.replace("1.5", "2.0")
    assert 0 < told["1"]["confidence"] <= 1
    assert "text" not in told["3"]
    assert (told["2"]["after"], told["2"]["to"]) == (None, [])
    told = {step["after"]: step for step in _read(client, document, "2...3")["steps"]}
    assert (told["2"]["relation"], told["2"]["from"]) == ("restored", [])
    assert [step["relation"] for step in _read(client, document, "1...3")["steps"]].count("removed") == 0


def test_it_names_the_document_and_both_versions(app, client):
    document = _three_versions()
    told = _read(client, document, "1...3")
    assert told["document"]["slug"] == document.slug
    assert (told["from"]["number"], told["to"]["number"]) == (1, 3)
    assert told["from"]["is_withdrawn"] is False


def test_only_two_versions_that_are_there_in_their_order_can_be_asked_for(app, client):
    document = _three_versions()
    for between in ("2...1", "0...1", "1...4"):
        _read(client, document, between, status=404)


def test_before_the_opening_it_is_for_the_unit_alone(app, client, sign_in):
    document = ground.a_draft(FIRST, stage=Stage.PREPARING, opens_at=clock.now() + timedelta(days=3))
    ground.publish(document, SECOND)
    _read(client, document, "1...2", status=404)
    _read(sign_in(factories.a_person()), document, "1...2", status=404)
    _read(sign_in(factories.an_official(document.consultation.unit)), document, "1...2")


def test_who_has_it_already_is_not_sent_it_again(app, client):
    document = _three_versions()
    address = ground.address(document, "/compare/1...3.json")
    first = client.get(address)
    assert first.content_type == "application/json; charset=utf-8"
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    ground.publish(document, FIRST)
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
    assert json.loads(client.get(address).data)["to"]["number"] == 3


def test_what_it_asks_of_the_database_does_not_grow_with_the_text(app, client):
    document = ground.a_draft("\n\n".join(f"Paragraph {n} of many." for n in range(60)))
    ground.publish(document, "\n\n".join(f"Paragraph {n} of many." for n in range(1, 61)))
    with counting.queries() as asked:
        _read(client, document, "1...2")
    assert len(asked) <= 9
