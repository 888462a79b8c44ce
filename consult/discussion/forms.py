"""What we accept of those who comment and of those who answer."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Optional, StopValidation

from consult.consultations.typed_dates import day_from
from consult.consultations.verdicts import LABELS, Verdict
from consult.consultations.verdicts import LONGEST_REASON as LONGEST_VERDICT_REASON
from consult.discussion import kinds
from consult.discussion.kind_words import CHOICES
from consult.discussion.ledger.objecting import LONGEST_WHY
from consult.discussion.models import BodyKind, Kind
from consult.discussion.wishes import Wishes
from consult.errors import Invalid
from consult.text.bounds import ANSWER_LENGTH, COMMENT_LENGTH, LETTER_LENGTH
from consult.web.begun import BegunField
from consult.web.fields import (
    Form,
    OnceField,
    PlainName,
    chosen,
    email_field,
    name_field,
    one_line,
    plain_text,
    strip,
    within,
)

MOST_PASTED = 1_000_000  # characters

READERS = [
    ("public", _l("Everyone")),
    ("team", _l("Only the team")),
]
BODY_KINDS = [
    ("", _l("Choose")),
    (BodyKind.CHARITY.value, _l("Charity or voluntary organisation")),
    (BodyKind.BUSINESS.value, _l("Business")),
    (BodyKind.PUBLIC.value, _l("Public body")),
    (BodyKind.PROFESSIONAL.value, _l("Union, trade or professional body")),
    (BodyKind.COMMUNITY.value, _l("Community group")),
    (BodyKind.OTHER.value, _l("Other organisation")),
]
LONGEST_REASON = 500
LONGEST_ORGANISATION = 120
LONGEST_TEAM_NOTE = 2_000


def kind_field() -> RadioField:
    """Return the field that asks what a comment is: a comment, where nobody says otherwise."""
    return RadioField(
        _l("What is it?"),
        choices=CHOICES,
        default=Kind.COMMENT.value,
        validate_choice=False,
        validators=[chosen(_l("Choose what it is: a comment, a question or another of these"))],
    )


def words_instead_field() -> TextAreaField:
    """Return the field for the words that a suggestion would put instead of those it is about."""
    return TextAreaField(
        _l("The words you would put instead"),
        filters=[strip],
        validators=[Optional(), within(COMMENT_LENGTH), plain_text],
    )


class KindForm(Form):
    """What a comment is; with words to put instead it is a suggestion, whether or not that was chosen."""

    kind = kind_field()
    replacement = words_instead_field()

    def validate_replacement(self, field: Field) -> None:
        if self.kind is None or self.kind.data not in dict(CHOICES):
            return  # nobody asked, or it is said already that this is no kind
        try:
            kinds.with_words(Kind(self.kind.data), field.data)
        except Invalid as refusal:
            raise StopValidation(refusal.message) from refusal

    @property
    def chosen_kind(self) -> Kind:
        """Return what was chosen, in a form that was checked."""
        return kinds.with_words(Kind(self.kind.data), self.replacement.data or "")

    @property
    def kind_so_far(self) -> Kind:
        """Return what was chosen in a form that need not be sound: what was typed is kept as it is."""
        return Kind(self.kind.data) if self.kind.data in dict(CHOICES) else Kind.COMMENT


class WishesForm(Form):
    """Who may read a comment, and for whom its author answers."""

    to = RadioField(_l("Who can read it?"), choices=READERS, default="public", validate_choice=False)
    confidential = TextAreaField(
        _l("Why is it confidential?"),
        filters=[strip],
        validators=[Optional(), within(LONGEST_REASON), plain_text],
    )
    organisation = StringField(
        _l("Name of the organisation"),
        filters=[one_line],
        validators=[Optional(), PlainName(LONGEST_ORGANISATION)],
    )
    organisation_kind = SelectField(
        _l("What kind of organisation is it?"), choices=BODY_KINDS, default="", validate_choice=False
    )

    def validate_to(self, field: Field) -> None:
        if field.data not in ("public", "team"):
            raise StopValidation(str(_l("Choose who can read it")))

    def validate_organisation_kind(self, field: Field) -> None:
        if self.organisation.data and field.data not in {kind.value for kind in BodyKind}:
            raise StopValidation(str(_l("Choose what kind of organisation it is")))

    @property
    def has_chosen(self) -> bool:
        """Say whether the form asked at all: the short one beside a draft does not."""
        return bool(self.to.raw_data)

    @property
    def is_sound(self) -> bool:
        """Say of a form that was checked whether what it asks for can be kept."""
        asked = (self.to, self.confidential, self.organisation, self.organisation_kind)
        return not any(field.errors for field in asked)

    @property
    def wishes(self) -> Wishes:
        """Return what was chosen; a reason and a kind count only with what they belong to."""
        is_team_only, organisation = self.to.data == "team", self.organisation.data or ""
        return Wishes(
            is_team_only=is_team_only,
            confidential_reason=(self.confidential.data or "") if is_team_only else "",
            on_behalf_of=organisation,
            on_behalf_kind=BodyKind(self.organisation_kind.data) if organisation else None,
        )

    def wish(self, wishes: Wishes) -> None:
        """Fill the fields in with what was chosen before."""
        self.to.data = "team" if wishes.is_team_only else "public"
        self.confidential.data = wishes.confidential_reason
        self.organisation.data = wishes.on_behalf_of
        self.organisation_kind.data = wishes.on_behalf_kind.value if wishes.on_behalf_kind else ""


class CommentForm(KindForm, WishesForm):
    """A comment or a reply. `version` is the number of the version that was read."""

    body = TextAreaField(
        _l("Your comment"),
        validators=[DataRequired(_l("Write your comment")), within(COMMENT_LENGTH), plain_text],
    )
    parent = HiddenField()
    version = HiddenField()
    once = OnceField()
    begun = BegunField()

    @property
    def version_number(self) -> int | None:
        number = self.version.data or ""
        return int(number) if number.isdecimal() and len(number) < 6 else None


class UnsentForm(KindForm, WishesForm):
    """An unfinished comment, to be kept with other words or wishes; a letter has its paragraphs besides."""

    body = TextAreaField(_l("Your comment"), validators=[DataRequired(_l("Write your comment")), plain_text])
    cites = StringField(
        _l("Paragraphs it is about"), filters=[one_line], validators=[Optional(), within(500)]
    )
    alone = BooleanField(_l("Make it a comment of its own, not a reply"))


class LetterForm(UnsentForm):
    """One long response, about several paragraphs or the whole draft."""

    body = TextAreaField(
        _l("Your letter"),
        validators=[DataRequired(_l("Write your letter, or paste it in")), within(LETTER_LENGTH), plain_text],
    )


class PastedForm(Form):
    """A list of unfinished comments that comes back from being read elsewhere."""

    pasted = TextAreaField(
        _l("Paste the whole file"),
        validators=[DataRequired(_l("Paste the text of the file")), within(MOST_PASTED), plain_text],
    )


class SendForm(WishesForm):
    """What is asked of somebody who is known already: who may read it, and for whom they answer."""


class GuestForm(WishesForm):
    """Who a comment is from. No password, and nothing else is asked."""

    name = name_field(_l("Name to show"), _l("Enter the name to show beside your comment"))
    email = email_field()
    begun = BegunField()


class GuestLinkForm(Form):
    """Where to send a guest the link to what they wrote."""

    email = email_field()


class CorrectionForm(KindForm):
    """Other words for one's own comment, or another kind. `seen` is the digest of the words it began with.

    A question stays one, and a letter is no suggestion: `take_off` what is not asked.
    """

    body = TextAreaField(
        _l("Your comment"),
        validators=[DataRequired(_l("Write your comment")), within(COMMENT_LENGTH), plain_text],
    )
    seen = HiddenField()


def take_off(form: KindForm, *, kind: bool, words: bool) -> None:
    """Take off what is not asked in this case, so that nothing can be sent for it either."""
    if kind:
        del form.kind
    if words:
        del form.replacement


class LetterCorrectionForm(CorrectionForm):
    """The same for a letter, which may be longer."""

    body = TextAreaField(
        _l("Your letter"),
        validators=[DataRequired(_l("Write your letter, or paste it in")), within(LETTER_LENGTH), plain_text],
    )


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


class ObjectionForm(Form):
    """Why an answer does not answer a question."""

    why = TextAreaField(
        _l("What does it leave open?"),
        validators=[DataRequired(_l("Write what the answer leaves open")), within(LONGEST_WHY), plain_text],
    )


class VerdictForm(Form):
    """What became of a comment, and why."""

    verdict = RadioField(
        _l("What did you do about it?"),
        choices=[(verdict.value, LABELS[verdict]) for verdict in Verdict],
        validators=[InputRequired(_l("Choose what became of it"))],
    )
    reason = TextAreaField(
        _l("Why?"),
        validators=[
            DataRequired(_l("Write the reason: it is published with the outcome")),
            within(LONGEST_VERDICT_REASON),
            plain_text,
        ],
    )


class NoteForm(Form):
    """A note to colleagues about a comment."""

    note = TextAreaField(
        _l("Add a note"),
        validators=[
            DataRequired(_l("Write the note")),
            within(LONGEST_TEAM_NOTE, _l("The note")),
            plain_text,
        ],
    )


class InformationForm(Form):
    """When a request for information was received; left empty, when it was said."""

    received = StringField(_l("Received on"), filters=[strip])

    def validate_received(self, field: Field) -> None:
        if field.data:
            try:
                day_from(field.data)
            except ValueError:
                raise StopValidation(_("Enter a date like 23/11/2026")) from None

    @property
    def day(self) -> date | None:
        return day_from(self.received.data) if self.received.data else None


class DecisionForm(Form):
    """What whoever clears an answer writes to its author."""

    note = TextAreaField(_l("To the author"), validators=[Optional(), within(LONGEST_REASON), plain_text])
