import pytest

from consult.toolkit.tables import as_cards

pytestmark = pytest.mark.once


def test_cells_are_told_the_name_of_their_column():
    html = as_cards(
        "<table><tbody><tr><th>When</th><th>Do <em>this</em></th></tr>\n<tr><td>Friday</td><td>Rest</td></tr></tbody></table>"
    )
    assert '<table class="table-cards"><thead><tr><th>When</th>' in html
    assert '<td>Friday</td><td data-l="Do this">Rest</td>' in html


def test_a_name_cannot_break_out_of_its_attribute():
    html = as_cards('<table><tr><th>a</th><th>"&gt;&lt;b&gt;</th></tr><tr><td>1</td><td>2</td></tr></table>')
    assert 'data-l="&quot;&gt;&lt;b&gt;"' in html


@pytest.mark.parametrize(
    "table",
    [
        "<table><tr><td>1</td></tr><tr><td>2</td></tr></table>",
        '<table><tr><th>a</th></tr><tr><td colspan="2">1</td></tr></table>',
        "<table><tr><th>a</th></tr></table>",
    ],
)
def test_a_table_without_plain_columns_scrolls_in_its_own_box(table):
    assert as_cards(table) == f'<div class="scroll-x">{table}</div>'


def test_of_nested_tables_only_the_inner_one_is_touched():
    html = as_cards("<table><tr><td><table><tr><td>1</td></tr></table></td></tr></table>")
    assert html.count("<div") == html.count("</div>") == 1
    assert html.startswith("<table><tr><td><div")
