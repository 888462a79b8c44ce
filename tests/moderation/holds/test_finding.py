"""What is a link, a private detail or a word of the list, and the many numbers of a consultation that are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from consult.moderation.holds.details import ADDRESS, BANK, EMAIL, INSURANCE, TELEPHONE, details_in
from consult.moderation.holds.links import links_in
from consult.moderation.holds.wordlist import read_list, words_in

PRIVATE = [
    ("Ring me on 07700 900123 after six.", TELEPHONE, "07700 900123"),
    ("My number is 07700900123.", TELEPHONE, "07700900123"),
    ("(020) 7946 0123 is hers", TELEPHONE, "(020) 7946 0123"),
    ("020 7946 0123", TELEPHONE, "020 7946 0123"),
    ("01632 960123, evenings", TELEPHONE, "01632 960123"),
    ("01632-960-123", TELEPHONE, "01632-960-123"),
    ("+44 7700 900123", TELEPHONE, "+44 7700 900123"),
    ("+44 (0)20 7946 0123", TELEPHONE, "+44 (0)20 7946 0123"),
    ("CALL ME ON 07700 900123", TELEPHONE, "07700 900123"),
    ("She lives at 12 High Street, Leeds LS1 4AP.", ADDRESS, "12 High Street, Leeds LS1 4AP"),
    ("flat 3, 12a acacia avenue, leeds ls1 4ap", ADDRESS, "flat 3, 12a acacia avenue, leeds ls1 4ap"),
    ("14 Ffordd y Mileniwm\nY Barri\nCF62 5BF", ADDRESS, "14 Ffordd y Mileniwm\nY Barri\nCF62 5BF"),
    ("number 7, LS1 4AP", ADDRESS, None),
    ("Write to sue.bell+x@mail.example.org!", EMAIL, "sue.bell+x@mail.example.org"),
    ("sue (at) mail.example", EMAIL, "sue (at) mail.example"),
    ("QQ 12 34 56 C is not given out, AB 12 34 56 C is", INSURANCE, "AB 12 34 56 C"),
    ("my NI is ab123456c", INSURANCE, "ab123456c"),
    ("Sort code 12-34-56, account 12345678", BANK, "12-34-56, account 12345678"),
    ("IBAN GB82 WEST 1234 5698 7654 32", BANK, "GB82 WEST 1234 5698 7654 32"),
    ("card 4111 1111 1111 1111", BANK, "4111 1111 1111 1111"),
]

NOT_PRIVATE = [
    "Section 12(3) of the Equality Act 2010 and SI 2019/1234.",
    "On 01-02-2026 10:30, or 02/12/2026, or 2026-12-02.",
    "02-12-2026 10 people came",
    "It costs £01 234 567 890 or £1,234,567.89 or 0.1234567890 of it.",
    "See paragraphs 12, 12A and 12.1.3; paragraph 7 High Street, LS1 4AP is the office.",
    "At TQ 02345 67890, SU 012345 678901 and NY 01234567 89012345",
    "TQ0234567890",
    "Version 0.12.1234.5678, release 01.02.0003",
    "The postcode LS1 4AP alone, or all of LS1.",
    "In 2019 the office moved to LS1 4AP.",
    "Ring the council on 0300 123 4567 or 0800 111 222 or 0845 123 4567.",
    "ISBN 0 19 852663 6, 0198526636, 978-0-19-852663-6",
    "Company 01234567, charity 1234567, UPRN 100023336956",
    "Between 2019 and 2026, 07 of 12 said yes.",
    "We measured 0.75 0.81 0.92 1.04 metres.",
    "Width 2.0 m; 1,200 mm; 12%; BS 8300-1:2018; A4; B1.1; M25",
    "12-11-26 was the day and 20261127 its number",
    "Look at the map, meet @ noon, at 5.",
    "COM(2020) 474 final, 2020/0123(COD)",
    "Order no. 4111 1111 1111 1112",
    "It is 12 miles from Leeds to the office at BD1 1HX",
    "1 in 4 people at LS1 4AP agreed",
]


@pytest.mark.parametrize(("text", "kind", "passage"), PRIVATE)
def test_private_details_are_found(text, kind, passage):
    found = [each for each in details_in(text) if each.kind == kind]
    if passage is None:
        assert found == []  # a number and a postcode with no street between them
        return
    assert [text[each.start : each.end] for each in found] == [passage]


@pytest.mark.parametrize("text", NOT_PRIVATE)
def test_numbers_of_a_consultation_are_no_private_details(text):
    assert [text[each.start : each.end] for each in details_in(text)] == []


@given(
    some.integers(100, 999),
    some.integers(1000, 9999),
    some.sampled_from(["", " ", "-"]),
    some.text(max_size=30),
)
def test_a_mobile_number_is_found_whatever_stands_around_it(middle, end, between, around):
    number = f"07{middle}{between}{middle}{end}"[:13]
    digits = [sign for sign in number if sign.isdigit()]
    if len(digits) != 11:
        return
    text = f"{around} ring {number} please"
    assert any(text[each.start : each.end] == number for each in details_in(text))


@given(some.integers(1, 999), some.integers(1, 99), some.integers(1800, 2100))
def test_statutes_paragraphs_and_years_are_never_private(number, part, year):
    for text in (
        f"SI {year}/{number}",
        f"paragraph {number}.{part}",
        f"{part:02d}/{part % 12 + 1:02d}/{year}",
        f"{part % 28 + 1:02d}-{part % 12 + 1:02d}-{year}",
        f"£{number},{number:03d}.{part:02d}",
        f"v{part}.{number}.{year}",
        f"c. {part} ({year}), s. {number}({part})",
    ):
        assert details_in(text) == [], text


@given(some.text(max_size=400))
def test_any_text_can_be_searched_and_passages_are_apart(text):
    for found in (details_in(text), links_in(text), words_in(text, ["idiot", "half wit"])):
        ends = 0
        for each in found:
            assert ends <= each.start < each.end <= len(text)
            ends = each.end


@pytest.mark.parametrize(
    "text",
    [
        "0" * 5000,
        "0 " * 2500,
        "1 A, " * 1000 + "LS1 4AP",
        "a." * 2500,
        "a@" * 2500,
        "AA00 " * 1000,
        "+1 " * 1600,
    ],
)
def test_no_text_takes_long(text):
    import time

    began = time.perf_counter()
    details_in(text), links_in(text), words_in(text, ["idiot"])
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize(
    ("text", "passages"),
    [
        ("See https://example.com/a?b=1.", ["https://example.com/a?b=1"]),
        ("[look](http://a.example)", ["http://a.example"]),
        ("www.example.org, and shop.example.com", ["www.example.org", "shop.example.com"]),
        ("buy at cheap-pills.shop/now", ["cheap-pills.shop/now"]),
        ("It is enough.Me too. So.Co is not", []),
        ("https://www.legislation.gov.uk/ukpga/2010/15", []),
        ("https://evil.example/?gov.uk", ["https://evil.example/?gov.uk"]),
        ("https://gov.uk@evil.example/", ["https://gov.uk@evil.example/"]),
        ("https://notgov.uk/x", ["https://notgov.uk/x"]),
        ("sue@mail.example.com", []),
        ("e.g. 12.1.3, i.e. and/or", []),
    ],
)
def test_links(text, passages):
    assert [text[each.start : each.end] for each in links_in(text)] == passages


@pytest.mark.parametrize(
    ("text", "wordlist", "passages"),
    [
        ("You IDIOT!", ["idiot"], ["IDIOT"]),
        ("You 1d10t, you ld10t, @id!ot", ["idiot"], ["1d10t", "@id!ot"]),
        ("assess the class", ["ass"], []),
        ("Ydych chi'n dŵp? Dwp!", ["dwp"], ["dŵp", "Dwp"]),
        ("dw\u0302p", ["dŵp"], ["dw\u0302p"]),
        ("a half-wit and a Half  Wit", ["half wit"], ["half-wit", "Half  Wit"]),
        ("id\u00adiot, idi\u200bot", ["idiot"], ["id\u00adiot", "idi\u200bot"]),
        ("in 1010 and 5055 and §3", ["lol", "sos", "e"], []),
        ("Schedule III", ["ill"], []),
        ("$hame", ["shame"], ["$hame"]),
        ("nothing", [], []),
    ],
)
def test_words_of_the_list(text, wordlist, passages):
    assert [text[each.start : each.end] for each in words_in(text, wordlist)] == passages


@given(some.text("abcdefgŵâ", min_size=2, max_size=12), some.text(" .,;\n", max_size=3))
def test_a_word_of_the_list_is_found_in_any_capitals_between_any_stops(word, around):
    for spelled in (word, word.upper(), word.title()):
        text = f"so {around}{spelled}{around} so"
        assert [text[each.start : each.end] for each in words_in(text, [word])] == [spelled]
        assert words_in(f"x{spelled}y", [word]) == []


def test_a_list_is_read_line_by_line_and_each_word_once():
    assert read_list("Idiot\n\n  idiot \nhalf   wit\n...\nÍdiot") == ["Idiot", "half wit"]
