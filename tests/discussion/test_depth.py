"""Ten thousand replies below one another, thousands beside one another: what is done with one of them costs as elsewhere."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from consult.discussion import recounting
from consult.discussion.models import Comment
from consult.extensions import db, transaction
from consult.keys import ALPHABET, new_key
from tests import factories
from tests.counting import queries
from tests.discussion.ground import a_draft, address, paragraph, say

DEEP, FLAT = 10_000, 5_000
AT_ONCE = 5_000
TALL = 80_000  # bytes of the tallest page


class Crowd:
    """A draft with one thread DEEP replies deep, FLAT threads on the next paragraph, and one comment on the third."""

    def __init__(self) -> None:
        self.draft = a_draft()
        self.deep, self.flat, self.plain = (paragraph(self.draft, number) for number in "123")
        self.author = factories.a_person()
        self.top, self.first, self.alone = (
            say(place, by=self.author) for place in (self.deep, self.flat, self.plain)
        )
        self._write(self._chain())
        self._write(self._row(self.first, 2 * DEEP + number) for number in range(FLAT))
        with transaction():
            recounting.recount()
        self.last = db.session.scalar(
            select(Comment.key)
            .where(Comment.paragraph_id == self.deep.id)
            .order_by(Comment.depth.desc())
            .limit(1)
        )

    def _chain(self) -> Iterator[dict]:
        above = self.top.id
        for number in range(DEEP):
            row = self._row(self.top, DEEP + number)
            yield row | {"parent_id": above, "root_id": self.top.id, "depth": number + 1}
            above = row["id"]

    def _row(self, like: Comment, number: int) -> dict:
        names = ("organisation_id", "document_id", "paragraph_id", "version_id", "block_id", "author_id")
        row = {
            name: getattr(like, name) for name in (*names, "kind", "state", "was_published", "body", "html")
        }
        at = like.created_at + timedelta(milliseconds=number)
        said = {"id": number, "key": _key(number), "created_at": at, "published_at": at}
        return {**row, **said, "parent_id": None, "root_id": None, "depth": 0}

    def _write(self, rows: Iterator[dict]) -> None:
        waiting = list(rows)
        with transaction():
            for start in range(0, len(waiting), AT_ONCE):
                db.session.execute(insert(Comment), waiting[start : start + AT_ONCE])


def _key(number: int) -> str:
    figures = ""
    while number:
        number, figure = divmod(number, len(ALPHABET))
        figures += ALPHABET[figure]
    return f"zz{figures}"


def _cost(fetch) -> tuple[int, str]:
    db.session.remove()
    with queries() as seen:
        answer = fetch()
    assert answer.status_code == 200
    return len(seen), answer.text


@pytest.mark.slow
def test_among_ten_thousand_every_page_and_act_costs_as_elsewhere(app, client, sign_in):
    crowd = Crowd()
    here = {name: address(getattr(crowd, name)) for name in ("deep", "flat", "plain")}
    top, last, places = crowd.top.key, crowd.last, {}
    parents = {"plain": crowd.alone.key, "deep": last, "flat": crowd.first.key}
    moderator = factories.a_moderator(crowd.draft.consultation.unit.organisation)
    citizen, desk = sign_in(crowd.author), sign_in(moderator)
    plain, _html = _cost(lambda: client.get(here["plain"]))
    for page in (here["deep"], here["flat"], f"{here['deep']}?root={top}", f"{here['deep']}?reply={last}"):
        asked, html = _cost(lambda page=page: client.get(page))
        assert asked <= plain + 1, page
        assert len(html) < TALL, page
    found = client.get(f"/comments/{last}")
    _asked, html = _cost(lambda: client.get(found.location.partition("#")[0]))
    assert f'id="comment-{last}"' in html
    for name, parent in parents.items():
        form = {"body": f"I was there {name}.", "kind": "comment", "parent": parent, "once": new_key(20)}
        db.session.remove()
        with queries() as posting:
            assert citizen.post(here[name], data=form).status_code == 303
        said = db.session.scalar(select(Comment.key).where(Comment.body == form["body"]))
        db.session.remove()
        with queries() as deciding:
            assert (
                desk.post(f"/moderation/{said}", data={"do": "take-down", "reason": "abuse"}).status_code
                == 303
            )
        places[name] = (len(posting), len(deciding))
    assert max(places.values()) <= (places["plain"][0] + 1, places["plain"][1] + 1), places
    text = client.get(here["plain"].partition("/p/")[0] + "/print").text
    assert text.count("Plant oaks.") == DEEP + FLAT + 3
