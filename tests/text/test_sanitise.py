"""Nothing but what the lists allow comes out, whichever of the two sanitisers is looked at alone."""

from itertools import product

import pytest

from consult.text.markdown import render_answer, render_comment, render_document, render_page
from consult.text.sanitise import COMMENT, DOCUMENT, by_bleach, by_nh3, check_addresses, sanitise
from tests.text.attacks import as_html, as_markdown
from tests.text.reading import Markup, leads_somewhere_known

ALONE = {"bleach": by_bleach, "nh3": by_nh3}
LISTS = {"comment": COMMENT, "document": DOCUMENT}


def assert_harmless(html, allowed):
    markup = Markup(html)
    for tag, attributes in markup.tags:
        assert tag in allowed.tags, html
        assert set(attributes) <= allowed.attributes.get(tag, frozenset()) | {"rel"}, html
        assert not (attributes.get("id") or "s-").removeprefix("s-").startswith("comment"), html
    for address in markup.addresses():
        assert leads_somewhere_known(address), html


@pytest.mark.parametrize(("sanitiser", "name"), [*product(ALONE, LISTS)])
def test_each_sanitiser_alone_holds_every_attack(sanitiser, name):
    allowed = LISTS[name]
    for attack in as_html():
        assert_harmless(check_addresses(ALONE[sanitiser](attack, allowed), allowed), allowed)


@pytest.mark.parametrize("name", LISTS)
def test_both_together_hold_every_attack_and_leave_clean_text_alone(name):
    allowed = LISTS[name]
    for attack in as_html():
        once = sanitise(attack, allowed)
        assert_harmless(once, allowed)
        assert sanitise(once, allowed) == once


@pytest.mark.parametrize("render", [render_comment, render_answer])
def test_no_attack_passes_through_a_comment_or_an_answer(render):
    for attack in as_markdown():
        assert_harmless(str(render(attack)), COMMENT)


def test_no_attack_passes_through_a_document():
    for attack in as_markdown():
        for block in render_document(attack, allowed_image_hosts=frozenset({"example.org"})).blocks:
            html = f"<table><tr>{block.html}</tr></table>" if block.kind == "row" else block.html
            assert_harmless(html, DOCUMENT)


def test_no_attack_passes_through_a_page_even_where_the_resolver_is_fooled():
    for attack in as_markdown():
        page = render_page(attack, resolve=lambda target: (f"javascript:{target}", True))
        assert_harmless(str(page.html), DOCUMENT)


def test_the_check_of_addresses_takes_out_what_a_sanitiser_let_through():
    html = '<p>a <a href="javascript:123">b</a> &amp; <a href="https://example.org">c</a></p>'
    assert check_addresses(html, COMMENT) == '<p>a <a>b</a> &amp; <a href="https://example.org">c</a></p>'


def test_bleach_takes_javascript_123_for_a_host_and_our_list_does_not():
    assert by_bleach('<a href="javascript:123">x</a>', COMMENT) == "<a>x</a>"


def test_the_check_of_addresses_leaves_good_html_as_it_is():
    html = '<p>5 &lt; 6 <a href="/x?a=1&amp;b=2" rel="nofollow ugc noopener">x</a><br>y</p>'
    assert check_addresses(html, COMMENT) is html


def test_links_of_the_public_say_that_we_do_not_vouch_for_them():
    assert sanitise('<a href="https://example.org">x</a>', COMMENT) == (
        '<a href="https://example.org" rel="nofollow ugc noopener">x</a>'
    )


@pytest.mark.parametrize("given", ["main", "p-12", "comment-1", "s-", "s-a b", 's-a"b'])
def test_a_document_takes_no_id_of_the_site(given):
    assert "id=" not in sanitise(f"<p id='{given}'>x</p>", DOCUMENT)


def test_a_document_keeps_its_own_anchors_and_the_classes_we_give():
    html = '<table><tbody><tr><td id="s-x" class="align-right">1</td><td class="official">2</td></tr></tbody></table>'
    assert sanitise(html, DOCUMENT) == html.replace(' class="official"', "")
