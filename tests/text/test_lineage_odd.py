"""Texts that no drafter would write, and those that some do: nothing is lost, nothing is guessed in silence."""

import random
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.text.lineage import Lineage, equal, trace
from tests.benchmarks.lineage_edits import draft


@dataclass(frozen=True)
class Block:
    kind: str
    text: str


def paragraphs(*lines: str, kind: str = "p") -> list[Block]:
    return [Block(kind, line) for line in lines]


def relations(found: Lineage) -> set[str]:
    return {link.relation for link in found.links}


def whole(found: Lineage, old: int, new: int) -> bool:
    """Whether every block of either side is in exactly one link, and confidence is a share."""
    return (
        sorted(i for link in found.links for i in link.old) == list(range(old))
        and sorted(j for link in found.links for j in link.new) == list(range(new))
        and all(0 <= link.confidence <= 1 for link in found.links)
        and all(0 <= sure <= 1 for sure in found.confidence.values())
    )


# Very large, very much alike, nothing at all


def test_five_thousand_equal_paragraphs_stay_where_they_are() -> None:
    blocks = paragraphs(*["Not used."] * 5_000)
    found = trace(blocks, blocks)
    assert relations(found) == {"same"}
    assert found.targets == {i: [i] for i in range(5_000)}


def test_of_five_thousand_equal_paragraphs_ten_less_are_still_all_accounted_for() -> None:
    found = trace(paragraphs(*["Not used."] * 5_000), paragraphs(*["Not used."] * 4_990))
    assert whole(found, 5_000, 4_990)
    assert sum(len(targets) for targets in found.targets.values()) == 4_990


@pytest.mark.slow
def test_a_document_of_five_thousand_blocks_with_every_hundredth_changed() -> None:
    old = [Block(b.kind, b.text) for b in draft(3, 5_000)]
    new = list(old)
    changed = range(50, 5_000, 100)
    for i in changed:
        new[i] = Block(old[i].kind, f"{old[i].text} As amended in the spring.")
    found = trace(old, new)
    assert found.targets == {i: [i] for i in range(5_000)}
    assert {link.old[0] for link in found.links if link.relation == "edited"} == set(changed)


@pytest.mark.slow
def test_five_thousand_blocks_against_five_thousand_others() -> None:
    old, new = (paragraphs(*(f"{word}{n} {word}{n + 1}" for n in range(5_000))) for word in ("ash", "elm"))
    found = trace(old, new)
    assert whole(found, 5_000, 5_000)
    assert relations(found) == {"removed", "added"}


def test_a_block_of_a_hundred_kilobytes_among_others_is_found_in_its_edited_form() -> None:
    long = " ".join(f"clause{n % 977} item{n % 1013}" for n in range(6_000))
    old = paragraphs("Scope of the order.", long, "Entry into force in June.")
    new = paragraphs(
        "Scope of the order.", long.replace("clause13 ", "section13 "), "Entry into force in June."
    )
    found = trace(old, new)
    assert len(long) > 100_000
    assert found.targets == {0: [0], 1: [1], 2: [2]}
    assert found.ask == []


def test_a_hundred_kilobytes_without_a_space() -> None:
    long = "".join(chr(0x4E00 + n * n % 20_000) for n in range(35_000))
    found = trace(paragraphs(long, "结束。"), paragraphs(long[200:], "结束。"))
    assert found.targets == {0: [0], 1: [1]}


def test_rows_that_differ_in_one_number_are_all_accounted_for() -> None:
    old = paragraphs(*(f"Station {n} | {n * 7 % 90} | open" for n in range(600)), kind="row")
    new = [b for n, b in enumerate(old) if n % 50]
    found = trace(old, new)
    assert whole(found, 600, 588)
    assert [i for i, targets in found.targets.items() if targets and new[targets[0]] != old[i]] == [
        i for i in found.ask if found.targets[i]
    ]


def test_two_texts_with_nothing_in_common_link_nothing() -> None:
    old = draft(1, 60)
    new = [
        Block(b.kind, b.text.translate({c: c + 0x410 - ord("a") for c in range(97, 123)}))
        for b in draft(2, 60)
    ]
    found = trace(old, new)
    assert relations(found) <= {"removed", "added", "same"}
    assert sum(link.relation == "same" for link in found.links) <= 1


@pytest.mark.parametrize(
    "text", ["", " ", "\u200b", "---", "…", "|||", "[]()", "**", "<br>", "\ufffd", "\u202e", "a" * 200]
)
def test_blocks_without_words_are_the_same_as_themselves_and_lost_with_nothing(text: str) -> None:
    blocks = paragraphs(text, "A paragraph with words.", text)
    assert relations(trace(blocks, blocks)) == {"same"}
    assert whole(trace(blocks, blocks[1:2]), 3, 1)
    assert whole(trace(blocks, []), 3, 0)


# Scripts


WORDS = {
    "Cyrillic": "Совет публикует перечень всех лицензий, выданных с начала года, и сроки их действия.",
    "Arabic": "ينشر المجلس قائمة بجميع التراخيص التي منحها منذ بداية السنة ومدة صلاحيتها.",
    "Welsh": "Bydd y cyngor yn cyhoeddi rhestr o bob trwydded a roddwyd ers dechrau'r flwyddyn.",
    "Chinese": "委员会公布自年初以来颁发的所有许可证及其有效期的清单。",
    "Japanese": "委員会は、年初から交付したすべての許可証とその有効期間の一覧を公表する。",
    "Korean": "위원회는 연초부터 발급한 모든 면허와 그 유효 기간의 목록을 공표한다.",
    "Thai": "สภาเผยแพร่รายชื่อใบอนุญาตทั้งหมดที่ออกตั้งแต่ต้นปีพร้อมอายุของใบอนุญาต",
    "Hebrew": "המועצה מפרסמת את רשימת כל הרישיונות שניתנו מתחילת השנה ואת תוקפם.",
    "Hindi": "परिषद वर्ष के आरम्भ से दिए गए सभी लाइसेंसों की सूची प्रकाशित करती है।",
    "emoji": "🏛️ 📜 🗓️ 🧾 🖋️ 📮 🧭 ⚖️",
}  # fmt: skip


@pytest.mark.parametrize("script", WORDS)
def test_every_script_is_edited_moved_and_removed_alike(script: str) -> None:
    text = WORDS[script]
    others = paragraphs(*(words for name, words in WORDS.items() if name != script))
    edited = trace([*others, Block("p", text)], [*others, Block("p", text[: -len(text) // 5])])
    assert edited.targets[9] == [9]
    assert edited.links[9].relation == "edited"
    moved = trace([*others, Block("p", text)], [Block("p", text), *others])
    assert (moved.targets[9], moved.links[9].relation) == ([0], "moved")
    removed = trace([*others, Block("p", text)], others)
    assert (removed.targets[9], removed.links[9].relation) == ([], "removed")


@pytest.mark.parametrize("script", WORDS)
def test_white_space_and_typography_change_nothing_in_any_script(script: str) -> None:
    text = WORDS[script]
    loose = "\u00a0 " + text.replace(" ", " \n ").replace("'", "\u2019") + "\u200b"
    found = trace(paragraphs(text, "x"), paragraphs(loose, "x"))
    assert relations(found) == {"same"}


def test_a_whole_document_set_in_other_typography_has_no_edit() -> None:
    old = paragraphs('The "register" -- see section 4...', "It's the council's.", "1 000 pounds")
    new = paragraphs(
        "The \u201cregister\u201d \u2014 see  section 4\u2026",
        "It\u2019s the council\u2019s.",
        "1\u202f000 pounds",
    )
    assert relations(trace(old, new)) == {"same"}


# Kinds of block


KINDS = {
    "code": "def fee(copies):\n    return 10 * copies if copies < 5 else 45",
    "row": "Certified copy | ten pounds | students half | at the desk",
    "quote": "Whoever seeks an answer shall have it within the month, said the mayor.",
    "h3": "Fees for certified copies and searches in the register",
    "li": "certified copies for pupils and students, at half the fee;",
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_block_is_found_again_in_other_words(kind: str) -> None:
    around = [Block(b.kind, b.text) for b in draft(5, 20)]
    text = KINDS[kind]
    changed = (
        text.replace("students", "apprentices")
        .replace("month", "week")
        .replace("10", "12")
        .replace("searches", "enquiries")
    )
    assert changed != text
    old, new = ([*around[:9], Block(kind, t), *around[9:]] for t in (text, changed))
    found = trace(old, new)
    assert found.targets[9] == [9]
    assert found.links[9].relation == "edited"


def test_a_paragraph_that_became_a_quotation_keeps_its_comments() -> None:
    text = KINDS["quote"]
    around = [Block(b.kind, b.text) for b in draft(6, 12)]
    found = trace([*around, Block("p", text)], [*around, Block("quote", text)])
    assert found.targets[12] == [12]


def test_an_edited_section_that_moved_keeps_its_children() -> None:
    text = [Block(b.kind, b.text) for b in draft(8, 60)]
    starts = [i for i, b in enumerate(text) if b.kind == "h2"]
    first, second = starts[1], starts[2]
    section = text[first:second]
    section[1] = Block(section[1].kind, section[1].text + " Read with the annex.")
    found = trace(text, [*text[:first], *text[second:], *section])
    shift = len(text) - second
    assert all(found.targets[i] == [i + shift] for i in range(first, second))
    assert not set(found.ask) & set(range(first, second))


def test_equal_children_of_two_sections_stay_with_their_own_when_the_sections_change_places() -> None:
    def section(name: str) -> list[Block]:
        return [Block("h2", name), *paragraphs("Who may apply", "What it costs", "How to appeal", kind="li")]

    names = ["Fishing licences", "Market stalls", "Street music"]
    old = [b for name in names for b in section(name)]
    new = [b for name in reversed(names) for b in section(name)]
    found = trace(old, new)
    assert found.targets == {4 * n + k: [4 * (2 - n) + k] for n in range(3) for k in range(4)}
    assert equal(old, new) == {i: js[0] for i, js in found.targets.items()}


def test_short_items_of_words_common_in_a_long_document_are_found_where_their_list_went() -> None:
    names = [
        f"{a} {b} permit" for a in ("Annual", "Seasonal", "Daily") for b in ("fishing", "market", "street")
    ]
    text = draft(9, 300)
    # Each word of the items stands in more places than are looked up for a long block.
    filling = [Block(b.kind, f"{b.text} {' '.join(names[n % 9].split())}") for n, b in enumerate(text)]
    items = paragraphs(*names, kind="li")
    old = [*filling[:40], *items, *filling[40:]]
    after = [Block(b.kind, f"{b.text} Amended.") for b in filling]
    new = [
        *after[:250],
        *(Block("li", f"{b.text} (section {n}.1)") for n, b in enumerate(items)),
        *after[250:],
    ]
    found = trace(old, new)
    assert {i: found.targets[i] for i in range(40, 49)} == {40 + n: [250 + n] for n in range(9)}


def test_one_word_that_a_long_block_swallowed_is_asked_about() -> None:
    old = [*paragraphs("Pay ten pounds at the desk in the town hall"), *paragraphs("or", "show a card.")]
    new = paragraphs(
        "Pay ten pounds, by card or in coin, at the desk in the town hall on a weekday, or", "show a card."
    )
    found = trace(old, new)
    assert found.targets[1] == [] or 1 in found.ask


# What is known, and which answer comes out


words = st.lists(
    st.sampled_from(["fee", "due", "copy", "hall", "pound", "appeal"]), min_size=1, max_size=6
).map(" ".join)
texts = st.lists(st.builds(Block, st.sampled_from(["p", "li", "row", "h2"]), words), max_size=10)


@given(texts, texts, st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_what_is_known_stands_whatever_else_is_found(
    old: list[Block], new: list[Block], draw: random.Random
) -> None:
    count = draw.randint(0, min(len(old), len(new)))
    known = dict(zip(draw.sample(range(len(old)), count), draw.sample(range(len(new)), count), strict=True))
    found = trace(old, new, known)
    assert whole(found, len(old), len(new))
    assert all(found.targets[i] == [j] for i, j in known.items())
    assert not set(found.ask) & set(known)
    assert found == trace(old, new, known)


@given(texts, texts)
@settings(max_examples=50, deadline=None)
def test_what_is_settled_by_equal_words_is_settled_the_same_when_it_is_known(
    old: list[Block], new: list[Block]
) -> None:
    found = trace(old, new)
    equal = {i: js[0] for i, js in found.targets.items() if found.confidence[i] == 0.999}
    assert trace(old, new, equal) == found


def test_nothing_is_read_when_everything_is_known() -> None:
    class Unread:
        kind = "p"
        text = "the same"

    blocks = [Unread() for _ in range(50)]
    found = trace(blocks, blocks, {i: 49 - i for i in range(50)})
    assert found.targets == {i: [49 - i] for i in range(50)}
