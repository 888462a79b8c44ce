import pytest
from sqlalchemy import insert, text

from consult import clock
from consult.extensions import db
from consult.search import indexes, queries, terms
from consult.search.models import Kind, SearchEntry
from tests import counting
from tests.search.ground import find


def entries(*words, kind=Kind.PAGE, title=""):
    now = clock.now()
    first = db.session.execute(text("SELECT coalesce(max(ref_id), 0) FROM search_entry")).scalar_one()
    db.session.execute(
        insert(SearchEntry),
        [
            {
                "kind": kind,
                "ref_id": first + n,
                "key": f"{said[:20]}",
                "title": title,
                "words": said,
                "public_from": now,
                "at": now,
            }
            for n, said in enumerate(words, 1)
        ],
    )
    db.session.commit()


def found(words):
    return find(words).get(Kind.PAGE, [])


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("The parked cars", "parking car"),
        ("Ein tŷ ni", "ty"),
        ("A café", "CAFÉ"),
        ("co-design it", "co-design"),
        ("co design it", "co-design"),
        ("people’s views", "people's"),
        ("see example.org/page", "example"),
        ("costs £4.50 a day", "4.50"),
        ("100% sure", "100%"),
        ("snake_case", "case"),
        ("a OR b", "or b"),
        ("one two three", '"one two"'),
    ],
)
def test_both_databases_find_the_same(app, said, asked):
    entries(said, "something else entirely")
    assert found(asked) == [said[:20]]


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("one two", "one three"),
        ("two one", '"one two"'),
        ("carpet", "car"),
        ("cat", "ca*"),
        ("beta", "alpha OR beta"),
    ],
)
def test_every_word_must_be_there(app, said, asked):
    entries(said)
    assert found(asked) == []


@pytest.mark.parametrize(
    "asked",
    [
        *(
            "%",
            "_",
            "'",
            '"',
            '""',
            "\\",
            "*",
            "a*",
            "^a",
            "(",
            "a AND",
            "NEAR(a b)",
            "title:a",
            "{title}:a",
            "-a",
            "a -b",
        ),
        *(
            "'; DROP TABLE search_entry; --",
            "a | b & !c <-> d",
            "a:b",
            ":a",
            "%(a)s",
            "\u202ea",
            "🦊",
            "日本",
            "a" * 200,
        ),
    ],
)
def test_signs_have_no_meaning_of_their_own(app, asked):
    entries("a b c d title near")
    found(asked)
    entries("still here")
    assert found("still") == ["still here"]


def test_the_newest_come_first_and_are_not_counted_to_the_end(app):
    entries(*(f"common word {n}" for n in range(30)))
    (group,) = queries.found(terms.read("common"))
    assert group.has_more
    assert [entry.key for entry in group.entries] == [f"common word {n}" for n in range(29, 9, -1)]


def test_kinds_are_kept_apart(app):
    entries("about trees", kind=Kind.PAGE)
    entries("about trees", kind=Kind.CONSULTATION, title="Trees")
    assert list(find("trees")) == [Kind.CONSULTATION, Kind.PAGE]
    assert list(find("trees", Kind.PAGE)) == [Kind.PAGE]
    assert find("page") == {}


def test_a_search_is_one_query(app):
    entries("about trees")
    with counting.queries() as seen:
        find("trees about")
    assert len(seen) == 1


def test_a_common_word_is_not_sorted(app):
    """The newest are read from the end of the index, so the work does not grow with what matches."""
    if db.engine.dialect.name != "sqlite":
        return
    wanted = indexes.index().newest(terms.read("common"), Kind.COMMENT, 20)
    plan = db.session.execute(
        text("EXPLAIN QUERY PLAN " + str(wanted.compile(db.engine, compile_kwargs={"literal_binds": True})))
    ).all()
    assert not any("TEMP B-TREE" in row.detail or "SCAN search_entry" in row.detail for row in plan), plan


def test_the_index_can_be_taken_away_and_made_again(app):
    with db.engine.begin() as connection:
        indexes.remove(connection)
        if connection.dialect.name == "sqlite":
            indexes.install(connection)
    entries("about trees")
    assert found("trees") == ["about trees"]
