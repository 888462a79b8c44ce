"""Doors that can be hammered close for a while."""

import pytest

from consult import config, create_app
from consult.extensions import db, limiter
from tests.accounts.ground import PASSWORD, somebody
from tests.factories import a_site


@pytest.fixture
def limited(app, tmp_path):
    """The same database behind an application that counts."""
    settings = config.load(
        tmp_path,
        {"CONSULT_SECRET_KEY": "k" * 40, "CONSULT_DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"]},
        testing=True,
        extra={"WTF_CSRF_ENABLED": False, "RATELIMIT_ENABLED": True},
    )
    counting = create_app(settings)
    with counting.app_context():
        a_site()
        limiter.reset()
        yield counting
        limiter.reset()
        limiter.enabled = False
        db.session.remove()
        db.engine.dispose()


def _tries(client, times, *, email="ann@mail.example", password="a wrong password", network="192.0.2.1"):
    return [
        client.post(
            "/sign-in",
            data={"email": email, "password": password},
            environ_base={"REMOTE_ADDR": network},
        ).status_code
        for _ in range(times)
    ]


def test_ten_wrong_passwords_close_the_door_of_an_account(limited):
    client = limited.test_client()
    for number in range(10):
        assert _tries(client, 1, network=f"192.0.2.{number}") == [422]
    assert _tries(client, 1, network="198.51.100.1") == [429]
    assert _tries(client, 1, email="ANN@mail.example ", network="198.51.100.2") == [429]
    assert _tries(client, 1, email="bob@mail.example", network="198.51.100.3") == [422]


def test_ten_wrong_passwords_close_the_door_to_a_network(limited):
    client = limited.test_client()
    for number in range(10):
        assert _tries(client, 1, email=f"p{number}@mail.example") == [422]
    response = client.post(
        "/sign-in",
        data={"email": "q@mail.example", "password": "x"},
        environ_base={"REMOTE_ADDR": "192.0.2.1"},
    )
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert "minutes" in response.text


def test_an_ipv6_network_is_a_home_and_not_an_address(limited):
    client = limited.test_client()
    for number in range(10):
        _tries(client, 1, email=f"p{number}@mail.example", network=f"2001:db8:1:2::{number}")
    assert _tries(client, 1, email="q@mail.example", network="2001:db8:1:2:ffff::1") == [429]
    assert _tries(client, 1, email="q@mail.example", network="2001:db8:1:3::1") == [422]


def test_signing_in_rightly_counts_for_nothing(limited):
    person = somebody()
    client = limited.test_client()
    assert set(_tries(client, 12, email=person.email, password=PASSWORD)) == {303}


def test_reading_the_page_counts_for_nothing(limited):
    client = limited.test_client()
    assert {client.get("/sign-in").status_code for _ in range(15)} == {200}


def test_an_address_is_not_flooded_with_links(limited):
    client = limited.test_client()
    answers = [
        client.post(
            "/forgotten-password",
            data={"email": "ann@mail.example"},
            environ_base={"REMOTE_ADDR": f"192.0.2.{number}"},
        ).status_code
        for number in range(6)
    ]
    assert answers == [200] * 5 + [429]


def test_a_network_cannot_make_accounts_without_end(limited):
    client = limited.test_client()
    answers = [
        client.post("/sign-up", data={"name": "", "email": f"p{number}@mail.example"}).status_code
        for number in range(31)
    ]
    assert answers == [422] * 30 + [429]
