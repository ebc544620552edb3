"""What search engines read: which pages there are, and which are not for them."""

import re
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from forumkg.dataset.versions import Version

NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture(scope="module")
def urls(shipped_client: FlaskClient) -> list[tuple[str, str]]:
    """Return the addresses of the site map, each with its day."""
    response = shipped_client.get("/sitemap.xml")
    assert response.content_type == "application/xml"
    tree = ET.fromstring(response.text)  # noqa: S314 (our own)
    return [(url.findtext(f"{NAMESPACE}loc", ""), url.findtext(f"{NAMESPACE}lastmod", "")) for url in tree]


def test_sitemap(urls: list[tuple[str, str]], shipped_version: Version) -> None:
    """Each address is there once, in full, with the day on which the version was made."""
    addresses = [address for address, _ in urls]

    assert len(set(addresses)) == len(addresses)
    assert {day for _, day in urls} == {shipped_version.info.time[:10]}
    assert {
        f"http://localhost{path}"
        for path in (
            "/",
            "/about",
            "/compare/exhibitors",
            "/data",
            "/id/edition/2021.html",
            "/id/statement/china-daily-2021/8.html",
            "/ontology.html",
            "/ontology/contradicts.html",
            "/questions/countries-2021",
        )
    } - set(addresses) == set()


@pytest.mark.slow
def test_pages_of_the_sitemap(urls: list[tuple[str, str]], shipped_client: FlaskClient) -> None:
    """Each address answers, and gives itself as the one address of its page."""
    for address, _ in urls:
        response = shipped_client.get(urlsplit(address).path, headers={"Accept": "text/html"})
        assert response.status_code == 200, address
        assert f'<link rel="canonical" href="{address}">' in response.text, address


def test_compared_indicators(urls: list[tuple[str, str]], shipped_client: FlaskClient) -> None:
    """Each indicator that has a page of comparison is there."""
    links = set(re.findall(r'href="(/compare/[^"#]+)"', shipped_client.get("/compare").text))

    assert links
    assert links == {urlsplit(address).path for address, _ in urls if "/compare/" in address}


def test_sitemap_in_parts(synthetic_client: FlaskClient) -> None:
    """A long list is an index of parts, which have each page of a thing once, and those that no thing has."""
    index = ET.fromstring(synthetic_client.get("/sitemap.xml").text)  # noqa: S314 (our own)
    parts = [part.findtext(f"{NAMESPACE}loc", "") for part in index]
    found = [
        url.findtext(f"{NAMESPACE}loc", "")
        for part in parts
        for url in ET.fromstring(synthetic_client.get(urlsplit(part).path).text)  # noqa: S314 (our own)
    ]

    assert index.tag == f"{NAMESPACE}sitemapindex"
    assert parts == [f"http://localhost/sitemap/{number}.xml" for number in range(len(parts))]
    assert len(found) == len(set(found))
    assert {
        "http://localhost/about",
        "http://localhost/id/article/f00003-2024-close.html",
        "http://localhost/id/statement/f00001-2015-eve/1.html",
    } <= set(found)
    for number in (len(parts), 10**20):
        assert synthetic_client.get(f"/sitemap/{number}.xml").status_code == 404


def test_robots(shipped_client: FlaskClient) -> None:
    """Robots may read all pages, may not ask queries, and learn where the list of pages is."""
    response = shipped_client.get("/robots.txt")

    assert response.content_type == "text/plain; charset=utf-8"
    assert response.text == (
        "User-agent: *\nDisallow: /sparql?\nDisallow: /search?\nDisallow: /why?\nDisallow: /why.\n"
        "Disallow: /zh/sparql?\nDisallow: /zh/search?\nDisallow: /zh/why?\nDisallow: /zh/why.\n\n"
        "Sitemap: http://localhost/sitemap.xml\n"
    )
