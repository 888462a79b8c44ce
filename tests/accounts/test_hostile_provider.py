"""A provider that lies, or that somebody has got between: nobody comes in, and every answer is a page."""

import logging
import time

import pytest
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from consult.accounts.models import Identity, Person, SignedIn
from consult.extensions import db
from consult.web import openid
from tests.accounts import providers
from tests.accounts.providers import Liar
from tests.factories import a_site
from tests.pages import Visitor

pytestmark = [pytest.mark.slow, pytest.mark.once]

ANN = {
    "sub": "sub-1",
    "name": "Ann Ode",
    "email": "ann.ode@roads.example",
    "email_verified": True,
    "groups": [],
}


@pytest.fixture(autouse=True)
def _site(app, liar: Liar):
    a_site()
    liar.claims.update(ANN)


def _nobody_came() -> bool:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Person)) == 0


def _is_turned_away(at, caplog) -> str:
    """Insist that nobody comes in, on a page and with no traceback; return what the log says of the reason."""
    with caplog.at_level(logging.WARNING):
        page = Visitor(at.client).get(at.way_back(), status=503)
    assert "no good answer from Staff Gate" in page.select_one('[role="alert"]').text
    assert not at.is_signed_in
    assert _nobody_came()
    assert not any(line.exc_info for line in caplog.records)
    return next(line.why for line in caplog.records if hasattr(line, "why"))


def test_without_a_lie_somebody_comes_in(false_door, liar):
    at = false_door()
    assert at.come().status_code == 303
    assert at.is_signed_in
    assert liar.visits.count("/token") == 1


CLAIMS = {
    "another nonce": lambda c: {**c, "nonce": "another"},
    "no nonce": lambda c: {k: v for k, v in c.items() if k != "nonce"},
    "an empty nonce": lambda c: {**c, "nonce": ""},
    "another issuer": lambda c: {**c, "iss": "https://evil.example"},
    "an issuer with a slash more": lambda c: {**c, "iss": c["iss"] + "/"},
    "no issuer": lambda c: {k: v for k, v in c.items() if k != "iss"},
    "a list of issuers": lambda c: {**c, "iss": [c["iss"]]},
    "another audience": lambda c: {**c, "aud": "another-client"},
    "no audience": lambda c: {k: v for k, v in c.items() if k != "aud"},
    "a party that is another": lambda c: {**c, "azp": "another-client"},
    "two audiences and no party": lambda c: {**c, "aud": [c["aud"], "another-client"]},
    "expired": lambda c: {**c, "exp": int(time.time()) - 120},
    "no end": lambda c: {k: v for k, v in c.items() if k != "exp"},
    "an end that is no number": lambda c: {**c, "exp": "never"},
    "an end that is never reached": lambda c: {**c, "exp": float("inf")},
    "made tomorrow": lambda c: {**c, "iat": int(time.time()) + 86_400},
    "not valid yet": lambda c: {**c, "nbf": int(time.time()) + 86_400},
    "of another access token": lambda c: {**c, "at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
    "no subject": lambda c: {k: v for k, v in c.items() if k != "sub"},
    "an empty subject": lambda c: {**c, "sub": ""},
    "a subject that is a number": lambda c: {**c, "sub": 1},
    "a subject without end": lambda c: {**c, "sub": "s" * 300},
}


@pytest.mark.parametrize("lie", CLAIMS)
def test_a_token_with_a_false_claim_lets_nobody_in(false_door, liar, caplog, lie):
    liar.lies["claims"] = CLAIMS[lie]
    assert _is_turned_away(false_door(), caplog).startswith("token:")


@pytest.mark.parametrize(
    "sign",
    [
        providers.unsigned,
        providers.signed_by_another,
        providers.signed_by_the_next_key,
        providers.signed_with_the_public_key,
        providers.signed_with_the_client_secret,
        providers.changed_after_signing,
        lambda claims: "",
        lambda claims: "nonsense",
        lambda claims: "a.b.c",
        lambda claims: providers.signed(claims) + "x" * 100_000,
        lambda claims: ["a", "list"],
        lambda claims: None,
    ],
    ids=lambda sign: sign.__name__,
)
def test_a_token_with_a_false_signature_lets_nobody_in(false_door, liar, caplog, sign):
    liar.lies["sign"] = sign
    assert _is_turned_away(false_door(), caplog).split(":")[0] in ("token", "answer")


def test_a_token_of_an_hour_ago_is_not_taken_again(false_door, liar, caplog):
    """The nonce ties a token to one browser and one sign-in."""
    at, kept = false_door(), []

    def remember(claims):
        kept.append(providers.signed(claims))
        return kept[0]

    liar.lies["sign"] = remember
    assert at.come().status_code == 303
    at.client.post("/sign-out")
    assert at.come().status_code == 503
    assert not at.is_signed_in


ANSWERS = {
    "an error": Response('{"error": "invalid_grant"}', 400, mimetype="application/json"),
    "a fault": Response("<h1>Oh</h1>", 500),
    "a page": Response("<h1>Hello</h1>"),
    "a list": Response("[1]", mimetype="application/json"),
    "nothing": Response(""),
    "another place": Response("", 302, {"Location": "http://127.0.0.1:1/"}),
    "nests": Response("[" * 100_000, mimetype="application/json"),
    "too much": Response(f'{{"x": "{"x" * 1_100_000}"}}', mimetype="application/json"),
}


@pytest.mark.parametrize("what", ["discovery", "token", "keys"])
@pytest.mark.parametrize("answer", ANSWERS)
def test_a_broken_answer_is_a_page_and_no_error(false_door, liar, what, answer):
    liar.lies[what] = lambda said: ANSWERS[answer]
    at = false_door()
    if what == "discovery":
        page = Visitor(at.client).post("/sign-in/with/start", status=503).page
    else:
        page = Visitor(at.client).get(at.way_back(), status=503)
    assert "no good answer from Staff Gate" in page.main.text
    assert page.select_one('main a[href="/sign-in"]')
    assert not at.is_signed_in
    assert _nobody_came()


@pytest.mark.parametrize("answer", ["an error", "a fault", "a page", "a list", "another place"])
def test_a_broken_word_on_groups_lets_nobody_in(false_door, liar, answer):
    """What is not known is not taken for nothing, or parts would come to an end by a fault elsewhere."""
    del liar.claims["groups"]
    liar.lies["userinfo"] = lambda said: ANSWERS[answer]
    at = false_door()
    assert at.come().status_code == 503
    assert _nobody_came()


def test_what_is_said_of_somebody_else_is_not_taken(false_door, liar, caplog):
    del liar.claims["groups"]
    liar.about = {"sub": "somebody-else", "groups": ["it"]}
    assert _is_turned_away(false_door(), caplog) == "userinfo: of somebody else"


def test_groups_may_be_told_besides_the_token(false_door, liar):
    del liar.claims["groups"]
    liar.about = {"groups": ["wiki"]}
    at = false_door()
    at.come()
    db.session.rollback()
    person = db.session.scalars(select(Person)).one()
    assert [role.part.value for role in person.roles] == ["editor"]


def test_groups_that_are_too_many_to_be_told_let_nobody_in(false_door, liar):
    del liar.claims["groups"]
    liar.claims["_claim_names"] = {"groups": "src1"}
    at = false_door()
    page = Visitor(at.client).get(at.way_back(), status=403)
    assert "in so many groups" in page.main.text
    assert _nobody_came()


@pytest.mark.parametrize(
    "lie",
    [
        {"issuer": "https://evil.example"},
        {"issuer": None},
        {"authorization_endpoint": "http://evil.example/authorize"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": "http://evil.example/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": None},
        {"token_endpoint": ["https://id.example/token"]},
    ],
)
def test_a_provider_that_names_itself_or_its_doors_wrongly_is_not_gone_to(false_door, liar, lie):
    liar.lies["discovery"] = lambda said: {**said, **lie}
    Visitor(false_door().client).post("/sign-in/with/start", status=503)


def test_a_provider_that_is_not_there_is_a_page(behind, free_port):
    client = behind(f"http://127.0.0.1:{free_port}").test_client()
    page = Visitor(client).post("/sign-in/with/start", status=503).page
    assert "no good answer" in page.main.text


def test_a_provider_that_says_nothing_is_not_waited_for_long(false_door, liar, monkeypatch):
    monkeypatch.setattr(openid, "TIMEOUT", 0.2)
    liar.lies["token"] = lambda said: time.sleep(1) or said
    at = false_door()
    began = time.monotonic()
    assert at.come().status_code == 503
    assert time.monotonic() - began < 1
    assert openid.TIMEOUT == 0.2


def test_few_wait_for_a_slow_provider_at_once(false_door, monkeypatch):
    monkeypatch.setattr(openid, "PATIENCE", 0.01)
    at = false_door()
    turns = at.client.application.extensions["openid"]._turns
    for _turn in range(openid.AT_ONCE):
        turns.acquire()
    assert at.client.post("/sign-in/with/start").status_code == 503
    turns.release()
    assert at.client.post("/sign-in/with/start").status_code == 200


def test_a_key_that_the_provider_has_changed_is_fetched(false_door, liar):
    at = false_door()
    at.come()
    liar.lies |= {"sign": providers.signed_by_the_next_key, "keys": providers.both_keys}
    assert at.come().status_code == 303
    at.come()
    assert liar.visits.count("/keys") == 2
    assert liar.visits.count("/.well-known/openid-configuration") == 1


def test_a_code_of_another_issuer_is_not_taken(false_door, liar):
    at = false_door()
    back = at.way_back()
    assert at.client.get(f"{back}&iss=https%3A%2F%2Fevil.example").status_code == 503
    assert "/token" not in liar.visits


def test_the_same_issuer_may_name_itself(false_door, liar):
    at = false_door()
    assert at.client.get(f"{at.way_back()}&iss={liar.issuer}").status_code == 303


@pytest.mark.parametrize(
    "error", ["server_error", "temporarily_unavailable", "nonsense<script>", "x" * 5_000]
)
def test_an_error_of_the_provider_is_a_page(false_door, liar, error, caplog):
    at = false_door()
    state = providers.query_of(at.leave())["state"]
    with caplog.at_level(logging.WARNING):
        answer = at.client.get("/sign-in/with/return", query_string={"error": error, "state": state})
    assert answer.status_code == 503
    assert "script>" not in answer.text.split("<main")[1]
    assert all(len(str(getattr(line, "why", ""))) < 60 for line in caplog.records)


# Proving again who one is


def _signed_in(at) -> None:
    at.come()
    assert at.is_signed_in


def test_who_is_signed_in_can_be_asked_to_prove_it_anew(false_door, liar):
    at = false_door()
    _signed_in(at)
    liar.claims["auth_time"] = int(time.time())
    assert at.come(again="1", next="/toolkit").location == "/toolkit"
    assert (liar.asked[-1]["prompt"], liar.asked[-1]["max_age"]) == ("login", "0")
    assert at.is_signed_in


@pytest.mark.parametrize("auth_time", [None, 1_700_000_000, "now", True])
def test_a_provider_that_did_not_ask_anew_proves_nothing(false_door, liar, auth_time):
    at = false_door()
    _signed_in(at)
    liar.claims["auth_time"] = auth_time
    page = Visitor(at.client).get(at.way_back(again="1", next="/toolkit"), status=503)
    assert "could not make sure" in page.h1.text
    assert page.select_one('main input[name="again"]')
    assert page.select_one('main input[name="next"]')["value"] == "/toolkit"
    assert at.is_signed_in


def test_a_proof_without_the_second_step_does_not_stand_for_it(false_door, liar):
    at = false_door()
    liar.claims["groups"] = ["wiki"]
    at.come()  # a part that waits for the second step
    liar.claims["auth_time"] = int(time.time())
    page = Visitor(at.client).get(at.way_back(again="1"), status=403)
    assert "asks for your second step" in page.main.text
    liar.claims["amr"] = ["mfa"]
    assert at.come(again="1", next="/toolkit/new").location == "/toolkit/new"
    assert at.client.get("/toolkit/new").status_code == 200


def test_somebody_else_proves_nothing_for_who_is_signed_in(false_door, liar):
    at = false_door()
    _signed_in(at)
    liar.claims |= {"sub": "sub-2", "email": "bob@roads.example", "auth_time": int(time.time())}
    page = Visitor(at.client).get(at.way_back(again="1"), status=403)
    assert "signed in here as somebody else" in page.main.text
    db.session.rollback()
    assert [identity.subject for identity in db.session.scalars(select(Identity))] == ["sub-1"]


def test_nobody_proves_anew_who_is_not_signed_in(false_door, liar):
    at = false_door()
    assert at.come(again="1").status_code == 303
    assert "prompt" not in liar.asked[-1]
    assert at.is_signed_in


def test_the_steps_of_the_token_count_and_not_those_told_besides(false_door, liar):
    del liar.claims["groups"]
    liar.about = {"amr": ["mfa"]}
    at = false_door()
    at.come()
    db.session.rollback()
    assert db.session.scalars(select(SignedIn)).one().second_step_at is None
