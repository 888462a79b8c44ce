"""What officials write: a new document's name, its draft, and what they say of a version."""

import codecs
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import Field, HiddenField, StringField, TextAreaField
from wtforms import Form as AnyForm
from wtforms.validators import DataRequired, Optional, StopValidation

from consult.consultations.slugs import is_slug, slug_from
from consult.documents.reviewing import ELSEWHERE, REMOVED
from consult.text.bounds import DOCUMENT_BYTES, NOTE_LENGTH
from consult.web.fields import Form, name_field, one_line, plain_text, strip, within

LONGEST_TITLE = 160
LONGEST_NUMBER = 9  # digits of a draft's number in a form


class NewForm(Form):
    """The name of a new document, and its address where the one made from the name will not do."""

    title = name_field(_l("Title"), _l("Enter a title"), max=LONGEST_TITLE)
    slug = StringField(_l("Address"), filters=[one_line], validators=[Optional(), within(80)])

    def validate_slug(self, field: Field) -> None:
        if field.data and not is_slug(field.data):
            raise StopValidation(_("Use small letters, digits and hyphens only, such as clear-footways"))

    def chosen_slug(self) -> str:
        return self.slug.data or slug_from(self.title.data or "")


def _is_number(form: AnyForm, field: Field) -> None:
    if not (field.data or "").isdecimal() or len(field.data) > LONGEST_NUMBER:
        field.data = "0"  # a form that was tampered with counts as written on nothing, and loses no text


class DraftForm(Form):
    """The text being written, and the number of the save it was written on."""

    takes_files = True

    source = TextAreaField(_l("Markdown"))
    based_on = HiddenField(default="0", validators=[_is_number])
    file = FileField(_l("Or take it from a file"))

    def take_file(self) -> bool:
        """Put the text of the uploaded file into the box; say what is wrong with it where it is none."""
        try:
            self.source.data = text_of(self.file.data)
        except ValueError as error:
            self.file.errors = [str(error)]
            return False
        return True


def text_of(upload: Any) -> str:
    """Return the text in an uploaded file. ValueError, with words for the writer, for what is not plain text."""
    if not isinstance(upload, FileStorage) or not upload.filename:
        raise ValueError(_("Choose a file first"))
    content = upload.stream.read(DOCUMENT_BYTES + 1)
    if len(content) > DOCUMENT_BYTES:
        raise ValueError(
            _("This file is longer than %(limit)s kB. Make two documents of it", limit=DOCUMENT_BYTES // 1000)
        )
    encoding = "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise ValueError(_("This file is not plain text. Save it as a text file in UTF-8 and try again"))
    if not text.strip():
        raise ValueError(_("This file is empty"))
    return text.replace("\r\n", "\n").replace("\r", "\n")


class PublishForm(Form):
    """What is said of a version, and what its publisher looked at before pressing the button."""

    note = TextAreaField(
        _l("What changed, and why?"),
        filters=[strip],
        validators=[DataRequired(_l("Say what changed, and why")), within(NOTE_LENGTH), plain_text],
    )
    draft = HiddenField(default="0", validators=[_is_number])
    seen = HiddenField(default="0", validators=[_is_number])


class FirstPublishForm(PublishForm):
    """A first version changes nothing: its note says what it is, and may be left out."""

    note = TextAreaField(
        _l("What is this version?"),
        filters=[strip],
        validators=[Optional(), within(NOTE_LENGTH), plain_text],
    )


BECAME = "became-"  # and the key of a paragraph: the name of the field that says what became of it
LONGEST_SEARCH = 200


def answers_in(given: Mapping[str, str]) -> tuple[dict[str, list[str]], str]:
    """Return by key what was said of paragraphs (fingerprints of blocks; none: removed), and of which the answer is
    still to be chosen among all paragraphs: the key of the first, or "".
    """
    said: dict[str, list[str]] = {}
    elsewhere = ""
    for name, value in given.items():
        if not name.startswith(BECAME) or not value:
            continue
        key = name.removeprefix(BECAME)
        if value == ELSEWHERE:
            elsewhere = elsewhere or key
        else:
            said[key] = [] if value == REMOVED else value.split()
    return said, elsewhere


class ChoosingForm(Form):
    """Which new paragraphs an old one became, and the search among them."""

    q = StringField(_l("Find words or a number"), filters=[one_line], validators=[within(LONGEST_SEARCH)])
    seen = HiddenField(default="0", validators=[_is_number])
