"""What carries the talk of the toolkit is no consultation: no list, figure, file, feed or desk has it.

Every page that needs no more than a unit's or an organisation's name is walked, by everybody who has one of their own.
"""

from urllib.parse import urlsplit

import pytest

from consult import clock
from consult.discussion.models import Comment
from consult.extensions import db
from consult.monitor import board, scope
from consult.search import indexing
from consult.search.models import Kind, SearchEntry
from consult.toolkit.talk import queries
from tests import factories
from tests.toolkit.talk.said import a_talked_page, at, document_of, published, says

SIGN = "Carrier of the talk"
# where somebody's own words, or what waits for a decision, say on what they were said
SAYS_WHERE = ("/moderation", "/account", "/guest", "/unsent", "/follow")
NOT_A_PAGE = ("/static", "/health", "/sign-out")


@pytest.fixture
def carried(app):
    """A page that people talk of, beside a consultation, with something published and something that waits."""
    page = a_talked_page()
    carrier = queries.carrier()
    carrier.title = SIGN
    factories.a_consultation(carrier.unit)
    db.session.commit()
    published(at(page, "Begin where"), "Where is that?")
    says(at(page, "all"), "It waits.")
    return page


@pytest.mark.parametrize("part", ["nobody", "official", "moderator", "editor", "administrator"])
def test_no_page_lists_it(app, carried, sign_in, client, part):
    unit = queries.carrier().unit
    who = {
        "nobody": lambda: None,
        "official": lambda: factories.an_official(unit),
        "moderator": lambda: factories.a_moderator(unit.organisation),
        "editor": factories.an_editor,
        "administrator": factories.an_administrator,
    }[part]()
    browser = client if who is None else sign_in(who)
    looked = 0
    for url in _addresses(app, unit):
        answer = browser.get(url)
        assert answer.status_code < 500, url
        body = answer.get_data(as_text=True)
        assert SIGN not in body, url
        assert "/consultations/toolkit" not in body, url
        looked += answer.status_code == 200
    assert looked > 20


def _addresses(app, unit):
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.build_only or rule.rule.startswith((*SAYS_WHERE, *NOT_A_PAGE)):
            continue
        if not rule.arguments:
            yield rule.rule
        elif rule.arguments == {"slug"} and "/units/" in rule.rule:
            yield rule.rule.replace("<string:slug>", unit.slug)
        elif rule.arguments == {"slug"} and "/organisations/" in rule.rule:
            yield rule.rule.replace("<string:slug>", unit.organisation.slug)


def test_its_own_addresses_lead_to_the_toolkit_or_nowhere(app, carried, client, sign_in):
    document = document_of(carried)
    given = {
        "slug": "toolkit",
        "document": document.slug,
        "key": at(carried, "Begin where").key,
        "number": 1,
        "first": 1,
        "second": 2,
        "event": 1,
    }
    official = sign_in(factories.an_official(queries.carrier().unit))
    looked = 0
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith(("/consultations/<string:slug>", "/desk/record/", "/desk/points/")):
            continue
        if not rule.arguments <= set(given) or "GET" not in rule.methods:
            continue
        url = rule.build({name: given[name] for name in rule.arguments})[1]
        for browser in (client, official):
            answer = browser.get(url)
            assert answer.status_code in (301, 302, 308, 404), (url, answer.status_code)
            if answer.status_code != 404 and browser is official:
                assert urlsplit(answer.headers["Location"]).path.startswith("/toolkit"), url
        looked += 1
    assert looked > 20
    assert client.get("/consultations/toolkit").headers["Location"] == "/toolkit"
    talk = "/toolkit/find-a-community/talk"
    assert client.get("/consultations/toolkit/find-a-community").headers["Location"] == talk


def test_the_index_of_the_search_has_what_was_said_and_not_its_carrier(app, carried):
    for _again in range(2):
        kinds = {
            row.kind for row in db.session.query(SearchEntry).filter(SearchEntry.document_id.is_not(None))
        }
        assert kinds == {Kind.COMMENT}
        named = db.session.query(SearchEntry).filter(SearchEntry.kind == Kind.CONSULTATION)
        assert SIGN not in {row.title for row in named}
        with factories.db.session.begin_nested():
            indexing.reindex()


def test_the_monitor_dates_nothing_by_it(app):
    page = a_talked_page()
    published(at(page, "Begin where"), "Where is that?")
    unit = queries.carrier().unit
    zone = app.config["CONSULT_ZONE"]
    for of in (scope.scope(chosen, clock.now(), zone) for chosen in ("", unit.slug)):
        assert board.empty_since(of, "short") is None
        assert board.empty_since(of, "silent") is None


def test_officials_are_offered_nothing_at_it_and_let_in_nowhere(app, carried, visit_as, sign_in):
    unit = queries.carrier().unit
    official = factories.an_official(unit)
    said = db.session.query(Comment).filter(Comment.body == "Where is that?").one()
    place = f"/toolkit/find-a-community/p/{said.paragraph.key}"
    shown = visit_as(official).get(place)
    assert "Where is that?" in shown.text
    assert not shown.select('a[href^="/desk/"]:not(header a), form[action*="/question"]')
    browser, key = sign_in(official), said.key
    for url in (f"/desk/answer/{key}", f"/desk/answer-several?key={key}", f"/desk/verdicts/{key}"):
        assert browser.get(url).status_code in (403, 404), url
    for url, form in (
        (f"/desk/answer/{key}", {"body": "We thank you.", "do": "post"}),
        (f"/desk/answer/{key}/note", {"note": "See to it."}),
        (f"/desk/answer/{key}/information", {}),
        (f"/desk/answer-several?key={key}", {"key": key, "body": "We thank you.", "do": "draft"}),
        (f"/comments/{key}/question", {}),
        ("/desk/here", {"key": key}),
    ):
        assert browser.post(url, data=form).status_code in (403, 404), url
