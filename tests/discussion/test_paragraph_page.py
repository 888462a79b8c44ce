"""The page of one paragraph: what it shows to whom, and what it does with what is typed."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from consult import clock
from consult.discussion.models import Comment, State
from consult.extensions import db, transaction
from tests import factories
from tests.discussion import ground
from tests.discussion.ground import (
    a_draft,
    address,
    answer,
    paragraph,
    publish,
    reply,
    say,
    take_down,
    withdraw,
)


def _count() -> int:
    return db.session.scalar(select(func.count()).select_from(Comment))


def test_the_page_shows_the_words_the_talk_and_who_answers(app, visit):
    first = paragraph(a_draft())
    factories.an_official(first.document.consultation.unit, name="Ruth Okafor", title="Head of unit")
    said = say(first, "Plant **oaks**.", by=factories.a_person(name="Priya Nair"))
    page = visit.get(address(first))
    assert page.h1.text == "Paragraph 1"
    assert page.select_one("blockquote.quote-para").text.strip() == "First, we count the trees."
    article = page.find(id=f"comment-{said.key}")
    assert article["data-state"] == "published"
    assert article.select_one(".c-name").text == "Priya Nair"
    assert article.select_one(".c-body strong").text == "oaks"
    assert page.select_one(".thread")["data-count"] == "1"
    assert "Ruth Okafor" in page.select_one("#who").text


def test_a_page_for_nobody_in_particular_sets_no_cookie_and_may_be_kept(app, client):
    first = paragraph(a_draft())
    say(first)
    response = client.get(address(first))
    assert "Set-Cookie" not in response.headers
    assert "Cookie" not in response.headers.get("Vary", "")
    again = client.get(address(first), headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304
    say(first)
    assert client.get(address(first), headers={"If-None-Match": response.headers["ETag"]}).status_code == 200


def test_the_official_answer_is_marked_in_text_and_cannot_be_had_by_a_name(app, visit):
    first = paragraph(a_draft())
    asked = say(first, ask=True, by=factories.a_person(name="Official reply"))
    unit = first.document.consultation.unit
    response = answer(asked, by=factories.an_official(unit, name="Tom Ashworth", title="Policy lead"))
    page = visit.get(address(first))
    official = page.find(id=f"comment-{response.key}")
    assert official.has_attr("data-official")
    assert "Official reply" in official.select_one(".stamp").text
    assert unit.name in official.select_one(".stamp").text
    assert "Tom Ashworth" in official.text
    assert "Policy lead" in official.text
    assert "This explains the draft. No decision has been made." in official.text
    pretender = page.find(id=f"comment-{asked.key}")
    assert not pretender.has_attr("data-official")
    assert "official" not in pretender["class"]
    assert not pretender.find(class_="stamp", recursive=False)


def test_names_are_shown_as_letters_never_as_markup(app, visit):
    first = paragraph(a_draft())
    say(first, by=factories.a_person(name='"><script>alert(1)</script>'))
    page = visit.get(address(first))
    assert page.select_one(".c-name").text == '"><script>alert(1)</script>'
    assert page.select_one("article.comment")["aria-label"] == 'Comment by "><script>alert(1)</script>'


def test_a_body_cannot_dress_up_as_an_official_reply(app, visit):
    first = paragraph(a_draft())
    say(first, '<p class="stamp"><span class="tag tag-official">Official reply</span></p>')
    page = visit.get(address(first))
    assert not page.select(".c-body .stamp, .c-body .tag-official, .c-body [class]")


def test_a_reply_by_the_asker_says_so(app, visit):
    asked = say(paragraph(a_draft()), ask=True)
    thanks = reply(asked, by=asked.author)
    page = visit.get(address(asked.paragraph))
    assert "asked the question" in page.find(id=f"comment-{thanks.key}").text
    assert "has an account" in page.find(id=f"comment-{asked.key}").select_one(".c-about").text


def test_what_was_taken_down_leaves_a_marker_and_its_replies(app, visit):
    said = say(paragraph(a_draft()), "Mr Smith of 4 Elm Road is a fool.")
    below = reply(said, "That is not fair.")
    take_down(said, "private_person")
    page = visit.get(address(said.paragraph))
    marker = page.find(id=f"comment-{said.key}")
    assert marker["data-state"] == "taken-down"
    assert "names or shows a private person" in marker.select_one(".withheld").text
    assert "Elm Road" not in page.text
    assert marker.find(id=f"comment-{below.key}")
    assert page.select_one(".thread")["data-count"] == "1"


def test_what_never_was_public_leaves_no_trace(app, visit):
    first = paragraph(a_draft(policy=ground.BEFORE))
    down, gone = say(first, "A nasty thing."), say(first, "A thing regretted.")
    take_down(down)
    withdraw(gone)
    page = visit.get(address(first))
    assert not page.select("[data-state]")
    for said in (down, gone):
        visit.get(f"/comments/{said.key}", status=404)


def test_the_author_alone_sees_what_waits(app, visit, visit_as):
    said = say(paragraph(a_draft(policy=ground.BEFORE)), "Plant oaks.")
    here = address(said.paragraph)
    own = visit_as(said.author).get(here).find(id=f"comment-{said.key}")
    assert own["data-state"] == "waiting"
    assert "only you can see this" in own.text
    assert not visit.get(here).find(id=f"comment-{said.key}")
    assert not visit_as(factories.a_person()).get(here).find(id=f"comment-{said.key}")


def test_who_is_not_signed_in_can_begin_at_once_or_sign_in_and_come_back(app, visit):
    first = paragraph(a_draft())
    page = visit.get(address(first))
    assert [button.text for button in page.select("#reply form .cluster button")] == [
        "Continue",
        "Preview",
        "Keep for later",
    ]
    link = page.select_one('#reply a[href^="/sign-in"]')
    assert address(first).replace("/", "%2F") in link["href"] or address(first) in link["href"]


def test_the_form_of_a_page_that_is_alike_for_all_holds_no_token_and_sets_no_cookie(app, client):
    response = client.get(address(paragraph(a_draft())))
    assert "Set-Cookie" not in response.headers
    assert b"csrf_token" not in response.data
    assert b'name="once"' not in response.data


def test_what_somebody_writes_who_has_not_confirmed_is_kept_and_they_are_told(app, visit_as):
    visitor = visit_as(factories.a_person(is_confirmed=False))
    answer = visitor.post(address(paragraph(a_draft())), {"body": "Plant oaks."})
    page = visitor.get(answer.location)
    assert "Confirm your email first" in page.text
    assert "Plant oaks." in page.text
    assert _count() == 0


def test_after_closing_the_form_is_gone_and_the_talk_stays(app, visit_as):
    said = say(paragraph(a_draft()))
    later = clock.now() + timedelta(days=40)
    clock.replace(lambda: later)
    page = visit_as(factories.a_person()).get(address(said.paragraph))
    assert not page.main.select("form[method=post]")
    assert "Comments closed on" in page.select_one("#reply").text
    assert page.find(id=f"comment-{said.key}")


def test_a_draft_being_prepared_is_not_found(app, visit, visit_as):
    draft = a_draft(stage=factories.Stage.PREPARING)
    visit.get(address(paragraph(draft)), status=404)
    visit_as(factories.an_official(draft.consultation.unit)).get(address(paragraph(draft)))


def test_posting_leads_to_the_comment_in_its_place(app, sign_in):
    first, person = paragraph(a_draft()), factories.a_person()
    browser = sign_in(person)
    response = browser.post(address(first), data={"body": "Plant oaks.", "kind": "comment", "once": "k" * 20})
    said = db.session.scalars(select(Comment)).one()
    assert response.status_code == 303
    assert response.headers["Location"] == f"{address(first)}#comment-{said.key}"
    page = browser.get(response.headers["Location"]).get_data(as_text=True)
    assert "Your comment is published." in page
    assert "data-draft-sent" in page


def test_the_same_form_twice_leads_to_the_same_place(app, visit_as):
    first = paragraph(a_draft())
    visitor = visit_as(factories.a_person())
    form = {"body": "Plant oaks.", "kind": "question", "once": "k" * 20}
    assert visitor.post(address(first), form).location == visitor.post(address(first), form).location
    assert _count() == 1


def test_a_form_with_a_key_of_another_kind_still_posts(app, visit_as):
    first = paragraph(a_draft())
    visit_as(factories.a_person()).post(address(first), {"body": "Plant oaks.", "once": "\x00" * 500})
    assert _count() == 1


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "Write your comment"),
        ("  \r\n\t", "Write your comment"),
        ("x" * 5_001, "5,000 characters or fewer"),
        ("x" * 1_000_000, "5,000 characters or fewer"),
        ("a\x07b", "cannot be shown"),
        ("a\x00b", "cannot be shown"),
        ("[" * 5_000, "square brackets"),
    ],
    ids=["empty", "blank", "5,001", "a megabyte", "a bell", "NUL", "brackets"],
)
def test_bad_words_come_back_with_a_message_at_the_field(app, visit_as, body, message):
    first = paragraph(a_draft())
    page = visit_as(factories.a_person()).post(address(first), {"body": body, "kind": "question"}, 422).page
    assert message in page.select_one('[role="alert"]').text
    assert page.select_one('[role="alert"] a')["href"] == "#body"
    area = page.select_one("textarea#body")
    assert area["aria-invalid"] == "true"
    if "\x00" not in body and body.strip():
        assert area.text.lstrip("\n") == body
    assert page.select_one('input[value="question"]').has_attr("checked")
    assert _count() == 0


def test_turned_letters_stay_inside_their_own_box(app, visit_as):
    first = paragraph(a_draft())
    visitor = visit_as(factories.a_person())
    visitor.post(address(first), {"body": "abc \u202eevil\u2066 text", "kind": "comment"})
    assert visitor.get(address(first)).select_one(".c-body")["dir"] == "auto"


@pytest.mark.parametrize("kind", ["verdict", "QUESTION", "\x00"])
def test_a_kind_that_is_none_is_refused(app, visit_as, kind):
    first = paragraph(a_draft())
    visit_as(factories.a_person()).post(address(first), {"body": "Plant oaks.", "kind": kind}, 422)
    assert _count() == 0


def test_a_preview_stores_nothing_and_says_who_will_read_it(app, visit_as):
    first = paragraph(a_draft())
    form = {"body": "Plant **oaks**.", "kind": "question", "do": "preview"}
    page = visit_as(factories.a_person()).post(address(first), form, 200).page
    assert page.select_one("#preview .c-body strong").text == "oaks"
    assert "Anyone can read this" in page.select_one("#preview").text
    assert "The unit reads every comment." in page.select_one("#preview").text
    assert "Only the team" not in page.select_one("#preview").text
    assert page.select_one("textarea#body").text.strip() == "Plant **oaks**."
    assert _count() == 0


def test_after_closing_what_was_typed_comes_back(app, visit_as):
    first = paragraph(a_draft())
    person = factories.a_person()
    later = clock.now() + timedelta(days=40)
    clock.replace(lambda: later)
    page = visit_as(person).post(address(first), {"body": "Too late, alas."}, 409).page
    assert "Comments on this draft are closed" in page.select_one('[role="alert"]').text
    assert "Too late, alas." in page.select_one("textarea#body").text
    assert _count() == 0


def test_a_reply_to_what_was_withdrawn_meanwhile_comes_back(app, visit_as):
    gone = say(paragraph(a_draft()))
    withdraw(gone)
    form = {"body": "I agree.", "parent": gone.key}
    page = visit_as(factories.a_person()).post(address(gone.paragraph), form, 409).page
    assert "withdrawn or taken down meanwhile" in page.select_one('[role="alert"]').text
    assert "I agree." in page.select_one("textarea#body").text
    assert not page.select('input[name="parent"]')


@pytest.mark.parametrize("parent", ["nothing2345", "../../etc", "\x00", "x" * 100_000])
def test_a_parent_that_is_none_is_refused(app, visit_as, parent):
    first = paragraph(a_draft())
    page = visit_as(factories.a_person()).post(address(first), {"body": "Hm.", "parent": parent}, 422).page
    assert "does not exist" in page.select_one('[role="alert"]').text
    assert _count() == 0


def test_a_parent_on_another_paragraph_is_refused(app, visit_as):
    draft = a_draft()
    elsewhere = say(paragraph(draft, "2"))
    form = {"body": "I agree.", "parent": elsewhere.key}
    page = visit_as(factories.a_person()).post(address(paragraph(draft, "1")), form, 422).page
    assert "another paragraph" in page.select_one('[role="alert"]').text


def test_the_reply_form_stands_under_what_it_answers_without_a_script(app, visit_as):
    said, other = say(paragraph(a_draft())), None
    other = say(said.paragraph)
    visitor = visit_as(factories.a_person())
    page = visitor.get(address(said.paragraph))
    link = page.find(id=f"comment-{said.key}").find("a", string="Reply")["href"]
    page = visitor.get(link.partition("#")[0])
    form = page.find(id=f"comment-{said.key}").find("form")
    assert form.find("input", attrs={"name": "parent"})["value"] == said.key
    assert not page.find(id=f"comment-{other.key}").find("form")
    assert len(page.select("textarea[name=body]")) == 1
    answer = visitor.post(form["action"], {"body": "I agree.", "parent": said.key})
    made = db.session.scalars(select(Comment).order_by(Comment.id.desc())).first()
    assert made.parent_id == said.id
    assert answer.location.endswith(f"#comment-{made.key}")


def test_a_reply_to_an_official_reply_hangs_on_the_question(app, visit_as):
    asked = say(paragraph(a_draft()), ask=True)
    response = answer(asked)
    visit_as(asked.author).post(address(asked.paragraph), {"body": "Thank you.", "parent": response.key})
    made = db.session.scalars(select(Comment).order_by(Comment.id.desc())).first()
    assert (made.parent_id, made.reply_to_response_id) == (asked.id, response.id)


def test_nobody_posts_before_it_is_known_whom_it_is_from(app, client):
    first = paragraph(a_draft())
    response = client.post(address(first), data={"body": "Plant oaks."})
    assert response.status_code == 303
    assert response.headers["Location"].startswith("/unsent/send?c=")
    assert _count() == 0


def test_the_filters_show_what_they_say(app, visit):
    first = paragraph(a_draft())
    plain, asked, done = say(first), say(first, ask=True), say(first, ask=True)
    answer(done)

    def shown(show: str) -> set[str]:
        page = visit.get(f"{address(first)}?show={show}")
        return {tag["id"].removeprefix("comment-") for tag in page.select(".thread > article")}

    assert shown("all") == {plain.key, asked.key, done.key}
    assert shown("questions") == {asked.key, done.key}
    assert shown("waiting") == {asked.key}
    assert shown("official") == {done.key}
    assert shown("<script>") == {plain.key, asked.key, done.key}


def test_pages_follow_one_another_and_lose_nobody(app, visit):
    first, person = paragraph(a_draft()), factories.a_person()
    keys = [say(first, f"Tree {n}.", by=person).key for n in range(45)]
    seen, here = [], address(first)
    while here:
        page = visit.get(here)
        seen += [tag["id"].removeprefix("comment-") for tag in page.select(".thread > article")]
        following = page.select_one('nav[aria-label="Pages of comments"] a.btn')
        here = following["href"] if following else None
    assert seen == keys


def test_a_comment_far_down_is_found_by_its_own_address(app, visit, client):
    first, person = paragraph(a_draft()), factories.a_person()
    keys = [say(first, f"Tree {n}.", by=person).key for n in range(45)]
    for key in (keys[0], keys[19], keys[20], keys[44]):
        response = client.get(f"/comments/{key}")
        assert response.status_code == 302
        assert "Set-Cookie" not in response.headers
        place, _, anchor = response.headers["Location"].partition("#")
        assert visit.get(place).find(id=anchor), place


def test_a_long_thread_folds_and_has_pages_of_its_own(app, visit, client):
    top, person = say(paragraph(a_draft())), factories.a_person()
    keys = [reply(top, f"Reply {n}.", by=person).key for n in range(60)]
    page = visit.get(address(top.paragraph))
    assert len(page.select(".replies article")) == 5
    fold = page.find("a", string="Show 55 more replies")["href"].partition("#")[0]
    page = visit.get(fold)
    assert len(page.select(".replies article")) == 50
    page = visit.get(page.select_one('nav[aria-label="Pages of comments"] a.btn')["href"])
    assert [tag["id"].removeprefix("comment-") for tag in page.select(".replies article")] == keys[50:]
    place, _, anchor = client.get(f"/comments/{keys[58]}").headers["Location"].partition("#")
    assert visit.get(place).find(id=anchor)


def test_a_chain_of_replies_lies_flat_on_the_third_level(app, visit):
    said = say(paragraph(a_draft()))
    chain = [said]
    for _ in range(5):
        chain.append(reply(chain[-1], by=chain[0].author))
    page = visit.get(address(said.paragraph))
    depths = [len(page.find(id=f"comment-{c.key}").find_parents(class_="replies")) for c in chain]
    assert depths == [0, 1, 2, 2, 2, 2]
    assert "In reply to" in page.find(id=f"comment-{chain[3].key}").select_one(".c-to").text


def test_a_response_to_several_is_shown_once_a_page(app, visit):
    first = paragraph(a_draft())
    one, two = say(first, ask=True), say(first, ask=True)
    response = answer(one, two)
    page = visit.get(address(first))
    assert len(page.select("article[data-official]")) == 1
    assert page.find(id=f"comment-{one.key}").find(id=f"comment-{response.key}")
    assert page.find(id=f"comment-{two.key}").select_one(f'a[href="#comment-{response.key}"]')


def test_the_fragment_is_the_panel_alone_and_the_same_for_all(app, client):
    said = say(paragraph(a_draft()))
    response = client.get(address(said.paragraph) + "?fragment=1")
    words = response.get_data(as_text=True)
    assert words.lstrip().startswith("<aside")
    assert "<html" not in words
    assert f"comment-{said.key}" in words
    assert "Set-Cookie" not in response.headers
    assert response.headers["ETag"] != client.get(address(said.paragraph)).headers["ETag"]


def test_the_panel_stands_in_the_document(app, visit_as):
    said = say(paragraph(a_draft()))
    document = said.document
    page = visit_as(factories.a_person()).get(
        f"/consultations/{document.consultation.slug}/{document.slug}?p={said.paragraph.key}"
    )
    panel = page.select_one("aside.thread-panel")
    assert panel.find(id=f"comment-{said.key}")
    assert panel.select_one("form")["action"] == address(said.paragraph)


def test_the_life_of_a_paragraph_shows_what_changed(app, visit):
    draft = a_draft()
    first = paragraph(draft)
    text = "# A plan\n\n[1] First, we count all the old trees.\n\nSecond, we plant more of them.\n\nThird, we water them.\n"
    publish(draft, text, note="Only old ones.")
    page = visit.get(address(first))
    life = page.select_one("#life")
    assert "Only old ones." in life.text
    assert life.find("ins")


def test_a_removed_paragraph_keeps_its_last_words_and_its_talk(app, visit_as):
    draft = a_draft()
    said = say(paragraph(draft, "3"))
    publish(draft, ground.TEXT.replace("Third, we water them.\n", ""), note="Shorter.")
    page = visit_as(factories.a_person()).get(address(said.paragraph))
    assert "Third, we water them." in page.select_one("blockquote.quote-para").text
    assert "Removed in version 2" in page.text
    assert page.find(id=f"comment-{said.key}")


def test_the_whole_draft_has_a_thread_too(app, visit_as):
    whole = paragraph(a_draft(), "all")
    visitor = visit_as(factories.a_person())
    page = visitor.get(address(whole))
    assert page.h1.text == "The whole draft"
    visitor.post(address(whole), {"body": "Nothing is said about hedges."})
    assert whole.comment_count == 1


def test_a_paragraph_that_is_none_is_not_found(app, visit):
    first = paragraph(a_draft())
    base = address(first).rpartition("/")[0]
    for key in ("nothere", "%00", "x" * 500):
        visit.get(f"{base}/{key}", status=404)


def test_a_question_says_how_long_it_has_waited(app, visit):
    asked = say(paragraph(a_draft()), ask=True)
    assert "waiting since today" in visit.get(address(asked.paragraph)).text
    ground.backdate(asked, clock.now() - timedelta(days=28))
    with transaction():
        asked.document.stamp += 1
    page = visit.get(address(asked.paragraph))
    assert "past our aim" in page.find(id=f"comment-{asked.key}").select_one(".tag-wait").text


def test_a_state_that_is_not_public_shows_in_no_fragment_of_the_page(app, visit):
    """Every state but published hides the words, however the comment came to it."""
    for state in (State.TAKEN_DOWN, State.WAITING, State.RETURNED, State.ERASED):
        said = say(paragraph(a_draft()), "Words to be hidden.")
        ground.move(said, state, reason="abuse")
        assert "Words to be hidden." not in visit.get(address(said.paragraph)).text
