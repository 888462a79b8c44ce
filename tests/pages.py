"""Fetch pages the way a careful reader would: every page is checked for what all pages owe."""

from collections import Counter

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient

NO_LABEL_NEEDED = ("hidden", "submit", "button")


class Visitor:
    """A browser that checks each HTML page it is given."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, url: str, status: int = 200, **values: object) -> BeautifulSoup:
        """Fetch a page, insist on its status, and return it parsed."""
        return self._read(self.client.get(url, **values), status)

    def post(
        self, url: str, data: dict[str, object] | None = None, status: int = 303, **values: object
    ) -> "Answer":
        """Send a form and insist on the status of the answer; a page that comes back is checked as well."""
        response = self.client.post(url, data=data or {}, **values)
        assert response.status_code == status, (
            f"{url}: {response.status_code}\n{response.get_data(as_text=True)[:3000]}"
        )
        page = None if 300 <= status < 400 else self._read(response, status)
        return Answer(response.headers.get("Location", ""), page)

    def _read(self, response: object, status: int) -> BeautifulSoup:
        body = response.get_data(as_text=True)  # type: ignore[attr-defined]
        assert response.status_code == status, f"{response.status_code}\n{body[:3000]}"  # type: ignore[attr-defined]
        page = BeautifulSoup(body, "html.parser")
        check(page)
        return page


class Answer:
    """Where a form led, or the page that came back."""

    def __init__(self, location: str, page: BeautifulSoup | None) -> None:
        self.location = location
        self.page = page


def check(page: BeautifulSoup) -> None:
    """Insist on what every page owes its readers."""
    assert page.title, "no <title>"
    assert " – " in page.title.text, f"title of the form “Page – Site” expected: {page.title.text}"
    assert len(page.find_all("h1")) == 1, f"{len(page.find_all('h1'))} h1 on {page.title.text}"
    assert page.find("main"), "no <main>"
    assert page.select_one("a.skip"), "no skip link"
    ids = Counter(tag["id"] for tag in page.select("[id]"))
    twice = [name for name, times in ids.items() if times > 1]
    assert not twice, f"ids used twice: {twice}"
    for control in page.select("input, select, textarea"):
        assert _is_labelled(page, control), f"no label: {control}"
    for tag in page.select("[aria-describedby], [aria-labelledby]"):
        for name in (tag.get("aria-describedby", "") + " " + tag.get("aria-labelledby", "")).split():
            assert name in ids, f"{tag.name} is described by #{name}, which is not on the page"
    assert not page.select("[style], [onclick], style, script:not([src])"), "inline style or script"
    for link in page.select('a[href^="#"]'):
        assert link["href"] == "#" or link["href"][1:] in ids, f"dead link on the page: {link['href']}"
        assert link["href"] != "#", f"empty link: {link}"


def _is_labelled(page: BeautifulSoup, control: Tag) -> bool:
    if control.get("type") in NO_LABEL_NEEDED or control.get("aria-label"):
        return True
    if control.find_parent("label"):
        return True
    return bool(control.get("id") and page.find("label", attrs={"for": control["id"]}))
