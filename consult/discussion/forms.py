"""What we accept of those who comment and of those who answer."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.validators import DataRequired

from consult.discussion.models import Kind
from consult.text.bounds import ANSWER_LENGTH, COMMENT_LENGTH
from consult.web.fields import Form, OnceField, plain_text, within

KINDS = [
    (Kind.COMMENT.value, _l("A comment")),
    (Kind.QUESTION.value, _l("A question, and I want an answer")),
]


class CommentForm(Form):
    """A comment or a reply. `version` is the number of the version that was read."""

    body = TextAreaField(
        _l("Your comment"),
        validators=[DataRequired(_l("Write your comment")), within(COMMENT_LENGTH), plain_text],
    )
    kind = RadioField(_l("What is it?"), choices=KINDS, default=Kind.COMMENT.value)
    parent = HiddenField()
    version = HiddenField()
    once = OnceField()

    @property
    def version_number(self) -> int | None:
        number = self.version.data or ""
        return int(number) if number.isdecimal() and len(number) < 6 else None


class CorrectionForm(Form):
    """Other words for one's own comment, or an official reply. `seen` is the digest of the words it began with."""

    body = TextAreaField(
        _l("Your comment"),
        validators=[DataRequired(_l("Write your comment")), within(COMMENT_LENGTH), plain_text],
    )
    seen = HiddenField()


class AnswerForm(Form):
    """An official reply. `seen` is the moment at which the official began."""

    body = TextAreaField(
        _l("Your reply"),
        validators=[DataRequired(_l("Write your reply")), within(ANSWER_LENGTH), plain_text],
    )
    seen = HiddenField()
    once = OnceField()


class AnswerCorrectionForm(Form):
    """Other words for an official reply."""

    body = TextAreaField(
        _l("Your reply"),
        validators=[DataRequired(_l("Write your reply")), within(ANSWER_LENGTH), plain_text],
    )
    seen = HiddenField()


class WithdrawForm(Form):
    """Nothing to fill in: the button is the answer."""
