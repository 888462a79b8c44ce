"""Where somebody is led on to: a page of this site, whatever the address or the form says."""

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.accounts import links
from consult.accounts.models import Purpose
from consult.extensions import db
from consult.web.fields import local_path
from tests import factories
from tests.accounts.ground import PASSWORD, somebody

ELSEWHERE = (
    "https://evil.example/",
    "http://evil.example",
    "HTTPS://evil.example",
    "//evil.example/",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/\n/evil.example",
    "/\r\n/evil.example",
    "/ok\r\nLocation: https://evil.example",
    "/ok\nSet-Cookie: a=b",
    "/ok\0",
    "/\u200b/evil.example",
    "/\u202e/evil.example",
    "/\u2028/evil.example",
    "/\ufeff/evil.example",
    "\u200b//evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "mailto:eve@evil.example",
    "evil.example",
    "@evil.example",
    ".evil.example",
    "http:evil.example",
    "https:/evil.example",
    "?next=//evil.example",
    "#//evil.example",
    "/a\\..\\..\\evil.example",
    "/" + "a" * 600,
    "\ud800/evil",
    "http://[evil.example",
    "",
    "/sign-out",
    "/sign-out?next=/",
    "/sign-in",
    "/sign-in?next=/sign-in",
    "/sign-up#x",
    "/sign-in/second-step",
)
HERE = (
    "/",
    "/account",
    "/consultations?standing=open&page=2",
    "/consultations/pavements#p-abc",
    "/search?q=https%3A%2F%2Fevil.example",
    "/%2f%2fevil.example",  # not decoded by any browser: a page of ours that is not there
    "/%5cevil.example",
    "/.//evil.example",
    "/toolkit/caf%C3%A9",
    "/toolkit/café",
    "/a@evil.example",
    "/a:b",
    "/javascript:alert(1)",
)
OUR_OWN = {"/account", "/"}


@pytest.mark.parametrize("given", ELSEWHERE)
def test_what_could_lead_elsewhere_or_in_a_circle_leads_nowhere(given):
    assert local_path(given) == ""


@pytest.mark.parametrize("given", HERE)
def test_a_path_of_ours_is_kept(given):
    assert local_path(given) == given


@given(st.one_of(st.text(max_size=40), st.text("/\\:@.?#%\t\n ae", max_size=20).map("/".__add__)))
def test_whatever_is_kept_is_of_this_site(given):
    path = local_path(given)
    assert path in ("", given)
    if path:
        parts = urlsplit(path)
        assert (parts.scheme, parts.netloc) == ("", "")
        assert path[0] == "/"
        assert path[1:2] not in ("/", "\\")
        assert path.isprintable() or not path.isascii()


def _leads(response) -> str:
    assert response.status_code == 303, response.text[:500]
    location = response.headers["Location"]
    assert location.startswith("/")
    assert not location.startswith("//")
    return location.partition("#")[0]


@pytest.mark.parametrize("given", ELSEWHERE)
def test_signing_in_leads_to_this_site(client, app, given):
    factories.a_site()
    person = somebody()
    form = {"email": person.email, "password": PASSWORD}
    assert _leads(client.post("/sign-in", data={**form, "next": given.encode("utf-8", "replace")})) in OUR_OWN
    assert (
        _leads(client.post("/sign-in", query_string={"next": given.encode("utf-8", "replace")}, data=form))
        in OUR_OWN
    )


@pytest.mark.parametrize("given", ELSEWHERE)
def test_an_address_confirmed_after_signing_up_leads_to_this_site(client, app, given):
    factories.a_site()
    person = factories.a_person(is_confirmed=False)
    token = links.make(Purpose.CONFIRM_EMAIL, person)
    db.session.commit()
    form = {
        "name": "Ann",
        "email": "ann@mail.example",
        "password": PASSWORD,
        "next": given.encode("utf-8", "replace"),
    }
    assert _leads(client.post("/sign-up", data=form)) == "/check-email"
    assert _leads(client.post(f"/confirm/{token}")) in OUR_OWN


@pytest.mark.parametrize("given", ELSEWHERE)
def test_proving_anew_who_one_is_leads_to_this_site(sign_in, app, given):
    factories.a_site()
    browser, typed = sign_in(somebody()), given.encode("utf-8", "replace")
    form = {"again-password": PASSWORD, "again-next": typed}
    assert _leads(browser.post("/sign-in/again", data=form)) in OUR_OWN
    page = browser.get("/sign-in/again", query_string={"next": typed})
    assert page.status_code == 200
    assert "evil.example" not in page.text


def test_a_page_of_this_site_is_gone_on_to(client, app):
    factories.a_site()
    person = somebody()
    form = {"email": person.email, "password": PASSWORD, "next": "/search?q=oak"}
    assert _leads(client.post("/sign-in", data=form)) == "/search?q=oak"


@pytest.mark.parametrize("given", ELSEWHERE)
def test_no_page_takes_a_referrer_or_a_host_for_a_way_on(client, app, given):
    factories.a_site()
    if not given.isprintable() or not given.isascii():
        return
    headers = {"Referer": given, "Host": "evil.example", "X-Forwarded-Host": "evil.example", "Origin": given}
    for answer in (client.get("/account", headers=headers), client.post("/account/name", headers=headers)):
        parts = urlsplit(_leads(answer))
        assert parts.path == "/sign-in"
        back = parse_qs(parts.query)["next"][0]
        assert local_path(back) == back
        assert not urlsplit(back).netloc


def test_a_form_sent_signed_out_leads_back_to_its_page(client, app):
    factories.a_site()
    answer = client.post("/account/name", headers={"Referer": "http://localhost/account/name?x=1"})
    assert answer.headers["Location"] == "/sign-in?next=/account/name?x%3D1"
