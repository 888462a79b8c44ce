"""What all forms share: text that is text, names that can be shown, paths that stay here."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wtforms import StringField, TextAreaField
from wtforms.validators import Optional

from consult.errors import Invalid
from consult.web.fields import (
    Form,
    OnceField,
    PlainName,
    blame,
    local_path,
    name_field,
    one_line,
    plain_text,
    within,
)


class Sample(Form):
    name = name_field("Name", "Enter a name", max=10)
    title = StringField("Title", filters=[one_line], validators=[Optional(), PlainName(10)])
    body = TextAreaField("Body", validators=[within(5), plain_text])
    once = OnceField()


def _filled(app, data, **values):
    with app.test_request_context("/", method="POST", data=data, **values):
        form = Sample()
        return form, form.validate_on_submit()


def test_line_ends_count_as_one_character(app):
    form, is_good = _filled(app, {"name": "Ann", "body": "a\r\nb\r\nc"})
    assert is_good
    assert form.body.data == "a\nb\nc"


def test_a_name_is_one_line_of_composed_letters_with_single_spaces(app):
    form, is_good = _filled(app, {"name": "  Ame\u0301lie \u00a0 X "})
    assert is_good
    assert form.name.data == "Am\u00e9lie X"


@pytest.mark.parametrize("name", ["Zoë", "Siân", "李小龍", "محمد", "O’Brien", "D-Day 44", "न्द्र", "ngọc"])
def test_names_from_anywhere_are_names(app, name):
    assert _filled(app, {"name": name})[1]


@pytest.mark.parametrize(
    "name",
    [
        "a\u202eb",
        "a\u2066b",
        "a\u200bb",
        "a\u00adb",
        "a\ufeffb",
        "a\x00b",
        "a\x1bb",
        "a\u2028b",
        "a\u3164b",
        "a\ue000b",
        "a" + "\u0300" * 9,
        "\u0300",
        "---",
        "x" * 11,
    ],
)
def test_what_hides_or_climbs_is_no_name(app, name):
    form, is_good = _filled(app, {"name": name})
    assert not is_good
    assert form.errors.keys() == {"name"}


def test_the_message_says_how_long_it_is(app):
    form, _ = _filled(app, {"name": "Ann", "body": "x" * 1_200})
    assert form.errors["body"] == ["Body must be 5 characters or fewer. It is 1,200 characters long"]


def test_a_file_in_place_of_words_counts_as_nothing_typed(app):
    form, is_good = _filled(
        app,
        {"name": (BytesIO(b"\xff"), "x.bin"), "body": (BytesIO(b"\xff"), "y.bin")},
        content_type="multipart/form-data",
    )
    assert not is_good
    assert form.name.data == form.body.data == ""


def test_json_is_no_form(app):
    with app.test_request_context("/", method="POST", json={"name": "Ann"}):
        assert not Sample().validate_on_submit()


def test_the_same_form_carries_the_same_key_and_nonsense_is_replaced(app):
    form, _ = _filled(app, {"name": "Ann", "once": "abcdefgh12345678"})
    assert form.once.data == "abcdefgh12345678"
    for nonsense in ("", "x", "a b c d e f g h", "é" * 20, "x" * 1_000_000):
        form, is_good = _filled(app, {"name": "Ann", "once": nonsense})
        assert is_good
        assert form.once.data != nonsense
        assert len(form.once.data) == 20


def test_a_rule_of_the_domain_is_said_beside_its_field(app):
    form, _ = _filled(app, {"name": "Ann"})
    blame(form, Invalid("Taken", field="name"))
    blame(form, Invalid("Closed"))
    assert form.name.errors == ["Taken"]
    assert form.form_errors == ["Closed"]


@pytest.mark.parametrize("path", ["/", "/a", "/a?b=c#d", "/consultations/x/y?p=7a"])
def test_paths_of_this_site_are_kept(path):
    assert local_path(path) == path


@given(st.one_of(st.text(), st.text(alphabet="/\\ht:.@e\t\r\n?#%").map(lambda words: "/" + words)))
def test_a_path_never_leads_elsewhere(given_path):
    path = local_path(given_path)
    assert path == "" or (path.startswith("/") and path[1:2] not in ("/", "\\"))
    assert not any(letter in path for letter in "\\\r\n\t\x00")


@pytest.mark.parametrize("given_path", [None, 7, ["/a"], b"/a"])
def test_what_is_no_text_is_no_path(given_path):
    assert local_path(given_path) == ""
