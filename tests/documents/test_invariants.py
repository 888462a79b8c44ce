"""No comment is lost, and none stands on other words in silence: whatever people do, in whatever order.

A machine of random acts over the real database: people comment, officials edit, publish, confirm, withdraw, number
anew and correct. After each act everything that must hold is looked at.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from consult import clock
from consult.discussion import actions as discussion
from consult.discussion import recounting
from consult.discussion.models import Comment, Kind, State
from consult.documents import (
    actions,
    confirming,
    correcting,
    export,
    page_queries,
    paragraph_queries,
    queries,
    renumbering,
    withdrawing,
)
from consult.documents.matching import Doubt, fingerprints
from consult.documents.models import WHOLE, Block, Document, Misprint, Paragraph, Version
from consult.documents.steps import apply
from consult.errors import Invalid
from consult.extensions import db, transaction
from tests import counting, factories
from tests.conftest import NOTHING_LEFT_OUT, _empty

SENTENCES = (
    "The clear width is 1.5 metres along the whole of the footway.",
    "Two people who meet can then pass each other without stepping down.",
    "Bins may be put out from seven in the evening before collection.",
    "They should be back inside by noon on the day after.",
    "Boards stand against the building, and are taken in at closing time.",
    "One board is enough for one shop.",
    "A tree is not felled only to meet this standard.",
    "The footway around it is widened where the carriageway has room.",
    "A licence must be displayed where it can be read from the street.",
    "The council inspects each licensed area twice a year without notice.",
    "Works leave a lit route past them, with a ramp at each change of level.",
    "Nobody may be asked to cross the road where there is no dropped kerb.",
)
BLOCKS = (
    *("One.", "Two.", "One."),
    "## Widths",
    "- kerbs and channels\n- gullies\n- the edge of the carriageway",
    "| Where | Width |\n|---|---|\n| High street | 2.0 metres |\n| Beside a school | 2.5 metres |",
    "> A man who uses a stick told us that he plans his week around bin day.",
    "Кромка тротуара должна быть видна ночью.",
)
FIRST = "\n\n".join(
    (f"{SENTENCES[0]} {SENTENCES[1]}", SENTENCES[2], SENTENCES[3], *BLOCKS[3:6], SENTENCES[6])
)
TURNS = ((" is ", " is not "), ("1.5", "2.0"), ("must", "should"), ("The ", "Every "), ("board", "sign"))
SLIPS = (
    ("footway", "fotway"),
    ("evening", "evenning"),
    ("street", "steret"),
    ("crosse", "crose"),
    ("tree", "treee"),
)
COMMENT = re.compile(r'id="comment-(\w+)"')
LINK = re.compile(r'href="[^"]*/p/(\w+)[?#"]')
WORDS = ("text", "plain", "html", "anchor")  # of a block: what a correction may change
SORTS = st.integers(min_value=0, max_value=10_000)
Verdict = st.sampled_from(("as it seems", "gone", "another"))


class Life(RuleBasedStateMachine):
    """One document under consultation, from its first version on. Each number in a rule picks among what is there."""

    app: Any  # set by the test

    @initialize()
    def begin(self) -> None:
        db.session.rollback()
        db.session.remove()
        _empty()
        clock.replace(None)
        factories.a_site()
        self.unit = factories.a_unit()
        self.official = factories.an_official(self.unit)
        self.moderator = factories.a_moderator(self.unit.organisation)
        self.people = [factories.a_person(), factories.a_person()]
        self.document: Document = factories.a_document(factories.a_consultation(self.unit))
        self.client = self.app.test_client()
        self.draft = FIRST.split("\n\n")
        self.bin = [SENTENCES[4], SENTENCES[7]]
        self.minutes = 0
        self.said: dict[str, tuple[int, str | None]] = {}  # by key: paragraph, and the words it was made on
        self.frozen: dict[int, list[tuple[Any, ...]]] = {}  # by number: the blocks as they were published
        self.is_news = False
        self._publish("remove")
        for place, block in enumerate(self._blocks(1)):
            self._post(self._paragraph(block.paragraph_id), place, asks=not place % 3, number=1)

    # ---- what people do

    @rule(who=SORTS, where=SORTS, asks=st.booleans(), late=st.booleans())
    def comment(self, who: int, where: int, asks: bool, late: bool) -> None:
        """Comment on what stands, or on an earlier version that is still open in a window."""
        number = 1 + where % self.document.version_count if late else self.document.version_count
        block = _pick(self._blocks(number), where)
        if block is not None and block.is_open:
            self._post(self._paragraph(block.paragraph_id), who, asks, number)

    @rule(who=SORTS)
    def comment_on_all(self, who: int) -> None:
        self._post(paragraph_queries.paragraph(self.document, WHOLE), who, False, self.document.version_count)

    @precondition(lambda self: self.said)
    @rule(who=SORTS, which=SORTS)
    def reply(self, who: int, which: int) -> None:
        said = _pick(self._published(), which)
        if said is not None and said.paragraph.is_open:
            self._post(said.paragraph, who, False, self.document.version_count, parent=said)

    @precondition(lambda self: self.said)
    @rule(which=SORTS)
    def respond(self, which: int) -> None:
        said = _pick(self._published(), which)
        if said is not None:
            with transaction(self.official):
                discussion.respond(
                    actor=self.official, comments=[said], body="It is so because of the roots."
                )

    @precondition(lambda self: self.said)
    @rule(which=SORTS)
    def take_down(self, which: int) -> None:
        said = _pick(self._published(), which)
        if said is not None:
            with transaction(self.moderator):
                discussion.change_state(
                    actor=self.moderator, comment=said, after=State.TAKEN_DOWN, reason="abuse"
                )
            self.is_news = True

    # ---- what is written

    @rule(edits=st.lists(st.tuples(st.integers(0, 10), SORTS, SORTS), min_size=1, max_size=4))
    def edit(self, edits: list[tuple[int, int, int]]) -> None:
        for sort, at, more in edits:
            EDITS[sort](self, at % len(self.draft), more)

    def _reword(self, at: int, turn: int) -> None:
        before, after = TURNS[turn % len(TURNS)]
        words = self.draft[at]
        self.draft[at] = words.replace(before, after) if before in words else words.replace(after, before)

    def _rewrite(self, at: int, what: int) -> None:
        self.draft[at] = SENTENCES[what % len(SENTENCES)]

    def _insert(self, at: int, what: int) -> None:
        words = (*SENTENCES, *BLOCKS)
        self.draft.insert(at, words[what % len(words)])

    def _delete(self, at: int, _more: int) -> None:
        if len(self.draft) > 1:
            self.bin.append(self.draft.pop(at))

    def _move(self, at: int, to: int) -> None:
        words = self.draft.pop(at)
        self.draft.insert(to % (len(self.draft) + 1), words)

    def _split(self, at: int, _more: int) -> None:
        first, _dot, rest = self.draft[at].partition(". ")
        if rest and not first.startswith(("-", "|", "#")):
            self.draft[at : at + 1] = [f"{first}.", rest]

    def _join(self, at: int, _more: int) -> None:
        pair = self.draft[at : at + 2]
        if len(pair) == 2 and not any(words.startswith(("-", "|", "#", ">", "<")) for words in pair):
            self.draft[at : at + 2] = [" ".join(pair)]

    def _bring_back(self, at: int, which: int) -> None:
        if self.bin:
            self.draft.insert(at, self.bin.pop(which % len(self.bin)))

    def _mark(self, at: int, which: int) -> None:
        """Write a number before a block: its own or another's, standing or removed."""
        numbers = sorted(number for number in queries.numbers(self.document.id) if number.isalnum())
        if not self.draft[at].startswith(("-", "|", "#", ">", "[", "<")):
            self.draft[at] = f"[{numbers[which % len(numbers)]}] {self.draft[at]}"

    def _close(self, at: int, _more: int) -> None:
        """Take no comments on a block; where the mark stands already, take it away."""
        mark, words = "<!-- no comments -->\n\n", self.draft[at]
        self.draft[at] = words.removeprefix(mark) if words.startswith(mark) else mark + words

    def _lengthen(self, at: int, more: int) -> None:
        """Add an item to a list, a row to a table."""
        sign, line = (("-", "\n- a line more"), ("|", "\n| A lane | 1.0 metre |"))[more % 2]
        places = [place for place, words in enumerate(self.draft) if words.startswith(sign)]
        if places:
            self.draft[places[at % len(places)]] += line

    # ---- what officials do with versions

    @rule(
        verdicts=st.lists(st.tuples(Verdict, SORTS), min_size=1, max_size=6),
        changed=st.lists(st.tuples(SORTS, st.lists(SORTS, min_size=1, max_size=2)), max_size=3),
    )
    def publish_confirmed(
        self, verdicts: list[tuple[str, int]], changed: list[tuple[int, list[int]]]
    ) -> None:
        """Confirm what is in doubt, one way or another, change some matches that are not, and publish."""
        self._save_draft()
        prepared = actions.prepare(self.document, self._source())
        doubts = actions.plan_of(self.document, prepared).doubts
        if doubts:
            with pytest.raises(Invalid) as refused:
                self._publish("refuse")
            assert str(len(doubts)) in refused.value.message
        names = fingerprints(prepared.text.blocks)
        page = queries.current_page(self.document)
        said = {}
        for index, doubt in enumerate(doubts):
            verdict, pick = verdicts[index % len(verdicts)]
            targets = _targets(doubt, verdict, pick, len(names))
            said[page[doubt.old].key] = [names[target] for target in targets]
        for old, picks in changed:
            said[page[old % len(page)].key] = [names[pick % len(names)] for pick in picks]
        with transaction(self.official):
            confirming.confirm_matches(
                actor=self.official, document=self.document, said=said, seen=self.document.version_count
            )
        self._publish("refuse")

    @rule(doubtful=st.sampled_from(("remove", "accept")))
    def publish(self, doubtful: Any) -> None:
        self._publish(doubtful)

    @rule()
    def withdraw(self) -> None:
        """Withdraw the current version, where an earlier one can stand again."""
        self._a_minute_later()
        try:
            with transaction(self.official):
                version = withdrawing.withdraw_version(
                    actor=self.official, document=self.document, why="It was published by mistake."
                )
        except Invalid:
            return
        self._published_now(version)
        stood = self._blocks(version.restored_from or 0)
        stands = self._blocks(version.number)
        assert [(row.key, row.plain) for row in stands] == [(row.key, row.plain) for row in stood]

    @rule()
    def number_anew(self) -> None:
        self._save_draft()
        before = [(row.key, row.plain) for row in self._blocks(self.document.version_count)]
        self._a_minute_later()
        try:
            with transaction(self.official):
                version = renumbering.renumber(
                    actor=self.official, document=self.document, note="There were too many letters."
                )
        except Invalid:
            return
        self._published_now(version)
        assert [(row.key, row.plain) for row in self._blocks(version.number)] == before
        self.draft = queries.draft(self.document, self.document.draft_number).source.strip().split("\n\n")

    @rule(which=SORTS, place=SORTS)
    def correct(self, which: int, place: int) -> None:
        """Put a letter right, or wrong, in the current version and in the draft."""
        for right, wrong in (SLIPS[which % len(SLIPS)], SLIPS[which % len(SLIPS)][::-1]):
            version = queries.version(self.document, self.document.version_count)
            pieces = version.source.split(right)
            if len(pieces) < 2:
                continue
            cut = 1 + place % (len(pieces) - 1)
            source = wrong.join((right.join(pieces[:cut]), right.join(pieces[cut:])))
            self._a_minute_later()
            with transaction(self.official):
                correcting.correct_version(
                    actor=self.official, document=self.document, source=source, note="A letter."
                )
            self.is_news = True
            self.draft = [words.replace(right, wrong) for words in self.draft]
            before, self.frozen[version.number] = (
                self.frozen[version.number],
                _frozen(self.document, version.number),
            )
            assert _but_words(before) == _but_words(self.frozen[version.number])
            assert before != self.frozen[version.number]
            return

    # ---- what must hold

    @precondition(lambda self: self.is_news)
    @invariant()
    def all_holds(self) -> None:
        """Look at everything after each act that changed what people read."""
        self.no_comment_is_lost()
        self.each_comment_has_the_words_it_was_made_on()
        self.counts_are_rows()
        self.every_paragraph_with_talk_has_its_place_on_the_current_page()
        self.what_stands_is_neither_removed_nor_joined()
        self.keys_and_numbers_are_used_once()
        self.versions_are_as_they_were_published()
        self.the_lineage_leads_from_the_old_to_the_new()
        self.everything_can_be_read_and_reading_writes_nothing()
        self.is_news = False

    def no_comment_is_lost(self) -> None:
        rows = db.session.execute(select(Comment.key, Comment.paragraph_id, Comment.block_id)).all()
        assert {row.key: row.paragraph_id for row in rows} == {key: at for key, (at, _) in self.said.items()}

    def each_comment_has_the_words_it_was_made_on(self) -> None:
        words = dict(db.session.execute(select(Comment.key, Block.plain).outerjoin(Comment.block)).all())
        corrected: dict[str, set[str]] = {}
        misprints = select(Comment.key, Misprint.plain).join(Misprint, Misprint.block_id == Comment.block_id)
        for key, before in db.session.execute(misprints):
            corrected.setdefault(key, set()).add(before)
        for key, (_, made_on) in self.said.items():
            assert made_on == words[key] or made_on in corrected.get(key, ()), key

    def counts_are_rows(self) -> None:
        assert list(recounting.differences()) == []
        page = page_queries.blocks(self.document.current_version_id or 0)
        whole = paragraph_queries.whole(self.document.id)
        said = sum(row.comment_count for row in page) + (whole.comment_count if whole else 0)
        assert said == len(self._published()) == self.document.comment_count

    def every_paragraph_with_talk_has_its_place_on_the_current_page(self) -> None:
        here = {row.paragraph_id for row in page_queries.blocks(self.document.current_version_id or 0)}
        talked = db.session.execute(
            select(Paragraph.id, Paragraph.key, Paragraph.home_id, Paragraph.removed_in).where(
                Paragraph.document_id == self.document.id, Paragraph.comment_count > 0
            )
        ).all()
        assert all(row.id in here or row.key == WHOLE for row in talked)
        assert all(row.home_id is None or row.home_id in here for row in talked)

    def what_stands_is_neither_removed_nor_joined(self) -> None:
        current = self.document.current_version_id
        rows = db.session.execute(
            select(Block.is_removed, Paragraph.removed_in, Paragraph.home_id, Paragraph.id)
            .join(Paragraph, Paragraph.id == Block.paragraph_id)
            .where(Block.version_id == current)
        ).all()
        homes = {row.id: row.home_id for row in rows}
        for row in rows:
            assert (row.removed_in is not None) == row.is_removed
            assert row.home_id is None or row.is_removed
            assert row.home_id is None or homes[row.home_id] is None, "a home has a home itself"
        listed = db.session.scalar(
            select(func.count()).where(Paragraph.document_id == self.document.id, Paragraph.key != WHOLE)
        )
        assert listed == len(rows), "each paragraph has one place in the current version"

    def keys_and_numbers_are_used_once(self) -> None:
        for number in range(1, self.document.version_count + 1):
            rows = self._blocks(number, removed=True)
            for name in ("number", "key", "position"):
                twice = [it for it, times in Counter(getattr(r, name) for r in rows).items() if times > 1]
                assert not twice, f"{name} {twice} twice in version {number}"

    def versions_are_as_they_were_published(self) -> None:
        for number, blocks in self.frozen.items():
            assert _frozen(self.document, number) == blocks, f"version {number} changed"

    def the_lineage_leads_from_the_old_to_the_new(self) -> None:
        last = self.document.version_count
        pairs = {(last - 1, last), (1, last), (max(1, last - 2), last)}
        for before, after in sorted(pair for pair in pairs if 0 < pair[0] < pair[1]):
            told = export.between(self.document, before, after)
            assert apply(told["old"], told["steps"]) == told["new"]

    def everything_can_be_read_and_reading_writes_nothing(self) -> None:
        """Look at the page, at the thread of every paragraph with talk, and at one paragraph's own page."""
        published = {said.key: said.paragraph.key for said in self._published()}
        at = set(published.values())
        current, last = self._address(), self.document.version_count
        shown_at = self._shown_at(at)
        db.session.rollback()
        shown: set[str] = set()
        with counting.queries() as asked:
            page = self._get(current)
            for key in shown_at:
                shown |= set(COMMENT.findall(self._get(f"{current}/p/{key}?fragment=1")))
            for key in sorted(at)[:: max(1, len(at) // 2)]:
                own = {said for said, where in published.items() if where == key}
                assert own <= set(COMMENT.findall(self._get(f"{current}/p/{key}"))), f"not at {key}"
            self._get(f"{current}/removed")
            if last > 1:
                self._get(f"{current}/v/{last - 1}")
                self._get(f"{current}/compare/{last - 1}...{last}")
                self._get(f"{current}/compare/{last - 1}...{last}.json")
        assert published.keys() <= shown, f"no thread shows {published.keys() - shown}"
        assert shown_at <= set(LINK.findall(page)), "not reachable from the current version"
        writing = [it for it in asked if not it.lstrip().upper().startswith(("SELECT", "WITH", "("))]
        assert not writing, writing

    # ---- hands

    def _address(self) -> str:
        return f"/consultations/{self.document.consultation.slug}/{self.document.slug}"

    def _get(self, address: str) -> str:
        answer = self.client.get(address, follow_redirects=True)
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        return answer.get_data(as_text=True)

    def _shown_at(self, keys: set[str]) -> set[str]:
        """Return the keys of the paragraphs where the talk of these is shown now."""
        home = aliased(Paragraph)
        rows = db.session.execute(
            select(func.coalesce(home.key, Paragraph.key))
            .select_from(Paragraph)
            .outerjoin(home, home.id == Paragraph.home_id)
            .where(Paragraph.document_id == self.document.id, Paragraph.key.in_(keys))
        )
        return set(rows.scalars())

    def _blocks(self, number: int, *, removed: bool = False) -> list[Any]:
        version = queries.version(self.document, number)
        rows = page_queries.blocks(version.id)
        return [row for row in rows if removed or not row.is_removed]

    def _paragraph(self, paragraph_id: int) -> Paragraph:
        return db.session.get_one(Paragraph, paragraph_id)

    def _published(self) -> list[Comment]:
        wanted = select(Comment).where(Comment.state == State.PUBLISHED).order_by(Comment.id)
        return list(db.session.scalars(wanted))

    def _post(self, where: Paragraph, who: int, asks: bool, number: int, **more: Any) -> None:
        person = self.people[who % len(self.people)]
        self._a_minute_later()
        with transaction(person):
            said = discussion.post_comment(
                actor=person,
                paragraph=where,
                body=f"Words number {len(self.said)}.",
                kind=Kind.QUESTION if asks else Kind.COMMENT,
                version=number,
                **more,
            )
        self.is_news = True
        self.said[said.key] = (where.id, self._words_read(where, number))

    def _words_read(self, where: Paragraph, number: int) -> str | None:
        """Return what somebody had before their eyes: of what is joined, the words where its talk is shown."""
        version = queries.version(self.document, number)
        for each in (where, db.session.get(Paragraph, where.home_id) if where.home_id else None):
            block = paragraph_queries.block_of(each, version.id) if each else None
            if block is not None and not block.is_removed:
                return block.plain
        last = db.session.get(Block, where.last_block_id) if where.last_block_id else None
        return last.plain if last else None

    def _save_draft(self) -> None:
        with transaction(self.official):
            actions.save_draft(
                actor=self.official,
                document=self.document,
                source=self._source(),
                based_on=self.document.draft_number,
            )

    def _source(self) -> str:
        return "\n\n".join(self.draft) + "\n"

    def _publish(self, doubtful: Any) -> None:
        self._a_minute_later()
        with transaction(self.official):
            version = actions.publish_version(
                actor=self.official,
                document=self.document,
                source=self._source(),
                note="",
                doubtful=doubtful,
            )
        self._published_now(version)

    def _published_now(self, version: Version) -> None:
        self.frozen[version.number] = _frozen(self.document, version.number)
        self.is_news = True

    def _a_minute_later(self) -> None:
        self.minutes += 1
        now = self.document.created_at + timedelta(minutes=self.minutes)
        clock.replace(lambda: now)


EDITS = (
    *(Life._reword, Life._rewrite, Life._insert, Life._delete, Life._move, Life._split, Life._join),
    *(Life._bring_back, Life._mark, Life._close, Life._lengthen),
)


def _pick(among: list[Any], number: int) -> Any:
    return among[number % len(among)] if among else None


def _targets(doubt: Doubt, verdict: str, pick: int, blocks: int) -> list[int]:
    if verdict == "gone":
        return []
    return list(doubt.targets) if verdict == "as it seems" else [pick % blocks]


def _frozen(document: Document, number: int) -> list[tuple[Any, ...]]:
    columns = list(Block.__table__.c)
    rows = db.session.execute(
        select(*columns)
        .join(Version, Version.id == Block.version_id)
        .where(Version.document_id == document.id, Version.number == number)
        .order_by(Block.position)
    )
    return [tuple(row) for row in rows]


def _but_words(blocks: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return blocks without what a correction may change."""
    names = [column.name for column in Block.__table__.c]
    return [
        tuple(value for name, value in zip(names, block, strict=True) if name not in WORDS)
        for block in blocks
    ]


@pytest.fixture
def life(app: Any) -> Iterator[type[Life]]:
    Life.app = app
    yield Life
    clock.replace(None)


def _live(life: type[Life], *, lives: int, acts: int) -> None:
    run_state_machine_as_test(
        life,
        settings=settings(
            max_examples=lives,
            stateful_step_count=acts,
            deadline=None,
            derandomize=True,
            phases=(Phase.generate,),  # a life is short enough to be read as it is
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.slow
def test_whatever_is_done_no_comment_is_lost(life: type[Life]) -> None:
    _live(life, lives=3, acts=14)


@pytest.mark.slow
def test_whatever_is_done_for_long_no_comment_is_lost(life: type[Life]) -> None:
    _live(life, lives=4 if NOTHING_LEFT_OUT else 2, acts=36)
