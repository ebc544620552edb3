"""Long pages list their sections."""

from markupsafe import Markup

from forumkg.pages.contents import ContentsSection, sections, split_lead

FOUR = "".join(f'<section aria-labelledby="s{n}"><h2 id="s{n}">Part {n}</h2></section>' for n in range(4))


def test_sections_of_a_long_page() -> None:
    """Titles come without counts, badges and names in another language, and with their entities."""
    title = '<a href="/x">Who &amp; what</a> <span class="count">12</span> <span lang="zh">谁</span>'
    heading = f'<h2 id="who">{title}</h2>'

    assert sections(FOUR + heading)[-1] == ContentsSection("who", Markup("Who &amp; what"))
    assert [section.id for section in sections(FOUR)] == ["s0", "s1", "s2", "s3"]


def test_no_list_for_few_or_too_many_sections() -> None:
    """A short page and one with very many sections get none."""
    many = "".join(f'<h2 id="s{n}">Part {n}</h2>' for n in range(31))

    assert sections('<h2 id="a">A</h2><h2>B</h2>') == ()
    assert sections(many) == ()


def test_lead_ends_before_the_first_section() -> None:
    """The list stands between the lead of a page and its first section."""
    assert split_lead(f"<h1>A</h1>{FOUR}") == ("<h1>A</h1>", FOUR)
    assert split_lead("<h1>A</h1>") == ("<h1>A</h1>", "")
