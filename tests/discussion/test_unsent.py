"""What people have begun to write is kept, can be looked at as one list, taken away and brought back, and sent together."""

import re

import pytest
from sqlalchemy import select

from consult import clock
from consult.consultations.models import Policy
from consult.discussion.models import BodyKind, Comment, Kind, State, UnsentComment
from consult.discussion.unsent import keeping, kept
from consult.discussion.unsent.kept import Owner
from consult.errors import Invalid
from consult.extensions import db, transaction
from consult.permissions import Anyone
from tests import counting, factories
from tests.discussion.ground import a_draft, address, move, paragraph, say
from tests.pages import Visitor


def keep(visitor, where, body="Plant oaks.", **form):
    return visitor.post(address(where), {"body": body, "do": "keep", **form})


def kept_rows():
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(select(UnsentComment).order_by(UnsentComment.id)))


def test_an_empty_list_says_what_it_is_for(app, visit):
    factories.a_site()
    page = visit.get("/unsent")
    assert "Nothing waits to be sent." in page.text
    assert "Set-Cookie" not in visit.client.get("/unsent").headers


def test_what_was_begun_is_found_again_at_its_place_after_the_browser_was_closed(app, visit):
    first = paragraph(a_draft())
    keep(visit, first, kind="question")
    cookie = visit.client.get_cookie("consult")
    assert cookie.expires is not None  # it outlives the window
    page = visit.get(address(first))
    assert page.select_one("textarea#body").text.strip() == "Plant oaks."
    assert page.select_one("input[name=kind][value=question][checked]")
    assert not page.select_one("p.kept").has_attr("hidden")
    page = visit.get(f"/consultations/{first.document.consultation.slug}/{first.document.slug}?p={first.key}")
    assert page.select_one(".thread-panel textarea").text.strip() == "Plant oaks."


def test_kept_again_at_the_same_place_it_is_one(app, visit):
    first = paragraph(a_draft())
    keep(visit, first, "Plant")
    keep(visit, first, "Plant oaks.")
    assert [row.body for row in kept_rows()] == ["Plant oaks."]


def test_the_page_keeps_by_itself_what_is_typed_and_lets_it_go(app, client):
    here = address(paragraph(a_draft()))
    response = client.post(here, data={"body": "Pla", "do": "autosave"})
    assert (response.status_code, response.data) == (204, b"")
    client.post(here, data={"body": "x" * 6_000, "do": "autosave"})  # too long to be sent, and not lost
    assert [len(row.body) for row in kept_rows()] == [6_000]
    client.post(here, data={"do": "forget"})
    assert kept_rows() == []
    assert client.post(here, data={"body": "x" * 60_001, "do": "autosave"}).status_code == 409
    assert client.post(here, data={"body": "x", "kind": "nonsense", "do": "autosave"}).status_code == 204


def test_a_button_without_a_script_deletes_what_is_kept(app, visit):
    first = paragraph(a_draft())
    keep(visit, first)
    assert visit.post(address(first), {"do": "forget", "body": "Plant oaks."}).location == address(first)
    assert kept_rows() == []
    page = visit.get(address(first))
    assert "Deleted. Nobody has read it." in page.text
    assert page.select_one("textarea#body").text.strip() == ""


def test_it_belongs_to_the_account_where_somebody_is_signed_in(app, visit_as):
    person, first = factories.a_person(), paragraph(a_draft())
    keep(visit_as(person), first)
    elsewhere = visit_as(person)
    assert elsewhere.get("/account").select_one('#unsent ~ p a[href="/unsent"]')
    assert "Plant oaks." in elsewhere.get("/unsent").text
    assert "In your account" in elsewhere.get("/unsent").text
    assert "Plant oaks." not in visit_as(factories.a_person()).get("/unsent").text


def test_signing_in_takes_over_what_the_browser_keeps(app, visit):
    from tests.accounts.ground import PASSWORD, somebody

    person, first = somebody(), paragraph(a_draft())
    keep(visit, first)
    visit.post("/sign-in", {"email": person.email, "password": PASSWORD})
    assert [(row.person_id, row.holder) for row in kept_rows()] == [(person.id, "")]
    assert "Plant oaks." in visit.get("/unsent").text
    visit.post("/sign-out")
    assert "Plant oaks." not in visit.get("/unsent").text


def test_who_signs_in_where_something_was_kept_is_signed_out_with_the_window_all_the_same(app, visit):
    from tests.accounts.ground import PASSWORD, somebody

    person, first = somebody(), paragraph(a_draft())
    keep(visit, first)
    visit.post("/sign-in", {"email": person.email, "password": PASSWORD})
    assert visit.client.get_cookie("consult").expires is None
    visit.post("/sign-out")
    keep(visit, first, "Written after leaving.")
    assert visit.client.get_cookie("consult").expires is not None


def test_the_list_follows_the_draft_from_top_to_bottom(app, visit):
    document = a_draft()
    for number in ("3", "1", "2"):
        keep(visit, paragraph(document, number), f"On {number}.")
    page = visit.get("/unsent")
    assert re.findall(r"On \d\.", page.select_one(".draftlist").text) == ["On 1.", "On 2.", "On 3."]
    assert len(page.select(".draftlist input[type=checkbox][checked]")) == 3


def test_an_unfinished_comment_is_changed_in_words_and_wishes(app, visit):
    keep(visit, paragraph(a_draft()))
    key = kept_rows()[0].key
    form = {
        "body": "Plant beeches.",
        "kind": "question",
        "to": "team",
        "confidential": "Trade secret.",
        "organisation": "Oak Society",
        "organisation_kind": "charity",
    }
    assert visit.post(f"/unsent/{key}", form).location == "/unsent"
    row = kept_rows()[0]
    assert (row.body, row.kind, keeping.wishes_of(row)) == (
        "Plant beeches.",
        Kind.QUESTION,
        keeping.Wishes(True, "Trade secret.", "Oak Society", BodyKind.CHARITY),
    )
    page = visit.get(f"/unsent/{key}")
    assert page.select_one("input[name=to][value=team][checked]")
    assert page.find(id="organisation")["value"] == "Oak Society"
    assert "Only the team can read it" in visit.get("/unsent").text


def test_a_comment_too_long_to_be_sent_says_so_with_its_place_and_loses_nothing(app, visit):
    first = paragraph(a_draft())
    visit.client.post(address(first), data={"body": "oak " * 1_300, "do": "autosave"})
    key = kept_rows()[0].key
    page = visit.post(
        "/unsent/send", {"c": key, "to": "public", "name": "Nia", "email": "nia@mail.example"}, 422
    ).page
    assert "5000 characters or fewer" in page.select_one("[role=alert]").text
    assert len(kept_rows()[0].body) > 5_000


def test_the_list_goes_out_as_text_and_comes_back_with_other_words(app, visit):
    document = a_draft()
    for number in ("1", "2"):
        keep(visit, paragraph(document, number), f"On {number}.")
    response = visit.client.get("/unsent.txt")
    assert response.content_type == "text/plain; charset=utf-8"
    text = response.get_data(as_text=True)
    assert "| First, we count the trees." in text
    cleared = "Cleared by the board.\r\n" + text.replace("On 2.", "On the second,\nas agreed.").replace(
        "\n", "\r\n"
    )
    assert visit.post("/unsent/paste", {"pasted": cleared}).location == "/unsent"
    assert [row.body for row in kept_rows()] == ["On 1.", "On the second,\nas agreed."]
    assert "1 comment has new words." in visit.get("/unsent").text


@pytest.mark.parametrize(
    ("pasted", "message"),
    [
        ("", "Paste the text of the file"),
        ("Only words.", "no line with a mark"),
        ("=== [zzzzzzzzzz] Paragraph 1 ===\nMine.", "no comment kept here with the mark zzzzzzzzzz"),
        ("=== [abc234] a ===\nx\n=== [abc234] b ===\ny", "stands there twice"),
    ],
)
def test_what_cannot_be_pasted_back_is_said_and_nothing_changes(app, visit, pasted, message):
    keep(visit, paragraph(a_draft()))
    page = visit.post("/unsent/paste", {"pasted": pasted}, 422).page
    assert message in page.select_one("[role=alert]").text
    assert page.select_one("textarea[name=pasted]").text.strip() == pasted
    assert [row.body for row in kept_rows()] == ["Plant oaks."]


def test_nobody_pastes_words_into_the_list_of_another(app, visit):
    keep(visit, paragraph(a_draft()))
    key = kept_rows()[0].key
    other = Visitor(app.test_client())
    other.post("/unsent/paste", {"pasted": f"=== [{key}] a ===\nNot mine."}, 422)
    assert [row.body for row in kept_rows()] == ["Plant oaks."]


def test_an_account_sends_all_at_once_and_each_goes_to_its_place(app, visit_as):
    person, document = factories.a_person(), a_draft(policy=Policy.BEFORE)
    visitor = visit_as(person)
    for number in ("1", "2"):
        keep(visitor, paragraph(document, number), f"On {number}.")
    keys = [row.key for row in kept_rows()]
    page = visitor.get(f"/unsent/send?c={keys[0]}&c={keys[1]}")
    assert page.h1.text == "Read it through"
    assert visitor.post("/unsent/send", {"c": keys}).location == "/account"
    said = db.session.scalars(select(Comment).order_by(Comment.id)).all()
    assert [(c.body, c.state, c.author_id) for c in said] == [
        ("On 1.", State.WAITING, person.id),
        ("On 2.", State.WAITING, person.id),
    ]
    assert kept_rows() == []


def test_posting_at_the_place_lets_go_of_what_was_kept_there(app, visit_as):
    visitor, first = visit_as(factories.a_person()), paragraph(a_draft())
    keep(visitor, first)
    visitor.post(address(first), {"body": "Plant oaks, many.", "to": "public"})
    assert kept_rows() == []


def test_an_account_sends_only_to_the_team_from_the_place(app, visit_as):
    visitor, first = visit_as(factories.a_person()), paragraph(a_draft())
    form = {"body": "My own address is here.", "to": "team", "confidential": "Private."}
    assert visitor.post(address(first), form).location == "/account"
    said = db.session.scalars(select(Comment)).one()
    assert (said.state, said.confidential_reason) == (State.RECEIVED, "Private.")
    assert "My own address" not in visitor.get(address(first)).text


def test_nobody_keeps_more_than_a_hundred(app):
    first = paragraph(a_draft())
    owner = Owner(holder="h" * 64)
    with transaction():
        for number in range(kept.MOST):
            db.session.add(
                UnsentComment(
                    key=f"k{number}",
                    holder=owner.holder,
                    document_id=first.document_id,
                    paragraph_id=first.id,
                    parent_key=f"p{number}",
                    body="x",
                    created_at=clock.now(),
                    updated_at=clock.now(),
                )
            )
    with pytest.raises(Invalid), transaction():
        keeping.keep(actor=Anyone(), owner=owner, paragraph=first, body="One more.")


def test_what_is_begun_on_a_text_that_is_not_public_yet_is_not_found(app, client):
    later = clock.now().replace(year=2099)
    document = a_draft(opens_at=later, closes_at=later.replace(year=2100))
    response = client.post(address(paragraph(document)), data={"body": "Plant oaks.", "do": "keep"})
    assert response.status_code in (403, 404)
    assert kept_rows() == []


def test_a_reply_is_kept_as_a_reply(app, visit):
    said = say(paragraph(a_draft()))
    keep(visit, said.paragraph, "I agree.", parent=said.key)
    keep(visit, said.paragraph, "Of my own.")
    assert [(row.body, row.parent_key) for row in kept_rows()] == [("I agree.", said.key), ("Of my own.", "")]
    page = visit.get(f"{address(said.paragraph)}?reply={said.key}")
    assert page.select_one("textarea#body").text.strip() == "I agree."
    assert "A reply at Paragraph 1" in visit.get("/unsent").text


def test_the_list_costs_the_same_number_of_questions_however_long_it_is(app, visit):
    document = a_draft("# A plan\n\n" + "\n\n".join(f"Tree {n}." for n in range(30)))
    keep(visit, paragraph(document, "1"))
    with counting.queries() as few:
        visit.get("/unsent")
    for number in range(2, 25):
        keep(visit, paragraph(document, str(number)))
    with counting.queries() as many:
        visit.get("/unsent")
    assert len(many) == len(few)


def test_words_for_the_team_alone_stay_with_the_team_when_they_are_posted_beside_the_draft(app, visit_as):
    visitor, first = visit_as(factories.a_person()), paragraph(a_draft())
    keep(visitor, first, to="team", confidential="It names my child.")
    draft = f"/consultations/{first.document.consultation.slug}/{first.document.slug}"
    foot = visitor.get(f"{draft}?p={first.key}").select_one(".thread-panel form")
    assert "Only the team will read it." in foot.text
    page = visitor.post(address(first), {"body": "Plant oaks.", "do": "preview"}, 200).page
    assert page.select_one("input[name=to][value=team][checked]")
    assert page.find(id="confidential").text.strip() == "It names my child."
    visitor.post(address(first), {"body": "Plant oaks.", "do": "post"})
    said = db.session.scalars(select(Comment)).one()
    assert (said.state, said.confidential_reason) == (State.RECEIVED, "It names my child.")


def test_of_two_that_go_together_the_one_for_the_team_stays_so_when_the_other_has_gone_meanwhile(
    app, visit_as
):
    visitor, document = visit_as(factories.a_person()), a_draft()
    keep(visitor, paragraph(document, "1"), to="team")
    keep(visitor, paragraph(document, "2"))
    keys = [row.key for row in kept_rows()]
    visitor.post(f"/unsent/{keys[1]}/delete")
    visitor.post("/unsent/send", {"c": keys})
    assert db.session.scalars(select(Comment)).one().state is State.RECEIVED


def test_what_several_are_for_is_said_of_all_of_them_and_not_of_the_first(app, visit):
    document = a_draft()
    keep(visit, paragraph(document, "1"))
    keep(visit, paragraph(document, "2"))
    first, second = (row.key for row in kept_rows())
    visit.post(f"/unsent/{first}", {"body": "Plant oaks.", "kind": "comment", "to": "team"})
    lede = visit.get(f"/unsent/send?c={first}&c={second}").select_one(".lede").text
    assert lede == "Your comments appear once we know the email is yours."
    visit.post(f"/unsent/{second}", {"body": "Plant oaks.", "kind": "comment", "to": "team"})
    lede = visit.get(f"/unsent/send?c={first}&c={second}").select_one(".lede").text
    assert lede == "Your comments go to the team once we know the email is yours."


@pytest.mark.parametrize(
    "wishes",
    [
        {"organisation": "Oak Society", "organisation_kind": ""},  # not chosen yet
        {"organisation": "Oak\u202eSociety", "organisation_kind": "charity"},
        {"organisation": "x" * 121, "organisation_kind": "charity"},
        {"to": "team", "confidential": "x" * 501},
    ],
)
def test_the_page_keeps_words_by_itself_and_no_wishes_that_a_form_would_refuse(app, client, wishes):
    here = address(paragraph(a_draft()))
    form = {"body": "Plant oaks.", "to": "public", **wishes, "do": "autosave"}
    assert client.post(here, data=form).status_code == 204
    row = kept_rows()[0]
    assert (row.body, keeping.wishes_of(row)) == ("Plant oaks.", keeping.PLAIN)


def test_what_no_page_can_show_is_not_kept(app, client):
    here = address(paragraph(a_draft()))
    assert client.post(here, data={"body": "Plant\x00oaks.", "do": "autosave"}).status_code == 409
    assert kept_rows() == []


def test_words_too_long_to_be_kept_come_in_by_no_other_door(app, visit):
    keep(visit, paragraph(a_draft()))
    key, long = kept_rows()[0].key, "x" * 60_001
    page = visit.post(f"/unsent/{key}", {"body": long, "kind": "comment", "to": "public"}, 422).page
    assert page.select_one('[role=alert] a[href="#body"]')
    page = visit.post("/unsent/paste", {"pasted": f"=== [{key}] a ===\n{long}"}, 422).page
    assert page.select_one('[role=alert] a[href="#pasted"]')
    assert [row.body for row in kept_rows()] == ["Plant oaks."]


def test_somebody_known_who_sends_twice_is_led_to_what_they_sent(app, visit_as):
    visitor = visit_as(factories.a_person())
    keep(visitor, paragraph(a_draft()))
    key = kept_rows()[0].key
    visitor.post("/unsent/send", {"c": key, "to": "public"})
    assert visitor.post("/unsent/send", {"c": key, "to": "public"}).location == "/account"
    assert "It was sent or deleted already." in visitor.get("/account").text
    assert db.session.query(Comment).count() == 1


def test_a_draft_that_could_not_be_sent_is_not_forgotten_by_the_browser(app, visit_as):
    visitor, document = visit_as(factories.a_person()), a_draft()
    said = say(paragraph(document))
    keep(visitor, said.paragraph, "I agree.", parent=said.key)
    keep(visitor, paragraph(document, "2"))
    move(said, State.TAKEN_DOWN, reason="abuse")
    page = visitor.get(visitor.post("/unsent/send", {"c": [row.key for row in kept_rows()]}).location)
    second = paragraph(document, "2")
    dropped = [mark["data-draft-sent"] for mark in page.select("[data-draft-sent]")]
    assert dropped == [f"{document.consultation.slug}/{document.slug}/{second.key}"]
    assert [row.body for row in kept_rows()] == ["I agree."]


def test_what_is_deleted_from_the_list_goes_from_the_browser_too(app, visit):
    first = paragraph(a_draft())
    keep(visit, first)
    page = visit.get(visit.post(f"/unsent/{kept_rows()[0].key}/delete").location)
    where = f"{first.document.consultation.slug}/{first.document.slug}/{first.key}"
    assert [mark["data-draft-sent"] for mark in page.select("[data-draft-sent]")] == [where]
    assert not visit.get("/unsent").select("[data-draft-sent]")


def test_the_list_leads_to_a_reply_where_it_is_written(app, visit):
    said = say(paragraph(a_draft()))
    keep(visit, said.paragraph, "I agree.", parent=said.key)
    link = visit.get("/unsent").select_one(".draftlist .meta a")["href"]
    assert visit.get(link).select_one("textarea#body").text.strip() == "I agree."


def test_a_reply_whose_comment_has_gone_becomes_a_comment_of_its_own(app, visit_as):
    visitor, said = visit_as(factories.a_person()), say(paragraph(a_draft()))
    keep(visitor, said.paragraph, "I agree.", parent=said.key)
    move(said, State.TAKEN_DOWN, reason="abuse")
    key = kept_rows()[0].key
    visitor.post("/unsent/send", {"c": key, "to": "public"})
    assert visitor.get(f"/unsent/{key}").find(id="alone")
    visitor.post(f"/unsent/{key}", {"body": "I agree.", "kind": "comment", "to": "public", "alone": "y"})
    visitor.post("/unsent/send", {"c": key, "to": "public"})
    made = db.session.scalars(select(Comment).where(Comment.body == "I agree.")).one()
    assert (made.parent_id, made.state) == (None, State.PUBLISHED)


def test_what_is_no_reply_cannot_be_made_none(app, visit):
    keep(visit, paragraph(a_draft()))
    assert not visit.get(f"/unsent/{kept_rows()[0].key}").find(id="alone")


@pytest.mark.parametrize("step", ["keep", "continue"])
def test_what_is_kept_here_the_browser_itself_keeps_no_longer(app, visit, step):
    first = paragraph(a_draft())
    page = visit.get(visit.post(address(first), {"body": "Plant oaks.", "do": step}).location)
    where = f"{first.document.consultation.slug}/{first.document.slug}/{first.key}"
    assert [mark["data-draft-sent"] for mark in page.select("[data-draft-sent]")] == [where]


def test_what_was_typed_is_marked_when_a_form_comes_back_so_that_nothing_older_takes_its_place(app, visit):
    here = address(paragraph(a_draft()))
    assert not visit.get(here).find(id="body").has_attr("data-typed")
    assert visit.post(here, {"body": "x" * 5_001}, 422).page.find(id="body").has_attr("data-typed")
    assert (
        visit.post(here, {"body": "Oaks.", "do": "preview"}, 200).page.find(id="body").has_attr("data-typed")
    )
