"""What turned the meaning of a paragraph whose other words stayed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.text.meaning import Turn, turned

TURNS = [
    # negations
    ("You may park on the footway.", "You may not park on the footway.", [("negation", "", "not")]),
    ("Boards do not need a licence here.", "Boards do need a licence here.", [("negation", "not", "")]),
    ("Councils don't charge for it.", "Councils do charge for it.", [("negation", "not", "")]),
    ("A café cannot do so on Sundays.", "A café can do so on Sundays.", [("negation", "not", "")]),
    ("Tables may be left out at night.", "Tables may never be left out at night.", [("negation", "", "never")]),
    ("There is a fee for one board.", "There is no fee for one board.", [("negation", "", "no")]),
    ("Boards may stand there with a licence.", "Boards may stand there without a licence.", [("negation", "", "without")]),
    ("It applies to every street.", "It applies to every street except high streets.", [("negation", "", "except")]),
    ("They may be removed.", "They may be removed unless they are chained.", [("negation", "", "unless")]),
    ("Boards may stand by the building.", "Boards may stand only by the building.", [("negation", "", "only")]),
    ("Such a use is lawful at any time.", "Such a use is unlawful at any time.", [("negation", "lawful", "unlawful")]),
    ("The dye is harmful to fish.", "The dye is harmless to fish.", [("negation", "harmful", "harmless")]),
    ("It is permitted to stop there.", "It is forbidden to stop there.", [("negation", "", "forbidden")]),
    # in other languages
    ("Les terrasses peuvent rester la nuit.", "Les terrasses ne peuvent pas rester la nuit.", [("negation", "", "ne … pas")]),
    ("C'est permis ici.", "Ce n'est pas permis ici.", [("negation", "", "ne … pas")]),
    ("Die Tische dürfen dort stehen.", "Die Tische dürfen dort nicht stehen.", [("negation", "", "nicht")]),
    ("Gilt außer sonntags immer.", "Gilt sonntags immer.", [("negation", "außer", "")]),
    ("Las mesas pueden quedarse.", "Las mesas no pueden quedarse.", [("negation", "", "no")]),
    ("Mae'r cyngor yn codi ffi heb rybudd.", "Mae'r cyngor yn codi ffi gyda rybudd.", [("negation", "heb", "")]),
    ("Níl cead ag éinne páirceáil anseo.", "Tá cead ag éinne páirceáil anseo.", [("negation", "Níl", "")]),
    ("Ye can park here on a Monday.", "Ye cannae park here on a Monday.", [("negation", "", "not")]),
    ("Стоянка здесь разрешена всем.", "Стоянка здесь не разрешена всем.", [("negation", "", "не")]),
    ("يجوز الوقوف هنا.", "لا يجوز الوقوف هنا.", [("negation", "", "لا")]),
    ("商户可以在此摆放桌椅。", "商户不可以在此摆放桌椅。", [("negation", "", "不")]),
    ("ผู้ค้าวางโต๊ะที่นี่ได้", "ผู้ค้าไม่วางโต๊ะที่นี่ได้", [("negation", "", "ไม่")]),
    # numbers
    ("It is no longer than 250 metres.", "It is no longer than 150 metres.", [("number", "250", "150")]),
    ("The clear width is 1.5 metres.", "The clear width is 2.0 metres.", [("number", "1.5", "2.0")]),
    ("The fee is £100 a year.", "The fee is £150 a year.", [("number", "£100", "£150")]),
    ("The fee is £100 a year.", "The fee is €100 a year.", [("number", "£100", "€100")]),
    ("A share of 5% is kept.", "A share of 7.5% is kept.", [("number", "5%", "7.5%")]),
    ("Reply within ten working days.", "Reply within five working days.", [("number", "ten", "five")]),
    ("Reply within ten working days.", "Reply within 20 working days.", [("number", "ten", "20")]),
    ("Reply within 10 working days.", "Reply within 10 days.", [("number", "10 working days", "10 days")]),
    ("Reply within 10 days.", "Reply within 10 weeks.", [("number", "10 days", "10 weeks")]),
    ("Two hundred and fifty stalls.", "Two hundred and sixty stalls.", [("number", "Two hundred and fifty", "Two hundred and sixty")]),
    ("Binnen zehn Tagen antworten.", "Binnen zwölf Tagen antworten.", [("number", "zehn", "zwölf")]),
    ("عرض الممر ١٫٥ متر هنا", "عرض الممر ٢٫٠ متر هنا", [("number", "١٫٥", "٢٫٠")]),
    # dates
    ("It starts on 1 January 2027.", "It starts on 1 April 2027.", [("date", "1 January 2027", "1 April 2027")]),
    ("It starts on 1 April 2027.", "It starts on 1 April 2028.", [("date", "1 April 2027", "1 April 2028")]),
    ("It starts in 2027.", "It starts in 2028.", [("date", "2027", "2028")]),
    ("Comments close on Friday.", "Comments close on Monday.", [("date", "Friday", "Monday")]),
    ("By 2026-10-12 at noon.", "By 2026-11-12 at noon.", [("date", "2026-10-12", "2026-11-12")]),
    ("Begins 1 May each year.", "Begins 1 June each year.", [("date", "1 May", "1 June")]),
    ("Ab dem 3. März gilt dies.", "Ab dem 3. Mai gilt dies.", [("date", "3 März", "3 Mai")]),
    # duties
    ("Councils should publish it.", "Councils must publish it.", [("duty", "should", "must")]),
    ("Councils may charge a fee.", "Councils must charge a fee.", [("duty", "may", "must")]),
    ("The form is required for all.", "The form is optional for all.", [("duty", "required", "optional")]),
    ("The council will publish it.", "The council may publish it.", [("duty", "will", "may")]),
    ("You must not pay in advance.", "You need not pay in advance.", [("duty", "must not", "need not")]),
    ("The council pays for it.", "The council must pay for it.", [("duty", "", "must")]),
    ("Le conseil doit répondre ici.", "Le conseil peut répondre ici.", [("duty", "doit", "peut")]),
    ("Rhaid ymateb yma.", "Dylai ymateb yma.", [("duty", "Rhaid", "Dylai")]),
    ("政府必须公开回复意见。", "政府应当公开回复意见。", [("duty", "必 须", "应 当")]),
    # opposites
    ("A plan and a map are sent.", "A plan or a map is sent.", [("opposite", "and", "or")]),
    ("Any board is removed.", "All boards are removed.", [("opposite", "Any", "All")]),
    ("Pay before the work starts.", "Pay after the work starts.", [("opposite", "before", "after")]),
    ("It is at least 2 metres wide.", "It is at most 2 metres wide.", [("opposite", "at least", "at most")]),
    ("A minimum of two people.", "A maximum of two people.", [("opposite", "A minimum", "A maximum")]),
    ("With more than two tables.", "With fewer than two tables.", [("opposite", "more than", "fewer than")]),
    ("Fees will increase in spring.", "Fees will decrease in spring.", [("opposite", "increase", "decrease")]),
    # names
    ("Write to the office in Leeds today.", "Write to the office in Bristol today.", [("name", "Leeds", "Bristol")]),
    ("It is run by the DfT alone.", "It is run by the HMRC alone.", [("name", "DfT", "HMRC")]),
    # several at once
    (
        "From 1 January 2027 a board may stand there for 10 days.",
        "From 1 April 2027 a board may not stand there for 5 days.",
        [("date", "1 January 2027", "1 April 2027"), ("negation", "", "not"), ("number", "10", "5")],
    ),
    ("You may enter but you must always leave.", "You may not enter but you must always leave.", [("negation", "", "not")]),
    (
        "Dogs may not enter the hall but their owners must sign here.",
        "Dogs may enter the hall but their owners must not sign here.",
        [("negation", "not", ""), ("negation", "", "not")],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "turns"), TURNS)
def test_what_turned_is_named(old, new, turns):
    assert turned(old, new) == tuple(Turn(*turn) for turn in turns)


@pytest.mark.parametrize(("old", "new", "turns"), TURNS)
def test_turning_it_back_is_named_too(old, new, turns):
    assert len(turned(new, old)) == len(turns)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("It's the council's “plan” – in short.", 'It’s the council’s "plan" - in short.'),
        ("Councils don't charge.", "Councils do not charge."),
        ("It cannot be moved.", "It can not be moved."),
        ("Reply in ten days.", "Reply in 10 days."),
        ("A share of 5 per cent.", "A share of 5%."),
        ("A fee of £1,000 applies.", "A fee of £1000 applies."),
        ("It is 2 metres wide.", "It is 2.0 m wide."),
        ("From 12 October 2026 on.", "From 2026-10-12 on."),
        ("From October 12, 2026 on.", "From 12th October 2026 on."),
        ("You must reply.", "You shall reply."),
        ("You are required to reply.", "You have to reply."),
        ("At least two people.", "No fewer than two people."),
        ("The Council may decide.", "The council may decide."),
        ("Run by the Department for Transport today.", "Run by the DfT today."),
        ("Pick 5, 10 or 20 boards.", "Pick 20, 10 or 5 boards."),
        ("Leeds has 5 wardens, York has 10 wardens.", "York has 10 wardens, Leeds has 5 wardens."),
        ("Do not stop here. Lights stay on.", "Lights stay on. Do not stop here."),
        ("The pavement is cleaned often.", "The footway is swept often."),
        ("Each of the rules applies to cafés.", "Each rule applies to cafés."),
        ("They may leave if they pay.", "They might leave if they pay."),
        ("2.1. How to use this guide", "2.3. How to use this guide"),
        ("one of the boards", "a board"),
        ("What it is for", "What is it for"),
        ("Type the 6 digit code into the box.", "Type the 6-digit code into the box."),
    ],
)
def test_rewording_typography_and_order_turn_nothing(old, new):
    assert turned(old, new) == ()


def test_a_heavy_edit_is_read_anyway():
    old = "Hire cycles left on the footway may be removed by the council after 24 hours."
    new = "Nothing here limits what firms must pay for racks, and 30 of them are planned in Leeds."
    assert turned(old, new) == ()


def test_a_not_in_a_very_long_paragraph_is_found():
    words = [f"word{number % 977}" for number in range(15_000)]
    old = " ".join(words)
    new = " ".join([*words[:9_000], "not", *words[9_000:]])
    assert turned(old, new) == (Turn("negation", "", "not"),)


SAID = st.lists(
    st.sampled_from(
        ["not", "no", "must", "may", "can't", "5", "£10", "ten", "days", "May", "2027", "and", "or", "Leeds", "“x”", "it's",
         "at", "least", "more", "than", "hundred", ".", "—", "不", "1 May", "Monday", "the", "footway"]
    ),
    max_size=30,
).map(" ".join)  # fmt: skip
OTHER_SIGNS = str.maketrans({"'": "’", "“": '"', "”": '"', "—": "-"})


@given(SAID | st.text())
def test_nothing_turns_in_what_stayed(text):
    assert turned(text, text) == ()
    assert turned(text, text.translate(OTHER_SIGNS)) == ()
    assert turned(text, "  ".join(text.split()) + "\n") == ()


@given(SAID | st.text(), SAID | st.text())
def test_a_turn_always_names_words_that_differ(old, new):
    for turn in turned(old, new):
        assert turn.before != turn.after
        assert isinstance(hash(turn), int)
