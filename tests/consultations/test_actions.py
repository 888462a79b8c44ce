"""What officials do to a consultation, and what is refused."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from consult import announcements, audit, clock
from consult.consultations import actions
from consult.consultations.models import Policy, Stage
from consult.consultations.stages import Standing, standing
from consult.consultations.statements import Statement
from consult.errors import Closed, Conflict, Invalid, NotAllowed
from consult.extensions import db, transaction
from tests import factories

DAY = timedelta(days=1)


@pytest.fixture
def demonstration(app):
    return factories.a_site(is_demonstration=True)


@pytest.fixture
def unit(app):
    return factories.a_unit()


@pytest.fixture
def official(unit):
    return factories.an_official(unit)


def _do(official, action, **values):
    with transaction(official):
        return action(actor=official, **values)


def _acts():
    return [entry.act for entry in db.session.query(audit.AuditEntry).order_by(audit.AuditEntry.id)]


def _prepared(unit, **values):
    return factories.a_consultation(unit, stage=Stage.PREPARING, **values)


def test_a_new_consultation_is_private_and_on_record(unit, official):
    made = _do(
        official, actions.create_consultation, unit=unit, title="Kerbs", slug="kerbs", summary="Short."
    )
    assert (made.stage, made.policy, made.organisation_id) == (
        Stage.PREPARING,
        Policy.BEFORE,
        unit.organisation_id,
    )
    assert _acts() == ["consultation.create"]


@pytest.mark.parametrize("slug", ["outcome", "new", "search", "edit", "A", "", "a--b"])
def test_an_address_with_a_meaning_of_its_own_is_refused(unit, official, slug):
    with pytest.raises(Invalid) as refused:
        _do(official, actions.create_consultation, unit=unit, title="T", slug=slug)
    assert refused.value.field == "slug"


def test_an_address_is_given_once(unit, official):
    factories.a_consultation(unit, slug="kerbs")
    with pytest.raises(Invalid, match="Another consultation"):
        _do(official, actions.create_consultation, unit=unit, title="T", slug="kerbs")


def test_nothing_is_done_by_officials_of_another_unit(demonstration, unit):
    stranger = factories.an_official(factories.a_unit(unit.organisation))
    about, closed = (
        factories.a_consultation(unit),
        factories.a_consultation(unit, closes_at=clock.now() - DAY),
    )
    doors = [
        (actions.create_consultation, {"unit": unit, "title": "T", "slug": "t"}),
        (actions.revise_consultation, {"consultation": about, "based_on": 1, "values": {"title": "T"}}),
        (
            actions.open_consultation,
            {"consultation": about, "stage": Stage.OPEN, "opens_at": None, "has_text": True},
        ),
        (actions.extend_closing, {"consultation": about, "closes_at": clock.now() + 99 * DAY, "reason": "R"}),
        (actions.begin_analysis, {"consultation": closed}),
        (actions.publish_outcome, {"consultation": closed, "source": "S", "html": "<p>S</p>"}),
        (actions.withdraw_consultation, {"consultation": about, "reason": "R"}),
    ]
    for person in (stranger, factories.a_person()):
        for action, values in doors:
            with pytest.raises(NotAllowed):
                _do(person, action, **values)
    assert _acts() == []


def test_statements_are_revised_and_readers_get_the_new_ones(unit, official):
    about = _prepared(unit)
    before = about.stamp
    _do(official, actions.revise_consultation, consultation=about, based_on=1, values={"aims": "New."})
    assert (about.aims, about.edition, about.stamp) == ("New.", 2, before + 1)
    assert _acts() == ["consultation.revise"]


def test_saving_what_is_there_already_changes_nothing(unit, official):
    about = _prepared(unit)
    _do(official, actions.revise_consultation, consultation=about, based_on=1, values={"aims": about.aims})
    assert (about.edition, _acts()) == (1, [])


def test_the_second_of_two_editors_loses_nothing(unit, official):
    about = _prepared(unit)
    _do(official, actions.revise_consultation, consultation=about, based_on=1, values={"aims": "First."})
    with pytest.raises(Conflict) as conflict:
        _do(official, actions.revise_consultation, consultation=about, based_on=1, values={"aims": "Second."})
    assert conflict.value.theirs == {"aims": "First."}
    assert conflict.value.yours == {"aims": "Second."}
    assert about.aims == "First."


def test_what_people_were_promised_stays_once_it_is_open(unit, official):
    about = factories.a_consultation(unit, policy=Policy.BEFORE)
    kept = (about.slug, about.policy, about.opens_at, about.closes_at)
    values = {
        "slug": "other",
        "policy": Policy.AFTER,
        "opens_at": clock.now(),
        "closes_at": clock.now() + DAY,
        "title": "New title",
    }
    _do(official, actions.revise_consultation, consultation=about, based_on=1, values=values)
    assert (about.slug, about.policy, about.opens_at, about.closes_at) == kept
    assert about.title == "New title"


def test_a_statement_cannot_be_emptied_once_it_was_announced(unit, official):
    about = factories.a_consultation(unit)
    with pytest.raises(Invalid, match="none of the statements"):
        _do(official, actions.revise_consultation, consultation=about, based_on=1, values={"aims": ""})


def test_it_must_close_later_than_it_opens(unit, official):
    about, now = _prepared(unit), clock.now()
    values = {"opens_at": now + 2 * DAY, "closes_at": now + DAY}
    with pytest.raises(Invalid) as refused:
        _do(official, actions.revise_consultation, consultation=about, based_on=1, values=values)
    assert refused.value.field == "closes_on"


def _open(official, about, *, opens_at=None, has_text=True, stage=Stage.OPEN):
    _do(
        official,
        actions.open_consultation,
        consultation=about,
        stage=stage,
        opens_at=opens_at,
        has_text=has_text,
    )


def test_it_opens_at_once(demonstration, unit, official):
    about = _prepared(unit)
    _open(official, about)
    assert standing(about, clock.now()) is Standing.OPEN
    assert _acts() == ["consultation.open"]


def test_it_opens_by_itself_at_the_time_that_was_set(demonstration, unit, official):
    about, later = _prepared(unit), clock.now() + 3 * DAY
    _open(official, about, opens_at=later, stage=Stage.EARLY_IDEA)
    assert about.stage is Stage.EARLY_IDEA
    assert standing(about, later - timedelta(seconds=1)) is Standing.COMING
    assert standing(about, later) is Standing.OPEN


@pytest.mark.parametrize("statement", list(Statement))
def test_it_cannot_open_while_a_statement_is_missing(demonstration, unit, official, statement):
    about = _prepared(unit, **{statement.value: ""})
    with pytest.raises(Invalid):
        _open(official, about)
    assert about.stage is Stage.PREPARING


def test_it_cannot_open_without_a_text(demonstration, unit, official):
    with pytest.raises(Invalid):
        _open(official, _prepared(unit), has_text=False)


LACKING = {
    "contact": {"contact_email": ""},
    "controller": {"controller": ""},
    "privacy": {"privacy_notice": ""},
    "accessibility": {"accessibility_prepared_on": ""},
    "mail": {"mail_received_at": None},
    "backup": {"restored_at": None},
}
WAYS = {"at once": None, "later": 3 * DAY}


@pytest.mark.parametrize("stage", [Stage.OPEN, Stage.EARLY_IDEA])
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("lacks", [*LACKING, "moderators"])
def test_it_cannot_open_while_the_site_is_not_ready(unit, official, lacks, way, stage):
    factories.a_ready_site(**LACKING.get(lacks, {}))
    factories.a_moderator(unit.organisation if lacks != "moderators" else factories.an_organisation())
    about = _prepared(unit)
    opens_at = clock.now() + WAYS[way] if WAYS[way] else None
    with pytest.raises(Invalid, match="cannot open yet"):
        _open(official, about, opens_at=opens_at, stage=stage)
    assert about.stage is Stage.PREPARING
    assert _acts() == []


def test_it_opens_on_a_real_site_that_is_ready(unit, official):
    factories.a_ready_site()
    factories.a_moderator(unit.organisation)
    about = _prepared(unit)
    _open(official, about)
    assert standing(about, clock.now()) is Standing.OPEN


def test_what_was_announced_is_not_brought_forward_once_the_site_is_not_ready(unit, official):
    site = factories.a_ready_site()
    factories.a_moderator(unit.organisation)
    about = _prepared(unit)
    _open(official, about, opens_at=clock.now() + 3 * DAY)
    site.privacy_notice = ""
    db.session.commit()
    sooner = {"opens_at": clock.now() + DAY}
    with pytest.raises(Invalid, match="not ready"):
        _do(
            official,
            actions.revise_consultation,
            consultation=about,
            based_on=about.edition,
            values=sooner,
        )
    title = {"title": "Another"}
    _do(official, actions.revise_consultation, consultation=about, based_on=about.edition, values=title)


def test_nothing_else_opens_a_consultation():
    """One place sets the stages in which people can comment: what asks whether the site is ready."""
    package = Path(actions.__file__).resolve().parents[1]
    setters = [
        f"{path.name}:{number}"
        for path in package.rglob("*.py")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(r"\.stage\s*=(?!=)|\bstage=Stage\.(OPEN|EARLY_IDEA)", line)
        and "demonstration" not in path.parts
        and "toolkit" not in path.parts  # what carries its talk is no consultation: nobody asks there
    ]
    assert [name.split(":")[0] for name in setters] == ["actions.py", "actions.py"], setters


def test_it_cannot_open_after_its_own_closing(demonstration, unit, official):
    with pytest.raises(Invalid) as refused:
        _open(official, _prepared(unit, closes_at=clock.now() - timedelta(minutes=1)))
    assert refused.value.field == "closes_on"


def test_what_has_opened_is_not_opened_again(demonstration, unit, official):
    with pytest.raises(Closed):
        _open(official, factories.a_consultation(unit))


def test_a_later_closing_is_shown_with_its_reason_and_opens_it_again(unit, official):
    about = factories.a_consultation(unit, closes_at=clock.now() - DAY)
    later = clock.now() + DAY
    _do(official, actions.extend_closing, consultation=about, closes_at=later, reason="A meeting was missed.")
    assert standing(about, clock.now()) is Standing.OPEN
    assert [(one.after, one.reason) for one in about.extensions] == [(later, "A meeting was missed.")]
    assert _acts() == ["consultation.extend"]


@pytest.mark.parametrize(("closed_in", "to"), [(5, 5), (5, 4), (-5, -1)])
def test_a_closing_is_never_moved_to_the_same_an_earlier_or_a_past_time(unit, official, closed_in, to):
    now = clock.now()
    about = factories.a_consultation(unit, opens_at=now - 9 * DAY, closes_at=now + closed_in * DAY)
    with pytest.raises(Invalid):
        _do(official, actions.extend_closing, consultation=about, closes_at=now + to * DAY, reason="R")


@pytest.mark.parametrize("stage", [Stage.PREPARING, Stage.ANALYSING, Stage.OUTCOME, Stage.WITHDRAWN])
def test_a_closing_is_not_moved_where_there_is_none_to_move(unit, official, stage):
    about = factories.a_consultation(unit, stage=stage)
    with pytest.raises(Closed):
        _do(
            official, actions.extend_closing, consultation=about, closes_at=clock.now() + 99 * DAY, reason="R"
        )


def test_the_comments_are_read_once_it_has_closed(unit, official):
    about = factories.a_consultation(unit)
    with pytest.raises(Closed):
        _do(official, actions.begin_analysis, consultation=about)
    clock.replace(lambda: about.closes_at)
    _do(official, actions.begin_analysis, consultation=about)
    assert about.stage is Stage.ANALYSING
    assert _acts() == ["consultation.analyse"]


def test_the_outcome_ends_it_and_can_be_corrected(unit, official):
    about = factories.a_consultation(unit, stage=Stage.ANALYSING)
    _do(official, actions.publish_outcome, consultation=about, source="We did.", html="<p>We did.</p>")
    first = about.outcome_at
    _do(official, actions.publish_outcome, consultation=about, source="We did it.", html="<p>We did it.</p>")
    assert (about.stage, about.outcome_html, about.outcome_at) == (Stage.OUTCOME, "<p>We did it.</p>", first)


def test_an_outcome_cannot_come_before_the_close(unit, official):
    with pytest.raises(Closed):
        _do(
            official,
            actions.publish_outcome,
            consultation=factories.a_consultation(unit),
            source="S",
            html="S",
        )


def test_withdrawing_keeps_the_comments_and_says_why(unit, official):
    about = factories.a_consultation(unit, comment_count=7)
    _do(official, actions.withdraw_consultation, consultation=about, reason="The law changed.")
    assert standing(about, clock.now()) is Standing.WITHDRAWN
    assert (about.withdrawn_reason, about.comment_count) == ("The law changed.", 7)
    assert _acts() == ["consultation.withdraw"]


@pytest.mark.parametrize("stage", [Stage.PREPARING, Stage.OUTCOME, Stage.WITHDRAWN])
def test_what_is_not_running_cannot_be_withdrawn(unit, official, stage):
    about = factories.a_consultation(unit, stage=stage)
    with pytest.raises(Closed):
        _do(official, actions.withdraw_consultation, consultation=about, reason="R")


def test_every_change_is_announced(unit, official):
    heard = []

    def listen(sender, *, consultation, actor, act, **more):
        heard.append((consultation.slug, actor, act))

    about = factories.a_consultation(unit)
    with announcements.consultation_changed.connected_to(listen):
        _do(official, actions.withdraw_consultation, consultation=about, reason="R")
    assert heard == [(about.slug, official, "consultation.withdraw")]
