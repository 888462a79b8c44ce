"""Searches in vain: counted by words and day alone, and never what may name a person or be a secret."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult import clock
from consult.accounts.retention import PERIODS, Kept
from consult.audit import AuditEntry
from consult.errors import NotAllowed
from consult.extensions import db, transaction
from consult.notices import clearing
from consult.search import fruitless, terms
from consult.search.models import FruitlessSearch, RemovedSearch
from tests import factories
from tests.search import ground


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        *(
            ("Hangar", "hangar"),
            ("dropped kerb grant", "dropped kerb grant"),
            ('"bike hangar"', "bike hangar"),
        ),
        *(("Tŷ", "ty"), ("NHS", "nhs"), ("co-design", "co design"), ("Parking permits", "parking permits")),
        *(("nia@mail.example", ""), ("020 7946 0123", ""), ("flat 4", ""), ("/desk/answer", "")),
        *(("Nia Probert", ""), ("NIA PROBERT", ""), ("aXbYcZqQ", ""), ("p=q", ""), ("x" * 25, "")),
        *(("one two three four five six seven", ""), ("??", ""), ("w" * 20 + " " + "v" * 45, "")),
    ],
)
def test_what_is_kept_of_a_query(query, kept):
    assert fruitless.noted(query, terms.read(query)) == kept


@given(st.text(max_size=80))
def test_nothing_with_a_figure_or_an_address_is_kept(query):
    kept = fruitless.noted(query, terms.read(query))
    assert not any(c.isdigit() or c == "@" for c in kept)
    assert len(kept) <= fruitless.LONGEST
    if any(c in query for c in "@0123456789"):
        assert not kept


def _kept():
    db.session.rollback()
    return {row.words: row.times for row in db.session.query(FruitlessSearch)}


def test_it_is_counted_once_the_answer_has_gone(client):
    ground.a_draft()
    for _n in range(3):
        client.get("/search?q=Kiosk").close()
    for query in ("trees", "", "nia@mail.example", "Nia+Probert", "kiosk&in=comment", "x" * 300):
        client.get(f"/search?q={query}").close()
    assert _kept() == {"kiosk": 3}
    page = client.get("/monitor").get_data(as_text=True)
    assert "/search?q=kiosk" in page


def test_two_times_are_not_shown(client, visit):
    factories.a_site()
    for _n in range(2):
        client.get("/search?q=kiosk").close()
    section = visit.get("/monitor").select_one('[data-gap="searches"]')
    assert section["data-count"] == "0"
    assert "kiosk" not in section.text


def test_a_day_has_its_fill(app, monkeypatch):
    monkeypatch.setattr(fruitless, "MOST_A_DAY", 2)
    today = clock.now().date()
    for words in ("one", "two", "three", "one"):
        fruitless.count(words, today)
    assert _kept() == {"one": 2, "two": 1}


def test_they_go_after_ninety_days(app):
    factories.a_site()
    now = clock.now()
    with transaction():
        fruitless.add("kiosk", (now - timedelta(days=PERIODS[Kept.SEARCHES].days + 1)).date())
        fruitless.add("hangar", (now - timedelta(days=PERIODS[Kept.SEARCHES].days - 1)).date())
    assert clearing.clear_up() == {"fruitless_searches": 1}
    assert _kept() == {"hangar": 1}


def test_of_several_words_each_must_stand_somewhere_on_the_site(client):
    """A name in small letters is of words that stand nowhere: it is not kept at all."""
    ground.a_draft()  # it speaks of trees
    for query in ("nia+probert", "trees+probert", "trees+plan+first+water+kiosk", "trees+lamp", "kiosk"):
        client.get(f"/search?q={query}").close()
    assert _kept() == {"kiosk": 1}
    client.get('/search?q="trees+plan"').close()  # both are there, side by side nowhere
    assert _kept() == {"kiosk": 1, "trees plan": 1}


@pytest.mark.parametrize("who", ["editor", "administrator"])
def test_what_was_removed_stays_away_and_the_record_does_not_say_what_it_was(client, visit, visit_as, who):
    factories.a_site()
    actor = factories.an_editor() if who == "editor" else factories.an_administrator(None)
    db.session.commit()  # what was read so far is not what is there next
    for word in ("probert", "kiosk"):
        for _n in range(3):
            client.get(f"/search?q={word}").close()
    assert _kept() == {"probert": 3, "kiosk": 3}
    assert "probert" in visit.get("/monitor/searches").main.text
    page = visit_as(actor)
    assert 'value="probert"' in str(page.get("/search/in-vain").main)
    answer = page.post("/search/in-vain", {"words": "probert"})
    assert "1 search is removed" in page.get(answer.location).main.text
    assert _kept() == {"kiosk": 3}
    assert "probert" not in visit.get("/monitor/searches").main.text
    client.get("/search?q=Probert").close()
    assert _kept() == {"kiosk": 3}
    told = db.session.query(AuditEntry).filter_by(act="search.remove").one()
    assert told.actor_id == actor.id
    assert "probert" not in str(vars(told))
    assert "probert" not in str([vars(row) for row in db.session.query(RemovedSearch)])


def test_nothing_ticked_or_nothing_there_removes_nothing(client, visit_as):
    factories.a_site()
    page = visit_as(factories.an_editor())
    db.session.commit()
    client.get("/search?q=kiosk").close()
    assert "Tick the words first." in page.get(page.post("/search/in-vain", {}).location).main.text
    page.post("/search/in-vain", {"words": "lamp"})
    assert _kept() == {"kiosk": 1}
    assert not db.session.query(AuditEntry).filter_by(act="search.remove").count()


def test_nobody_else_may(app):
    official = factories.an_official(factories.a_unit())
    with pytest.raises(NotAllowed), transaction(official):
        fruitless.remove(actor=official, words=["kiosk"])
