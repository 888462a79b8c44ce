"""`consult start`, `consult user` and `consult worker`, as typed at the server."""

import pytest
from click.testing import CliRunner

from consult.accounts import passwords, queries
from consult.accounts.models import Part
from consult.cli import people, worker
from consult.errors import Conflict, Invalid
from consult.extensions import db, transaction
from consult.notices.actions import send
from tests.accounts.ground import PASSWORD, mails, read_again, somebody, with_an_app
from tests.factories import a_site, a_unit, an_administrator


def _run(command, *arguments, fails=False, **options):
    result = CliRunner().invoke(command, arguments, catch_exceptions=True, **options)
    assert (result.exit_code != 0) is fails, result.output
    return result


def test_start_prints_a_link_that_lets_the_first_administrator_in(visit):
    output = _run(people.start).output
    link = next(line for line in output.splitlines() if line.startswith("http://127.0.0.1:8000/start/"))
    visit.get(link.removeprefix("http://127.0.0.1:8000"))


def test_start_refuses_a_site_that_has_begun(app):
    a_site()
    an_administrator()
    assert isinstance(_run(people.start, fails=True).exception, Conflict)


def test_a_person_is_added_with_a_password_from_standard_input(app):
    a_site()
    _run(people.user, "add", "Nia Probert", "Nia@mail.example", "--password-stdin", input=PASSWORD + "\n")
    person = queries.person_by_email("nia@mail.example")
    assert person.is_confirmed
    assert passwords.matches(person.password_hash, PASSWORD)


def test_a_person_without_a_password_gets_a_link(visit):
    a_site()
    output = _run(people.user, "add", "Nia", "nia@mail.example").output
    link = next(line for line in output.splitlines() if "/choose-password/" in line)
    visit.post(link.removeprefix("http://127.0.0.1:8000"), {"password": PASSWORD})


@pytest.mark.parametrize(
    ("arguments", "typed"),
    [
        (("add", "Nia", "nobody"), ""),
        (("add", "", "nia@mail.example"), ""),
        (("add", "N\u202eia", "nia@mail.example"), ""),
        (("add", "N" * 81, "nia@mail.example"), ""),
        (("add", "Nia", "nia@mail.example", "--password-stdin"), "short\n"),
        (("add", "Nia", "nia@mail.example", "--password-stdin"), "password1234\n"),
        (("add", "Nia", "nia@mail.example", "--password-stdin"), "p" * 129 + "\n"),
        (("role", "nia@mail.example", "editor"), ""),
        (("role", "nia@mail.example", "king"), ""),
        (("disable", "nia@mail.example"), ""),
    ],
)
def test_what_cannot_be_is_refused_in_words(app, arguments, typed):
    a_site()
    result = _run(people.user, *arguments, fails=True, input=typed)
    assert "Error" in result.output
    assert queries.person_by_email("nia@mail.example") is None


def test_parts_are_given_and_ended(app):
    a_site()
    unit, elsewhere, person = a_unit(), a_unit(), somebody()
    _run(people.user, "role", person.email, "official", "--unit", unit.slug, "--title", "Policy lead")
    both = ("role", person.email, "moderator", "--organisation", unit.organisation.slug)
    assert isinstance(_run(people.user, *both, fails=True).exception, Invalid)
    _run(people.user, "role", person.email, "moderator", "--organisation", elsewhere.organisation.slug)
    _run(people.user, "role", person.email, "administrator")
    person = read_again(person)
    assert person.plays(Part.OFFICIAL, unit_id=unit.id)
    assert person.plays(Part.MODERATOR, organisation_id=elsewhere.organisation_id)
    assert person.plays(Part.ADMINISTRATOR)
    _run(people.user, "role", person.email, "moderator", "--end")
    assert not read_again(person).plays(Part.MODERATOR)
    assert len(mails(person.email)) == 4


@pytest.mark.parametrize(
    "arguments",
    [
        ("official",),
        ("official", "--unit", "nowhere"),
        ("moderator", "--organisation", "nowhere"),
        ("moderator", "--end"),
    ],
)
def test_a_part_needs_a_place_that_exists(app, arguments):
    a_site()
    person = somebody()
    _run(people.user, "role", person.email, *arguments, fails=True)
    assert read_again(person).roles == []


def test_the_last_administrator_cannot_be_shut_by_command_either(app):
    a_site()
    person = an_administrator()
    assert isinstance(_run(people.user, "disable", person.email, fails=True).exception, Conflict)
    other = somebody()
    _run(people.user, "disable", other.email)
    assert not read_again(other).is_active


def test_the_worker_delivers_what_is_due_and_stops(app):
    a_site()
    with transaction():
        send(to="ann@mail.example", subject="Hello", body="Words")
    assert "1 delivered" in _run(worker.worker, "--once").output
    db.session.rollback()
    assert mails()[0].sent_at


def test_a_lost_second_step_is_reset(app):
    a_site()
    person, _ = with_an_app(somebody())
    _run(people.user, "reset-second-step", person.email)
    assert not queries.ways_of(read_again(person)).any
    assert "second step was reset" in mails(person.email)[0].subject
    assert isinstance(_run(people.user, "reset-second-step", person.email, fails=True).exception, Conflict)
    _run(people.user, "reset-second-step", "nobody@mail.example", fails=True)
