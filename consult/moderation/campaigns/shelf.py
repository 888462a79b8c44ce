"""The tables as a shelf on which letters are compared (`consult.text.campaigns.grouping`).

What is decided is held here, without a lock, and handed over as a plan (`writing`).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from consult.extensions import db
from consult.moderation.campaigns import reading
from consult.moderation.campaigns.models import CampaignBand, CampaignLetter
from consult.moderation.campaigns.writing import Plan
from consult.text.campaigns.grouping import ENTRIES_OF_A_BUCKET, SAMPLE, Found
from consult.text.campaigns.letters import Letter

Row = tuple[int, int, int | None]  # bucket, comment, campaign

_letter: Any = CampaignLetter.__table__.c
_band: Any = CampaignBand.__table__.c


@dataclass
class Tables:
    """The letters of one consultation, with what is to be written once a letter has found its place.

    A campaign that is not there yet has a number below zero.
    """

    consultation_id: int
    turn: int
    added: dict[int, Letter] = field(default_factory=dict)
    joined: dict[int, int] = field(default_factory=dict)  # comments, and the campaign that they have joined
    into: dict[int, int] = field(
        default_factory=dict
    )  # campaigns that are no more, and where their letters went
    marks: dict[int, int] = field(default_factory=dict)
    begun: int = 0
    is_new: bool = True  # the letter that is looked at
    is_first: bool = True  # of its words

    def recall(self, number: int, letter: Letter, campaign: int | None, *, is_first: bool) -> None:
        """Say of the letter that is looked at that it is on the shelf, and where."""
        self.is_new, self.is_first = False, is_first
        self.marks[number], self._campaigns[number] = letter.mark, campaign

    def look_up(self, number: int, letter: Letter) -> Found:
        groups: Counter[int] = Counter()
        singles: Counter[int] = Counter()
        for _bucket, other, _campaign in self._entries(letter.buckets):
            if (group := self.group_of(other)) is not None:
                groups[group] += 1
            elif other != number:
                singles[other] += 1
        return Found(_ranked(groups), _ranked(singles))

    def twin_of(self, number: int, letter: Letter) -> int | None:
        row = db.session.execute(
            select(_letter.comment_id, _letter.campaign_id)
            .where(
                _letter.consultation_id == self.consultation_id,
                _letter.mark == letter.mark,
                _letter.is_first,
                _letter.is_apart.is_(False),
                _letter.comment_id != number,
            )
            .limit(1)
        ).first()
        if row is None:
            return None
        self.is_first = False
        self._campaigns[row.comment_id] = row.campaign_id
        self.marks[row.comment_id] = letter.mark
        return int(row.comment_id)

    def letter(self, number: int) -> Letter:
        if number in self.added:
            return self.added[number]
        return reading.letters({number: self.marks[number]})[number]

    def group_of(self, number: int) -> int | None:
        group = self.joined.get(number, self._campaigns.get(number))
        return None if group is None else self.end(group)

    def sample(self, group: int) -> Sequence[Letter]:
        found: dict[int, int] = {}  # marks, and a letter of each
        for old in [group, *(old for old in self.into if self.end(old) == group)]:
            if old > 0:
                found.update(self._kept_sample(old))
        for number in self.joined:
            if self.group_of(number) == group:
                found.setdefault(self._mark(number), number)
        chosen = sorted(found.items())[:SAMPLE]
        read = reading.letters({number: mark for mark, number in chosen if number not in self.added})
        return [self.added[number] if number in self.added else read[number] for _mark, number in chosen]

    def put(self, number: int, letter: Letter) -> None:
        self.added[number] = letter

    def begin(self, number: int) -> int:
        self.begun += 1
        self.join(number, -self.begun)
        return -self.begun

    def join(self, number: int, group: int) -> None:
        self.joined[number] = group

    def merge(self, into: int, other: int) -> None:
        self.into[other] = into

    # what was read

    _campaigns: dict[int, int | None] = field(default_factory=dict)
    _buckets: dict[int, list[Row]] = field(default_factory=dict)
    _samples: dict[int, dict[int, int]] = field(default_factory=dict)

    def _entries(self, buckets: Sequence[int]) -> list[Row]:
        missing = [bucket for bucket in buckets if bucket not in self._buckets]
        if missing:
            self._buckets.update({bucket: [] for bucket in missing})
            rows = db.session.execute(
                select(_band.bucket, _band.comment_id, _letter.campaign_id, _letter.mark)
                .join(CampaignLetter, _letter.comment_id == _band.comment_id)
                .where(_band.consultation_id == self.consultation_id, _band.bucket.in_(missing))
                .order_by(_band.bucket, _band.comment_id)
            )
            for bucket, number, campaign, mark in rows:
                self._buckets[bucket].append((bucket, number, campaign))
                self._campaigns[number], self.marks[number] = campaign, mark
        return [row for bucket in buckets for row in self._buckets[bucket]]

    def _kept_sample(self, group: int) -> dict[int, int]:
        if group not in self._samples:
            rows = db.session.execute(
                select(_letter.mark, _letter.comment_id)
                .where(_letter.campaign_id == group, _letter.is_first)
                .order_by(_letter.mark)
                .limit(SAMPLE)
            )
            self._samples[group] = dict(rows.all())
        return self._samples[group]

    def _mark(self, number: int) -> int:
        return self.added[number].mark if number in self.added else self.marks[number]

    def end(self, group: int) -> int:
        """Return the group that a group has become."""
        while group in self.into:
            group = self.into[group]
        return group

    # what is to be written

    def plan(self, number: int, letter: Letter) -> Plan:
        """Return what was decided of a comment, with all that it takes to write it."""
        groups = {self.end(group) for group in [*self.joined.values(), *self.into.values()]}
        gone = [row for each in self.joined if each != number for row in self._surplus(each)]
        come: list[int] = []
        if letter.is_groupable and self.is_first:
            for bucket in letter.buckets:
                come += self._room(bucket, number, gone)
        return Plan(
            consultation_id=self.consultation_id,
            turn=self.turn,
            number=number,
            mark=letter.mark,
            is_new=self.is_new,
            is_first=self.is_first,
            joined={each: self.end(group) for each, group in self.joined.items()},
            groups={group: self._olds(group) for group in groups},
            come=come,
            gone=[(bucket, other) for bucket, other, _campaign in gone],
        )

    def _olds(self, group: int) -> list[int]:
        """Return the campaigns, of those that are there, that are this one now."""
        olds = {group, *(old for old in self.into if self.end(old) == group)}
        return sorted(old for old in olds if old > 0)

    def _surplus(self, number: int) -> list[Row]:
        """Return the entries of a letter where its campaign has another."""
        rows = self._entries(self.letter(number).buckets)
        group = self.group_of(number)
        kept = {
            bucket for bucket, other, _campaign in rows if other != number and self.group_of(other) == group
        }
        return [row for row in rows if row[1] == number and row[0] in kept]

    def _room(self, bucket: int, number: int, gone: list[Row]) -> list[int]:
        """Return the bucket if a letter belongs in it, and let the oldest single one go where it is full."""
        group = self.group_of(number)
        rows = [row for row in self._entries([bucket]) if row not in gone]
        if any(row[1] == number or (group is not None and self.group_of(row[1]) == group) for row in rows):
            return []
        if len(rows) >= ENTRIES_OF_A_BUCKET:
            oldest = next((row for row in rows if self.group_of(row[1]) is None), None)
            if oldest is None:
                return []
            gone.append(oldest)
        return [bucket]


def _ranked(hits: Counter[int]) -> list[tuple[int, int]]:
    return sorted(hits.items(), key=lambda item: (-item[1], item[0]))
