"""A comment whose words lie in as many tables as there can be, and where some words lie."""

from datetime import timedelta

from sqlalchemy import MetaData

from consult import clock
from consult.discussion import actions as discussion
from consult.discussion.models import Comment, UnsentComment
from consult.extensions import db, transaction
from consult.moderation import actions as moderation
from consult.moderation.actions import Verb
from tests.moderation.scene import Scene

FIRST = "My neighbour Mr Quillfeather keeps eleven ferrets."
THEN = "My neighbour Mr Quillfeather keeps a dozen ferrets."


def a_comment_with_copies(scene: Scene) -> Comment:
    """A comment with copies wherever there can be one."""
    comment = scene.says(FIRST)
    scene.says("I reply.", actor=scene.official, parent=comment)
    began = clock.now()
    clock.replace(lambda: began + timedelta(hours=1))
    with transaction():
        discussion.correct_comment(actor=scene.citizen, comment=_fresh(comment), body=THEN)
    with transaction():
        moderation.report_comment(
            actor=scene.official, comment=_fresh(comment), reason="abuse", note=f"It says: {FIRST}"
        )
    for verb in (Verb.TAKE_DOWN, Verb.PUBLISH):
        with transaction():
            moderation.decide(
                actor=scene.moderator, comment=_fresh(comment), verb=verb, reason="abuse", message=THEN
            )
    with transaction():
        db.session.add(
            UnsentComment(
                key="begun",
                person_id=scene.citizen.id,
                document_id=comment.document_id,
                paragraph_id=comment.paragraph_id,
                comment_id=comment.id,
                body=THEN,
                created_at=began,
                updated_at=began,
            )
        )
    return comment


def _fresh(comment: Comment) -> Comment:
    return db.session.get_one(Comment, comment.id)


def where_it_says(words: str) -> set[str]:
    """Return every column of every table that holds these words, of the index for searches too."""
    there = MetaData()
    there.reflect(db.engine)
    found = []
    with db.engine.connect() as connection:
        for table in there.tables.values():
            for row in connection.execute(table.select()).mappings():
                found += [f"{table.name}.{name}" for name, value in row.items() if words in str(value)]
    return set(found)
