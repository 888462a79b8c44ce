"""What forms of every room share: the base form, and the rules for names, addresses and lengths.

Messages are in the reader's words and say what to do. What was typed is kept by the form itself.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from werkzeug.datastructures import CombinedMultiDict
from wtforms import Field, HiddenField, StringField
from wtforms import Form as AnyForm
from wtforms.validators import DataRequired, StopValidation

from consult.accounts.addresses import LONGEST, as_stored
from consult.accounts.look_alikes import without_joiners
from consult.errors import Invalid
from consult.keys import new_key
from consult.text.bounds import is_plain_name

LONGEST_NAME = 80
LONGEST_PATH = 500
MOST_MARKS = 4  # accents on one letter: more is no name, and climbs over the lines around it
NEVER_IN_A_NAME = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})  # controls, bidi, zero-width, unknown
NEVER_IN_A_TEXT = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]"
)  # controls but \n and \t; half letters
CIRCLES = re.compile(r"/sign-(in|out|up)(/second-step)?([?#]|$)")
ONCE = re.compile(r"[A-Za-z0-9_-]{8,40}")

Check = Callable[[AnyForm, Field], None]


class Form(FlaskForm):  # type: ignore[misc]
    """Base of our forms. Text fields always hold text: line ends are `\\n`, a file or nothing is the empty string.

    `takes_files` is set by the few forms with a file field; in others an upload counts as nothing typed.
    """

    takes_files = False

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def wrap_formdata(self, form: "Form", formdata: Any) -> Any:
            if request.method not in ("POST", "PUT", "PATCH", "DELETE"):
                return None
            if formdata is None or hasattr(formdata, "getlist"):
                return formdata
            return CombinedMultiDict((request.files, request.form)) if form.takes_files else request.form

        def bind_field(self, form: AnyForm, unbound_field: Any, options: dict[str, Any]) -> Field:
            if issubclass(unbound_field.field_class, StringField):
                filters = tuple(unbound_field.kwargs.get("filters", ()))
                unbound_field.kwargs["filters"] = filters if text in filters else (text, *filters)
            return super().bind_field(form, unbound_field, options)


def text(value: object) -> str:
    """Filter: what was typed, as text with `\\n` line ends; the empty string for anything else."""
    return value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else ""


def strip(value: object) -> str:
    """Filter: without the white space around it."""
    return text(value).strip()


def one_line(value: object) -> str:
    """Filter: composed letters, and single spaces where any blanks were."""
    return re.sub(r"[ \t\u00a0]+", " ", unicodedata.normalize("NFC", strip(value)))


def within(limit: int, called: str = "") -> Check:
    """Refuse more than `limit` characters, and look no further; the message says how many there are.

    `called` is what the message calls the field where its label is a command; a question is called “this”.
    """

    def check(form: AnyForm, field: Field) -> None:
        length = len(field.data or "")
        if length > limit:
            label = str(field.label.text)
            message = ngettext(
                "%(label)s must be %(limit)s characters or fewer. It is %(length)s character long",
                "%(label)s must be %(limit)s characters or fewer. It is %(length)s characters long",
                length,
                label=called or (_("This") if label.endswith("?") else label),
                limit=f"{limit:,}",
                length=f"{length:,}",
            )
            raise StopValidation(message)

    return check


class PlainName:
    """Refuse what no name holds: control and bidirectional characters, zero-width ones, piles of accents."""

    def __init__(self, max: int = LONGEST_NAME) -> None:
        self.within = within(max)

    def __call__(self, form: AnyForm, field: Field) -> None:
        self.within(form, field)
        name = without_joiners(field.data or "")
        if not is_plain_name(name) or any(unicodedata.category(c) in NEVER_IN_A_NAME for c in name):
            raise StopValidation(_("%(label)s has characters that cannot be shown", label=field.label.text))
        if _piled(name):
            raise StopValidation(_("%(label)s has too many accents on one letter", label=field.label.text))
        if name and not any(letter.isalnum() for letter in name):
            raise StopValidation(_("%(label)s must have a letter or a number in it", label=field.label.text))


def _piled(name: str) -> bool:
    run = 0
    for letter in unicodedata.normalize("NFD", name):
        run = run + 1 if unicodedata.category(letter) in ("Mn", "Me") else 0
        if run > MOST_MARKS:
            return True
    return False


def plain_text(form: AnyForm, field: Field) -> None:
    """Refuse control characters in running text; line ends and tabs are no harm."""
    if NEVER_IN_A_TEXT.search(field.data or ""):
        raise StopValidation(_("%(label)s has characters that cannot be shown", label=field.label.text))


def address(form: AnyForm, field: Field) -> None:
    """Accept one mail address and nothing else; afterwards the field holds it as we store it."""
    within(LONGEST)(form, field)
    try:
        field.data = as_stored(field.data or "")
    except ValueError:
        raise StopValidation(_("Enter an email address with an @, like name@example.org")) from None


def chosen(message: Any) -> Check:
    """Refuse what is not among a field's choices, with `message`; the field is made with `validate_choice=False`."""

    def check(form: AnyForm, field: Field) -> None:
        if field.data not in {choice[0] for choice in field.choices}:
            raise StopValidation(str(message))

    return check


def email_field(label: Any = None, *, missing: Any = None) -> StringField:
    """Return a field for one mail address that must be given."""
    return StringField(
        label or _l("Email"),
        filters=[strip],
        validators=[DataRequired(missing or _l("Enter your email address")), address],
    )


def name_field(label: Any, missing: Any, *, max: int = LONGEST_NAME) -> StringField:
    """Return a field for a name that must be given: one line, plain characters."""
    return StringField(label, filters=[one_line], validators=[DataRequired(missing), PlainName(max)])


def blame(form: AnyForm, error: Invalid) -> None:
    """Put what a rule of the domain refused beside the field that it names, or at the head of the form."""
    if error.field in form:
        form[error.field].errors = [*form[error.field].errors, error.message]
    else:
        form.form_errors.append(error.message)


def local_path(given: object) -> str:
    """Return a path of this site to go on to, or the empty string for anything that could lead elsewhere.

    The doors that somebody has just come through or left by are no place to go on to: they would lead in a circle.
    """
    path = text(given)
    if not path.startswith("/") or path[1:2] in ("/", "\\") or len(path) > LONGEST_PATH:
        return ""
    if "\\" in path or any(unicodedata.category(letter) in NEVER_IN_A_NAME for letter in path):
        return ""
    return "" if CIRCLES.match(path) else path


class OnceField(HiddenField):  # type: ignore[misc]
    """A key made with the empty form: the same form sent twice makes one row. A key that is none is replaced."""

    def __init__(self, label: str = "", **options: Any) -> None:
        super().__init__(label, default=lambda: new_key(20), **options)

    def process_formdata(self, valuelist: list[Any]) -> None:
        given = valuelist[0] if valuelist else ""
        self.data = given if isinstance(given, str) and ONCE.fullmatch(given) else new_key(20)
