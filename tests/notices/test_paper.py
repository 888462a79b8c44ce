"""Letters that were written as plain text, as HTML: what is an address becomes a link, and nothing else does."""

import re

from consult.notices.paper import as_html, blocks_of

LETTER = """Hello Ann: https://evil.example/hello, welcome,

https://consult.example/comments/abc

Yes: https://consult.example/comments/abc/answered#yes

> Look at: https://elsewhere.example/

--
Roads Authority
https://consult.example/
Questions: ann@roads.example
""".replace("\n--\n", "\n-- \n")  # the mark of a signature ends with a blank


def _links(page: str) -> list[str]:
    return re.findall(r'<a href="([^"]*)"', page)


def test_an_address_alone_or_after_its_label_is_a_link():
    page = as_html("Answered", blocks_of(LETTER))
    assert _links(page)[:2] == [
        "https://consult.example/comments/abc",
        "https://consult.example/comments/abc/answered#yes",
    ]
    assert "<p>Yes: <a href=" in page
    assert "https://consult.example/" in _links(page)


def test_an_address_in_the_middle_of_a_line_is_none():
    assert "https://evil.example/hello," not in _links(as_html("Hello", blocks_of(LETTER)))


def test_somebodys_words_hold_no_link_of_ours():
    quote = "> Look at: https://elsewhere.example/"
    assert _links(as_html("Hello", blocks_of(quote))) == []


def test_a_long_address_does_not_make_a_telephone_scroll_sideways():
    page = as_html("Confirm", blocks_of("https://consult.example/confirm/" + "x" * 200))
    assert "overflow-wrap:anywhere" in page
