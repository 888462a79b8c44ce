"""The pages on which officials keep their points."""

import pytest

from consult.discussion.desk import point_actions, points
from consult.extensions import transaction
from tests import factories
from tests.discussion import ground


@pytest.fixture
def draft(app):
    return ground.a_draft()


@pytest.fixture
def official(draft):
    return factories.an_official(draft.consultation.unit)


@pytest.fixture
def visitor(official, visit_as):
    return visit_as(official)


def titles(draft) -> list[str]:
    return [each.title for each in points.points_of([draft.consultation_id])]


def test_points_are_made_renamed_ordered_merged_and_deleted_on_their_pages(draft, visitor, official):
    here = f"/desk/points/{draft.consultation.slug}"
    assert "No points yet" in visitor.get(here).text
    for title in ("Width", "Cost", "Noise"):
        visitor.post(here, {"title": title})
    assert titles(draft) == ["Width", "Cost", "Noise"]
    page = visitor.get(here)
    width, cost, noise = (link["href"] for link in page.select('a[aria-label^="Change"]'))
    assert len(page.select('button[value="up"]')) == len(page.select('button[value="down"]')) == 2
    visitor.post(cost, {"do": "up"})
    visitor.post(width, {"do": "rename", "title": "Clear width"})
    assert titles(draft) == ["Cost", "Clear width", "Noise"]
    said = ground.say(ground.paragraph(draft), ask=True)
    visitor.post("/desk", {"do": "point", "point": noise.rpartition("/")[2], "key": [said.key]})
    row = visitor.get(here).find("th", string="Noise").parent
    assert [cell.text.split()[0] for cell in row.select("td.num")] == ["1", "1"]
    assert "Confirm that you want to delete it" in visitor.post(noise, {"do": "delete"}, status=409).page.text
    visitor.post(noise, {"do": "merge", "into": width.rpartition("/")[2]})
    visitor.post(cost, {"do": "delete"})
    assert titles(draft) == ["Clear width"]
    visitor.post(width, {"do": "delete", "confirm": "1"})
    assert titles(draft) == []


def test_a_refused_title_stays_in_its_field(draft, visitor):
    here = f"/desk/points/{draft.consultation.slug}"
    visitor.post(here, {"title": "Width"})
    page = visitor.post(here, {"title": "x" * 121}, status=422).page
    assert page.find(id="title")["value"] == "x" * 121
    assert page.find(id="title")["aria-invalid"] == "true"
    assert "120 characters at most" in page.select_one("[role=alert]").text
    assert page.title.text.startswith("Error: ")
    page = visitor.post(here, {"title": "x" * 100_000}, status=422).page
    assert page.find(id="title")["value"] == "x" * 100_000, "nothing that was typed is lost"
    assert "this title has 100000" in page.select_one("[role=alert]").text.replace(",", "")
    change = visitor.get(here).select_one('a[aria-label^="Change"]')["href"]
    page = visitor.post(change, {"do": "rename", "title": " "}, status=422).page
    assert "Say in a few words" in page.select_one("[role=alert] a[href='#title']").text
    page = visitor.post(change, {"do": "merge", "into": "nothing"}, status=422).page
    assert "another point" in page.text
    assert "Choose what to do" in visitor.post(change, {"do": "dance"}, status=422).page.text


def test_points_stand_on_no_public_page_and_are_nobody_elses(draft, visitor, official, visit_as, client):
    with transaction(official):
        point = point_actions.make(actor=official, consultation=draft.consultation, title="Secret theme")
    said = ground.say(ground.paragraph(draft), ask=True)
    visitor.post("/desk", {"do": "point", "point": point.key, "key": [said.key]})
    document = f"/consultations/{draft.consultation.slug}/{draft.slug}"
    for page in (document, f"{document}/p/{ground.paragraph(draft).key}", "/monitor", f"{document}/print"):
        assert "Secret theme" not in client.get(page).text, page
    stranger = visit_as(factories.an_official(factories.a_unit()))
    here = f"/desk/points/{draft.consultation.slug}"
    stranger.get(here, status=404)
    stranger.get(f"{here}/{point.key}", status=404)
    stranger.post(f"{here}/{point.key}", {"do": "delete", "confirm": "1"}, status=404)
    assert "Secret theme" not in stranger.get("/desk").text
    other = ground.a_draft(unit=draft.consultation.unit)
    visitor.get(f"/desk/points/{other.consultation.slug}/{point.key}", status=404)
