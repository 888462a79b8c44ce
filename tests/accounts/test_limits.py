"""Doors that can be hammered close for a while."""

import pytest

from tests.accounts.ground import PASSWORD, somebody, with_an_app
from tests.factories import a_site


@pytest.fixture(autouse=True)
def _site(app):
    a_site()


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


@pytest.mark.parametrize(
    "spelling",
    [
        "Bob@mail.example",
        " bob@mail.example ",
        "bob@MAIL.example",
        "bob@ｍａｉｌ.example",
        "bob@mail。example",
    ],
)
def test_one_account_is_not_tried_under_many_spellings(limited, spelling):
    client = limited.test_client()
    for number in range(10):
        assert _tries(client, 1, email=spelling, network=f"192.0.2.{number}") == [422]
    assert _tries(client, 1, email="bob@mail.example", network="198.51.100.1") == [429]


def test_an_empty_field_is_nobodys_account(limited):
    client = limited.test_client()
    for number in range(12):
        assert _tries(client, 1, email="", network=f"192.0.2.{number}") == [422]


def test_the_same_is_counted_however_it_is_sent(limited):
    client = limited.test_client()
    assert _tries(client, 5) == [422] * 5
    for _ in range(5):
        answer = client.post(
            "/sign-in", json={"email": "x@mail.example"}, environ_base={"REMOTE_ADDR": "192.0.2.1"}
        )
        assert answer.status_code == 422
    for kind in ("application/json", "text/plain", "multipart/form-data; boundary=x"):
        answer = client.post(
            "/sign-in",
            data="{}",
            content_type=kind,
            headers={"Accept": "application/json", "X-Requested-With": "fetch"},
            environ_base={"REMOTE_ADDR": "192.0.2.1"},
        )
        assert answer.status_code == 429


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


def _codes(limited, person, times, *, network="192.0.2.1"):
    """Give the password, and then so many wrong codes."""
    client, there = limited.test_client(), {"REMOTE_ADDR": network}
    client.post("/sign-in", data={"email": person.email, "password": PASSWORD}, environ_base=there)
    return [
        client.post("/sign-in/second-step", data={"again-code": "nonsense"}, environ_base=there).status_code
        for _ in range(times)
    ]


def test_ten_wrong_codes_close_the_second_step_of_an_account_from_anywhere(limited):
    person, _ = with_an_app(somebody())
    other, _ = with_an_app(somebody())
    for number in range(10):
        assert _codes(limited, person, 1, network=f"192.0.2.{number}") == [422]
    assert _codes(limited, person, 1, network="198.51.100.1") == [429]
    assert _codes(limited, other, 1, network="198.51.100.2") == [422]


def test_ten_wrong_codes_close_the_second_step_to_a_network(limited):
    for _ in range(5):
        assert _codes(limited, with_an_app(somebody())[0], 2) == [422, 422]
    assert _codes(limited, with_an_app(somebody())[0], 1) == [429]


def test_ten_wrong_proofs_close_the_question_whether_it_is_still_you(limited):
    person, client = somebody(), limited.test_client()
    client.post("/sign-in", data={"email": person.email, "password": PASSWORD})
    wrong = {"again-password": "a wrong password", "again-next": ""}
    answers = [client.post("/sign-in/again", data=wrong).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]
