import pytest

from consult.text.urls import host, is_safe
from tests.text.attacks import SCHEMES


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/a:b",
        "http://example.org",
        "HTTPS://EXAMPLE.ORG",
        "mailto:a@example.org",
        "tel:+441632960000",
        "/a",
        "a/b:c",
        "?q=a:b",
        "#a:b",
        "",
        "../x.html",
        "//example.org/x",
    ],
)
def test_known_schemes_and_relative_addresses_are_safe(url):
    assert is_safe(url)


@pytest.mark.parametrize("url", SCHEMES)
def test_every_other_scheme_is_not_however_it_is_written(url):
    assert not is_safe(url)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://Example.org:8080/x", "example.org"),
        ("/x.png", ""),
        ("data:image/png,x", ""),
        ("http://[::1", ""),
        ("https://example.org@evil.example/x", "evil.example"),
    ],
)
def test_the_host_is_the_one_that_would_be_asked(url, expected):
    assert host(url) == expected
