"""What officials write about a consultation, and the days and times they type."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms import Form as AnyForm
from wtforms.validators import DataRequired, Optional, StopValidation

from consult.consultations.equality import QUESTIONS, Question
from consult.consultations.models import Policy, Stage
from consult.consultations.slugs import is_slug, slug_from
from consult.consultations.typed_dates import (
    EARLIEST,
    LATEST,
    NoSuchMoment,
    OtherYear,
    day_from,
    moment,
    time_from,
)
from consult.web.fields import Form, name_field, one_line, plain_text, strip, within

LONGEST_TITLE = 160
LONGEST_LINE = 300
LONGEST_NOTE = 500  # what is shown in one paragraph
LONGEST_STATEMENT = 5_000
LONGEST_OUTCOME = 20_000
POLICIES = (
    (Policy.BEFORE.value, _l("A moderator reads each comment before it is published")),
    (
        Policy.FIRST.value,
        _l("A moderator reads the first comment of each person before it is published, and the others after"),
    ),
    (Policy.AFTER.value, _l("Comments are published at once; a moderator reads them after")),
)

# hours within which a moderator looks, as a unit can promise it
LOOKS = (
    *((1, _l("1 hour")), (2, _l("2 hours")), (4, _l("4 hours")), (8, _l("8 hours")), (12, _l("12 hours"))),
    *((24, _l("24 hours")), (48, _l("48 hours")), (72, _l("72 hours")), (120, _l("120 hours"))),
)


def readable_day(form: AnyForm, field: Field) -> None:
    """Refuse what cannot be read as a day."""
    try:
        day_from(field.data)
    except OtherYear:
        raise StopValidation(
            _(
                "%(label)s must be in a year from %(first)s to %(last)s",
                label=field.label.text,
                first=EARLIEST,
                last=LATEST,
            )
        ) from None
    except ValueError:
        raise StopValidation(
            _("%(label)s must be a day, such as 18 December 2026", label=field.label.text)
        ) from None


def _time_is_readable(form: AnyForm, field: Field) -> None:
    try:
        time_from(field.data)
    except ValueError:
        raise StopValidation(
            _("%(label)s must be a time, such as 11.59 pm or 23:59", label=field.label.text)
        ) from None


def day_field(label: Any) -> StringField:
    """Return a field for a day, typed in any usual way, that may be left empty."""
    return StringField(label, filters=[one_line], validators=[Optional(), within(40), readable_day])


def _time(label: Any) -> StringField:
    return StringField(label, filters=[one_line], validators=[Optional(), within(40), _time_is_readable])


class DatedForm(Form):
    """A form with days and times: `opens_on` with `opens_time`, `closes_on` with `closes_time`.

    After it has validated, `moments` holds the moment of each pair by its first word; None where both were left
    empty.
    """

    must_have: tuple[str, ...] = ()

    def __init__(self, *args: Any, zone: ZoneInfo, **values: Any) -> None:
        self.zone = zone
        self.moments: dict[str, datetime | None] = {}
        super().__init__(*args, **values)

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = bool(super().validate(extra_validators))
        for name in [name.removesuffix("_on") for name in self._fields if name.endswith("_on")]:
            day, at = self[f"{name}_on"], self[f"{name}_time"]
            if not day.errors and not at.errors:
                self.moments[name] = self._moment(name, day, at)
            is_valid = is_valid and not day.errors and not at.errors
        return is_valid

    def _moment(self, name: str, day: Field, at: Field) -> datetime | None:
        if not day.data and not at.data and name not in self.must_have:
            return None
        if not day.data:
            blame(self, day.name, _("Enter a day, such as 18 December 2026"))
        if not at.data:
            blame(self, at.name, _("Enter a time, such as 11.59 pm"))
        if not day.data or not at.data:
            return None
        try:
            return moment(day_from(day.data), time_from(at.data), self.zone, latest=name == "closes")
        except NoSuchMoment:
            blame(self, at.name, _("The clocks go forward then and leave this time out: choose another"))
            return None


def blame(form: Form, name: str, message: str) -> None:
    """Put a message at a field, or at the form as a whole when it has no such field."""
    if name in form:
        form[name].errors = [*form[name].errors, message]
    else:
        form.form_errors.append(message)


def _statement(label: Any, longest: int = LONGEST_STATEMENT) -> TextAreaField:
    return TextAreaField(label, filters=[strip], validators=[within(longest), plain_text])


def _address_fits(form: AnyForm, field: Field) -> None:
    if field.data and not is_slug(field.data):
        raise StopValidation(
            _(
                "The address may have small letters, digits and single hyphens, and must not be a word with "
                "a meaning of its own, such as “new” or “outcome”"
            )
        )


def _slug() -> StringField:
    return StringField(
        _l("Last part of the address"), filters=[one_line], validators=[within(80), _address_fits]
    )


def _title() -> StringField:
    return name_field(_l("Title"), _l("Enter a title"), max=LONGEST_TITLE)


class NewForm(Form):
    """The least that a consultation begins with."""

    unit = SelectField(_l("Unit"), invalid_choice_message=_l("Choose a unit of yours"))
    title = _title()
    slug = _slug()
    summary = _statement(_l("Summary"), LONGEST_NOTE)

    def chosen_slug(self) -> str:
        """Return the address that was typed, or the one that the title makes."""
        return str(self.slug.data or slug_from(self.title.data))

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if not is_slug(self.chosen_slug()):
            blame(self, "slug", _("The title makes no address that can be used: enter one"))
            return False
        return True


class EditForm(DatedForm):
    """Everything that a consultation says of itself."""

    edition = HiddenField()
    title = _title()
    slug = _slug()
    summary = _statement(_l("Summary"), LONGEST_NOTE)
    aims = _statement(_l("Aims"))
    who_reads = _statement(_l("Who reads this"))
    what_happens = _statement(_l("What will happen to comments"))
    policy = RadioField(
        _l("When a moderator looks"),
        choices=POLICIES,
        coerce=lambda kept: getattr(kept, "value", kept),
        invalid_choice_message=_l("Choose when a moderator looks"),
    )
    look_hours = SelectField(
        _l("A moderator looks within"),
        choices=LOOKS,
        coerce=int,
        invalid_choice_message=_l("Choose within how many hours a moderator looks"),
    )
    look_counts_work = BooleanField(_l("Count working hours alone"))
    post_address = _statement(_l("By post"), LONGEST_NOTE)
    telephone = StringField(
        _l("By telephone"), filters=[one_line], validators=[within(LONGEST_LINE), plain_text]
    )
    easy_read = _statement(_l("Easy Read"), LONGEST_NOTE)
    bsl = _statement(_l("British Sign Language"), LONGEST_NOTE)
    large_print = _statement(_l("Large print"), LONGEST_NOTE)
    welsh = _statement(_l("Welsh"), LONGEST_NOTE)
    asks_equality = BooleanField(_l("Offer the equality form, apart from the comments"))
    opens_on = day_field(_l("Day it opens"))
    opens_time = _time(_l("Time it opens"))
    closes_on = day_field(_l("Day it closes"))
    closes_time = _time(_l("Time it closes"))

    def leave_out(self, *names: str) -> None:
        """Drop fields that can no longer be changed, so that they are neither shown nor read."""
        for name in names:
            if name in self:
                del self[name]

    def based_on(self) -> int:
        """Return the edition the writer began from; 0, which is always stale, for nonsense."""
        typed = str(self.edition.data or "")
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0

    def values(self) -> dict[str, Any]:
        """Return what was typed, under the names of the consultation's own fields."""
        apart = (
            "edition",
            "csrf_token",
            "opens_on",
            "opens_time",
            "closes_on",
            "closes_time",
            "policy",
            "slug",
        )
        typed = {name: field.data for name, field in self._fields.items() if name not in apart}
        typed.update({f"{name}_at": at for name, at in self.moments.items()})
        if "policy" in self:
            typed["policy"] = Policy(self.policy.data)
        if "slug" in self:
            typed["slug"] = self.slug.data or slug_from(self.title.data)
        return typed


class OpenForm(DatedForm):
    """Open as an early idea or with a draft; now, or by itself later."""

    stage = RadioField(
        _l("What is on the table"),
        choices=[
            (Stage.EARLY_IDEA.value, _l("An early idea: the problem and the options, no draft yet")),
            (Stage.OPEN.value, _l("A draft: the words are there, and can still change")),
        ],
        default=Stage.OPEN.value,
        invalid_choice_message=_l("Choose what is on the table"),
    )
    when = RadioField(
        _l("When"),
        choices=[("now", _l("Now")), ("later", _l("At a set time"))],
        default="now",
        invalid_choice_message=_l("Choose when it opens"),
    )
    opens_on = day_field(_l("Day it opens"))
    opens_time = _time(_l("Time it opens"))

    def validate(self, extra_validators: Any = None) -> bool:
        self.must_have = ("opens",) if self.when.data == "later" else ()
        return super().validate(extra_validators)

    def opens_at(self) -> datetime | None:
        """Return the moment that was set, or None for now."""
        return self.moments.get("opens") if self.when.data == "later" else None


class ExtendForm(DatedForm):
    """A later closing, and why."""

    must_have = ("closes",)
    closes_on = day_field(_l("New closing day"))
    closes_time = _time(_l("New closing time"))
    reason = TextAreaField(
        _l("Reason"),
        filters=[strip],
        validators=[DataRequired(_l("Say why it stays open for longer")), within(LONGEST_NOTE), plain_text],
    )


class WithdrawForm(Form):
    """Why the exercise ends before its time."""

    reason = TextAreaField(
        _l("Reason"),
        filters=[strip],
        validators=[DataRequired(_l("Say why it is withdrawn")), within(LONGEST_STATEMENT), plain_text],
    )


class AnalyseForm(Form):
    """One button: the comments are being read."""


class FinishForm(Form):
    """The outcome, in words."""

    outcome = TextAreaField(
        _l("Outcome"),
        filters=[strip],
        validators=[DataRequired(_l("Write the outcome")), within(LONGEST_OUTCOME), plain_text],
    )


def _one_of_the_answers(form: AnyForm, field: Field) -> None:
    if field.data and field.data not in {code for code, _label in field.choices}:
        raise StopValidation(_("%(label)s: choose one of the answers, or none", label=field.label.text))


def _equality_field(question: Question) -> RadioField:
    return RadioField(
        question.words,
        choices=[(answer.code, answer.label) for answer in question.answers],
        validators=[_one_of_the_answers],
        validate_choice=False,
    )


class EqualityForm(Form):
    """The equality form: one field a question, none of which must be answered."""

    once = HiddenField()

    def answers(self) -> dict[str, str]:
        """Return what was answered, by question."""
        return {question.code: self[question.code].data for question in QUESTIONS if self[question.code].data}


for _question in QUESTIONS:
    setattr(EqualityForm, _question.code, _equality_field(_question))
