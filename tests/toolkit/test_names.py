import pytest

from consult.toolkit import names

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Handle campaigns fairly", "handle-campaigns-fairly"),
        ("An official’s first day", "an-officials-first-day"),
        ("handling-campaigns", "handling-campaigns"),
        ("Tŷ a thîr", "ty-a-thir"),
        ("日本の対話", "日本の対話"),
        ("Straße und Łódź", "strasse-und-łódź"),
        ("हिन्दी में बात", "हिन्दी-में-बात"),
        ("ＦＵＬＬ width", "full-width"),
        ("???", ""),
        ("😀", ""),
        ("New", ""),
        ("History", ""),
    ],
)
def test_titles_and_targets_come_down_to_one_name(words, name):
    assert names.name_of(words) == name


def test_a_name_is_no_longer_than_an_address_may_be():
    assert len(names.name_of("many words " * 40)) <= 80
    assert len(names.name_of("много слов " * 40)) <= 80


@pytest.mark.parametrize(
    "slug", ["new", "edit", "history", "talk", "print", "rename", "Big", "a b", "", "-a", "x" * 81]
)
def test_addresses_with_a_meaning_of_their_own_are_never_given_away(slug):
    assert not names.is_name(slug)


def test_targets_are_found_wherever_a_link_may_stand():
    assert names.names_linked("See [[One]] and [[two-three|words]], not [four](five).") == {
        "one",
        "two-three",
    }


def test_the_address_in_stored_html_is_that_of_the_route(app):
    with app.test_request_context():
        assert app.url_for("toolkit.page", slug="a-page") == names.address("a-page")
        assert app.url_for("toolkit.home") == names.address("")
