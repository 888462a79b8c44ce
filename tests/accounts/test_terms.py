"""The contribution terms: what they say, and that their version moves with their words."""

import hashlib
import re
from pathlib import Path

from consult.accounts import terms
from tests.factories import a_site

PAGE = Path(terms.__file__).parents[1] / "templates/accounts/terms.html"
WORDS_OF = {"2026-11": "27e1fcfc84867235"}


def _words() -> str:
    """The messages of the page in their order, whatever stands around them."""
    source = PAGE.read_text("utf-8")
    found = re.findall(r'_\("(.*?)"[,)]|\{% trans[^%]*%\}(.*?)\{% endtrans %\}', source)
    return "\n".join(message or sentence for message, sentence in found)


def test_other_words_need_another_version():
    digest = hashlib.sha256(_words().encode()).hexdigest()[:16]
    assert WORDS_OF.get(terms.VERSION) == digest, (
        "The words of the contribution terms changed. Where their meaning did, raise terms.VERSION; "
        f"then write the digest of the new words, {digest}, beside the version here."
    )


def test_a_version_fits_beside_a_comment_and_is_that_of_a_month():
    assert re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", terms.VERSION)


def test_the_page_says_whose_it_stays_and_under_which_licence_it_may_be_reused(visit):
    a_site(controller="Department for Streets")
    page = visit.get("/terms")
    words = " ".join(page.main.text.split())
    assert f"Version {terms.VERSION}" in words
    assert "You keep the copyright in what you write" in words
    assert "You allow Department for Streets and the public body" in words
    licence = page.select_one("a[rel=license]")
    assert (licence["href"], licence.text) == (terms.LICENCE_URL, "Open Government Licence v3.0")
    assert "does not cover personal data" in words
    assert "We will not publish this. The law may require us to release it" in words


def test_every_page_leads_to_the_terms(visit):
    a_site()
    footer = visit.get("/").select_one("footer")
    assert [link["href"] for link in footer.select("a") if link.text == "Terms"] == ["/terms"]
