"""Images by address: links until their host is allowed, whatever is said about them."""

from bs4 import BeautifulSoup

from consult.text.images import shown
from consult.text.markdown import render_document

HOSTS = frozenset({"maps.example"})


def _stored(source: str) -> str:
    return render_document(source).blocks[0].html


def test_an_image_of_an_allowed_host_is_shown():
    assert shown(_stored("See ![The “old” kerb](https://maps.example/a.png?b=1&c=2)."), HOSTS) == (
        '<p>See <img src="https://maps.example/a.png?b=1&amp;c=2" alt="The “old” kerb">.</p>'
    )


def test_an_image_of_any_other_host_stays_a_link():
    stored = _stored("![Map](https://elsewhere.example/a.png)")
    assert "<a " in stored
    assert shown(stored, HOSTS) == stored


def test_a_host_that_only_looks_allowed_is_not():
    for host in ("maps.example.evil.example", "maps.example@evil.example", "evil.example/maps.example"):
        stored = _stored(f"![Map](https://{host}/a.png)")
        assert "<img" not in shown(stored, HOSTS)


def test_words_about_an_image_cannot_leave_their_attribute():
    for words in ('" onerror="alert(1)', "<b>x</b>", "a (b) c", "&quot; onerror=&quot;x", "x' onload='y"):
        html = shown(_stored(f"![{words}](https://maps.example/a.png)"), HOSTS)
        for image in BeautifulSoup(html, "html.parser").find_all("img"):
            assert set(image.attrs) == {"src", "alt"}
