"""Render Markdown documents of the package as HTML, with links that work on the site.

https://spec.commonmark.org/ with tables, by markdown-it-py; HTML inside a document is shown as text, and its
comments are left out.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count, pairwise
from typing import TYPE_CHECKING, Final

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

__all__ = ["MarkdownPage", "render", "title_of"]

_SLUG: Final = re.compile(r"[^\w]+")
_COMMENT: Final = re.compile(r"<!--.*?-->", re.DOTALL)
# Behind which signs a long name may be broken, such as that of a file.
_JOINTS: Final = re.compile(r"(::|[_/])(?=.)")
_BREAK: Final = r"\1<wbr>"
_LONG: Final = 20
# What begins with a sign behind which browsers would break a line: an option, a variable, a parameter.
_SIGNED: Final = re.compile(r"(?<!\S)(?:--?|\?)\w[\w-]*")
_UNBROKEN: Final = r'<span class="unbroken">\g<0></span>'
_SCROLLS: Final = '<div class="scroll" tabindex="0" role="region" aria-label="{}">'


@dataclass(frozen=True, slots=True)
class MarkdownPage:
    """A rendered document.

    Attributes:
        title: its first heading.
        body: all that follows the title.
    """

    title: str
    body: Markup


def render(text: str, resolve: Callable[[str], str]) -> MarkdownPage:
    """Return a document as HTML.

    Args:
        text: in Markdown.
        resolve: returns the address of a relative link, without its fragment; nothing where no link may lead.
    """
    tokens = _parser().parse(text)
    title = _text(tokens[1]) if tokens and tokens[0].tag == "h1" else ""
    body = tokens[3:] if title else tokens
    _identify(body)
    for token in body:
        if token.type == "fence":
            # The examples of Python end with an empty line, for doctest.
            token.content = token.content.rstrip("\n") + "\n"
        # The policy of the site allows no style in an element.
        if token.attrs.pop("style", "") == "text-align:right":
            token.attrSet("class", "number")
        for child in token.children or ():
            if child.type == "link_open":
                _resolve(child, resolve)
    return MarkdownPage(title, _html(body))


@cache
def title_of(text: str) -> str:
    """Return the first heading of a document."""
    # Of all documents, the index needs no more than this line.
    heading = next((line for line in text.splitlines() if line.startswith("# ")), "")
    return render(heading, lambda target: target).title


@cache
def _parser() -> "MarkdownIt":
    # A start of the server need not wait for it.
    from markdown_it import MarkdownIt  # noqa: PLC0415

    parser = MarkdownIt("commonmark", {"typographer": True}).enable(["table", "smartquotes"])
    for kind in ("html_block", "html_inline"):
        parser.add_render_rule(kind, _html_as_text)
    parser.add_render_rule("code_inline", _code)
    return parser


def _html_as_text(_: object, tokens: "Sequence[Token]", index: int, *_rest: object) -> str:
    return escape(_COMMENT.sub("", tokens[index].content))


def _code(_: object, tokens: "Sequence[Token]", index: int, *_rest: object) -> str:
    content = tokens[index].content
    code = str(escape(content))
    if len(content) > _LONG and " " not in content:
        code = _JOINTS.sub(_BREAK, code)
    else:
        code = _SIGNED.sub(_UNBROKEN, code)
    # The tests of a promise are a list without marks, one to a line.
    return f'<code class="test">{code}</code>' if ".py::" in content else f"<code>{code}</code>"


def _text(token: "Token") -> str:
    return "".join(child.content for child in token.children or () if child.type in {"text", "code_inline"})


def _identify(tokens: "Sequence[Token]") -> None:
    """Give each heading an id, as GitHub does."""
    found: list[str] = []
    for opening, inline in pairwise(tokens):
        if opening.type != "heading_open":
            continue
        slug = _SLUG.sub("-", _text(inline).casefold()).strip("-")
        used = sum(each == slug or each.rpartition("-")[0] == slug for each in found)
        slug = f"{slug}-{used}" if used else slug
        opening.attrSet("id", slug)
        found.append(slug)


def _resolve(link: "Token", resolve: Callable[[str], str]) -> None:
    target = str(link.attrGet("href") or "")
    path, mark, fragment = target.partition("#")
    if path and "://" not in path:
        link.attrSet("href", f"{resolve(path)}{mark}{fragment}")


def _html(tokens: "Sequence[Token]") -> Markup:
    """Return HTML in which wide tables and code scroll by themselves, by keyboard too."""
    parser = _parser()
    html = parser.renderer.render(list(tokens), parser.options, {})
    # A cell above the names of rows heads nothing.
    html = html.replace("<th></th>", "<td></td>").replace("</table>", "</table></div>")
    tables, codes = count(1), count(1)
    html = re.sub("<table>", lambda _: f"{_SCROLLS.format(f'Table {next(tables)}')}<table>", html)
    html = re.sub(
        "<pre>(?=<code)", lambda _: f'<pre tabindex="0" role="region" aria-label="Code {next(codes)}">', html
    )
    return Markup(html)  # noqa: S704 (the renderer has escaped what the document says)
