"""Searches that found nothing: which words, on which day, how often. Never who, and from where.

They are counted once the answer has been sent, so that nobody waits for it. Whatever might name a person or be a secret
is not kept. What slipped through all the same can be removed, and is counted no more.
"""

import hashlib
import hmac
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update

from consult import audit, clock
from consult.accounts.actions.forgetting import delete_some
from consult.accounts.retention import Kept, kept_since
from consult.extensions import db, settings, transaction
from consult.permissions import May, require
from consult.search import queries
from consult.search.models import FruitlessSearch, RemovedSearch
from consult.search.terms import WORD, Terms

LONGEST = 60  # characters: what is longer is a sentence, and sentences tell
MOST_WORDS = 6
LONGEST_WORD = 24  # letters: what is longer is no word, and may be a key
MOST_A_DAY = 2_000  # different words that are kept of one day


def noted(query: str, terms: Terms) -> str:
    """Return what may be kept of a query: its words in small letters, without accents; "" for what may not. Pure.

    Left out is what has a figure, an @ or an address in it, what is long, a word that no language has, and what
    looks like a name: two words or more, all with a capital letter.
    """
    words = " ".join(" ".join(term) for term in terms.terms)
    typed = WORD.findall(query)
    is_long = not words or len(words) > LONGEST or len(typed) > MOST_WORDS
    is_secret = any(c.isnumeric() for c in query + words) or any(c in query for c in "@/\\:=_+")
    is_odd = any(len(word) > LONGEST_WORD or _is_mixed(word) for word in typed)
    is_name = len(typed) > 1 and all(word[0].isupper() for word in typed)
    return "" if is_long or is_secret or is_odd or is_name else words


def _is_mixed(word: str) -> bool:
    """Say whether capital and small letters are mixed as in no word: "aXbY", not "Ludlow" or "NHS"."""
    return not (word.islower() or word.isupper() or word[1:].islower() or not word[1:])


def count(words: str, day: date) -> None:
    """Count one search in vain, in a transaction of its own, unless it may be a name or was removed.

    Of several words each must stand somewhere on this site: a name in small letters is of words that do not.
    """
    single = words.split()
    is_known = len(single) == 1 or all(queries.found(Terms(((word,),))) for word in single)
    is_removed = db.session.scalar(select(RemovedSearch.id).where(RemovedSearch.digest == _digest(words)))
    db.session.rollback()
    if not is_known or is_removed is not None:
        return
    with transaction():
        add(words, day)


def add(words: str, day: date) -> None:
    """Add one to what is kept; once a day has its fill of different words, no further ones are."""
    ours = (FruitlessSearch.day == day, FruitlessSearch.words == words)
    again = update(FruitlessSearch).where(*ours).values(times=FruitlessSearch.times + 1)
    if db.session.execute(again).rowcount:  # type: ignore[attr-defined]
        return
    kept = select(func.count()).select_from(FruitlessSearch).where(FruitlessSearch.day == day)
    if (db.session.scalar(kept) or 0) < MOST_A_DAY:
        db.session.add(FruitlessSearch(words=words, day=day, times=1))
        db.session.flush()


def often(least: int, limit: int) -> Sequence[Any]:
    """Return the words that were looked for so often, with how often and when last, most wanted first."""
    times = func.sum(FruitlessSearch.times)
    return db.session.execute(
        select(FruitlessSearch.words, times.label("times"), func.max(FruitlessSearch.day).label("last_day"))
        .where(FruitlessSearch.day > _first_day())
        .group_by(FruitlessSearch.words)
        .having(times >= least)
        .order_by(times.desc(), FruitlessSearch.words)
        .limit(limit)
    ).all()


def remove(*, actor: Any, words: Collection[str]) -> int:
    """Take words off the list for good, and return how many of them were on it. They are counted no more.

    The record says that it was done, by whom and when: never which words.
    """
    require(May.REMOVE_SEARCHES, actor)
    ours = FruitlessSearch.words.in_(words)
    there = sorted(db.session.scalars(select(FruitlessSearch.words).where(ours).distinct()))
    if not there:
        return 0
    db.session.execute(delete(FruitlessSearch).where(ours))
    for each in there:
        _keep_away(each, actor)
    return len(there)


def _keep_away(words: str, actor: Any) -> None:
    digest = _digest(words)
    kept = db.session.scalar(select(RemovedSearch).where(RemovedSearch.digest == digest))
    if kept is None:
        kept = RemovedSearch(digest=digest, removed_at=clock.now())
        db.session.add(kept)
        db.session.flush()
    audit.record("search.remove", f"removed_search:{kept.id}", actor_id=actor.id)


def _digest(words: str) -> str:
    """Return a digest that only this site can make, so that a list of them tells nobody the words."""
    return hmac.new(settings().secret_key.encode(), words.encode(), hashlib.sha256).hexdigest()


def stamp() -> tuple[Any, ...]:
    """Return what moves when something was put down or forgotten."""
    found = db.session.execute(
        select(func.count(), func.coalesce(func.sum(FruitlessSearch.times), 0)).select_from(FruitlessSearch)
    ).one()
    return tuple(found)


def _first_day() -> date:
    return (kept_since(Kept.SEARCHES, clock.now()) - timedelta(days=1)).date()


def forget() -> int:
    """Delete some of what was looked for more than 90 days ago, and return how many."""
    return delete_some(FruitlessSearch, FruitlessSearch.day <= _first_day())
