"""Stored HTML on its way out. What the columns hold was rendered and cleaned by `text.markdown` when it was written."""

from typing import Any

from markupsafe import Markup
from sqlalchemy import ColumnElement, Dialect, Text, type_coerce
from sqlalchemy.types import TypeDecorator

from consult.text.markdown import stored_html


class Fragment(TypeDecorator[Markup]):
    """A column of HTML that templates may show as it is."""

    impl = Text
    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> Markup | None:
        return None if value is None else stored_html(value)


def shown(column: Any) -> ColumnElement[Markup]:
    """Return the column as markup, under its own name."""
    return type_coerce(column, Fragment()).label(column.key)
