"""A comment's own pages: its place, its earlier words, correcting, withdrawing."""

from datetime import timedelta

from sqlalchemy import select

from consult import clock
from consult.discussion.models import Correction, State
from consult.extensions import db
from tests import factories
from tests.discussion import ground
from tests.discussion.ground import a_draft, address, answer, paragraph, say, take_down, withdraw


def _later(**delta):
    then = clock.now() + timedelta(**delta)
    clock.replace(lambda: then)


def test_a_comment_leads_to_its_place(app, client):
    said = say(paragraph(a_draft()))
    response = client.get(f"/comments/{said.key}")
    assert response.status_code == 302
    assert response.headers["Location"] == f"{address(said.paragraph)}#comment-{said.key}"


def test_an_official_reply_leads_to_its_place(app, client):
    response = answer(say(paragraph(a_draft()), ask=True))
    where = client.get(f"/comments/{response.key}").headers["Location"]
    assert where.endswith(f"#comment-{response.key}")


def test_what_was_public_leads_to_its_marker_and_what_was_not_is_not_found(app, visit, client):
    first = paragraph(a_draft())
    gone = say(first)
    withdraw(gone)
    assert client.get(f"/comments/{gone.key}").status_code == 302
    visit.get("/comments/nothing", status=404)
    waiting = say(paragraph(a_draft(policy=ground.BEFORE)))
    visit.get(f"/comments/{waiting.key}", status=404)


def test_an_author_finds_their_own_waiting_comment(app, sign_in):
    waiting = say(paragraph(a_draft(policy=ground.BEFORE)))
    assert sign_in(waiting.author).get(f"/comments/{waiting.key}").status_code == 302


def test_a_comment_on_a_text_not_yet_public_is_not_found(app, visit):
    said = say(paragraph(a_draft()))
    said.document.consultation.stage = factories.Stage.PREPARING
    db.session.commit()
    visit.get(f"/comments/{said.key}", status=404)


def test_correcting_changes_the_words_and_leads_back(app, visit_as):
    said = say(paragraph(a_draft()), "Plant oaks.")
    visitor = visit_as(said.author)
    page = visitor.get(f"/comments/{said.key}/edit")
    assert page.select_one("textarea").text.strip() == "Plant oaks."
    seen = page.select_one('input[name="seen"]')["value"]
    done = visitor.post(f"/comments/{said.key}/edit", {"body": "Plant beeches.", "seen": seen})
    assert done.location.endswith(f"#comment-{said.key}")
    assert "Plant beeches." in visitor.get(address(said.paragraph)).text


def test_a_late_correction_shows_what_it_said_before(app, visit, visit_as):
    said = say(paragraph(a_draft()), "Plant **oaks**.")
    _later(minutes=20)
    visit_as(said.author).post(f"/comments/{said.key}/edit", {"body": "Plant beeches."})
    page = visit.get(address(said.paragraph))
    link = page.find(id=f"comment-{said.key}").select_one('.c-tags a[href$="/history"]')
    assert "edited" in link.text
    history = visit.get(link["href"])
    assert "Plant oaks." in history.text
    assert "Plant beeches." in history.text


def test_the_past_of_what_was_taken_down_is_not_public(app, visit, visit_as):
    said = say(paragraph(a_draft()), "A nasty thing.")
    _later(minutes=20)
    visit_as(said.author).post(f"/comments/{said.key}/edit", {"body": "A thing."})
    take_down(said)
    visit.get(f"/comments/{said.key}/history", status=404)


def test_words_changed_in_another_window_are_both_shown(app, visit_as):
    said = say(paragraph(a_draft()), "Plant oaks.")
    visitor = visit_as(said.author)
    seen = visitor.get(f"/comments/{said.key}/edit").select_one('input[name="seen"]')["value"]
    visitor.post(f"/comments/{said.key}/edit", {"body": "Plant beeches.", "seen": seen})
    page = visitor.post(f"/comments/{said.key}/edit", {"body": "Plant elms.", "seen": seen}, 409).page
    assert "Plant beeches." in page.select_one("section.panel").text
    assert page.select_one("textarea").text.strip() == "Plant elms."
    seen = page.select_one('input[name="seen"]')["value"]
    visitor.post(f"/comments/{said.key}/edit", {"body": "Plant elms.", "seen": seen})
    assert said.body == "Plant elms."


def test_bad_corrections_come_back(app, visit_as):
    said = say(paragraph(a_draft()), "Plant oaks.")
    visitor = visit_as(said.author)
    for body in ("", "x" * 5_001, "a\x00b", "[" * 200):
        page = visitor.post(f"/comments/{said.key}/edit", {"body": body}, 422).page
        assert page.select_one('[role="alert"] a')["href"] == "#body"
    assert said.body == "Plant oaks."


def test_a_correction_that_waits_is_known_to_its_author_alone(app, visit, visit_as):
    said = say(paragraph(a_draft(policy=ground.BEFORE)), "Plant oaks.")
    ground.move(said, State.PUBLISHED)
    visitor = visit_as(said.author)
    visitor.post(f"/comments/{said.key}/edit", {"body": "Plant beeches."})
    assert db.session.scalars(select(Correction)).one().body == "Plant beeches."
    own = visitor.get(address(said.paragraph))
    assert "Your correction is with a moderator" in own.find(id=f"comment-{said.key}").text
    assert "Plant oaks." in own.text
    assert "correction" not in visit.get(address(said.paragraph)).find(id=f"comment-{said.key}").text
    assert visitor.get(f"/comments/{said.key}/edit").select_one("textarea").text.strip() == "Plant beeches."


def test_nobody_corrects_or_withdraws_what_is_not_theirs(app, visit_as):
    said = say(paragraph(a_draft()))
    other = visit_as(factories.a_person())
    for page in ("edit", "withdraw"):
        other.get(f"/comments/{said.key}/{page}", status=403)
        other.post(f"/comments/{said.key}/{page}", {"body": "Plant nothing."}, 403)
    assert said.state is State.PUBLISHED


def test_withdrawing_is_asked_about_first_and_leaves_a_marker(app, visit, visit_as):
    said = say(paragraph(a_draft()), "Plant oaks.")
    visitor = visit_as(said.author)
    assert "cannot be undone" in visitor.get(f"/comments/{said.key}/withdraw").text
    done = visitor.post(f"/comments/{said.key}/withdraw")
    assert done.location.endswith(f"#comment-{said.key}")
    marker = visit.get(address(said.paragraph)).find(id=f"comment-{said.key}")
    assert marker["data-state"] == "withdrawn"
    assert "withdrawn by its author" in marker.text
    assert "Plant oaks." not in marker.text


def test_withdrawing_what_nobody_read_leads_back_to_the_paragraph(app, visit_as):
    said = say(paragraph(a_draft(policy=ground.BEFORE)))
    visitor = visit_as(said.author)
    assert visitor.post(f"/comments/{said.key}/withdraw").location == address(said.paragraph)
    visitor.get(f"/comments/{said.key}", status=404)


def test_withdrawing_twice_is_a_conflict(app, visit_as):
    said = say(paragraph(a_draft()))
    visitor = visit_as(said.author)
    visitor.post(f"/comments/{said.key}/withdraw")
    visitor.post(f"/comments/{said.key}/withdraw", status=409)


def test_after_closing_correcting_is_over_and_withdrawing_is_not(app, visit_as):
    said = say(paragraph(a_draft()), "Plant oaks.")
    _later(days=40)
    visitor = visit_as(said.author)
    page = visitor.post(f"/comments/{said.key}/edit", {"body": "Plant elms."}, 409).page
    assert "Comments are closed" in page.select_one('[role="alert"]').text
    assert page.select_one("textarea").text.strip() == "Plant elms."
    visitor.post(f"/comments/{said.key}/withdraw")
    assert said.state is State.WITHDRAWN
