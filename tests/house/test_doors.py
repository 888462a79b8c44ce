"""Every door says who may use it, and those that change things ask for a token."""

import re
from pathlib import Path

from consult.extensions import csrf
from consult.permissions import TABLE, May

PACKAGE = Path(__file__).resolve().parents[2] / "consult"


def test_every_route_says_who_may_use_it(app):
    open_doors = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and not hasattr(app.view_functions[rule.endpoint], "access")
    ]
    assert not open_doors, f"Add @needs(...) to {sorted(set(open_doors))}"


def test_every_permission_has_a_row():
    assert set(TABLE) == set(May)
    assert all(TABLE.values())


def test_nothing_that_changes_things_is_exempt_from_the_token():
    assert not csrf._exempt_views
    assert not csrf._exempt_blueprints


def test_addresses_are_typed_and_in_kebab_case(app):
    wrong = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        fixed = re.sub(r"<[^>]*>", "", rule.rule)
        if not re.fullmatch(r"[a-z0-9/.\-]*", fixed) or re.search(r"<(?![a-z]+(\([^)]*\))?:)", rule.rule):
            wrong.append(rule.rule)
    assert not wrong, f"Type the parameters and write the rest in kebab-case: {wrong}"


def test_no_template_trusts_markup_of_its_own_accord():
    wrong = [
        str(path.relative_to(PACKAGE))
        for path in (PACKAGE / "templates").rglob("*")
        if path.is_file() and re.search(r"\|\s*safe\b|autoescape false", path.read_text("utf-8"))
    ]
    assert not wrong, f"only text.markdown makes markup: {wrong}"


def test_no_page_has_inline_script_or_style():
    wrong = []
    for path in (PACKAGE / "templates").rglob("*.html"):
        words = path.read_text("utf-8")
        if re.search(r"\sstyle=|<style|\son[a-z]+=\"|<script(?![^>]*\bsrc=)", words):
            wrong.append(path.name)
    assert not wrong


def test_every_template_lives_under_its_room(app):
    rooms = {rule.endpoint.partition(".")[0] for rule in app.url_map.iter_rules()}
    folders = {path.name for path in (PACKAGE / "templates").iterdir() if path.is_dir()}
    assert folders <= rooms | {"components", "web", "notices"}


def test_pages_are_named_after_their_endpoint(app):
    """A template that is no partial is the page of an endpoint, or of an error."""
    endpoints = {rule.endpoint.replace(".", "/") for rule in app.url_map.iter_rules()}
    loose = []
    for path in (PACKAGE / "templates").rglob("*"):
        name = str(path.relative_to(PACKAGE / "templates").with_suffix(""))
        if path.is_dir() or path.name.startswith("_") or name.split("/")[0] in ("components", "web", "base"):
            continue
        if name not in endpoints:
            loose.append(name)
    assert not loose, f"no endpoint of that name: {loose}"
