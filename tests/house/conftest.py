"""The rules of the house are about what we wrote, and one database is as good as another to try them on."""

import pytest

ON_EACH_DATABASE = {"test_tokens.py"}  # two at once are locked out by the database


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent.name == "house" and item.path.name not in ON_EACH_DATABASE:
            item.add_marker(pytest.mark.once)
