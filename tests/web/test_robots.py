"""Search engines are asked not to list people's words beside their names; the drafts themselves can be found."""

import pytest
from bs4 import BeautifulSoup

from tests.discussion import ground
from tests.factories import a_person


@pytest.fixture
def world(app):
    """A draft in its second version, with an answered question that was corrected, and words that have gone."""
    draft = ground.a_draft()
    where = ground.paragraph(draft)
    gone = ground.paragraph(draft, "3")
    comment = ground.say(where, "Why so?", by=a_person(name="Nia Probert"), ask=True)
    ground.say(gone, "Keep this one.")
    ground.say(where, "And what of elms?", ask=True)
    ground.answer(comment)
    ground.publish(
        draft, ground.TEXT.replace("Third, we water them.\n", "").replace("First, we", "At first we")
    )
    base = f"/consultations/{draft.consultation.slug}"
    return {
        "consultation": base,
        "document": f"{base}/{draft.slug}",
        "paragraph": ground.address(where),
        "open": f"{base}/{draft.slug}?p={where.key}",
        "comment": f"/comments/{comment.key}",
    }


UNLISTED = [
    "{paragraph}",
    "{paragraph}?show=official",
    "{open}",
    "{document}/v/1?p=all",
    "{document}/print",
    "{document}/removed",
    "{document}/compare/1...2",
    "{comment}",
    "{comment}/history",
    "{comment}/report",
    "/monitor",
    "/search?q=oaks",
    "{document}.atom",
    "{consultation}.atom",
]
LISTED = [
    "/",
    "/consultations",
    "{consultation}",
    "{document}",
    "{document}/v/2",
    "{document}/read",
    "/about",
    "/toolkit",
]


@pytest.mark.parametrize("address", UNLISTED)
def test_where_people_speak_is_left_out(client, world, address):
    for _again in range(2):  # the second time it may be answered at the doorstep
        response = client.get(address.format(**world))
        assert response.status_code in (200, 302)
        assert response.headers["X-Robots-Tag"].startswith("noindex")
        if response.content_type.startswith("text/html") and response.status_code == 200:
            page = BeautifulSoup(response.get_data(as_text=True), "html.parser")
            assert "noindex" in page.select_one('meta[name="robots"]')["content"]


@pytest.mark.parametrize("address", LISTED)
def test_the_drafts_themselves_can_be_found(client, world, address):
    response = client.get(address.format(**world))
    assert response.status_code == 200
    assert "X-Robots-Tag" not in response.headers
    page = BeautifulSoup(response.get_data(as_text=True), "html.parser")
    assert not page.select('meta[name="robots"]')
    assert "Nia Probert" not in page.text


def test_a_page_that_is_not_modified_says_so_too(client, world):
    address = world["paragraph"]
    tag = client.get(address).headers["ETag"]
    response = client.get(address, headers={"If-None-Match": tag})
    assert (response.status_code, response.headers["X-Robots-Tag"]) == (304, "noindex")
