"""What an editor may write."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, HiddenField, SelectField, StringField, TextAreaField
from wtforms import Form as AnyForm
from wtforms.validators import DataRequired, Optional, StopValidation

from consult.consultations.forms import day_field
from consult.consultations.typed_dates import day_from
from consult.errors import Invalid
from consult.toolkit.actions import Keeping
from consult.toolkit.linking import check_address
from consult.toolkit.models import Page, Shelf
from consult.toolkit.names import Called
from consult.toolkit.numbers import whole
from consult.toolkit.rendering import LONGEST_SOURCE
from consult.web.fields import Form, PlainName, chosen, name_field, one_line, plain_text, strip, text, within

SHELVES = [
    (Shelf.ENGAGE.value, _l("Engage")),
    (Shelf.INFLUENCE.value, _l("Influence")),
    (Shelf.CONSULT.value, _l("Consult")),
]


def a_slug(form: AnyForm, field: Field) -> None:
    """Refuse what no page can have for its address."""
    try:
        check_address(field.data or "")
    except Invalid as refusal:
        raise StopValidation(refusal.message) from refusal


def an_owner(form: AnyForm, field: Field) -> None:
    """Refuse whoever is not on the list; a form that says nothing of the owner leaves it."""
    if field.data is not None and field.data not in {choice[0] for choice in field.choices}:
        field.data = ""
        raise StopValidation(_("Choose somebody who edits the toolkit, or nobody"))


class PageForm(Form):
    """The wording of a page. `based_on` is the number of the revision that the writer began from."""

    title = name_field(_l("Title"), _l("Enter a title"), max=120)
    shelf = SelectField(
        _l("Shelf"), choices=SHELVES, validate_choice=False, validators=[chosen(_l("Choose a shelf"))]
    )
    summary = StringField(
        _l("Summary"),
        filters=[one_line],
        validators=[DataRequired(_l("Say in a sentence what the page is for")), PlainName(240)],
    )
    source = TextAreaField(
        _l("Text"),
        filters=[text],
        validators=[DataRequired(_l("Write the text of the page")), within(LONGEST_SOURCE)],
    )
    note = StringField(_l("What you changed, and why"), filters=[strip], validators=[within(200), plain_text])
    review_by = day_field(_l("Review by"))
    owner = SelectField(
        _l("Owner"),
        choices=[("", _l("Nobody"))],
        validate_choice=False,
        validators=[an_owner],
    )
    is_reviewed = BooleanField(_l("I have checked the whole page today"))
    based_on = HiddenField()
    was = HiddenField()

    def offers(self, editors: Sequence[Any]) -> None:
        """Let one of these people be the owner, or nobody; each has an id and a name."""
        self.owner.choices = [("", _("Nobody")), *((str(person.id), person.name) for person in editors)]

    def builds_on(self, page: Page) -> None:
        """Take note of the page that whoever fills the form in has before them."""
        self.based_on.data = str(page.revision_count)
        self.was.data = f"{page.shelf.value}/{page.owner_id or ''}/{page.review_by or ''}"
        self.based_on.raw_data = self.was.raw_data = None

    @property
    def owner_id(self) -> int | None:
        """The person who is to own the page: 0 for nobody, None where nothing was said."""
        return None if self.owner.data is None else int(self.owner.data or 0)

    @property
    def kept(self) -> Keeping | None:
        """Where the page stood when the writer began; None where the form does not say."""
        try:
            shelf, owner, review = (self.was.data or "").split("/")
            day = date.fromisoformat(review) if review else None
            return Keeping(Shelf(shelf), int(owner[:9]) if owner else None, day)
        except ValueError:
            return None

    @property
    def review_day(self) -> date | None:
        """The day by which the page should be checked again; None where nothing was said."""
        return day_from(self.review_by.data) if self.review_by.data else None

    @property
    def began_from(self) -> int:
        """The number of the revision that the writer began from; 0 for one that cannot be."""
        return whole(self.based_on.data) or 0


class NewPageForm(PageForm):
    """The wording of a page that is not there yet, and its address."""

    slug = StringField(_l("Address"), filters=[one_line], validators=[Optional(), PlainName(80)])


class WithholdForm(Form):
    """Why nobody is to read a revision."""

    why = StringField(
        _l("Reason"),
        filters=[one_line],
        validators=[DataRequired(_l("Say why: readers see it in place of the words")), PlainName(200)],
    )


class RenameForm(Form):
    """What a page is to be called. `was_slug` and `was_title` are what it was called when the form was made."""

    title = name_field(_l("Title"), _l("Enter a title"), max=120)
    slug = StringField(
        _l("Address"),
        filters=[one_line],
        validators=[DataRequired(_l("Enter an address, like clear-footways")), PlainName(80), a_slug],
    )
    was_slug = HiddenField()
    was_title = HiddenField()

    @property
    def called(self) -> Called:
        return Called(self.slug.data, self.title.data)

    @property
    def was(self) -> Called:
        return Called(self.was_slug.data or "", self.was_title.data or "")

    def shows(self, called: Called) -> None:
        """Begin with what a page is called."""
        self.slug.data, self.title.data = called.slug, called.title
        self.was_shown(called)

    def was_shown(self, called: Called) -> None:
        """Take note that whoever fills the form in knows what the page is called now."""
        self.was_slug.data, self.was_title.data = called.slug, called.title
