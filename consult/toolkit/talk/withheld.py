"""What the talk of a page shows of words that stood in revisions which are withheld: a note in their place.

The talk has copies of the words of a page, paragraph by paragraph, and shows them on many pages and in mails. So the
note stands where they are stored, and they are kept beside it (`WithheldBlock`) until the revision is shown again.
"""

from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import delete, func, select, update

from consult.documents.models import Block, Document, Version
from consult.extensions import db
from consult.toolkit.models import Revision
from consult.toolkit.talk import queries
from consult.toolkit.talk.models import WithheldBlock


def follow_withholding(page_id: int) -> None:
    """Hide in the talk of a page what stands in no revision that readers may see, and show the rest."""
    talk = queries.talk_of(page_id)
    if talk is None:
        return
    _put_back(talk.document)
    _hide(talk.document, page_id)
    _follow_notes(talk.document, page_id)
    talk.document.stamp = Document.stamp + 1
    db.session.flush()


def _follow_notes(document: Document, page_id: int) -> None:
    """Let each version have the note of its revision, where readers may see that."""
    note = select(Revision.note).where(
        Revision.page_id == page_id, Revision.number == Version.number, Revision.withheld_at.is_(None)
    )
    changed = update(Version).where(Version.document_id == document.id)
    noted = changed.values(note=func.coalesce(note.scalar_subquery(), ""))
    db.session.execute(noted, execution_options={"synchronize_session": False})


def _put_back(document: Document) -> None:
    kept = (
        select(Block, WithheldBlock)
        .join(WithheldBlock, WithheldBlock.block_id == Block.id)
        .join(Version, Version.id == Block.version_id)
        .where(Version.document_id == document.id)
    )
    rows = db.session.execute(kept).all()
    for block, words in rows:
        block.text, block.plain, block.html = words.text, words.plain, words.html
    ids = [block.id for block, _words in rows]
    db.session.execute(delete(WithheldBlock).where(WithheldBlock.block_id.in_(ids)))
    db.session.flush()


def _hide(document: Document, page_id: int) -> None:
    shown = select(Revision.source).where(Revision.page_id == page_id, Revision.withheld_at.is_(None))
    unseen = select(Version.id).where(Version.document_id == document.id, Version.source.not_in(shown))
    hidden = db.session.scalars(unseen).all()
    if not hidden:
        return
    seen = (
        select(Block.paragraph_id, Block.plain)
        .join(Version, Version.id == Block.version_id)
        .where(Version.document_id == document.id, Version.id.not_in(hidden))
    )
    still = {(row.paragraph_id, row.plain) for row in db.session.execute(seen)}
    note = str(_("These words were withheld by an editor."))
    for block in db.session.scalars(
        select(Block).where(Block.version_id.in_(hidden), Block.plain != "")
    ).all():
        if (block.paragraph_id, block.plain) in still:
            continue
        db.session.add(WithheldBlock(block_id=block.id, text=block.text, plain=block.plain, html=block.html))
        block.text, block.plain, block.html = note, note, str(Markup("<p>{}</p>").format(note))
