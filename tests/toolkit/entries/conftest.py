from datetime import UTC, datetime

import pytest

from consult import clock
from tests import factories


@pytest.fixture(autouse=True)
def _now():
    """Entries age: it is always the same day here, three weeks after the made ones were checked."""
    clock.replace(lambda: datetime(2026, 11, 24, 12, tzinfo=UTC))
    yield
    clock.replace(None)


@pytest.fixture
def site(app):
    return factories.a_site()


@pytest.fixture
def editor(site):
    return factories.an_editor()


@pytest.fixture
def visitor(editor, visit_as):
    return visit_as(editor)
