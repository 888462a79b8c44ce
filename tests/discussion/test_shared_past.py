"""What was said before paragraphs were joined, split, moved or removed: where it is shown, counted and answered."""

import re
from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import select

from consult import clock
from consult.discussion import talk
from consult.discussion.desk import queries as desk
from consult.discussion.models import Comment, UnsentComment
from consult.discussion.then import then_and_now
from consult.documents import correcting, paragraph_queries, renumbering
from consult.documents.models import Block
from consult.extensions import db, transaction
from consult.web.conditional import forget
from tests import factories
from tests.counting import queries as counted
from tests.discussion.ground import answer, reply, say, take_down
from tests.discussion.past import SECOND, Past
from tests.documents import ground

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def past():
    return Past()


def _bodies(page):
    return [body.text.strip() for body in page.select(".thread .c-body")]


def _post(sign_in, place, words="Here too.", **values):
    browser = sign_in(factories.a_person())
    return browser.post(place, data={"body": words, **values})


# Joined


def test_count_and_thread_have_what_was_joined_in_one_order_by_time(past, visit):
    past.says("1", "On 1, later.")
    page = visit.get(past.thread("1"))
    assert page.select_one(".thread")["data-count"] == "3"
    assert _bodies(page) == ["On 1, first.", "On 2, first.", "On 1, later."]
    marks = [tag.text.strip() for tag in page.select(".thread .tag-change")]
    assert "On paragraph 2, joined in version 2" in marks
    count = visit.get(past.address()).select_one(f"#p-{past.at('1').key} a.count")
    assert " ".join(count.text.split()) == "3 comments on paragraph 1"


def test_what_was_joined_is_not_listed_as_removed_and_leaves_a_line(past, visit):
    page = visit.get(past.address())
    line = page.find(id=f"p-{past.at('2').key}")
    assert line.text == "Paragraph 2 was joined with 1 in version 2."
    assert [link["href"] for link in line.select("a")] == [past.thread("2"), f"#p-{past.at('1').key}"]
    assert not line.select(".count")
    listed = visit.get(past.address("/removed")).select("[data-paragraph]")
    assert [tag["data-number"] for tag in listed] == ["5"]


def test_its_own_page_keeps_its_words_and_leads_to_the_other(past, visit, sign_in):
    page = visit.get(past.thread("2"))
    assert "Joined with paragraph 1 in version 2" in page.text
    assert "We count the hedges" in page.select_one("blockquote").text
    assert _bodies(page) == ["On 2, first."]
    signed_in = sign_in(factories.a_person()).get(past.thread("2")).text
    assert 'name="body"' not in signed_in
    assert f"{past.thread('1')}#reply" in signed_in


def test_permanent_links_lead_to_where_a_comment_is_shown(past, client):
    said = past.said["On 2, first."]
    found = client.get(f"/comments/{said.key}")
    assert found.location.endswith(f"{past.thread('1')}#comment-{said.key}")
    answered = answer(past.says("2", "Why?", ask=True))
    assert client.get(f"/comments/{answered.key}").location.endswith(
        f"{past.thread('1')}#comment-{answered.key}"
    )
    assert client.get(past.thread("2")).status_code == 200


def test_a_link_finds_its_page_among_many_of_both(past, client):
    for number in range(12):
        past.says("1", f"One {number}.")
        past.says("2", f"Two {number}.")
    last = past.said["Two 11."]
    location = client.get(f"/comments/{last.key}").location
    assert "after=" in location
    page = client.get(location).text
    assert f'id="comment-{last.key}"' in page
    article = '<article class="comment" id="comment-'
    first = client.get(past.thread("1")).text
    following = re.search(r'href="([^"]*after=\w+)"', first)
    assert first.count(article) + client.get(following[1]).text.count(article) == 26


@pytest.mark.parametrize("show", ["questions", "waiting", "official"])
def test_filters_find_what_was_asked_on_either(past, visit, show):
    asked = past.says("2", "Why hedges?", ask=True)
    past.says("1", "Why trees?", ask=True)
    if show == "official":
        answer(asked)
    page = visit.get(f"{past.thread('1')}?show={show}")
    assert "Why hedges?" in _bodies(page)
    assert ("Why trees?" in _bodies(page)) == (show != "official")
    heading = page.select_one(".sideinfo dl").text
    assert "of 2 answered" in heading


def test_replies_and_official_replies_to_what_was_joined_stay_with_it(past, visit, sign_in):
    said = past.said["On 2, first."]
    posted = _post(sign_in, past.thread("1"), "I answer 2.", parent=said.key, version="2")
    assert posted.status_code == 303
    assert posted.location.startswith(past.thread("1"))
    made = db.session.scalars(select(Comment).where(Comment.body == "I answer 2.")).one()
    assert (made.paragraph_id, made.root_id) == (past.at("2").id, said.id)
    assert db.session.get(Block, made.block_id).plain.startswith("We count the trees and the hedges")
    answer(said)
    page = visit.get(past.thread("1"))
    nested = page.select_one(f"#comment-{said.key} .replies")
    assert "I answer 2." in nested.text
    assert nested.select("[data-official]")
    assert page.select_one(".thread")["data-count"] == "3"
    assert ground.shown_total(past.document) == past.document.comment_count == 7


def test_a_reply_is_previewed_and_corrected_in_the_thread_where_it_is_shown(past, sign_in):
    said = past.said["On 2, first."]
    browser = sign_in(factories.a_person())
    page = browser.get(f"{past.thread('1')}?reply={said.key}").text
    assert f'value="{said.key}"' in page
    preview = browser.post(past.thread("1"), data={"body": "Hm.", "parent": said.key, "do": "preview"}).text
    assert "This is how it will look" in preview
    empty = browser.post(past.thread("1"), data={"body": "", "parent": said.key})
    assert empty.status_code == 422
    assert f'value="{said.key}"' in empty.text


def test_a_form_opened_before_the_publication_posts_to_where_its_words_went(visit, sign_in):
    """Nothing posted between preview and publication is lost or misplaced."""
    past = Past()
    for number, shown_at in (("2", "1"), ("5", "5"), ("3", "3")):
        posted = _post(sign_in, past.thread(number), f"Late on {number}.", version="1")
        assert posted.status_code == 303
        assert posted.location.startswith(past.thread(shown_at))
        assert f"Late on {number}." in _bodies(visit.get(past.thread(shown_at)))
    late = db.session.scalars(select(Comment).where(Comment.body == "Late on 2.")).one()
    assert late.paragraph_id == past.at("2").id
    assert db.session.get(Block, late.block_id).plain.startswith("We count the hedges")
    assert late.version.number == 1
    assert ground.shown_total(past.document) == 9


def test_what_is_wrong_with_a_form_of_a_joined_paragraph_loses_nothing_typed(past, sign_in):
    refused = _post(sign_in, past.thread("2"), "x" * 5_001, version="1")
    assert refused.status_code == 422
    assert "x" * 5_001 in refused.text


def test_an_unfinished_reply_to_what_was_joined_is_found_and_let_go_where_it_was_written(past, visit):
    said, here = past.said["On 2, first."], past.thread("1")
    visit.client.post(here, data={"body": "I answer 2.", "parent": said.key, "do": "autosave"})
    page = visit.get(f"{here}?reply={said.key}")
    assert page.select_one("textarea#body").text.strip() == "I answer 2."
    visit.client.post(here, data={"do": "forget", "parent": said.key})
    assert db.session.query(UnsentComment).count() == 0


def test_an_unfinished_reply_to_what_was_joined_is_sent_to_where_that_was_said(past, visit_as):
    said, visitor = past.said["On 2, first."], visit_as(factories.a_person())
    visitor.post(past.thread("1"), {"body": "I answer 2.", "parent": said.key, "do": "keep"})
    key = db.session.query(UnsentComment).one().key
    visitor.post("/unsent/send", {"c": key, "to": "public"})
    made = db.session.scalars(select(Comment).where(Comment.body == "I answer 2.")).one()
    assert (made.paragraph_id, made.parent_id) == (past.at("2").id, said.id)


def test_restored_it_has_its_own_talk_again(past, visit):
    ground.publish_as(
        past.document, SECOND + "\nWe count the hedges in every street of the town too.\n", {"2": [6]}
    )
    page = visit.get(past.address())
    assert page.select_one(f"#p-{past.at('2').key} a.count").text.startswith("1 ")
    assert "back" in page.select_one(f"#p-{past.at('2').key} .chg").text
    assert _bodies(visit.get(past.thread("1"))) == ["On 1, first."]
    assert ground.shown_total(past.document) == 6


def test_talk_follows_what_was_joined_twice_and_what_was_removed_with_it(past, visit):
    ground.publish_as(
        past.document,
        "# Trees\n\nEach spring we plant oaks along the river.\n\nEach autumn we water them by hand.\n",
        {"1": [], "6": [2], "4": [2]},
    )
    gone = visit.get(past.address()).find(id=f"p-{past.at('1').key}")
    assert "gone" in gone["class"]
    assert gone.select_one("a.count").text.startswith("2 ")
    listed = visit.get(past.address("/removed"))
    assert [tag["data-number"] for tag in listed.select("[data-paragraph]")] == ["1", "5"]
    assert ground.shown_total(past.document) == 6


def test_its_opened_thread_stands_at_the_other(past, visit):
    page = visit.get(past.address(f"?p={past.at('2').key}"))
    panel = page.find(id=f"p-{past.at('1').key}").find_next_sibling()
    assert "thread-panel" in panel["class"]
    assert panel.select_one(".tp-body")["data-count"] == "2"


def test_paper_has_the_talk_on_both_together(past, visit):
    paper = visit.get(past.address("/print"))
    (said,) = [part for part in paper.select(".said") if "paragraph 1" in part.h2.text]
    assert [tag.text for tag in said.select(".c-body")] == ["On 1, first.", "On 2, first."]
    assert "On paragraph 2, joined in version 2" in said.text
    assert "Paragraph 2 was joined with 1 in version 2." in paper.text


# Split and moved


def test_a_further_part_leads_to_the_first_where_the_earlier_talk_is(past, visit):
    line = "Part of paragraph 3 until version 2: 1 earlier comment"
    place = visit.get(past.address()).find(id=f"p-{past.at('3A').key}")
    assert place.select_one(".para-was").text == line
    assert place.select_one(".para-was a")["href"] == past.thread("3")
    assert line in visit.get(past.thread("3A")).text
    assert line in visit.get(past.address(f"?p={past.at('3A').key}")).select_one(".thread-panel").text
    assert "Part of paragraph 3 until version 2." in visit.get(past.address("/read")).text
    past.says("3", "After the split.")
    assert line in visit.get(past.thread("3A")).text


def test_the_first_part_names_the_further_ones(past, visit):
    assert "Its further part is now 3A." in visit.get(past.thread("3")).text
    assert "Its further part is now 3A." in visit.get(past.address()).text


def test_what_moved_says_where_it_stood(past, visit):
    place = visit.get(past.address()).find(id=f"p-{past.at('6').key}")
    assert "It stood after paragraph 5 in version 1." in place.text
    assert place.select_one(".chg").text.startswith("moved, changed")


# Then and now


def test_a_comment_stands_beside_the_words_it_was_made_on_and_those_of_now(past, visit):
    past.says("6", "Twice is good.")
    before, after = visit.get(past.thread("6")).select(".thread > article")
    assert "on version 1" in before.select_one(".c-head").text
    assert before.select_one("details.then del").text.endswith("once")
    assert "twice" in before.select_one("details.then ins").text
    assert "on version 2" in after.select_one(".c-head").text
    assert not after.select("details.then")


def test_a_reply_on_the_same_words_does_not_repeat_them(visit):
    past = Past()
    said = past.said["On 6, first."]
    reply(said, "I agree.", version=1)
    page = visit.get(past.thread("6"))
    assert len(page.select("details.then")) == 1
    assert len(page.select(".c-tags .tag-change")) == 2


def test_words_that_were_changed_back_are_those_of_now(visit):
    document = ground.a_draft("Plant oaks here.")
    place = ground.paragraph(document, "1")
    say(place, "Yes.")
    ground.publish(document, "Plant elms here.")
    ground.publish(document, "Plant oaks here.")
    page = visit.get(ground.address(document, f"/p/{place.key}"))
    assert not page.select("details.then, .c-tags .tag-change")


def test_the_words_are_read_once_for_a_page(past):
    for number in range(30):
        past.says("6", f"Again {number}.", version=1)
    kin = paragraph_queries.kin(past.document, past.at("6").key)
    thread = talk.thread(kin.paragraph)
    db.session.refresh(kin.paragraph)
    with counted() as seen:
        found = then_and_now(thread.nodes, kin.paragraph)
    assert len(seen) == 1
    assert len(found.diffs) == 20


# Old versions as they were


def test_an_old_version_counts_what_was_said_up_to_it(past, visit):
    past.says("1", "Later on 1.")
    page = visit.get(past.address("/v/1"))
    counts = {
        tag.find_parent(attrs={"data-number": True})["data-number"]: tag.text.split()[0]
        for tag in page.select(".doc [data-paragraph] a.count")
    }
    assert {number: counts[number] for number in "123456"} == dict.fromkeys("123456", "1")
    assert page.select_one('link[rel="canonical"]')["href"].endswith(past.address())
    assert page.select_one(f'a[href="{past.address("/compare/1...2")}"]')


def test_its_threads_are_as_they_were_and_say_what_came_later(past, visit):
    past.says("1", "Later on 1.")
    reply(past.said["On 1, first."], "A later reply.")
    page = visit.get(past.address(f"/v/1?p={past.at('1').key}"))
    panel = page.select_one(".thread-panel")
    assert [body.text.strip() for body in panel.select(".c-body")] == ["On 1, first."]
    assert panel.select_one(".tp-body")["data-count"] == "1"
    foot = panel.select_one(".tp-foot")
    assert (
        " ".join(foot.text.split()) == "As it was on version 1. 2 later comments, on version 2: see them all"
    )
    assert foot.a["href"] == past.thread("1")
    assert not panel.select("form")
    alone = visit.get(f"{past.thread('1')}?v=1")
    assert _bodies(alone) == ["On 1, first."]
    assert "We count the trees in every street of the town." in alone.select_one("blockquote").text


def test_a_middle_version_shows_joined_what_was_joined_then(past, visit):
    past.publish()
    past.says("1", "On the third.")
    page = visit.get(past.address("/v/2"))
    assert page.select_one(f"#p-{past.at('1').key} a.count").text.startswith("2 ")
    assert "was joined with" in page.find(id=f"p-{past.at('2').key}").text
    panel = visit.get(past.address(f"/v/2?p={past.at('1').key}")).select_one(".thread-panel")
    assert [body.text.strip() for body in panel.select(".c-body")] == ["On 1, first.", "On 2, first."]


def test_what_was_removed_then_and_came_back_is_removed_on_the_old_page(past, visit):
    ground.publish_as(past.document, SECOND + "\nNobody may park a car under a tree.\n", {"5": [6]})
    gone = visit.get(past.address("/v/2")).find(id=f"p-{past.at('5').key}")
    assert "Removed in version 2." in gone.text


def test_a_thread_of_many_pages_goes_on_as_it_was(past, visit):
    for number in range(25):
        past.says("4", f"Then {number}.", version=1)
    past.says("4", "Now.")
    page = visit.get(past.address(f"/v/1?p={past.at('4').key}"))
    more = page.select_one(".tp-more a")["href"]
    rest = _bodies(visit.get(more))
    assert rest[-1] == "Then 24."
    assert "Now." not in rest


def test_old_pages_ask_no_more_when_more_is_said(past, client):
    def ask():
        db.session.remove()
        forget()
        with counted() as seen:
            assert client.get(here).status_code == 200
        return len(seen)

    here = past.address("/v/1")
    ask()  # from now on the page is answered at the doorstep, which reads the stamps first
    few = ask()
    for number in range(20):
        past.says("4", f"Then {number}.", version=1)
    assert ask() == few <= 10


# The life of a paragraph


def _life(visit, past, number):
    return visit.get(past.thread(number)).select_one("#life")


def test_the_life_tells_what_became_of_a_paragraph(past, visit):
    assert "Paragraph 2 was joined with it." in _life(visit, past, "1").text
    assert "Joined with paragraph 1." in _life(visit, past, "2").text
    assert "a further part is 3A" in _life(visit, past, "3").text
    assert "Until then it was a part of paragraph 3." in _life(visit, past, "3A").text
    assert "Moved: it had stood after paragraph 5." in _life(visit, past, "6").text
    assert "Removed." in _life(visit, past, "5").text


def test_each_version_leads_to_what_was_said_on_it(past, visit):
    past.says("1", "Later on 1.")
    reply(past.said["On 2, first."], "A reply.")
    now, then = _life(visit, past, "1").select("li > p > a[href*='show=version']")
    assert (now.text, then.text) == ("2 comments made on this version", "2 comments made on this version")
    assert _bodies(visit.get(now["href"])) == ["Later on 1.", "A reply."]
    assert _bodies(visit.get(then["href"])) == ["On 1, first.", "On 2, first."]


def test_only_officials_read_who_confirmed_a_match(past, visit, sign_in):
    official = factories.an_official(past.document.consultation.unit, name="T. Ashworth")
    ground.publish_as(past.document, SECOND.replace("by hand", "with cans"), {"3A": [3]}, by=official)
    place = past.thread("3A")
    assert "Match confirmed by the unit" in visit.get(place).text
    assert "Ashworth" not in visit.get(place).select_one("#life").text
    assert "Matched by T. Ashworth" in sign_in(official).get(place).text


def test_replies_and_takedowns_are_told_in_order_of_time(past, visit):
    asked = past.says("1", "Why?", ask=True)
    answer(asked)
    take_down(past.says("1", "Rude words."))
    events = [line.text for line in _life(visit, past, "1").select("ul > li")]
    assert events[0].startswith("Official reply by ")
    assert events[1] == "1 comment was taken down by a moderator."
    assert "Rude words." not in visit.get(past.thread("1")).text


def test_a_long_life_folds(visit):
    document = ground.a_draft("Plant 1 oak in the park by the river.")
    for number in range(2, 10):
        ground.publish(document, f"Plant {number} oaks in the park by the river.")
    life = visit.get(ground.address(document, f"/p/{ground.paragraph(document, '1').key}")).select_one(
        "#life"
    )
    assert len(life.select("ol")[0].select("li")) == 4
    assert life.select_one("details summary").text == "5 earlier versions"


def test_a_paragraph_of_one_version_costs_what_it_did(client):
    document = ground.a_draft()
    place = ground.paragraph(document, "1")
    say(place)
    address = ground.address(document, f"/p/{place.key}")
    db.session.remove()
    with counted() as seen:
        client.get(address)
    assert len(seen) <= 11  # one of them for what an election changes


def _later():
    moment = clock.now() + timedelta(minutes=1)
    clock.replace(lambda: moment)


def test_corrected_misprints_are_told_and_stand_beside_what_was_said_before(visit):
    document = ground.a_draft("The fotway is two metres wide.")
    place = ground.paragraph(document, "1")
    say(place, "Before.")
    _later()
    with transaction():
        correcting.correct_version(
            actor=None, document=document, source="The footway is two metres wide.", note="A letter."
        )
    db.session.expire_all()
    _later()
    say(place, "After.")
    page = visit.get(ground.address(document, f"/p/{place.key}"))
    before, after = page.select(".thread > article")
    assert before.select_one("details.then del").text.endswith("fotway")
    assert not after.select("details.then")
    (told,) = page.select("#life ul > li")
    assert "A typing error was corrected on" in told.text
    assert "A letter." in told.text
    assert told.select_one("ins").text.endswith("footway")


def test_a_new_number_is_told_in_the_life_and_old_pages_keep_the_old_one(past, visit):
    with transaction():
        renumbering.renumber(actor=None, document=past.document, note="Numbers begin anew.")
    db.session.expire_all()
    place = past.at("2")  # once 3
    assert (
        "Renumbered: it was 3 and is 2."
        in visit.get(past.address(f"/p/{place.key}")).select_one("#life").text
    )
    old = visit.get(past.address("/v/2")).find(id=f"p-{place.key}")
    assert old["data-number"] == "3"
    assert ground.shown_total(past.document) == 6


@pytest.mark.slow
def test_everything_of_a_past_is_read_in_the_same_few_questions(past):
    place = past.at("1").key
    few = _asked(past, place)
    for number in range(30):
        past.says("1", f"More {number}.")
        past.says("2", f"Else {number}.", version=1)
    assert _asked(past, place) == few


def _asked(past, key):
    address = past.address(f"/p/{key}")
    db.session.remove()
    forget()
    with current_app._get_current_object().app_context(), counted() as seen:
        assert current_app.test_client().get(address).status_code == 200
    return len(seen)


def test_who_answers_a_question_on_a_joined_paragraph_reads_its_words_then_and_now(past, sign_in):
    asked = past.says("2", "Why hedges?", ask=True, version=1)
    official = factories.an_official(past.document.consultation.unit)
    page = sign_in(official).get(f"/desk/answer/{asked.key}").text
    assert "The words then and now" in page
    assert "All 3 comments" in page


def test_the_desk_counts_a_joined_paragraph_with_what_it_was_joined_with(past):
    question = say(past.at("2"), "Why hedges too?", ask=True)
    past.says("1", "On trees alone.")
    rows = desk.waiting_questions([past.document.consultation.unit_id])
    assert [(row.key, row.comment_count) for row in rows] == [(question.key, 4)]
