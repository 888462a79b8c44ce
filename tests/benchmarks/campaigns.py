"""Campaigns: what grouping finds on the made set, and what one more comment costs beside few and beside very many."""

import random
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert, select

from consult import clock
from consult.discussion import actions
from consult.discussion.models import Comment, State
from consult.documents import page_queries, paragraph_queries
from consult.documents.models import Document
from consult.extensions import db, transaction
from consult.moderation.campaigns import arrival
from consult.moderation.campaigns.models import Campaign, CampaignBand, CampaignLetter, CampaignTurn
from consult.text.campaigns.common import LITTLE
from consult.text.campaigns.grouping import ENTRIES_OF_A_BUCKET
from consult.text.campaigns.letters import SEED, letter
from consult.text.campaigns.memory import grouped
from tests import factories
from tests.benchmarks import filling
from tests.text.campaigns import made

HEADS = [
    "comments there",
    "CPU ms each",
    "longest CPU ms",
    "write lock, CPU ms",
    "longest write lock, CPU ms",
    "longest write lock, ms",
    "what a post does for it, CPU ms",
]
VOCABULARY = 20_000
WORDS = 60  # of a comment in somebody's own words
LETTERS = 0.2  # of the comments are copies of one letter
ARRIVALS = 120


def found(seed: int, size: int) -> list[Any]:
    """Return a row: how many comments the made set has, and which pairs were found."""
    comments = made.everything(seed, size)
    began = time.process_time()
    groups = grouped(one.text for one in comments)
    took = time.process_time() - began
    score = made.score(comments, groups)
    return [seed, len(comments), score.precision, score.recall, 1000 * took / len(comments)]


def own_words(number: int) -> str:
    """Write a comment of its own: words as rare as in a language, with the little ones between them."""
    chance = random.Random(number)
    little = sorted(LITTLE)
    words = []
    for _ in range(WORDS):
        rank = int(VOCABULARY ** chance.random())
        words.append(chance.choice(little) if chance.random() < 0.45 else f"w{rank:x}ol")
    return " ".join(words).capitalize() + "."


def fill(of: Document, count: int) -> None:
    """Write comments as if they had been grouped: a campaign, and people with words of their own."""
    author, now = factories.a_person().id, clock.now()
    place = next(row for row in page_queries.blocks(of.current_version_id) if row.kind == "p")
    campaign = Campaign(consultation_id=of.consultation_id, made_at=now, letter_count=int(count * LETTERS))
    db.session.add_all([campaign, CampaignTurn(consultation_id=of.consultation_id, turn=1)])
    db.session.commit()
    held: dict[int, int] = {}
    chance = random.Random(1)
    for start in range(0, count, filling.BATCH):
        numbers = range(start, min(start + filling.BATCH, count))
        rows = []
        for number in numbers:
            is_copy = number < campaign.letter_count
            words = made.copied(made.LETTERS[0], chance) if is_copy else own_words(number)
            row = filling._row(of, of.consultation, place, author, State.PUBLISHED, now, number)
            rows.append(row | {"body": words, "html": "<p></p>"})
        db.session.execute(insert(Comment), rows)
        ids = dict(
            db.session.execute(select(Comment.key, Comment.id).where(Comment.key >= rows[0]["key"])).all()
        )
        _file(of, campaign, [(ids[row["key"]], row["body"]) for row in rows], held)
        db.session.commit()
    db.session.execute(db.text("ANALYZE"))
    db.session.commit()


def _file(of: Document, campaign: Campaign, texts: list[tuple[int, str]], held: dict[int, int]) -> None:
    letters, bands = [], []
    for number, text in texts:
        read = letter(text)
        is_copy = number <= campaign.letter_count
        letters.append(
            {
                "comment_id": number,
                "consultation_id": of.consultation_id,
                "campaign_id": campaign.id if is_copy else None,
                "mark": read.mark,
                "is_first": True,
                "is_apart": False,
                "sketch": SEED,
            }
        )
        for bucket in read.buckets:
            held[bucket] = held.get(bucket, 0) + (ENTRIES_OF_A_BUCKET if is_copy else 1)
            if held[bucket] <= ENTRIES_OF_A_BUCKET:
                bands.append({"consultation_id": of.consultation_id, "bucket": bucket, "comment_id": number})
    db.session.execute(insert(CampaignLetter), letters)
    db.session.execute(insert(CampaignBand), bands)


def arriving() -> list[str]:
    """Write what is posted next: copies, letters of alternatives, and comments of their own."""
    chance = random.Random(2)
    texts = [made.copied(made.LETTERS[0], chance) for _ in range(ARRIVALS // 3)]
    texts += [made.drawn(made.TRAFFIC, chance) for _ in range(ARRIVALS // 3)]
    texts += [own_words(-number) for number in range(1, ARRIVALS // 3 + 1)]
    chance.shuffle(texts)
    return texts


@dataclass
class Locks:
    """How long each transaction that writes was open: on the clock, and of the processor."""

    spans: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        began, began_cpu = time.perf_counter(), time.thread_time()
        with transaction():
            yield
        self.spans.append(1000 * (time.perf_counter() - began))
        self.cpu.append(1000 * (time.thread_time() - began_cpu))


def arrivals(of: Document) -> list[float]:
    """Post comments and group each: return milliseconds in the order of HEADS."""
    key = next(row.key for row in page_queries.blocks(of.current_version_id) if row.kind == "p")
    locks, waits, times = Locks(), [], []
    plain, arrival.transaction = arrival.transaction, locks.transaction
    for text in arriving():
        author = factories.a_person()
        paragraph = paragraph_queries.paragraph(of, key)
        with transaction(author):
            comment = actions.post_comment(actor=author, paragraph=paragraph, body=text)
        began = time.thread_time()
        arrival.wait(comment.id)  # once more, and not to stay: the post has done so already
        waits.append(1000 * (time.thread_time() - began))
        db.session.rollback()
        began = time.thread_time()
        arrival.group_waiting()
        times.append(1000 * (time.thread_time() - began))
    arrival.transaction = plain
    times, cpu, spans = times[5:], locks.cpu[5:], locks.spans[5:]  # the first prepare their statements
    return [
        statistics.mean(times),
        max(times),
        statistics.mean(cpu),
        max(cpu),
        max(spans),
        statistics.mean(waits),
    ]


def cost(count: int) -> list[float]:
    """Return what an arrival costs beside so many comments."""
    of = filling.document()
    fill(of, count)
    return arrivals(of)
