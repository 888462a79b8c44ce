"""Every block of two texts is accounted for, and lives on where a reader would look for it."""

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.text.lineage import Lineage, Link, likeness, match, trace, unrelated
from consult.text.matching.words import split_words


@dataclass(frozen=True)
class Block:
    kind: str
    text: str


KINDS = ("h1", "h2", "h3", "p", "li", "row", "code", "quote")
texts = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "Fees",
            "The council shall publish the fees.",
            "a | b",
            "🙂",
            "不得公开",
            "ห้ามเผยแพร่",
            "",
        ]
    ),
)
documents = st.lists(st.builds(Block, st.sampled_from(KINDS), texts), max_size=12)


def paragraphs(*lines: str, kind: str = "p") -> list[Block]:
    return [Block(kind, line) for line in lines]


def where(old: list[Block], new: list[Block]) -> dict[int, list[int]]:
    return trace(old, new).targets


def relation_of(links: list[Link], old: int) -> str:
    return next(link.relation for link in links if old in link.old)


DRAFT = paragraphs(
    "The register lists every licence that the council has granted since the beginning of the year.",
    "Anyone may inspect the register at the town hall during office hours without giving a reason.",
    "A fee of ten pounds is due for each certified copy; pupils and students pay half of it.",
    "The council shall answer a request for correction within fourteen days of its receipt.",
    "Appeals go to the county court, which decides without a hearing unless a party asks for one.",
)


# Whatever the texts


@given(documents, documents)
@settings(max_examples=200, deadline=None)
def test_every_block_of_either_text_is_in_exactly_one_link(old: list[Block], new: list[Block]) -> None:
    links = match(old, new)
    assert sorted(i for link in links for i in link.old) == list(range(len(old)))
    assert sorted(j for link in links for j in link.new) == list(range(len(new)))


@given(documents, documents)
@settings(max_examples=100, deadline=None)
def test_the_relation_says_how_many_blocks_became_how_many(old: list[Block], new: list[Block]) -> None:
    for link in match(old, new):
        shape = (min(2, len(link.old)), min(2, len(link.new)))
        if link.relation in ("same", "edited", "moved"):
            assert shape == (1, 1)
        else:
            expected = {
                "split": {(1, 2)},
                "merged": {(2, 1), (2, 2)},
                "removed": {(1, 0)},
                "added": {(0, 1)},
            }
            assert shape in expected[link.relation]


@given(documents, documents)
@settings(max_examples=100, deadline=None)
def test_confidence_is_a_share_and_every_doubtful_block_is_asked_about(
    old: list[Block], new: list[Block]
) -> None:
    found = trace(old, new)
    assert set(found.confidence) == set(found.targets) == set(range(len(old)))
    assert all(0 <= value <= 1 for value in found.confidence.values())
    assert all(0 <= link.confidence <= 1 for link in found.links)
    assert set(found.ask) <= set(range(len(old)))
    assert set(found.ask) >= {i for i, value in found.confidence.items() if value < 0.9}


@given(documents)
@settings(max_examples=100, deadline=None)
def test_a_text_is_the_same_as_itself(blocks: list[Block]) -> None:
    found = trace(blocks, blocks)
    assert found.targets == {i: [i] for i in range(len(blocks))}
    assert {link.relation for link in found.links} <= {"same"}
    assert found.ask == []


@given(documents, documents)
@settings(max_examples=50, deadline=None)
def test_the_same_two_texts_always_give_the_same_answer(old: list[Block], new: list[Block]) -> None:
    assert trace(old, new) == trace(list(old), list(new))


@given(documents, documents)
@settings(max_examples=50, deadline=None)
def test_equal_text_standing_once_on_each_side_stays_with_itself(old: list[Block], new: list[Block]) -> None:
    marked_old, marked_new = (
        [*old, Block("p", "only here ZQX")],
        [Block("p", "only here ZQX"), *new],
    )
    assert where(marked_old, marked_new)[len(old)] == [0]


@pytest.mark.parametrize(("old", "new"), [([], []), (DRAFT, []), ([], DRAFT)])
def test_an_empty_text_is_all_removed_or_all_added(old: list[Block], new: list[Block]) -> None:
    relations = [link.relation for link in match(old, new)]
    assert relations == ["removed"] * len(old) + ["added"] * len(new)


@given(st.builds(Block, st.sampled_from(KINDS), texts), st.builds(Block, st.sampled_from(KINDS), texts))
@settings(deadline=None)
def test_likeness_is_a_share_and_does_not_hang_on_the_order(one: Block, other: Block) -> None:
    assert 0 <= likeness(one, other) <= 1
    assert likeness(one, other) == likeness(other, one)
    assert likeness(one, one) == 1


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("A fee of ten pounds is due for each copy.", "For each copy twelve pounds are due.", False),
        ("A fee of ten pounds is due for each copy.", "Street lamps burn until midnight.", True),
        ("The council shall publish the list.", "The list is published by the borough.", False),
        ("Fees", "Fees and charges", False),
        ("Fees", "Appeals", True),
        ("每份副本的费用为十元。", "副本的费用为十二元。", False),
        ("每份副本的费用为十元。", "路灯在午夜熄灭。", True),
        ("Реестр лицензий открыт для всех.", "Открытость реестров лицензий.", False),
        ("السجل مفتوح للجميع.", "يجب دفع رسم قدره عشرة دنانير.", True),
        ("🙂🙃", "🙂", False),
        ("", "Fees", True),
    ],
)
def test_unrelated_words_are_told_from_a_rewording(before: str, after: str, expected: bool) -> None:
    assert unrelated(Block("p", before), Block("p", after)) is expected


# What counts as a change


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('He said "no" - twice...', "He said \u201cno\u201d \u2013 twice\u2026"),
        ("two  words\n here", "two words\u00a0here"),
        ("caf\u00e9", "cafe\u0301"),
        ("soft\u00adware", "software"),
    ],
)
def test_white_space_and_typography_are_no_edit(before: str, after: str) -> None:
    assert [link.relation for link in match(paragraphs(before), paragraphs(after))] == ["same"]


@pytest.mark.parametrize(("before", "after"), [("must", "may"), ("10 days", "14 days"), ("10² m", "102 m")])
def test_a_changed_word_or_number_is_an_edit(before: str, after: str) -> None:
    old = [
        *DRAFT,
        *paragraphs(f"The applicant {before} reply to the notice in writing."),
    ]
    new = [
        *DRAFT,
        *paragraphs(f"The applicant {after} reply to the notice in writing."),
    ]
    assert relation_of(match(old, new), 5) == "edited"


def test_words_are_found_in_every_script() -> None:
    assert split_words("the fee, ten") == ["the", "fee", "ten"]
    assert split_words("费用为十元") == ["费用", "用为", "为十", "十元"]
    assert split_words("हिन्दी में") == ["हिन्दी", "में"]
    assert split_words("🙂 🙃") == ["🙂", "🙃"]


# Where blocks live on


def test_an_edited_paragraph_keeps_its_place() -> None:
    new = [*DRAFT]
    new[2] = Block(
        "p",
        "For each certified copy a fee of twelve pounds is due, of which pupils pay one half.",
    )
    found = trace(DRAFT, new)
    assert found.targets == {i: [i] for i in range(5)}
    assert relation_of(found.links, 2) == "edited"


def test_two_texts_with_nothing_in_common_are_removed_and_added() -> None:
    new = paragraphs(
        "Bees need flowers all summer.",
        "Plant clover along paths.",
        "Mow late; never in June.",
    )
    assert {link.relation for link in match(DRAFT, new)} == {"removed", "added"}


def test_another_subject_in_the_same_place_is_not_the_old_paragraph() -> None:
    new = [*DRAFT]
    new[2] = Block(
        "p",
        "Street lamps near schools burn until midnight, those along the river until ten o'clock.",
    )
    assert where(DRAFT, new)[2] == []


def test_a_paragraph_cut_in_two_is_split() -> None:
    first = "A fee of ten pounds is due for each certified copy handed out at the town hall."
    second = "Pupils, students and apprentices of the borough pay one half if they show a card."
    old = [*DRAFT[:2], Block("p", f"{first} {second}"), *DRAFT[3:]]
    new = [*DRAFT[:2], *paragraphs(first, second), *DRAFT[3:]]
    found = trace(old, new)
    assert found.targets[2] == [2, 3]
    assert relation_of(found.links, 2) == "split"


REPLACED = [
    (
        "The council keeps a list of the trees that may not be felled without its leave.",
        "The council pays for the trees that fell on the road in the storm of last autumn.",
    ),
    (
        "Boats may lie at the quay for three nights without a licence.",
        "Cars may stand at the station for two hours without a ticket.",
    ),
]


@pytest.mark.parametrize(("before", "after"), REPLACED)
def test_a_text_with_the_same_turns_of_phrase_is_not_taken_for_the_old_one_in_silence(
    before: str, after: str
) -> None:
    found = trace([*DRAFT, *paragraphs(before)], [*DRAFT, *paragraphs(after)])
    assert found.targets[5] == [] or 5 in found.ask


def test_two_paragraphs_run_together_are_merged() -> None:
    new = [DRAFT[0], Block("p", f"{DRAFT[1].text} {DRAFT[2].text}"), *DRAFT[3:]]
    links = match(DRAFT, new)
    assert Link((1, 2), (1,), "merged", links[1].confidence) == links[1]


def test_a_moved_section_keeps_its_children() -> None:
    section = [
        Block("h2", "Fees"),
        *paragraphs("Copies: ten pounds", "Note", "Searches: five pounds", kind="li"),
    ]
    other = [
        Block("h2", "Hours"),
        *paragraphs("Mondays from nine", "Note", "Fridays until noon", kind="li"),
    ]
    old, new = [*section, *DRAFT, *other], [*other, *DRAFT, *section]
    found = where(old, new)
    assert [found[i] for i in range(4)] == [[9], [10], [11], [12]]
    assert [found[i] for i in range(9, 13)] == [[0], [1], [2], [3]]


def test_identical_blocks_are_told_apart_by_their_surroundings() -> None:
    old = paragraphs(
        "Apples are red.",
        "See the annex.",
        "Pears are green.",
        "See the annex.",
        "Plums are blue.",
    )
    new = [old[2], old[3], old[4], old[0], old[1]]
    assert where(old, new) == {0: [3], 1: [4], 2: [0], 3: [1], 4: [2]}


def test_a_heading_follows_its_words_not_its_number() -> None:
    old = [
        Block("h3", "4.5.1 Presence requirements"),
        DRAFT[0],
        Block("h3", "4.5.2 Collection requirements"),
        DRAFT[1],
    ]
    new = [
        Block("h3", "4.5.1 Resolution requirements"),
        DRAFT[4],
        Block("h3", "4.5.2 Presence requirements"),
        DRAFT[0],
    ]
    new += [Block("h3", "4.5.3 Collection requirements"), DRAFT[1]]
    found = where(old, new)
    assert (found[0], found[2]) == ([2], [4])


def test_a_list_that_became_a_table_is_found_in_its_rows() -> None:
    old = paragraphs(
        "Registration: within ten days of moving in",
        "Deregistration: before leaving the borough",
        "Change of name: at the next visit",
        kind="li",
    )
    new = [
        Block("row", "Step | When"),
        *(Block("row", b.text.replace(": ", " | ")) for b in old),
    ]
    assert where([DRAFT[0], *old, DRAFT[1]], [DRAFT[0], *new, DRAFT[1]]) == {
        0: [0],
        1: [2],
        2: [3],
        3: [4],
        4: [5],
    }


@pytest.mark.parametrize(
    ("kept", "before", "after"),
    [
        ("登记册应在市政厅公开。", "每份副本的费用为十元，学生减半，须在领取时支付。", "学生副本费用减半；每份副本的费用为十二元，须在领取时支付。"),
        ("Реестр открыт для всех.", "За каждую заверенную копию взимается плата десять рублей.", "За заверенные копии взимается плата: двенадцать рублей."),
        ("السجل مفتوح للجميع.", "يجب دفع رسم قدره عشرة دنانير عن كل نسخة مصدقة.", "يجب دفع رسم قدره عشرون دينارا عن كل نسخة مصدقة."),
        ("ทะเบียนเปิดให้ทุกคนดู", "ค่าธรรมเนียมสำเนาฉบับละสิบบาทสำหรับนักเรียน", "ค่าธรรมเนียมสำเนาฉบับละยี่สิบบาทสำหรับนักเรียน"),
        ("पंजी सबके लिए खुली है।", "प्रत्येक प्रमाणित प्रति के लिए दस रुपये का शुल्क देय है।", "प्रत्येक प्रमाणित प्रति के लिए बीस रुपये का शुल्क देय है।"),
        ("Mae'r gofrestr ar agor i bawb.", "Codir ffi o ddeg punt am bob copi ardystiedig.", "Codir ffi o ddeuddeg punt am bob copi ardystiedig."),
    ],
)  # fmt: skip
def test_any_language_and_script(kept: str, before: str, after: str) -> None:
    found = trace(paragraphs(before, kept), paragraphs(kept, "🙂🙃", after))
    assert found.targets == {0: [2], 1: [0]}


def test_what_is_known_is_trusted() -> None:
    found = trace(DRAFT, list(reversed(DRAFT)), known={0: 0})
    assert found.targets[0] == [0]
    assert 0 not in found.ask


def test_a_doubtful_match_is_asked_about() -> None:
    old = [
        *DRAFT,
        *paragraphs("Complaints about noise are heard by the night warden on weekdays."),
    ]
    new = [
        *DRAFT,
        *paragraphs("The warden of the district hears complaints, but parking is a matter for the police."),
    ]
    assert trace(old, new).ask == [5]


def test_one_block_of_a_hundred_kilobytes_is_found_again() -> None:
    words = [f"word{n * n % 4001}" for n in range(12_000)]
    edited = [w for n, w in enumerate(words) if n % 20]
    found: Lineage = trace(
        paragraphs(" ".join(words), "End."),
        paragraphs("Start.", " ".join(edited), "End."),
    )
    assert found.targets == {0: [1], 1: [2]}
