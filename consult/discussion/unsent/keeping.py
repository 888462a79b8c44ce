"""What people do with comments that they have not sent yet: keep, change, delete, paste back in, send them together.

Nothing of it is public, and nobody else reads it. It belongs to an account, or to one browser.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, func, select, update

from consult import clock
from consult.accounts import names
from consult.discussion import actions, conditions, kinds, queries, replacing
from consult.discussion.models import Comment, Kind, Response, UnsentComment
from consult.discussion.unsent import kept
from consult.discussion.unsent.kept import MOST, Owner
from consult.discussion.wishes import PLAIN, Wishes
from consult.discussion.words import Words, letter_written, written
from consult.documents.models import Paragraph
from consult.errors import DomainError, Invalid, NotFound
from consult.extensions import db
from consult.keys import new_key
from consult.permissions import May, require

KEY_LENGTH = 10
LONGEST_KEPT = (
    60_000  # characters: more than any of them may have when it is sent, so that nothing typed is lost
)


def keep(
    *,
    actor: Any,
    owner: Owner,
    paragraph: Paragraph,
    body: str,
    kind: Kind = Kind.COMMENT,
    replacement: str = "",
    parent_key: str = "",
    version: int | None = None,
    wishes: Wishes | None = None,
    cites: Sequence[str] | None = None,
) -> UnsentComment:
    """Keep what somebody has begun to write at a place; what they kept there before is replaced.

    With `cites` (keys of paragraphs, even none) it is a letter. Empty words are kept too where something was kept
    before: whoever deletes what they wrote does not want it back. Raises Invalid for too much, or too many.
    """
    require(May.BEGIN_COMMENT, actor, paragraph)
    _refuse_too_long(body)
    _refuse_too_long(replacement, field="replacement")
    is_letter = cites is not None
    now = clock.now()
    found = kept.unsent_at(owner, paragraph, parent_key, is_letter=is_letter)
    if found is None:
        _refuse_too_many(owner)
        found = UnsentComment(
            key=new_key(KEY_LENGTH),
            holder="" if owner.person_id else owner.holder,
            person_id=owner.person_id,
            document_id=paragraph.document_id,
            paragraph_id=paragraph.id,
            parent_key=parent_key,
            is_letter=is_letter,
            created_at=now,
        )
        db.session.add(found)
    found.body, found.kind, found.updated_at = body, kind, now
    found.version_number, found.replacement = version, replacement
    if cites is not None:
        found.cites = " ".join(dict.fromkeys(cites))
    if wishes is not None:
        _wish(found, wishes)
    db.session.flush()
    return found


def change(
    *,
    actor: Any,
    unsent: UnsentComment,
    body: str,
    kind: Kind,
    replacement: str = "",
    wishes: Wishes,
    cites: Sequence[str] | None = None,
    is_reply: bool = True,
) -> None:
    """Give an unfinished comment other words, or other wishes; a reply becomes a comment of its own if it is to."""
    require(May.BEGIN_COMMENT, actor)
    _refuse_too_long(body)
    _refuse_too_long(replacement, field="replacement")
    unsent.body, unsent.kind, unsent.updated_at = body, kind, clock.now()
    unsent.replacement = replacement
    if cites is not None:
        unsent.cites = " ".join(dict.fromkeys(cites))
    if not is_reply:
        unsent.parent_key = ""
    _wish(unsent, wishes)
    db.session.flush()


def wish(*, actor: Any, unsent: UnsentComment, wishes: Wishes) -> None:
    """Note who may read an unfinished comment and for whom its author answers."""
    require(May.BEGIN_COMMENT, actor)
    _wish(unsent, wishes)
    db.session.flush()


def put_back(
    *, actor: Any, owner: Owner, bodies: Mapping[str, str], instead: Mapping[str, str] | None = None
) -> int:
    """Give unfinished comments the words that came back from being read elsewhere; return how many changed.

    `bodies` are words by the key of the comment, `instead` those that it would put instead. Raises Invalid, and changes nothing, for a key that is none.
    """
    require(May.BEGIN_COMMENT, actor)
    known = {row.key: row for row in kept.unsent(owner)}
    if missing := sorted(set(bodies) - set(known)):
        raise Invalid(
            _("There is no comment kept here with the mark %(mark)s.", mark=missing[0]), field="pasted"
        )
    changed = 0
    instead = instead or {}
    for body in (*bodies.values(), *instead.values()):
        _refuse_too_long(body, field="pasted")
    for key, body in bodies.items():
        row, words = known[key], instead.get(key, known[key].replacement)
        if (row.body.strip(), row.replacement.strip()) != (body.strip(), words.strip()):
            row.body, row.replacement, row.updated_at = body, words, clock.now()
            changed += 1
    db.session.flush()
    return changed


def delete_unsent(*, actor: Any, unsent: UnsentComment) -> None:
    """Delete an unfinished comment for good: nobody but its author has ever seen it."""
    require(May.BEGIN_COMMENT, actor)
    db.session.delete(unsent)
    db.session.flush()


def take_over(sender: object, *, person: Any, holder: str, **rest: Any) -> None:
    """Bring what a browser keeps into the account that has just signed in there; where both kept words, both stay."""
    if person.is_guest or not holder:
        return
    db.session.execute(
        update(UnsentComment)
        .where(
            UnsentComment.holder == holder,
            UnsentComment.person_id.is_(None),
            UnsentComment.comment_id.is_(None),
        )
        .values(person_id=person.id, holder="")
    )


@dataclass(frozen=True)
class Sent:
    """What became of unfinished comments that were sent together: posted, or refused with the reason."""

    posted: list[Comment]
    refused: list[tuple[UnsentComment, str]]


def words_of(unsent: UnsentComment) -> Words:
    """Bound and render what will be sent. Raises Invalid with what to shorten; call it before the transaction."""
    if unsent.is_letter:
        return letter_written(unsent.body)
    words = written(unsent.body)
    if not unsent.replacement:
        return words
    kinds.with_words(unsent.kind, unsent.replacement)
    block = replacing.block_at(unsent.paragraph, unsent.version_number)
    return replacing.with_replacement(words, unsent.replacement, block)


def send(
    *,
    actor: Any,
    unsent: Sequence[UnsentComment],
    words: Mapping[str, Words],
    manners: Mapping[str, str] | None = None,
) -> Sent:
    """Post unfinished comments of somebody who is known. What cannot be posted stays, with the reason.

    `words` are rendered (`words_of`), by key; `manners` say by key how they were sent.
    """
    posted, refused = [], []
    for row in unsent:
        try:
            posted.append(
                actions.post_comment(
                    actor=actor,
                    body=words[row.key],
                    once=row.key,
                    manner=(manners or {}).get(row.key, ""),
                    **place_of(row),
                )
            )
        except DomainError as refusal:
            if not refusal.message:
                raise
            refused.append((row, refusal.message))
        else:
            db.session.delete(row)
    db.session.flush()
    return Sent(posted, refused)


def place_of(row: UnsentComment) -> dict[str, Any]:
    """Return where an unfinished comment goes and how, as `post_comment` takes it. Raises Invalid for a reply to nothing."""
    parent, response = replied_to(row.parent_key)
    return {
        "paragraph": conditions.said_on(row.paragraph, parent),
        "kind": kinds.with_words(row.kind, row.replacement),
        "parent": parent,
        "response": response,
        "version": row.version_number,
        "wishes": wishes_of(row),
        "cites": kept.cited(row.document, row.cites.split()) if row.is_letter else None,
    }


def replied_to(key: str) -> tuple[Comment | None, Response | None]:
    """Return what a reply with this `parent` hangs on; nothing for no reply. Raises Invalid for what is not there."""
    if not key:
        return None, None
    try:
        if not key.isalnum():
            raise NotFound
        return queries.said_under(key)
    except NotFound:
        raise Invalid(_("The comment you reply to does not exist."), field="parent") from None


def wishes_of(row: UnsentComment) -> Wishes:
    return Wishes(row.is_team_only, row.confidential_reason, row.on_behalf_of, row.on_behalf_kind)


def forget_sent(comment_ids: Sequence[int]) -> None:
    """Delete what was kept until a guest had opened the link: it is sent now."""
    db.session.execute(delete(UnsentComment).where(UnsentComment.comment_id.in_(comment_ids)))


def _wish(row: UnsentComment, wishes: Wishes) -> None:
    if wishes.on_behalf_of:
        names.refuse_posing_body(wishes.on_behalf_of, field="organisation")
    row.is_team_only = wishes.is_team_only
    row.confidential_reason = wishes.confidential_reason if wishes.is_team_only else PLAIN.confidential_reason
    row.on_behalf_of = wishes.on_behalf_of
    row.on_behalf_kind = wishes.on_behalf_kind if wishes.on_behalf_of else None


def _refuse_too_long(body: str, *, field: str = "body") -> None:
    if len(body) > LONGEST_KEPT:
        raise Invalid(_("This is too long to be kept. Shorten it, or send it as a letter."), field=field)


def _refuse_too_many(owner: Owner) -> None:
    held = db.session.scalar(select(func.count()).select_from(UnsentComment).where(owner.owns)) or 0
    if held >= MOST:
        raise Invalid(
            _("%(limit)s comments wait to be sent. Send or delete some of them first.", limit=MOST),
            field="body",
        )
