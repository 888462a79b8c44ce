"""What the public is owed before a consultation opens."""

from types import SimpleNamespace

import pytest

from consult.consultations.statements import Statement, missing_statements

ALL = {statement.value: "Said." for statement in Statement}


def test_nothing_is_missing_when_all_is_said():
    assert missing_statements(SimpleNamespace(**ALL)) == []


@pytest.mark.parametrize("statement", list(Statement))
def test_each_statement_is_missed(statement):
    said = SimpleNamespace(**{**ALL, statement.value: " \n"})
    assert missing_statements(said) == [statement]
