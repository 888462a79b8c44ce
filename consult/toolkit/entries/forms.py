"""What an editor may write on a page of each kind: its wording, and the facts of the kind."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any, TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field as FormField
from wtforms import SelectField, StringField, TextAreaField

from consult.consultations.typed_dates import typed
from consult.toolkit.entries.checking import mistakes, tidied
from consult.toolkit.entries.kinds import LONG, Field, Of, PageKind, fields_of
from consult.toolkit.entries.runs import run
from consult.toolkit.forms import NewPageForm, PageForm
from consult.web.fields import Form, one_line, text

Kind = TypeVar("Kind", bound="Factual")


class Factual(Form):
    """A form with the facts of a kind of page. The route says what day it is where the site is."""

    kind = PageKind.PRACTICE
    today: date | None = None

    @property
    def fact_fields(self) -> list[tuple[Field, FormField]]:
        """What each fact is, and the field that it is typed into."""
        return [(field, self[field.name]) for field in fields_of(self.kind)]

    @property
    def facts(self) -> dict[str, str]:
        """The facts as they are stored."""
        return tidied(self.kind, {field.name: self[field.name].data for field in fields_of(self.kind)})

    def fill_facts(self, facts: Mapping[str, str]) -> None:
        """Put the facts of a page into the fields, days as people write them."""
        for field, shown in self.fact_fields:
            shown.data = as_typed(field, facts)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check every fact as well as all else."""
        is_sound = bool(super().validate(extra_validators))
        for name, message in (self._gone | mistakes(self.kind, self.facts, self.today)).items():
            self[name].errors = [*self[name].errors, message]
            is_sound = False
        return is_sound

    @property
    def _gone(self) -> dict[str, str]:
        """A message where the facts name a consultation that readers cannot come to."""
        slug = self.facts.get("consultation", "")
        if not slug or run(slug) is not None:
            return {}
        return {"consultation": str(_("No consultation that everybody can read has this address"))}


class FactsForm(Factual, PageForm):
    """The wording of a page with the facts of its kind."""


class NewFactsForm(FactsForm, NewPageForm):
    """The same of a page that is not there yet."""


def form_of(kind: PageKind, *, is_new: bool = False) -> type[FactsForm]:
    """Return the form of a kind of page."""
    return with_facts(NewFactsForm if is_new else FactsForm, kind)


@cache
def with_facts(base: type[Kind], kind: PageKind) -> type[Kind]:
    """Return a form with a field for each fact of a kind of page."""
    fields = {field.name: _field(field) for field in fields_of(kind)}
    return type(f"{base.__name__}Of{kind.name}", (base,), {"kind": kind, **fields})


def as_typed(field: Field, facts: Mapping[str, str]) -> str:
    """Return a fact as it stands in its form: days as people write them, and what goes without saying."""
    words = facts.get(field.name, field.usual)
    try:
        return typed(date.fromisoformat(words)) if field.of is Of.DAY else words
    except ValueError:
        return words


def _field(field: Field) -> Any:
    if field.of is Of.CHOICE:
        choices = [*field.choices] if not field.is_needed else [("", _l("Choose one")), *field.choices]
        return SelectField(field.label, choices=choices, validate_choice=False)
    if field.limit == LONG:
        return TextAreaField(field.label, filters=[text])
    return StringField(field.label, filters=[one_line])
