"""What the eye reads, whatever characters stand there."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.accounts.look_alikes import (
    _prototypes,
    mixes_scripts,
    readings,
    script_of,
    skeleton,
    without_joiners,
)

MODERATORS = (
    "Moderator",
    "MODERATOR",
    "M o d e r a t o r",
    "M.o-d_e r a t o r",
    "M0der@t0r",
    "Moderat0r",
    "M0D3R4T0R",
    "МODERАТОR",  # Cyrillic М, А, Т, О
    "Μοderatοr",  # Greek Μ, ο
    "Ｍｏｄｅｒａｔｏｒ",
    "𝕄𝕠𝕕𝕖𝕣𝕒𝕥𝕠𝕣",
    "𝓜𝓸𝓭𝓮𝓻𝓪𝓽𝓸𝓻",
    "Ⓜⓞⓓⓔⓡⓐⓣⓞⓡ",
    "🅼🅾🅳🅴🆁🅰🆃🅾🆁",
    "🇲🇴🇩🇪🇷🇦🇹🇴🇷",
    "ᴍᴏᴅᴇʀᴀᴛᴏʀ",
    "ᵐᵒᵈᵉʳᵃᵗᵒʳ",
    "M\u0301o\u0302d\u0308e\u0301r\u0327a\u0304t\u030co\u030ar",
    "Mo\u0336d\u0336erator",
    "mođerațøř",
    "Mod\u200berator",
    "Mod\u2060er\ufeffat\u00ador",
    "\u202eModerator\u202c",
    "Mod\u3164erator",
    "Moderator\ufe0f",
    "Rnoderator".replace("Rn", "rn"),
    "ⅿoderator",
)


@pytest.mark.parametrize("name", MODERATORS)
def test_all_of_these_read_moderator(name):
    assert skeleton(name) == skeleton("moderator")


@pytest.mark.parametrize("name", ["*Moderator*", "Moderator 2", "2Moderator", "Moderator!", "$Moderator$"])
def test_figures_and_signs_around_it_are_left_out_in_the_second_reading(name):
    assert "".join(readings(name)[1]) == skeleton("moderator")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Footways & Kerbside Unit", "Footways and Kerbside Unit"),
        ("Official", "OfficiaI"),
        ("Official", "0fficial"),
        ("O’Neill", "O'Neill"),
        ("Straße", "Strasse"),
        ("Wales", "VVales"),
    ],
)
def test_pairs_that_look_alike_have_one_skeleton(one, other):
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Hall", "Nall"), ("Moderator", "Модестов"), ("राम", "रीमा"), ("Jones", "James"), ("محمد", "محمود")],
)
def test_names_that_differ_stay_apart(one, other):
    assert skeleton(one) != skeleton(other)


@pytest.mark.slow
def test_every_character_has_a_shape_that_has_no_other():
    moving = []
    for number in range(sys.maxunicode + 1):
        letter = chr(number)
        if unicodedata.category(letter) not in ("Cs", "Cn", "Co"):
            shape = skeleton(letter)
            if skeleton(shape) != shape:
                moving.append(letter)
    assert not moving


@given(st.text(max_size=80))
def test_a_skeleton_is_its_own_skeleton(text):
    shape = skeleton(text)
    assert skeleton(shape) == shape


@given(st.text(max_size=60))
def test_case_and_composition_change_no_skeleton(text):
    assert skeleton(unicodedata.normalize("NFD", text)) == skeleton(unicodedata.normalize("NFC", text))
    assert skeleton(text.replace("a", "A")) == skeleton(text)


@given(
    st.text(max_size=60), st.integers(0, 60), st.sampled_from("\u200b\u200d\u202e\u2066\u00ad\u0301\ufe0f ")
)
def test_what_is_not_seen_changes_no_skeleton(text, place, unseen):
    letters = unicodedata.normalize("NFKD", "".join(filter(str.isalnum, text)))
    assert skeleton(letters[:place] + unseen + letters[place:]) == skeleton(letters)


def test_the_direction_of_the_data_is_that_of_the_standard():
    shapes = _prototypes()
    known = {"О": "O", "0": "O", "1": "l", "I": "l", "m": "rn", "ꝸ": "&"}
    assert {letter: shapes[letter] for letter in known} == known
    assert not set(shapes) & set("abcdefghjklnopqrstuvwxyz")
    assert len(shapes) > 6_000
    assert all(shapes.get(part, part) == part for shape in shapes.values() for part in shape)


@pytest.mark.parametrize("name", ["ශ්\u200dරී ජයවර්ධන", "علی\u200cرضا", "ക്\u200d", "ক্\u200cষ"])
def test_joiners_that_a_script_needs_are_taken_out(name):
    assert not set(without_joiners(name)) & set("\u200c\u200d")


@pytest.mark.parametrize(
    "name", ["Jo\u200dhn", "\u200cAnn", "Ann\u200d", "علی\u200d", "ع\u200ca", "👩\u200d🚒", "\u200d"]
)
def test_other_joiners_stay_where_they_are_and_are_refused_later(name):
    assert without_joiners(name) == name


@pytest.mark.parametrize(
    ("letter", "script"),
    [
        ("a", "LATIN"),
        ("я", "CYRILLIC"),
        ("ω", "GREEK"),
        ("田", "HAN"),
        ("-", "COMMON"),
        ("\u0301", "INHERITED"),
        ("\u0378", "UNKNOWN"),
        ("\U0010ffff", "UNKNOWN"),
        ("\0", "COMMON"),
    ],
)
def test_a_letter_has_a_script(letter, script):
    assert script_of(letter) == script


@pytest.mark.parametrize(
    "name",
    [
        "Jоhn",
        "Μaria",
        "Pаul Smith",
        "О’Neill",
        "Иванoв",
        "Αdа",
        "Մary",
        "ᏚTAFF",
        "Ελενa",
        "עPaul",
        "Ann محmد",
    ],
)
def test_alphabets_mixed_in_a_word_are_seen(name):
    assert mixes_scripts(name)


@pytest.mark.parametrize(
    "name", ["John Иванов", "Анна-Maria", "田中さくら", "Aさん", "김A", "Mary 2nd", "Ángel", "R2-D2"]
)
def test_what_people_do_write_is_no_mixture(name):
    assert not mixes_scripts(name)
