"""The officials' desk: what waits, and answering it."""

from datetime import timedelta

import pytest

from consult import clock
from consult.discussion import queries
from tests import factories
from tests.discussion import ground
from tests.discussion.ground import a_draft, address, answer, paragraph, publish, say, take_down, withdraw


def _asked_days_ago(place, days: int, body: str = "Why?"):
    asked = say(place, body, ask=True)
    ground.backdate(asked, clock.now() - timedelta(days=days))
    return asked


def _official(draft, **values):
    return factories.an_official(draft.consultation.unit, **values)


def test_the_desk_shows_what_waits_longest_first(app, visit_as):
    draft = a_draft()
    young = _asked_days_ago(paragraph(draft, "1"), 1, "Why oaks?")
    old = _asked_days_ago(paragraph(draft, "2"), 30, "Why **now**?")
    answer(say(paragraph(draft, "3"), "Answered?", ask=True))
    say(paragraph(draft, "3"), "No question.")
    page = visit_as(_official(draft)).get("/desk")
    rows = page.select("section:first-of-type tbody tr")
    assert [row.select_one("a.btn")["href"] for row in rows] == [
        f"/desk/answer/{old.key}",
        f"/desk/answer/{young.key}",
    ]
    assert "Why now?" in rows[0].text
    assert "1 question has waited longer than we aim for" in page.text
    assert "2 questions" in page.find(id="gaps-h").text


def test_the_desk_knows_the_units_of_its_official_alone(app, visit_as):
    elsewhere = _asked_days_ago(paragraph(a_draft()), 3, "Not yours.")
    draft = a_draft()
    assert elsewhere.state
    page = visit_as(_official(draft)).get("/desk")
    assert "Not yours." not in page.text
    assert "Every question is answered." in page.text
    assert draft.consultation.title in page.text


def test_the_desk_leaves_out_what_is_owed_no_answer_any_more(app, visit_as):
    draft = a_draft()
    gone, down = _asked_days_ago(paragraph(draft), 3), _asked_days_ago(paragraph(draft), 3)
    withdraw(gone)
    take_down(down)
    asked = _asked_days_ago(paragraph(draft), 3)
    visitor = visit_as(_official(draft))
    assert len(visitor.get("/desk").select('a[href^="/desk/answer/"]')) == 1
    ground.end(asked.document.consultation)
    assert not visitor.get("/desk").select('a[href^="/desk/answer/"]')


def test_the_desk_can_be_narrowed_by_its_address(app, visit_as):
    unit = factories.a_unit()
    one, two = a_draft(unit=unit), a_draft(unit=unit)
    first = _asked_days_ago(paragraph(one), 3)
    _asked_days_ago(paragraph(two), 3)
    visitor = visit_as(factories.an_official(unit))
    page = visitor.get(f"/desk?consultation={one.consultation.slug}")
    assert [a["href"] for a in page.select('a[href^="/desk/answer/"]')] == [f"/desk/answer/{first.key}"]
    assert not visitor.get("/desk?consultation=none").select('a[href^="/desk/answer/"]')
    assert len(visitor.get("/desk?unit=nonsense&after=%00").select('a[href^="/desk/answer/"]')) == 2


def test_the_desk_goes_on_from_page_to_page(app, visit_as):
    draft = a_draft()
    asked = [_asked_days_ago(paragraph(draft), 60 - n, f"Why {n}?").key for n in range(30)]
    visitor = visit_as(_official(draft))
    page = visitor.get("/desk")
    seen = [a["href"].rpartition("/")[2] for a in page.select('a[href^="/desk/answer/"]')]
    following = page.select_one('nav[aria-label="Pages of the list"] a.btn')["href"]
    page = visitor.get(following)
    seen += [a["href"].rpartition("/")[2] for a in page.select('a[href^="/desk/answer/"]')]
    assert seen == asked


@pytest.mark.parametrize("page", ["/desk", "/desk/answer/{key}", "/desk/replies/{key}"])
def test_the_desk_is_for_officials(app, visit_as, client, page):
    asked = say(paragraph(a_draft()), ask=True)
    key = answer(asked).key if "replies" in page else asked.key
    url = page.format(key=key)
    assert client.get(url).status_code == 303
    visit_as(factories.a_person()).get(url, status=403)
    if "{key}" in page:
        stranger = visit_as(factories.an_official(factories.a_unit()))
        stranger.get(url, status=403)
        stranger.post(url, {"body": "So."}, 403)


def test_the_answer_page_gathers_what_an_official_needs(app, visit_as):
    draft = a_draft()
    place = paragraph(draft)
    asked = say(place, "Which trees?", ask=True)
    other = say(place, "How many?", ask=True)
    done = say(place, "When?", ask=True)
    answer(done, body="In spring.")
    say(place, "Plant oaks.")
    text = "# A plan\n\n[1] First, we count all the old trees.\n\nSecond, we plant more of them.\n\nThird, we water them.\n"
    publish(draft, text, note="Old ones.")
    page = visit_as(_official(draft, name="Tom Ashworth", title="Policy lead")).get(
        f"/desk/answer/{asked.key}"
    )
    assert "Which trees?" in page.select_one(".ask").text
    assert page.select_one(".did ins")
    assert "Asked about version 1" in page.select_one(".did").text
    assert page.select_one(f'input[name="also"][value="{other.key}"]')
    assert "In spring." in page.select_one("aside").text
    assert "Plant oaks." in page.select_one("aside").text
    line = f"This will appear as an official reply from {draft.consultation.unit.name}, signed Tom Ashworth, Policy lead."
    assert line in page.select_one(".as").text


def test_answering_several_at_once_from_the_page(app, visit, visit_as):
    place = paragraph(a_draft())
    asked, other, third = (say(place, f"Why {n}?", ask=True) for n in range(3))
    visitor = visit_as(_official(place.document))
    done = visitor.post(f"/desk/answer/{asked.key}", {"body": "Because.", "also": [other.key]})
    assert done.location.endswith(f"#comment-{asked.key}")
    assert (place.answered_count, place.response_count) == (2, 1)
    assert third.answered_at is None
    page = visit.get(address(place))
    assert len(page.select("article[data-official]")) == 1


def test_a_preview_of_an_answer_stores_nothing_and_keeps_the_ticks(app, visit_as):
    place = paragraph(a_draft())
    asked, other = say(place, "Why?", ask=True), say(place, "How?", ask=True)
    form = {"body": "Because of **roots**.", "also": [other.key], "do": "preview"}
    page = visit_as(_official(place.document)).post(f"/desk/answer/{asked.key}", form, 200).page
    assert page.select_one('article[data-state="preview"] strong').text == "roots"
    assert page.select_one('input[name="also"]').has_attr("checked")
    assert place.response_count == 0


@pytest.mark.parametrize("body", ["", "x" * 20_001, "a\x00b", "[" * 5_000, "x" * 1_000_000])
def test_a_bad_answer_comes_back_with_what_was_typed(app, visit_as, body):
    asked = say(paragraph(a_draft()), ask=True)
    page = visit_as(_official(asked.document)).post(f"/desk/answer/{asked.key}", {"body": body}, 422).page
    assert page.select_one('[role="alert"] a')["href"] == "#body"
    if "\x00" not in body:
        assert page.select_one("textarea#body").text.lstrip("\n") == body
    assert asked.paragraph.response_count == 0


def test_who_is_second_sees_both_texts_and_can_add(app, visit_as):
    asked = say(paragraph(a_draft()), ask=True)
    visitor = visit_as(_official(asked.document))
    seen = visitor.get(f"/desk/answer/{asked.key}").select_one('input[name="seen"]')["value"]
    answer(asked, body="Because of the roots.", by=_official(asked.document, name="Ruth Okafor"))
    form = {"body": "Because of the soil.", "seen": seen}
    page = visitor.post(f"/desk/answer/{asked.key}", form, 409).page
    assert "Ruth Okafor answered meanwhile" in page.text
    assert "Because of the roots." in page.select_one(".note-wait").text
    assert "Because of the soil." in page.select_one("textarea#body").text
    again = {"body": "Because of the soil.", "seen": page.select_one('input[name="seen"]')["value"]}
    visitor.post(f"/desk/answer/{asked.key}", again)
    assert asked.paragraph.response_count == 2


def test_a_question_withdrawn_meanwhile_says_so(app, visit_as):
    asked = say(paragraph(a_draft()), ask=True)
    withdraw(asked)
    page = visit_as(_official(asked.document)).get(f"/desk/answer/{asked.key}", status=409)
    assert "nothing to answer" in page.text


def test_a_question_nobody_may_read_yet_is_not_found(app, visit_as):
    asked = say(paragraph(a_draft(policy=ground.BEFORE)), ask=True)
    visit_as(_official(asked.document)).get(f"/desk/answer/{asked.key}", status=404)


def test_a_reply_can_be_corrected_and_its_past_read(app, visit, visit_as):
    asked = say(paragraph(a_draft()), ask=True)
    response = answer(asked, body="Three metres.")
    visitor = visit_as(_official(asked.document))
    seen = visitor.get(f"/desk/replies/{response.key}").select_one('input[name="seen"]')["value"]
    done = visitor.post(f"/desk/replies/{response.key}", {"body": "Two metres.", "seen": seen})
    assert done.location.endswith(f"#comment-{response.key}")
    assert "edited" in visit.get(address(asked.paragraph)).find(id=f"comment-{response.key}").text
    assert "Three metres." in visit.get(f"/comments/{response.key}/history").text


def test_officials_see_a_way_to_answer_in_the_thread_and_others_do_not(app, visit, visit_as):
    asked = say(paragraph(a_draft()), ask=True)
    here = address(asked.paragraph)
    assert visit_as(_official(asked.document)).get(here).select_one(f'a[href="/desk/answer/{asked.key}"]')
    assert not visit.get(here).select_one('a[href^="/desk/"]')
    assert not visit_as(factories.a_person()).get(here).select_one('a[href^="/desk/"]')


def test_waiting_questions_are_asked_of_all_units_or_of_some(app):
    one, two = _asked_days_ago(paragraph(a_draft()), 2), _asked_days_ago(paragraph(a_draft()), 1)
    assert [row.key for row in queries.waiting_questions()] == [one.key, two.key]
    unit_id = two.document.consultation.unit_id
    assert [row.key for row in queries.waiting_questions([unit_id])] == [two.key]
    assert [row.key for row in queries.waiting_questions(after=one.key)] == [two.key]
