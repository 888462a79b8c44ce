"""Words that nobody may read any more: out of the history and of every other page, and stored all the same."""

import pytest
from sqlalchemy import select, update

from consult import clock
from consult.audit import AuditEntry
from consult.documents.models import Version
from consult.errors import Conflict, NotAllowed
from consult.extensions import db, transaction
from consult.toolkit import actions, queries, rendering, withholding
from consult.toolkit.models import Revision
from tests import factories
from tests.toolkit.shelf import a_page, resaved, restored
from tests.toolkit.suggestions.made import suggested
from tests.toolkit.talk.said import a_talked_page, address, at, published

LIBEL = "Mallory Quern takes bribes."
WHY = "Consent was withdrawn"
KEPT = "Everybody may read this."


def withheld(page, number, *, by=None, why=WHY):
    by = by or factories.an_editor()
    with transaction(by):
        return withholding.withhold(actor=by, page=page, number=number, why=why)


def shown_again(page, number):
    editor = factories.an_editor()
    with transaction(editor):
        return withholding.show_again(actor=editor, page=page, number=number)


@pytest.fixture
def page(app):
    factories.a_site()
    page = a_page(KEPT)
    resaved(page, f"{KEPT}\n\n{LIBEL}", title="About Mallory", summary=LIBEL, note="Mallory again")
    return resaved(page, KEPT, title="A page", summary="What it is for.")


PLACES = [
    "/toolkit",
    "/toolkit/recent",
    "/toolkit.atom",
    "/toolkit/a-page.atom",
    *(
        f"/toolkit/a-page{rest}"
        for rest in ("", "/history", "/history/2", "/compare/1...2", "/compare/2...3")
    ),
]


@pytest.mark.parametrize("place", PLACES)
def test_no_page_shows_what_is_withheld_and_its_history_says_why(client, page, place):
    before = client.get(place)
    withheld(page, 2)
    after = client.get(place, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "Mallory" not in after.text
    assert (WHY in after.text) == (place != "/toolkit/a-page")
    assert queries.revision(page.id, 2).summary == LIBEL  # it stays stored
    shown_again(page, 2)
    assert client.get(place).text == before.text


def test_it_is_for_editors_on_record_and_never_the_page_as_it_stands(page):
    with pytest.raises(NotAllowed):
        withheld(page, 2, by=factories.a_person())
    with pytest.raises(Conflict):
        withheld(page, 3)
    editor = factories.an_editor()
    withheld(page, 2, by=editor)
    withheld(page, 2, why="Another")
    shown_again(page, 2)
    shown_again(page, 2)
    acts = db.session.scalars(
        select(AuditEntry)
        .where(AuditEntry.act.in_(["toolkit.withhold", "toolkit.show_again"]))
        .order_by(AuditEntry.id)
    )
    assert [(one.act, one.after) for one in acts] == [("toolkit.withhold", "2"), ("toolkit.show_again", "2")]


def test_what_is_withheld_while_somebody_brings_it_back_is_not_brought_back(page):
    text = rendering.rendered(LIBEL)
    with transaction():
        earlier = queries.revision(page.id, 2)
        unseen = update(Revision).where(Revision.id == earlier.id).values(withheld_at=clock.now())
        db.session.execute(unseen.execution_options(synchronize_session=False))
        assert earlier.withheld_at is None
        with pytest.raises(Conflict):
            actions.restore_revision(actor=None, page=page, number=2, text=text)


def test_an_editor_withholds_a_revision_and_lets_it_be_read_again(page, visit_as):
    editor = visit_as(factories.an_editor())
    form = editor.get("/toolkit/a-page/history/2").select_one("a[href$=withhold]")["href"]
    refused = editor.post(form, {"why": " "}, 422).page
    assert refused.select_one('[role=alert] a[href="#why"]')
    assert refused.title.text.startswith("Error:")
    assert editor.post(form, {"why": WHY}).location == "/toolkit/a-page/history/2"
    shown = editor.get("/toolkit/a-page/history/2")
    assert f": {WHY}" in shown.select_one(".withheld").text
    assert LIBEL not in shown.text
    assert editor.post("/toolkit/a-page/history/2/restore").location == "/toolkit/a-page/history/2"
    with pytest.raises(Conflict):
        restored(page, 2)
    assert page.revision_count == 3
    editor.post(shown.select_one("form[action$=show]")["action"])
    assert LIBEL in editor.get("/toolkit/a-page/history/2").text
    now = editor.post("/toolkit/a-page/history/3/withhold", {"why": WHY}, 409).page
    assert now.select_one("#why")["value"] == WHY
    assert "This is the page as it stands" in now.select_one("[role=alert]").text


def test_who_suggests_a_change_is_shown_nothing_that_is_withheld(page, visit_as):
    author = factories.a_person()
    made = suggested(page, f"{KEPT}\n\nMine.", by=author, based_on=2)
    withheld(page, 2)
    citizen = visit_as(author)
    fields = {
        "title": "A page",
        "summary": "S",
        "source": "Other",
        "why": "W",
        "based_on": "2",
        "do": "preview",
    }
    assert "Mallory" not in citizen.post("/toolkit/a-page/suggest", fields, 200).page.text
    shown = citizen.get(f"/toolkit/suggestions/{made.key}")
    assert "Mine." in shown.text
    assert "Mallory" not in shown.text
    assert "Mallory" in visit_as(factories.an_editor()).get(f"/toolkit/suggestions/{made.key}").text


def test_the_talk_shows_no_words_of_a_revision_that_is_withheld(client):
    page = a_talked_page(f"{KEPT}\n\nMallory Quern takes money in the market hall.\n\n{LIBEL}")
    places = [at(page, KEPT), at(page, LIBEL), at(page, "Mallory Quern takes money")]
    said = [published(place, f"Is that so {n}?") for n, place in enumerate(places)]
    resaved(page, f"{KEPT}\n\nNobody takes money in the market hall.", note="Mallory")
    resaved(page, f"{KEPT}\n\nNobody takes any money in the market hall.")
    addresses = [
        "/toolkit/find-a-community",
        "/toolkit/find-a-community/talk",
        *map(address, places),
        *(f"{address(place)}?version=1" for place in places),
        *(f"/comments/{one.key}" for one in said),
    ]
    before = [client.get(one, follow_redirects=True).text for one in addresses]
    assert "Mallory" in before[3]
    withheld(page, 1)
    withheld(page, 2)
    for one in addresses:
        shown = client.get(one, follow_redirects=True)
        assert shown.status_code == 200
        assert "Mallory" not in shown.text, one
    assert KEPT in client.get(addresses[2]).text
    assert db.session.scalar(select(Version.note).where(Version.number == 2)) == ""
    shown_again(page, 2)
    shown_again(page, 1)
    assert [client.get(one, follow_redirects=True).text for one in addresses] == before
