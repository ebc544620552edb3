"""A feed as Atom and as JSON Feed.

https://www.rfc-editor.org/rfc/rfc4287 and https://www.jsonfeed.org/version/1.1/
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from xml.etree import ElementTree as ET

__all__ = ["Entry", "Feed", "atom", "json_feed"]

_ATOM: Final = "http://www.w3.org/2005/Atom"
# XML 1.0 cannot write these: https://www.w3.org/TR/xml/#charsets
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a feed.

    Attributes:
        iri: names it for ever.
        address: of its page.
        title: what is stated, or that statements disagree.
        text: the citation, or those of both sides.
        author: the publisher of the article.
        published: the day on which the article was published; None where it is unknown.
    """

    iri: str
    address: str
    title: str
    text: str
    author: str
    published: date | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed.

    Attributes:
        title: of the feed.
        subtitle: what it has, and in which order.
        home: the address of the site.
        address: of the feed itself.
        updated: the time at which the served version was built, in RFC 3339.
        entries: the disagreements, then the statements of the newest articles.
    """

    title: str
    subtitle: str
    home: str
    address: str
    updated: str
    entries: Sequence[Entry]


def atom(feed: Feed) -> bytes:
    """Return a feed in Atom."""
    root = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": "en"})
    _text(root, "id", feed.address)
    _text(root, "title", feed.title)
    _text(root, "subtitle", feed.subtitle)
    _text(root, "updated", feed.updated)
    ET.SubElement(root, "link", {"rel": "self", "type": "application/atom+xml", "href": feed.address})
    ET.SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": feed.home})
    for each in feed.entries:
        entry = ET.SubElement(root, "entry")
        _text(entry, "id", each.iri)
        _text(entry, "title", each.title)
        _text(entry, "updated", feed.updated)
        if each.published:
            _text(entry, "published", f"{each.published.isoformat()}T00:00:00Z")
        _text(ET.SubElement(entry, "author"), "name", each.author)
        ET.SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": each.address})
        _text(entry, "summary", each.text)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def json_feed(feed: Feed) -> bytes:
    """Return a feed in JSON Feed."""
    document: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.subtitle,
        "home_page_url": feed.home,
        "feed_url": feed.address,
        "language": "en",
        "items": [
            {
                "id": each.iri,
                "url": each.address,
                "title": each.title,
                "content_text": each.text,
                "authors": [{"name": each.author}],
                "date_modified": feed.updated,
                **({"date_published": f"{each.published.isoformat()}T00:00:00Z"} if each.published else {}),
            }
            for each in feed.entries
        ],
    }
    return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode(errors="replace")


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = _NOT_XML.sub("\ufffd", text)
