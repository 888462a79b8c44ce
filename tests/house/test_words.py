"""Every word on a page goes through the message catalogue, and none of those that we do not use is among them."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

PACKAGE = Path(__file__).resolve().parents[2] / "consult"
TEMPLATES = sorted(
    path for path in (PACKAGE / "templates").rglob("*") if path.suffix in (".html", ".txt", ".atom", ".xml")
)
BRAND = {"Consult", "Cymraeg"}
READ_ALOUD = re.compile(r'\s(?:aria-label|alt|placeholder|title|data-l)="([^"]*)"')
FORBIDDEN = re.compile(
    r"\b(citizens?|users?|submit(s|ted|ting)?|leverag\w+|stakeholders?|successfully|hidden by|hide)\b", re.I
)
COMMAND = re.compile(r"“consult [^”]*”")
METHODS = [("**.py", "python"), ("templates/**", "jinja2")]
OPTIONS = {"templates/**": {"silent": "false", "trimmed": "true"}}


def _bare(source: str) -> str:
    """Return a template without what Jinja computes."""
    source = re.sub(r"\{#.*?#\}|\{% trans\b.*?endtrans %\}", " ", source, flags=re.S)
    return re.sub(r"\{\{.*?\}\}|\{%.*?%\}", " ", source, flags=re.S)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_template_holds_no_words_of_its_own(path):
    source = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", _bare(path.read_text("utf-8")), flags=re.S)
    spoken = " ".join(READ_ALOUD.findall(source))
    words = re.sub(r"<[^>]*>", " ", re.sub(r"&\w+;|<!doctype[^>]*>", " ", source, flags=re.I))
    loose = set(re.findall(r"[A-Za-z]{2,}", f"{words} {spoken}")) - BRAND
    if path.suffix == ".html":
        assert not loose, f"Wrap in _(): {sorted(loose)}"


def messages() -> list[tuple[str, str]]:
    """Return every message with the file it stands in."""
    found = []
    for name, _line, message, _comments, _context in extract_from_dir(
        str(PACKAGE),
        method_map=METHODS,
        options_map=OPTIONS,
        keywords={"_": None, "_l": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None},
    ):
        found += [(name, words) for words in (message if isinstance(message, tuple) else (message,)) if words]
    return found


def test_the_catalogue_finds_the_words_of_pages_forms_and_mails():
    files = {name.split("/")[0] for name, _ in messages()}
    assert {"templates", "accounts", "discussion", "moderation", "notices"} <= files


def test_no_message_uses_a_word_that_we_do_not_use():
    wrong = [(name, words) for name, words in messages() if FORBIDDEN.search(COMMAND.sub("", words))]
    assert not wrong, f"see the words that must hold: {wrong}"


def test_messages_are_not_glued_from_pieces():
    """A message begins like a sentence or a label, never with a space or a full stop."""
    wrong = [(name, words) for name, words in messages() if words != words.strip()]
    assert not wrong, wrong
