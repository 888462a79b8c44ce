"""What a notice of complaint says, what the author answers, and what a moderator writes when it is settled."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, Optional

from consult.moderation.complaints.models import Wish
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

LONGEST = 2_000
LONGEST_ADDRESS = 400
LONGEST_WORDS = 1_000
YES, NO = "yes", "no"


def _told(label: object, missing: object) -> TextAreaField:
    return TextAreaField(
        label, filters=[strip], validators=[DataRequired(missing), within(LONGEST), plain_text]
    )


class ComplaintForm(Form):
    """A notice of complaint: section 5(6) of the Defamation Act 2013 and regulation 2 of the regulations."""

    name = name_field(_l("Your full name"), _l("Enter your full name"))
    email = email_field()
    statement = _told(_l("Which words are you complaining about?"), _l("Copy the words of the comment here"))
    why = _told(_l("Why do they defame you?"), _l("Write why the words defame you"))
    meaning = _told(_l("What do you say the words mean?"), _l("Write what you say the words mean"))
    untrue = _told(
        _l("What in them is factually wrong, or an opinion that no facts support?"),
        _l("Write what is wrong, or what opinion no facts support"),
    )
    has_no_other_way = BooleanField(
        _l("I do not know enough about the author to bring proceedings against them"),
        validators=[DataRequired(_l("Tick this, or write to the author yourself: a notice needs it"))],
    )
    shares = RadioField(
        _l("May we give the author your name and your email address?"),
        choices=[(YES, _l("Yes")), (NO, _l("No: pass the notice on without them"))],
        validate_choice=False,
        validators=[chosen(_l("Choose whether the author may know your name and address"))],
    )
    once = OnceField()


class AnswerForm(Form):
    """What the author of a comment answers to a notice of complaint about it."""

    wish = RadioField(
        _l("Should your comment stay up?"),
        choices=[
            (Wish.REMOVE.value, _l("No: take it back")),
            (Wish.STAND.value, _l("Yes: I stand by it")),
        ],
        validate_choice=False,
        validators=[chosen(_l("Choose whether your comment should stay up"))],
    )
    name = StringField(_l("Your full name"), filters=[one_line], validators=[Optional(), PlainName()])
    address = TextAreaField(
        _l("Your postal address"), filters=[strip], validators=[within(LONGEST_ADDRESS), plain_text]
    )
    shares = BooleanField(_l("Whoever complains may be given my name and postal address"))


class SettlingForm(Form):
    """What a moderator tells those concerned. What is done hangs on the button."""

    message = TextAreaField(
        _l("What we tell them"), filters=[strip], validators=[within(LONGEST_WORDS), plain_text]
    )
