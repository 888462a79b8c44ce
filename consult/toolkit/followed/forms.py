"""Which pages were followed: a box to tick for each, and room for a word on how."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, StringField

from consult.toolkit.models import Shelf
from consult.web.fields import Form, one_line, plain_text, within

LONGEST_HOW = 200


class GuidanceForm(Form):
    """Made for the pages that are there by `form_for`."""

    pages: Sequence[Any] = ()
    state = HiddenField()

    def by_shelf(self) -> list[tuple[Shelf, list[Any]]]:
        """Return the pages under their shelves, in the order of these."""
        return [(shelf, [page for page in self.pages if page.shelf is shelf]) for shelf in Shelf]

    def row(self, page_id: int) -> tuple[Any, Any]:
        """Return the two fields of a page."""
        return self[f"page-{page_id}"], self[f"how-{page_id}"]

    def fill(self, followed: Mapping[int, str], state: str) -> None:
        """Put in what is stored where nothing was sent."""
        if self.is_submitted():
            return
        self.state.data = state
        for page in self.pages:
            ticked, how = self.row(page.id)
            ticked.data, how.data = page.id in followed, followed.get(page.id, "")

    def followed(self) -> dict[int, str]:
        """Return the pages that are ticked, each with what was typed on how."""
        rows = {page.id: self.row(page.id) for page in self.pages}
        return {page_id: how.data for page_id, (ticked, how) in rows.items() if ticked.data}


def form_for(pages: Sequence[Any]) -> GuidanceForm:
    """Return a form with two fields for each page."""
    fields: dict[str, Any] = {"pages": pages}
    for page in pages:
        fields[f"page-{page.id}"] = BooleanField(page.title)
        fields[f"how-{page.id}"] = StringField(
            _l("How"), filters=[one_line], validators=[within(LONGEST_HOW), plain_text]
        )
    made: type[GuidanceForm] = type("GuidanceFormOfPages", (GuidanceForm,), fields)
    return made()
