import pytest

from consult import clock
from consult.accounts.actions import closing
from consult.errors import Conflict
from consult.extensions import db, transaction
from consult.notices.models import OutboxMail
from consult.toolkit.suggestions import actions
from consult.toolkit.suggestions.models import State, Suggestion
from consult.toolkit.unsaved.models import Unsaved
from tests import factories
from tests.counting import queries as counted
from tests.toolkit.shelf import a_page, resaved
from tests.toolkit.suggestions.made import accepted, declined, suggested

FORM = {
    "title": "A page",
    "summary": "What it is for.",
    "source": "Second.",
    "why": "It is clearer.",
    "based_on": "1",
    "do": "send",
}
LONG = "\n\n".join(f"Paragraph {n} stays as it is." for n in range(9))


@pytest.fixture(autouse=True)
def _site(app):
    factories.a_site()


@pytest.fixture
def nia(app):
    return factories.a_person(name="Nia Probert")


@pytest.fixture
def editor(app):
    return factories.an_editor(name="Edda Rhys")


def _made():
    db.session.rollback()
    db.session.expire_all()
    return db.session.query(Suggestion).order_by(Suggestion.id.desc()).first()


def test_the_link_is_there_for_all_and_leads_to_signing_in_and_back(visit):
    a_page("First.")
    page = visit.get("/toolkit/a-page")
    assert page.select_one('.tabs a[href="/toolkit/a-page/suggest"]')
    response = visit.client.get("/toolkit/a-page/suggest")
    assert response.headers["Location"] == "/sign-in?next=/toolkit/a-page/suggest"


def test_whoever_has_not_confirmed_their_address_is_told_so(visit_as):
    a_page("First.")
    page = visit_as(factories.a_person(is_confirmed=False)).get("/toolkit/a-page/suggest", 403)
    assert "Confirm your email first" in page.text


def test_somebody_suggests_sees_it_before_and_follows_it(visit_as, nia):
    a_page("First.\n\nAnd more.")
    visit = visit_as(nia)
    form = visit.get("/toolkit/a-page/suggest")
    assert form.select_one("#source").text.strip() == "First.\n\nAnd more."
    preview = visit.post(
        "/toolkit/a-page/suggest", {**FORM, "source": "First.\n\nAnd less.", "do": "preview"}, 200
    ).page
    assert preview.select_one("#preview .diff del").text.endswith("more")
    assert preview.select_one("#preview .diff ins").text.endswith("less")
    assert "And less." in preview.select_one("#preview .prose").text
    assert _made() is None
    answer = visit.post("/toolkit/a-page/suggest", {**FORM, "source": "First.\n\nAnd less."})
    shown = visit.get(answer.location)
    assert answer.location == f"/toolkit/suggestions/{_made().key}"
    assert "Waits for an editor" in shown.text
    assert shown.select("#changed ~ .diff ins")
    assert not shown.select("#settle")
    assert f"/toolkit/suggestions/{_made().key}" in str(visit.get("/account/suggestions"))
    assert "A suggestion of yours for this page waits already" in visit.get("/toolkit/a-page/suggest").text
    visit.post(f"/toolkit/suggestions/{_made().key}/withdraw")
    assert _made().state is State.WITHDRAWN


BAD = [
    ("title", ""),
    ("title", "x" * 121),
    ("summary", ""),
    ("source", ""),
    ("source", "[" * 3_000),
    ("source", "First."),
    ("why", ""),
    ("why", "x" * 501),
    ("why", "bell\x07"),
]


@pytest.mark.parametrize(("field", "value"), BAD, ids=lambda value: str(value)[:12])
def test_bad_input_is_said_at_its_field_and_all_else_is_kept(visit_as, nia, field, value):
    a_page("First.")
    page = visit_as(nia).post("/toolkit/a-page/suggest", {**FORM, field: value}, 422).page
    assert page.select_one(f'[role=alert] a[href="#{field}"]')
    assert page.select_one(f"#{field}")["aria-invalid"] == "true"
    if field != "why":
        assert page.select_one("#why").text.strip() == "It is clearer."
    assert _made() is None


def test_what_waits_is_seen_by_its_author_and_editors_alone(visit, visit_as, nia, editor):
    made = suggested(a_page("First."), "Waiting words.", by=nia)
    address = f"/toolkit/suggestions/{made.key}"
    for who in (nia, editor):
        assert "Waiting" in visit_as(who).get(address).text
    for who in (factories.a_person(), factories.a_moderator(factories.an_organisation())):
        visit_as(who).get(address, 404)
        visit_as(who).post(f"{address}/withdraw", status=404)
    assert visit.client.get(address).status_code == 303
    for place in ("/toolkit", "/toolkit/a-page", "/toolkit/a-page/history", "/search?q=waiting&in=page"):
        assert "Waiting words" not in visit.get(place).text, place
        assert "Nia Probert" not in visit.get(place).text, place


def test_an_editor_finds_what_waits_oldest_first_and_accepts_it(visit_as, nia, editor):
    page = a_page("First.")
    older, newer = (suggested(page, f"{word}.", by=nia) for word in ("Second", "Third"))
    visit = visit_as(editor)
    assert "2 suggestions wait" in visit.get("/toolkit").text
    assert "2 suggestions for this page" in visit.get("/toolkit/a-page").text
    links = [link["href"] for link in visit.get("/toolkit/suggestions").select("tbody a")]
    assert links == [f"/toolkit/suggestions/{each.key}" for each in (older, newer)]
    shown = visit.get(links[0])
    assert shown.select_one(f'a[href="{links[1]}"]')
    seen = shown.select_one("[name=seen]")["value"]
    visit.post(f"{links[0]}/settle", {"do": "accept", "seen": seen, "word": "Good."})
    history = visit.get("/toolkit/a-page/history").text
    assert "suggested by Nia Probert, accepted by Edda Rhys" in " ".join(history.split())
    assert "It is clearer." in history
    assert "Suggested by Nia Probert" in visit.get("/toolkit/a-page").text
    own = visit_as(nia).get("/account/suggestions")
    assert "Accepted" in own.text
    assert "Good." in own.text
    assert older.title in db.session.query(OutboxMail).one().body


def test_what_waits_for_too_long_is_late(visit_as, nia, editor):
    made = suggested(a_page("First."), "Second.", by=nia)
    clock.replace(lambda: made.due_at)
    visit = visit_as(editor)
    for place in ("/toolkit", "/toolkit/suggestions", f"/toolkit/suggestions/{made.key}"):
        assert "late" in [tag.text for tag in visit.get(place).select(".tag-wait")], place


def test_a_decline_needs_a_word_and_can_be_opened_again(visit_as, nia, editor):
    made = suggested(a_page("First."), "Second.", by=nia)
    address, visit = f"/toolkit/suggestions/{made.key}", visit_as(editor)
    page = visit.post(f"{address}/settle", {"do": "decline", "seen": "1", "word": ""}, 422).page
    assert page.select_one('[role=alert] a[href="#word"]')
    visit.post(f"{address}/settle", {"do": "decline", "seen": "1", "word": "As it is."})
    assert "As it is." in visit_as(nia).get(address).text
    assert visit.get("/toolkit/suggestions?show=settled").select_one(f'a[href="{address}"]')
    visit.post(f"{address}/reopen")
    assert _made().state is State.WAITING


def test_the_second_of_two_editors_is_told(visit_as, nia, editor):
    made = suggested(a_page("First."), "Second.", by=nia)
    declined(made, by=editor)
    answer = visit_as(factories.an_editor()).post(
        f"/toolkit/suggestions/{made.key}/settle", {"do": "accept", "seen": "1", "word": "Mine."}, 409
    )
    assert "was declined while you were looking" in answer.page.select_one("[role=alert]").text


AMENDED = {
    "title": "A page",
    "summary": "What it is for.",
    "source": "My words.",
    "seen": "1",
    "word": "Mine.",
}


def test_the_word_of_the_second_is_shown_to_copy(visit_as, nia, editor):
    made = suggested(a_page("First."), "Second.", by=nia)
    declined(made, by=editor)
    address, visit = f"/toolkit/suggestions/{made.key}", visit_as(factories.an_editor())
    for do, word in (("accept", "My word."), ("decline", "x" * 501)):
        page = visit.post(f"{address}/settle", {"do": do, "seen": "1", "word": word}, 409).page
        assert page.select_one("#unsent-word").text.strip() == word
    assert not visit.get(address).select("#unsent-word")


@pytest.mark.parametrize("do", ["save", "preview"])
def test_what_was_typed_over_a_settled_suggestion_stays_in_the_form(visit_as, nia, editor, do):
    made = suggested(a_page("First."), "Second.", by=nia)
    visit, address = visit_as(factories.an_editor()), f"/toolkit/suggestions/{made.key}/amend"
    declined(made, by=editor)
    page = visit.post(address, {**AMENDED, "do": do}, 409).page
    assert "was declined while you were looking" in page.select_one("[role=alert]").text
    assert (page.select_one("#source").text.strip(), page.select_one("#word").text.strip()) == (
        "My words.",
        "Mine.",
    )
    assert not page.select('button[value="save"]')
    assert visit.client.get(address).location == f"/toolkit/suggestions/{made.key}"
    visit.post(address, {**AMENDED, "do": "keep"})
    assert visit.get(address).select_one("#source").text.strip() == "My words."
    visit.post(address, {**AMENDED, "do": "forget"})
    assert db.session.query(Unsaved).count() == 0


def test_who_is_first_without_a_word_of_the_action_is_told_of_all_the_same(
    visit_as, nia, editor, monkeypatch
):
    made = suggested(a_page("First."), "Second.", by=nia)

    def taken(**_):
        raise Conflict

    monkeypatch.setattr(actions, "accept", taken)
    address, visit = f"/toolkit/suggestions/{made.key}", visit_as(editor)
    for way, given in (("settle", {"do": "accept"}), ("amend", {**AMENDED, "do": "save"})):
        page = visit.post(f"{address}/{way}", {"seen": "1", "word": "", **given}, 409).page
        assert "Somebody else was first" in page.select_one("[role=alert]").text


def test_what_the_page_says_already_is_accepted_without_a_revision(visit_as, nia, editor):
    page = a_page("First.")
    made = suggested(page, "Second.", by=nia, summary=page.summary)
    resaved(page, "Second.", actor=editor)
    address, visit = f"/toolkit/suggestions/{made.key}", visit_as(editor)
    visit.post(f"{address}/settle", {"do": "accept", "seen": "2", "word": ""})
    assert (_made().state, _made().revision_id) == (State.ACCEPTED, None)
    assert "The page says so already" in visit.get(address).text
    assert "agrees with what you suggested" in " ".join(db.session.query(OutboxMail).one().body.split())


def test_of_words_that_were_taken_back_no_page_tells(visit_as, nia, editor):
    page = a_page("First.")
    made = accepted(suggested(page, "Secret words.", by=nia, why="My reason."), by=editor, source="Second.")
    with transaction(nia):
        closing.close_account(actor=nia, withdraws=True)
    shown = visit_as(editor).get(f"/toolkit/suggestions/{made.key}").text
    assert "Its author has taken their words back" in shown
    assert "Secret" not in shown
    assert "My reason" not in shown


def test_where_the_page_moved_on_elsewhere_the_two_are_put_together(visit_as, nia, editor):
    page = a_page(LONG)
    made = suggested(page, LONG.replace("Paragraph 8 stays", "Paragraph 8 goes"), by=nia)
    resaved(page, LONG.replace("Paragraph 0 stays", "Paragraph 0 went"), actor=editor)
    visit = visit_as(editor)
    shown = visit.get(f"/toolkit/suggestions/{made.key}")
    assert "The two do not touch" in shown.text
    assert "went" in shown.select_one("section[aria-labelledby=since]").text
    assert "went" not in str(shown.select("section[aria-labelledby=now] ins"))
    seen = shown.select_one("[name=seen]")["value"]
    visit.post(f"/toolkit/suggestions/{made.key}/settle", {"do": "accept", "seen": seen, "word": ""})
    now = visit.get("/toolkit/a-page").text
    assert "Paragraph 8 goes" in now
    assert "Paragraph 0 went" in now
    assert _made().state is State.ACCEPTED


def test_where_both_changed_the_same_an_editor_puts_them_together(visit_as, nia, editor):
    page = a_page("First.")
    made = suggested(page, "Second.", by=nia)
    resaved(page, "Third.", actor=editor)
    address, visit = f"/toolkit/suggestions/{made.key}", visit_as(editor)
    shown = visit.get(address)
    assert not shown.select('button[value="accept"]')
    visit.post(f"{address}/settle", {"do": "accept", "seen": "2", "word": ""}, 422)
    form = visit.get(f"{address}/amend")
    assert form.select_one("#source").text.strip() == "Second."
    given = {"title": "A page", "summary": "What it is for.", "note": "Both.", "word": "Joined.", "seen": "2"}
    given["source"] = "Second, and third."
    preview = visit.post(f"{address}/amend", {**given, "do": "preview"}, 200).page
    assert "Second, and third." in preview.select_one("#preview .prose").text
    visit.post(f"{address}/amend", {**given, "do": "save"})
    made = _made()
    assert (made.state, made.source, made.revision.source) == (
        State.AMENDED,
        "Second.",
        "Second, and third.",
    )
    assert "third" in visit.get(address).select_one("section[aria-labelledby=amended] .diff ins").text
    assert "in other words" in " ".join(db.session.query(OutboxMail).one().body.split())


def test_an_amendment_over_a_page_that_moves_on_is_kept_in_the_form(visit_as, nia, editor):
    page = a_page("First.")
    made = suggested(page, "Second.", by=nia)
    resaved(page, "Third.", actor=editor)
    given = {
        "title": "A page",
        "summary": "What it is for.",
        "source": "My words.",
        "seen": "1",
        "do": "save",
    }
    answer = visit_as(editor).post(f"/toolkit/suggestions/{made.key}/amend", given, 409)
    assert answer.page.select_one("#source").text.strip() == "My words."
    assert answer.page.select_one("[name=seen]")["value"] == "2"
    assert answer.page.select_one("details[open] ins")


def test_a_page_that_is_not_there_is_suggested_and_started(visit_as, nia, editor):
    visit = visit_as(nia)
    given = {**FORM, "title": "Clear kerbs", "shelf": "engage"}
    visit.post("/toolkit/suggest", {**given, "shelf": "nowhere"}, 422)
    address = visit.post("/toolkit/suggest", given).location
    visit_as(editor).post(f"{address}/settle", {"do": "accept", "seen": "0", "word": ""})
    assert "Suggested by Nia Probert" in visit.get("/toolkit/clear-kerbs").text


def test_what_looks_like_a_machine_is_a_hint_to_editors_and_to_nobody_else(visit_as, nia, editor):
    a_page("First.")
    links = " ".join(f"https://shop{n}.example.com/" for n in range(9))
    address = (
        visit_as(nia).post("/toolkit/a-page/suggest", {**FORM, "source": links, "regarding": "x"}).location
    )
    assert "New links in it" in visit_as(editor).get(address).text
    assert "May be advertising" in visit_as(editor).get("/toolkit/suggestions").text
    assert "New links in it" not in visit_as(nia).get(address).text


def test_the_list_costs_the_same_however_much_waits(visit_as, nia, editor):
    page, visit = a_page("First."), visit_as(editor)
    suggested(page, "Number 0.", by=nia)
    visit.get("/toolkit/suggestions")
    with counted() as few:
        visit.get("/toolkit/suggestions")
    for n in range(1, 8):
        suggested(page, f"Number {n}.", by=nia)
    with counted() as many:
        visit.get("/toolkit/suggestions")
    assert len(many) == len(few)


def test_moderators_see_in_their_queue_that_something_waits(visit_as, nia):
    made = suggested(a_page("First."), "Second.", by=nia)
    moderator = factories.a_moderator(factories.an_organisation())
    visit = visit_as(moderator)
    assert "1 suggestion for the toolkit waits" in visit.get("/moderation").text
    assert not visit.get("/moderation").select("[data-suggestions] a")
    declined(made, by=factories.an_editor())
    assert not visit.get("/moderation").select("[data-suggestions]")


# ---- what is not saved yet


def test_what_is_begun_is_kept_found_again_and_gone_once_it_is_sent(visit_as, nia):
    a_page("First.")
    visit = visit_as(nia)
    typed = {**FORM, "source": "Half a", "why": ""}
    assert visit.post("/toolkit/a-page/suggest", {**typed, "do": "keep"}).location == "/account/suggestions"
    listed = visit.get("/account/suggestions")
    assert listed.select_one('#begun ~ ul a[href="/toolkit/a-page/suggest"]')
    form = visit.get("/toolkit/a-page/suggest")
    assert form.select_one("#source").text.strip() == "Half a"
    assert not form.select_one("[data-kept]").has_attr("hidden")
    quietly = {**typed, "source": "Half a word", "do": "autosave", "quietly": "1"}
    assert visit.client.post("/toolkit/a-page/suggest", data=quietly).status_code == 204
    assert db.session.query(Unsaved).one().fields["source"] == "Half a word"
    visit.post("/toolkit/a-page/suggest", FORM)
    assert db.session.query(Unsaved).count() == 0


def test_an_editor_s_edit_is_kept_the_same_way(visit_as, editor):
    a_page("First.")
    visit = visit_as(editor)
    given = {"title": "A page", "shelf": "consult", "summary": "", "source": "Half a", "based_on": "1"}
    visit.post("/toolkit/a-page/edit", {**given, "do": "keep"})
    visit.post("/toolkit/new", {**given, "title": "Kerbs", "do": "keep"})
    assert {link["href"] for link in visit.get("/account/suggestions").select("#begun ~ ul a")} == {
        "/toolkit/a-page/edit",
        "/toolkit/new?kind=practice",
    }
    assert visit.get("/toolkit/a-page/edit").select_one("#source").text.strip() == "Half a"
    assert visit.get("/toolkit/new").select_one("#title")["value"] == "Kerbs"
    dropped = visit.post("/toolkit/a-page/edit", {**given, "do": "forget"})
    assert dropped.location == "/toolkit/a-page/edit"
    typed = {"title": "Streets", "do": "forget"}
    assert visit.post("/toolkit/new?kind=platform", typed).location == "/toolkit/new?kind=platform"
    assert visit.get("/toolkit/a-page/edit").select_one("#source").text.strip() == "First."
    visit.post("/toolkit/new", {**given, "title": "Kerbs", "summary": "What for.", "do": "save"})
    assert db.session.query(Unsaved).count() == 0


def test_what_is_begun_is_nobody_else_s(visit_as, nia, editor):
    a_page("First.")
    visit_as(nia).post("/toolkit/a-page/suggest", {**FORM, "source": "Mine alone", "do": "keep"})
    key = db.session.query(Unsaved).one().key
    other = visit_as(editor)
    assert "Mine alone" not in other.get("/toolkit/a-page/suggest").text
    other.post(f"/account/suggestions/{key}/delete", status=404)
    visit_as(nia).post(f"/account/suggestions/{key}/delete")
    assert db.session.query(Unsaved).count() == 0


def test_too_much_to_keep_is_said_and_stays_in_the_form(visit_as, nia):
    a_page("First.")
    page = visit_as(nia).post("/toolkit/a-page/suggest", {**FORM, "source": "x" * 400_001, "do": "keep"}, 422)
    assert "too long to be kept" in page.page.select_one("[role=alert]").text
    assert len(page.page.select_one("#source").text.strip()) == 400_001


def test_a_page_that_is_there_is_not_suggested_anew_and_its_name_leads_to_it(nia, editor, visit_as):
    a_page(title="Gunning principles")
    new = {**FORM, "title": "Gunning  Principles", "shelf": "consult", "based_on": "0"}
    for do in ("send", "preview"):
        shown = visit_as(nia).post("/toolkit/suggest", {**new, "do": do}, 422 if do == "send" else 200).page
        assert shown.select_one('main a[href="/toolkit/gunning-principles"]').text == "Gunning principles"
        assert shown.select_one('main a[href="/toolkit/gunning-principles/suggest"]')
        assert bool(shown.select_one('[role=alert] a[href="#title"]')) == (do == "send")
        assert shown.select_one("#source").text.strip() == "Second."
    assert _made() is None
    visit_as(nia).post("/toolkit/suggest", {**new, "title": "New"})
    refused = visit_as(editor).post(
        f"/toolkit/suggestions/{_made().key}/settle", {"do": "accept", "seen": "0"}, 422
    )
    assert "“new” has a meaning of its own on this site" in refused.page.text
