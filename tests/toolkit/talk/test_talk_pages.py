"""The talk about a page, as readers, guests, editors and moderators meet it."""

from datetime import timedelta

from consult import clock
from consult.audit import AuditEntry
from consult.discussion import actions as discussion
from consult.discussion import forgetting
from consult.discussion.models import Comment, State
from consult.extensions import db, transaction
from consult.notices.models import Happening, What
from consult.notices.reach import reaches
from consult.toolkit.talk import queries
from tests import factories
from tests.toolkit import shelf
from tests.toolkit.talk.said import SOURCE, a_talked_page, address, at, decide, published, says


def test_a_page_has_no_talk_until_somebody_begins_it_and_reading_begins_nothing(app, visit, client):
    factories.a_site()
    factories.a_unit()
    page = shelf.a_page(SOURCE, title="Find a community")
    shown = visit.get("/toolkit/find-a-community")
    assert not shown.select("a.kit-mark")
    assert shown.select_one('nav.tabs a[href="/toolkit/find-a-community/talk"]').text == "Talk"
    shown = visit.get("/toolkit/find-a-community/talk")
    assert "Nobody has said anything" in shown.text
    assert queries.carrier() is None
    assert queries.talk_of(page.id) is None
    assert (
        visit.post("/toolkit/find-a-community/talk").location == "/toolkit/find-a-community/talk#paragraphs"
    )
    visit.post("/toolkit/find-a-community/talk")
    shown = visit.get("/toolkit/find-a-community/talk")
    assert len(shown.select("#paragraphs li")) == 4
    assert len(visit.get("/toolkit/find-a-community").select("a.kit-mark")) == 4


def test_without_a_unit_nobody_would_look_so_there_is_no_talk(app, visit):
    factories.a_site()
    shelf.a_page(SOURCE, title="Find a community")
    assert not visit.get("/toolkit/find-a-community/talk").select("main form")
    visit.post("/toolkit/find-a-community/talk")
    assert queries.carrier() is None


def test_what_somebody_writes_waits_unseen_for_a_moderator(app, visit, visit_as):
    page = a_talked_page()
    place = address(at(page, "Ask the people"))
    writer = visit_as(factories.a_person(name="Priya Nair"))
    form = writer.get(place).select_one("#reply form")
    assert form.select_one('input[name="kind"]')["value"] == "comment"
    assert not form.select('input[name="to"], #replacement')
    answer = writer.post(
        place, {"body": "Who are they, though?", "kind": "comment", "do": "post", "version": "1"}
    )
    assert answer.location.startswith(f"{place}#comment-")
    assert "Who are they, though?" in writer.get(place).text
    for url in (place, "/toolkit/find-a-community/talk", "/toolkit/find-a-community"):
        assert "Who are they" not in visit.get(url).text
    said = db.session.query(Comment).one()
    assert said.state is State.WAITING
    decide(said, State.PUBLISHED)
    assert "Who are they, though?" in visit.get(place).text
    shown = visit.get("/toolkit/find-a-community/talk")
    assert "Who are they, though?" in shown.text
    assert "Ask the people who run the place" in shown.select_one("section .quote-para").text
    shown = visit.get("/toolkit/find-a-community")
    assert [mark.text for mark in shown.select("a.kit-talked")] == ["1"]
    assert shown.select_one("a.kit-talked")["href"] == place
    assert "Talk (1)" in shown.select_one("nav.tabs").text


def test_an_editor_is_published_at_once_and_called_one(app, visit, visit_as):
    page = a_talked_page()
    place = address(at(page, "all"))
    visit_as(factories.an_editor(name="Mara Quist")).post(
        place, {"body": "We add a list of libraries.", "kind": "comment", "do": "post"}
    )
    shown = visit.get(place)
    assert "toolkit editor" in shown.select_one("article.comment header").text
    reply = says(at(page, "all"), "Thank you.", parent=db.session.query(Comment).one())
    assert reply.state is State.WAITING


def test_taken_down_is_gone_everywhere(app, visit):
    page = a_talked_page()
    said = published(at(page, "Begin where"), "Buy at example.org")
    assert "Buy at" in visit.get("/toolkit/find-a-community/talk").text
    decide(said, State.TAKEN_DOWN, reason="advertising")
    for url in (address(said.paragraph), "/toolkit/find-a-community/talk", "/search?q=Buy+example"):
        assert "Buy at" not in visit.get(url).text
    assert not visit.get("/toolkit/find-a-community").select("a.kit-talked")


def test_what_is_found_leads_to_the_page(app, visit, client):
    page = a_talked_page()
    said = published(at(page, "Begin where"), "The rowing club meets on Tuesdays.")
    hits = visit.get("/search?q=rowing").select("[data-found] li")
    assert len(hits) == 1
    place = client.get(f"/comments/{said.key}").headers["Location"]
    assert place == f"{address(said.paragraph)}#comment-{said.key}"


def test_nobody_asks_officially_nor_writes_to_a_team(app, visit_as):
    page = a_talked_page()
    place = address(at(page, "Begin where"))
    visitor = visit_as(factories.a_person())
    for more in ({"kind": "question"}, {"kind": "comment", "to": "team"}):
        page_back = visitor.post(place, {"body": "What is it?", "do": "post", **more}, status=422).page
        assert page_back.select('[role="alert"]')
    assert db.session.query(Comment).count() == 0


def test_a_moderator_has_the_words_it_is_about_and_what_it_answers_in_view(app, visit_as):
    page = a_talked_page()
    top = published(at(page, "Ask the people"), "Who are they, though?")
    said = says(top.paragraph, "Ring the library.", parent=top)
    moderator = visit_as(factories.a_moderator(said.document.consultation.unit.organisation))
    assert "Ring the library." in moderator.get("/moderation").text
    item = moderator.get(f"/moderation/{said.key}").text
    assert "Ask the people who run the place" in item
    assert "Who are they, though?" in item
    assert not moderator.get(f"/moderation/{said.key}").select('form[action$="/mark-question"]')


def test_followers_of_the_page_hear_of_it_and_nobody_else(app):
    said = published(at(a_talked_page(), "Begin where"), "Where is that?")
    (happening,) = db.session.query(Happening).filter(Happening.comment_id == said.id)
    reach = reaches([happening])[happening.id]
    assert (What.PAGE, queries.page_of(said.document_id)) in reach.targets
    assert not [target for target in reach.targets if target[0] is What.UNIT]


def test_the_address_of_a_guest_goes_a_year_after_their_last_remark(app):
    where = at(a_talked_page(), "Begin where")
    early, late = factories.a_guest(), factories.a_guest()
    for guest, days in ((early, 400), (late, 300)):
        published(where, "Where is that?", by=guest).created_at = clock.now() - timedelta(days=days)
        db.session.commit()
    with transaction():
        forgetting.forget_addresses_of_guests()
    assert not early.email
    assert late.email


def test_who_edits_the_toolkit_no_more_is_looked_at_as_everybody_is(app):
    page, editor = a_talked_page(), factories.an_editor()
    said = says(at(page, "all"), "We add a list of libraries.", by=editor)
    assert said.state is State.PUBLISHED
    with transaction(editor):
        discussion.correct_comment(actor=editor, comment=said, body="We add two lists of libraries.")
    assert said.body.startswith("We add two")
    for role in editor.roles:
        role.ended_at = clock.now()
    db.session.commit()
    with transaction(editor):
        discussion.correct_comment(actor=editor, comment=said, body="Buy at example.org.")
    assert said.body.startswith("We add two")


def test_every_view_of_a_page_counts_what_was_said_since(app, client):
    page = a_talked_page()
    urls = [f"/toolkit/find-a-community{view}" for view in ("", "/history", "/links", "?view=headings")]
    tags = [client.get(url).headers["ETag"] for url in urls]
    published(at(page, "Begin where"), "Where is that?")
    for url, tag in zip(urls, tags, strict=True):
        answer = client.get(url, headers={"If-None-Match": tag})
        assert "Talk (1)" in answer.get_data(as_text=True), url


def test_a_page_without_a_word_has_no_talk_until_it_has_some(app, visit):
    factories.a_site()
    factories.a_unit()
    page = shelf.a_page(" ", title="Find a community")
    url = "/toolkit/find-a-community/talk"
    shown = visit.get(url)
    assert "There is nothing on this page yet" in shown.text
    assert not shown.select("main form[method=post]")
    visit.post(url)
    assert queries.talk_of(page.id) is None
    assert queries.carrier() is None
    shelf.resaved(page, "Begin where people already meet.")
    visit.post(url)
    assert len(visit.get(url).select("#paragraphs li")) == 1
    assert visit.get(f"/toolkit/find-a-community/p/{at(page, 'Begin where').key}")


def test_an_administrator_chooses_whose_moderators_look_at_what_is_written_from_then_on(app, visit_as):
    page = a_talked_page()
    first = queries.carrier().unit
    early = says(at(page, "all"), "The first.")
    other = factories.a_unit(factories.an_organisation(), name="Toolkit desk")
    admin = visit_as(factories.an_administrator())
    assert admin.get("/admin/organisations").select_one('a[href="/admin/toolkit-talk"]')
    form = admin.get("/admin/toolkit-talk")
    assert [link.text for link in form.select("header nav [aria-current]")] == ["Set up"]
    assert form.select_one("option[selected]")["value"] == first.slug
    assert "Choose a unit" in admin.post("/admin/toolkit-talk", {"unit": "none-such"}, 422).page.text
    for _twice in range(2):
        admin.post("/admin/toolkit-talk", {"unit": other.slug})
    db.session.expire_all()
    assert queries.carrier().unit.id == other.id
    late = says(at(page, "all"), "The second.")
    assert (early.organisation_id, late.organisation_id) == (first.organisation_id, other.organisation_id)
    moderator = factories.a_moderator(other.organisation)
    with transaction(moderator):
        discussion.change_state(actor=moderator, comment=late, after=State.PUBLISHED)
    acts = db.session.query(AuditEntry).filter(AuditEntry.act == "toolkit.choose_unit")
    assert [(entry.before, entry.after) for entry in acts] == [(str(first.id), str(other.id))]


def test_the_unit_may_be_chosen_before_anybody_has_said_a_word(app, visit_as):
    factories.a_site()
    factories.a_unit()
    other = factories.a_unit(name="Toolkit desk")
    visit_as(factories.an_administrator()).post("/admin/toolkit-talk", {"unit": other.slug})
    assert queries.carrier().unit.id == other.id
    said = says(at(a_talked_page(), "all"), "The first.")
    assert said.document.consultation.unit_id == other.id
