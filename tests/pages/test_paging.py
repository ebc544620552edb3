"""Long lists in pages: each item once, links from page to page, and what a list may be narrowed to."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

# Lists that do not fit on a page of the synthetic dataset, and what each item of them is.
LISTS = {
    "/editions": r'<h2><a href="(/id/edition/[^"]+)">',
    "/articles": r'<h2><a href="(/id/article/[^"]+)">',
    "/compare/participants": r'<article class="statement-card[^"]*" id="(statement-[^"]+)"',
    "/disagreements?kind=differences": r'<article aria-labelledby="([^"]+)"',
    "/disagreements?kind=seeming": r'<h3 id="seeming-[0-9]+">([^:]+: <a href="[^"]+)',
}


def pages_of(client: FlaskClient, path: str) -> list[str]:
    """Return the pages of a list, by the links from each to the next."""
    found = []
    while path:
        response = client.get(path, headers={"Accept": "text/html"})
        assert response.status_code == 200, path
        found.append(response.text)
        link = re.search(r'<a rel="next" href="([^"]+)"', response.text)
        header = re.search(r'<([^>]+)>; rel="next"', response.headers.get("Link", ""))
        path = unescape(link[1]) if link else ""
        assert (header[1] if header else "") == path
    return found


@pytest.mark.parametrize("path", LISTS)
def test_pages_of_a_list_hold_each_item_once(path: str, synthetic_client: FlaskClient) -> None:
    """Following the links visits every page, and the number that the first names is the number of items."""
    found = pages_of(synthetic_client, path)
    items = [item for page in found for item in dict.fromkeys(re.findall(LISTS[path], page))]
    total = re.search(r"1 to [0-9]+ of ([0-9,]+)", found[0])

    assert len(found) > 1
    assert len(items) == len(set(items))
    assert total is not None
    assert len(items) == int(total[1].replace(",", ""))
    assert [len(page.encode()) for page in found if len(page.encode()) >= 200_000] == []


def test_narrowed_list(synthetic_client: FlaskClient) -> None:
    """A list of an edition has what belongs to it alone; the form offers its forum and its edition."""
    page = synthetic_client.get("/articles?forum=f00002&edition=f00002-2016", headers={"Accept": "text/html"})

    assert re.findall(LISTS["/articles"], page.text) == [
        "/id/article/f00002-2016-eve.html",
        "/id/article/f00002-2016-close.html",
    ]
    assert '<option value="f00002" selected>Forum f00002 (20)</option>' in page.text
    assert '<option value="f00002-2016" selected>2016 edition of f00002 (2)</option>' in page.text
    assert (
        '<link rel="canonical" href="http://localhost/articles?forum=f00002&amp;edition=f00002-2016">'
        in page.text
    )


def test_edition_of_the_forum_that_was_chosen_before(synthetic_client: FlaskClient) -> None:
    """A form that names an edition of another forum means the forum."""
    page = synthetic_client.get("/editions?forum=f00001&edition=f00002-2016", headers={"Accept": "text/html"})

    assert len(re.findall(LISTS["/editions"], page.text)) == 10


def test_forums_before_the_figures_of_one(synthetic_client: FlaskClient) -> None:
    """Where the figures are too many for a page, the first page has the forums and their numbers."""
    page = synthetic_client.get("/compare", headers={"Accept": "text/html"}).text
    numbers = re.findall(r'<a href="\?forum=(f0000[0-9])">.*?>10</td><td class="number">([0-9]+)</td>', page)

    assert [forum for forum, _ in numbers] == ["f00001", "f00002", "f00003"]
    assert f"{sum(int(number) for _, number in numbers)} figures of 3 forums" in page


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/articles?page=1000", 404, "There is no page 1000 of this list: it has"),
        ("/articles?page=0", 400, "page=&#39;0&#39; is not the number of a page"),
        ("/articles?page=x", 400, "page=&#39;x&#39; is not the number of a page"),
        ("/editions?forum=nothing", 404, "There is no forum &#39;nothing&#39;"),
        ("/editions?edition=%3E%20%7B", 404, "There is no edition &#39;&gt; {&#39;"),
        ("/disagreements?kind=nothing", 404, "There is no kind &#39;nothing&#39; of disagreements"),
    ],
)
def test_page_that_does_not_exist(path: str, status: int, words: str, synthetic_client: FlaskClient) -> None:
    """A page, a forum, an edition or a kind that does not exist is an error that says what is wrong."""
    response = synthetic_client.get(path, headers={"Accept": "text/html"})

    assert response.status_code == status
    assert words in response.text


@pytest.mark.parametrize("edition", ["2020", "2021", "2023", "2024"])
@pytest.mark.parametrize(
    "path", ["/articles", "/compare", "/disagreements", "/disagreements?kind=impossible"]
)
def test_narrowed_list_names_its_edition(path: str, edition: str, shipped_client: FlaskClient) -> None:
    """A page of one edition says so in its menu, which leads back to all, even if it has nothing."""
    joint = "&" if "?" in path else "?"
    response = shipped_client.get(f"{path}{joint}edition={edition}", headers={"Accept": "text/html"})

    assert response.status_code == 200
    menu = response.text.partition('<select name="edition">')[2].partition("</select>")[0]
    assert '<option value="">all</option>' in menu
    assert re.findall('<option value="([^"]+)" selected>', menu) == [edition]


def test_kinds_of_disagreements_count_together(shipped_client: FlaskClient) -> None:
    """The menu of a page of all kinds offers an edition that has disagreements of one kind alone."""
    page = shipped_client.get("/disagreements?edition=2021", headers={"Accept": "text/html"}).text
    numbers = dict(re.findall(r'<option value="(\d{4})"[^>]*>[^<]*\((\d+)\)</option>', page))

    assert numbers == {"2021": "5", "2023": "1"}


@pytest.mark.parametrize("path", ["/editions", "/articles", "/compare", "/disagreements"])
def test_list_that_fits_has_no_pages(path: str, shipped_client: FlaskClient) -> None:
    """The shipped dataset fits on a page: it is not offered in pages, nor narrowed."""
    response = shipped_client.get(path, headers={"Accept": "text/html"})

    assert "Link" not in response.headers
    assert 'class="row filter"' not in response.text
    assert 'class="row pager"' not in response.text


def test_spreadsheet_in_parts(synthetic_client: FlaskClient) -> None:
    """A spreadsheet narrowed to a forum has its figures; no line of it is missing from the whole."""
    narrowed = synthetic_client.get("/data/figures.csv?forum=f00001").text.splitlines()
    whole = synthetic_client.get("/data/figures.csv")

    assert len(narrowed) > 50
    assert set(narrowed) <= set(whole.text.splitlines())
    assert 'rel="next"' not in whole.headers["Link"]
