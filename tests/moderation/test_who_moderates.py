"""The public page of who moderates: made from the parts that people play now, conflicts of interest marked."""

from consult import clock
from consult.accounts.models import Part, Role
from consult.extensions import db, transaction
from consult.moderation.appeals import actions as appeals
from tests import factories
from tests.moderation.scene import Scene


def test_the_page_names_who_moderates_now_and_marks_conflicts(app, visit):
    scene = Scene()
    gone = factories.a_moderator(scene.organisation, name="Gil Gone")
    gone.roles[0].ended_at = clock.now()
    factories.a_moderator(factories.an_organisation(), name="Elsa Elsewhere")
    now = clock.now()
    where = {"organisation_id": scene.organisation.id, "created_at": now, "accepted_at": now}
    db.session.add(Role(person_id=scene.official.id, part=Part.MODERATOR, **where))
    db.session.commit()
    admin = factories.an_administrator(scene.organisation)
    with transaction():
        appeals.name_outsider(
            actor=admin, organisation=scene.organisation, name="Ann Lee", email="ann@panel.example"
        )
    page = visit.get(f"/organisations/{scene.organisation.slug}/moderators")
    rows = {row.strong.text: row.text for row in page.select("main li") if row.strong}
    assert set(rows) == {scene.moderator.name, scene.official.name}
    assert "Conflict of interest" not in rows[scene.moderator.name]
    assert f"answers for: {scene.unit.name}" in rows[scene.official.name]
    assert f"wrote a draft of: {scene.consultation.title}" in rows[scene.official.name]
    assert "Ann Lee" in page.text
    assert "ann@panel.example" not in page.text


def test_the_name_of_a_body_that_runs_the_site_stands_in_a_title_once(app, visit):
    body = factories.an_organisation(name="Parks & Streets")
    factories.a_site(name=body.name)
    title = visit.get(f"/organisations/{body.slug}/moderators").select_one("title").text
    assert title == "Who moderates – Parks & Streets"
    assert visit.get("/about").select_one("title").text.endswith(" – Parks & Streets")
