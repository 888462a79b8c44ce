"""A comment says which words it was written on, once they are no longer those of the paragraph."""

from consult.documents import actions as documents
from consult.extensions import db, transaction
from tests.moderation.scene import SOURCE, Scene


def _thread(scene, visit):
    return visit.get(f"/consultations/{scene.consultation.slug}/{scene.document.slug}/p/{scene.key}")


def test_a_comment_on_words_that_stand_bears_no_mark(app, visit):
    scene = Scene()
    scene.says("Make it wider.")
    assert "before these words changed" not in _thread(scene, visit).text


def test_a_comment_on_earlier_words_says_so_and_leads_to_them(app, visit):
    scene = Scene()
    scene.says("Make it wider.")
    with transaction():
        documents.publish_version(
            actor=scene.official, document=scene.document, source=SOURCE.replace("2.0", "2.5"), note="Wider."
        )
    db.session.expire_all()
    scene.says("Thank you.")
    page = _thread(scene, visit)
    before, after = page.select(".thread > article.comment")
    mark = before.select_one("a.tag-change")
    assert mark.text == "Written on version 1, before these words changed"
    assert page.select_one(mark["href"].partition("#")[2] and "#life")
    assert not after.select("a.tag-change")
    assert "2.0" in page.select_one("#life").text


def test_paper_says_so_too(app, client):
    scene = Scene()
    scene.says("Make it wider.")
    with transaction():
        documents.publish_version(
            actor=scene.official, document=scene.document, source=SOURCE.replace("2.0", "2.5"), note="Wider."
        )
    db.session.expire_all()
    scene.says("Thank you.")
    paper = client.get(f"/consultations/{scene.consultation.slug}/{scene.document.slug}/print").text
    assert paper.count("Written on version 1, before these words changed") == 1
