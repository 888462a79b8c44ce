"""Words that a suggestion would put instead of those of a paragraph, compared with them once: when they are written.

They are plain text, kept as typed. What they change is stored as HTML that holds nothing but escaped words in
`<ins>` and `<del>`; for whom it is read out, the page puts a word before each (`web`).
"""

from dataclasses import replace

from flask_babel import gettext as _
from markupsafe import Markup

from consult.discussion import conditions
from consult.discussion.models import Comment
from consult.discussion.words import Words
from consult.documents.models import Block, Paragraph
from consult.errors import Invalid
from consult.extensions import db
from consult.text.bounds import COMMENT_LENGTH, TooMuch, clean_source
from consult.text.diff import diff_html
from consult.text.markdown import stored_html

LONGEST = COMMENT_LENGTH
LONGEST_REPLACED = 10_000  # characters: to compare more takes longer than a reader should wait
FIELD = "replacement"


def with_replacement(words: Words, typed: str, block: Block | None) -> Words:
    """Return the words of a comment with those that it would put instead of a block's. Nothing typed adds nothing.

    Raises Invalid, beside the field, where there is nothing to replace, or the words would change nothing.
    """
    typed = _plain(typed)
    if not typed:
        return words
    if not can_replace(block):
        raise Invalid(
            _("No words can be put instead of these. Say in your comment what you would change."), field=FIELD
        )
    assert block is not None
    if _bare(typed) == _bare(block.plain):
        raise Invalid(
            _("These are the words that stand there. Change them, or empty this field."), field=FIELD
        )
    html = str(diff_html(block.plain, typed))
    return replace(words, replacement=typed, replacement_html=html, block_id=block.id)


def can_replace(block: Block | None) -> bool:
    """Say whether words can be proposed instead of those of a block: of a table its rows can be replaced, one by one."""
    return block is not None and block.kind != "table" and 0 < len(block.plain) <= LONGEST_REPLACED


def block_at(paragraph: Paragraph, version: int | None) -> Block | None:
    """Return the words that a comment on a paragraph of a version would be about; None where there are none."""
    if paragraph.document.current_version_id is None:
        return None
    version_id = conditions.version_read(paragraph.document, version)
    block_id = conditions.block_read(paragraph, version_id)
    return None if block_id is None else db.session.get(Block, block_id)


def words_to_replace(block: Block | None) -> str:
    """Return the words with which to fill the field in: those of a block, unless they are more than it takes."""
    if block is None or not can_replace(block) or len(block.plain) > LONGEST:
        return ""
    return block.plain


def on_its_block(comment: Comment, words: Words) -> Words:
    """Return words as they are to be stored with a comment: compared with the very block that it was written on."""
    if not words.replacement or words.block_id == comment.block_id:
        return words
    block = None if comment.block_id is None else db.session.get(Block, comment.block_id)
    return with_replacement(words, words.replacement, block)


def word_diff(html: str, *, deleted: str, inserted: str) -> Markup:
    """Return a stored comparison to be shown: with a word before each change for those who only hear it."""
    label = Markup('<{}><span class="vh">{} </span>')
    html = html.replace("<del>", label.format("del", deleted)).replace("<ins>", label.format("ins", inserted))
    return stored_html(html)


def _plain(typed: str) -> str:
    try:
        typed = clean_source(typed).strip()
    except TooMuch as error:
        raise Invalid(_(error.message, **error.params), field=FIELD) from error
    if len(typed) > LONGEST:
        raise Invalid(
            _("These words must be %(limit)s characters or fewer.", limit=f"{LONGEST:,}"), field=FIELD
        )
    return typed


def _bare(words: str) -> str:
    return " ".join(words.split())
