"""Comments, answers and pages."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from consult.text.bounds import TooMuch
from consult.text.markdown import Heading, render_answer, render_comment, render_page, stored_html
from consult.text.plain import plain_text
from consult.text.sanitise import COMMENT, sanitise

REL = 'rel="nofollow ugc noopener"'


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("a\nb\n\nc", "<p>a<br>\nb</p>\n<p>c</p>"),
        ("*a* **b** `c`", "<p><em>a</em> <strong>b</strong> <code>c</code></p>"),
        ("- a\n- b", "<ul><li>a</li>\n<li>b</li>\n</ul>"),
        ("1. a\n2. b", "<ol><li>a</li>\n<li>b</li>\n</ol>"),
        ("> a", "<blockquote><p>a</p>\n</blockquote>"),
        ("```\na <b>\n```", "<pre><code>a &lt;b&gt;\n</code></pre>"),
        ("[a](https://example.org 'title')", f'<p><a href="https://example.org" {REL}>a</a></p>'),
        (
            "see https://example.org/a.",
            f'<p>see <a href="https://example.org/a" {REL}>https://example.org/a</a>.</p>',
        ),
        (
            "<b>bold</b> & <script>x</script>",
            "<p>&lt;b&gt;bold&lt;/b&gt; &amp; &lt;script&gt;x&lt;/script&gt;</p>",
        ),
        ("![a](https://example.org/a.png)", f'<p><a href="https://example.org/a.png" {REL}>a</a></p>'),
        ("[a](javascript:alert(1))", "<p>a</p>"),
    ],
)
def test_what_a_comment_may_hold(source, html):
    assert render_comment(source) == html


@pytest.mark.parametrize(
    "source", ["1998. What a year", "2. I disagree with this", "a\n\n14. is a Saturday", "1. a\n\n1998. b"]
)
def test_a_number_that_begins_no_list_is_kept(source):
    number = source.split(".")[-2].split("\n")[-1]
    assert number in plain_text(render_comment(source))


def test_a_heading_in_a_comment_is_words_in_bold():
    assert render_comment("# Loud") == "<p><strong>Loud</strong></p>"
    assert render_comment("Loud\n====") == "<p><strong>Loud</strong></p>"


def test_a_line_of_dashes_in_a_comment_leaves_nothing_and_the_text_stays():
    assert plain_text(render_comment("a\n\n***\n\nb")) == "a b"


def test_a_table_in_a_comment_stays_as_typed():
    assert plain_text(render_comment("|a|b|\n|-|-|\n|c|d|")) == "|a|b| |-|-| |c|d|"


def test_what_is_rendered_needs_no_further_word_in_a_template():
    assert isinstance(render_comment("a"), Markup)
    assert isinstance(render_answer("a"), Markup)
    assert stored_html("<p>a</p>").__html__() == "<p>a</p>"


def test_an_empty_comment_is_empty():
    assert render_comment(" \n ") == ""


@given(st.one_of(st.text(max_size=150), st.text(alphabet="ab *_`[]()!<>&\\\n-+.1#~:/w\"'", max_size=150)))
@settings(max_examples=300, deadline=None)
def test_any_comment_is_rendered_safely_or_refused_with_a_reason(source):
    try:
        html = str(render_comment(source))
    except TooMuch:
        return
    assert sanitise(html, COMMENT) == html


@given(st.text(alphabet="abc \n<>&;\"'#|=!?.,", max_size=80))
@settings(max_examples=200, deadline=None)
def test_every_letter_of_a_comment_is_still_there(source):
    letters = "".join(filter(str.isalpha, source))
    assert "".join(filter(str.isalpha, plain_text(render_comment(source)))) == letters


# Pages of the toolkit


def resolve(target: str) -> tuple[str, bool]:
    return f"/toolkit/{target.lower().replace(' ', '-')}", target != "Nowhere"


def test_a_page_links_to_others_by_name_and_says_which_are_missing():
    page = render_page("[[Plain words]] [[Nowhere|not yet]] [[Plain words]] `[[code]]`", resolve=resolve)
    assert page.html == (
        '<p><a href="/toolkit/plain-words">Plain words</a> '
        '<a href="/toolkit/nowhere" class="missing">not yet</a> '
        '<a href="/toolkit/plain-words">Plain words</a> <code>[[code]]</code></p>\n'
    )
    assert page.links == ("Plain words", "Nowhere")


def test_a_page_has_contents():
    page = render_page("# One\n\n## Two *words*\n\n## Two words {#second}\n", resolve=resolve)
    assert page.headings == (
        Heading(2, "One", "one"),
        Heading(3, "Two words", "two-words"),
        Heading(3, "Two words", "second"),
    )
    assert '<h3 id="s-second">Two words</h3>' in page.html


def test_a_page_keeps_lists_and_tables_whole():
    page = render_page("- a\n  1. b\n- c\n\n|x|y|\n|-|-|\n|1|2|\n", resolve=resolve)
    assert "<ul><li>a\n<ol><li>b</li>\n</ol></li>\n<li>c</li>\n</ul>" in page.html
    assert page.html.count("<tr>") == 2


def test_a_tag_left_open_in_one_block_does_not_swallow_the_next():
    page = render_page("<div><b>\n\ntext\n\n<i>\n\nmore", resolve=resolve)
    assert "<p>text</p>" in page.html
    assert "<p>more</p>" in page.html


def test_images_are_shown_from_hosts_that_are_allowed():
    source = "![A *map*](https://maps.example.org/a.png) ![b](http://maps.example.org/b.png)"
    html = render_page(source, resolve=resolve, allowed_image_hosts=frozenset({"maps.example.org"})).html
    assert '<img src="https://maps.example.org/a.png" alt="A map">' in html
    assert '<a class="image-link" href="http://maps.example.org/b.png">b (maps.example.org)</a>' in html
