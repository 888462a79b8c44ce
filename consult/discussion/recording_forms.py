"""What an official fills in to write down a response that came in another way."""

import re
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Optional, StopValidation

from consult.consultations.forms import readable_day
from consult.consultations.typed_dates import day_from
from consult.discussion.forms import KindForm
from consult.discussion.models import BodyKind, Channel
from consult.discussion.recording import Consent, Record
from consult.text.bounds import LETTER_LENGTH, NOTE_LENGTH
from consult.web.fields import Form, OnceField, PlainName, chosen, one_line, plain_text, strip, within

LONGEST_SOURCE = 200
LONGEST_ORGANISATION = 120
NUMBER = re.compile(r"[A-Za-z]?\d{1,4}[A-Za-z]{0,4}(\.\d{1,4}[A-Za-z]{0,4})?")
CHANNELS = [
    (Channel.LETTER.value, _l("A letter")),
    (Channel.EMAIL.value, _l("An e-mail")),
    (Channel.TELEPHONE.value, _l("A telephone call")),
    (Channel.MEETING.value, _l("A meeting")),
    (Channel.EVENT.value, _l("An event")),
]
CONSENTS = [
    (Consent.NAMED.value, _l("They agreed that it is published with this name")),
    (Consent.UNNAMED.value, _l("They agreed that it is published without a name")),
    (Consent.TEAM.value, _l("It is only for the team")),
]
BODIES = [
    ("", _l("Choose")),
    (BodyKind.CHARITY.value, _l("Charity or voluntary organisation")),
    (BodyKind.BUSINESS.value, _l("Business")),
    (BodyKind.PUBLIC.value, _l("Public body")),
    (BodyKind.PROFESSIONAL.value, _l("Union, trade or professional body")),
    (BodyKind.COMMUNITY.value, _l("Community group")),
    (BodyKind.OTHER.value, _l("Other organisation")),
]


class RecordForm(KindForm):
    """One response: where it belongs, its words, how it came, from whom, and what they agreed to."""

    where = StringField(
        _l("Number of the paragraph"), filters=[one_line], validators=[Optional(), within(16)]
    )
    body = TextAreaField(
        _l("What they said"),
        validators=[DataRequired(_l("Write down what they said")), within(LETTER_LENGTH), plain_text],
    )
    channel = RadioField(
        _l("How did it come?"),
        choices=CHANNELS,
        validate_choice=False,
        validators=[chosen(_l("Choose how it came"))],
    )
    received_on = StringField(
        _l("The day on which it came"),
        filters=[one_line],
        validators=[DataRequired(_l("Enter the day on which it came")), within(40), readable_day],
    )
    source = StringField(
        _l("Source"),
        filters=[one_line],
        validators=[DataRequired(_l("Say where the original is")), within(LONGEST_SOURCE), plain_text],
    )
    name = StringField(_l("Name to show"), filters=[one_line], validators=[Optional(), PlainName()])
    organisation = StringField(
        _l("Name of the organisation"),
        filters=[one_line],
        validators=[Optional(), PlainName(LONGEST_ORGANISATION)],
    )
    organisation_kind = SelectField(
        _l("What kind of organisation is it?"), choices=BODIES, default="", validate_choice=False
    )
    consent = RadioField(
        _l("What did they agree to?"),
        choices=CONSENTS,
        validate_choice=False,
        validators=[chosen(_l("Choose what they agreed to"))],
    )
    confidential = TextAreaField(
        _l("Why is it confidential?"),
        filters=[strip],
        validators=[Optional(), within(NOTE_LENGTH), plain_text],
    )
    once = OnceField()

    def validate_where(self, field: Field) -> None:
        if field.data and not NUMBER.fullmatch(field.data):
            raise StopValidation(_("Enter one number of a paragraph, like 7 or 7A"))

    def validate_organisation_kind(self, field: Field) -> None:
        if self.organisation.data and field.data not in {kind.value for kind in BodyKind}:
            raise StopValidation(_("Choose what kind of organisation it is"))

    def validate_consent(self, field: Field) -> None:
        if field.data == Consent.NAMED.value and not self.name.data and not self.organisation.data:
            raise StopValidation(
                _("Enter the name that they agreed to, or choose “published without a name”")
            )

    @property
    def day(self) -> date:
        return day_from(self.received_on.data)

    @property
    def record(self) -> Record:
        organisation = self.organisation.data or ""
        return Record(
            channel=Channel(self.channel.data),
            received_on=self.day,
            source=self.source.data,
            consent=Consent(self.consent.data),
            name=self.name.data or "",
            on_behalf_of=organisation,
            on_behalf_kind=BodyKind(self.organisation_kind.data) if organisation else None,
            why=self.confidential.data or "",
        )


class RecordCorrectionForm(KindForm):
    """Other words for what was written down, or another kind. `seen` is the digest of the words it began with."""

    body = TextAreaField(
        _l("What they said"),
        validators=[DataRequired(_l("Write down what they said")), within(LETTER_LENGTH), plain_text],
    )
    seen = HiddenField()


class RecordWithdrawalForm(Form):
    """Why what was written down is taken back."""

    note = TextAreaField(
        _l("Why you take it back"),
        filters=[strip],
        validators=[DataRequired(_l("Say why you take it back")), within(NOTE_LENGTH), plain_text],
    )
