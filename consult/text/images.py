"""Images that were stored as links, shown once their host is allowed. The text itself stays as it was published."""

import re
from html import unescape
from urllib.parse import urlsplit

_LINK = re.compile(r'<a class="image-link" href="(https://[^"]+)"[^>]*>(.*?) \(([^()<>]+)\)</a>')


def shown(html: str, hosts: frozenset[str]) -> str:
    """Return stored HTML with an `<img>` for each link to an image on one of `hosts`."""
    if not hosts or "image-link" not in html:
        return html

    def image(link: re.Match[str]) -> str:
        host = (urlsplit(unescape(link[1])).hostname or "").lower()
        alternative = re.sub(r"<[^>]*>", "", link[2]).replace('"', "&quot;")
        return f'<img src="{link[1]}" alt="{alternative}">' if host in hosts else link[0]

    return _LINK.sub(image, html)
