"""Citations: a sentence to paste, and the same in BibTeX, RIS and CSL-JSON.

A citation of a statement gives our paraphrase and is marked so: it is never a sentence of the article.

https://www.bibtex.org/Format/, https://en.wikipedia.org/wiki/RIS_(file_format) and
https://docs.citationstyles.org/en/stable/specification.html
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from types import MappingProxyType
from typing import Any, Final

from forumkg.formats import Format
from forumkg.pages.chinese_citation import chinese_in_text, chinese_reference, chinese_title
from forumkg.pages.languages import DEFAULT, language
from forumkg.pages.stances import stance_of
from forumkg.pages.statements import CitedPassage, Statement
from forumkg.pages.translated_text import TranslatedText

__all__ = [
    "CITATION_FILE",
    "CITATION_FORMATS",
    "SITE",
    "Citation",
    "CitedKind",
    "bibtex",
    "csl_json",
    "key_of",
    "ris",
    "sentence",
    "statement_citation",
]

SITE: Final = "Zhongguancun Forum graph"


class CitedKind(Enum):
    """What is cited."""

    STATEMENT = "statement"
    ARTICLE = "article"
    DATASET = "dataset"
    PAGE = "page"


# How many differing statements a sentence names.
_RIVALS: Final = 2
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s+")
# The types in CSL and in RIS.
_CSL: Final = {CitedKind.ARTICLE: "article-newspaper", CitedKind.DATASET: "dataset"}
_RIS: Final = {CitedKind.ARTICLE: "NEWS", CitedKind.DATASET: "DATA"}


@dataclass(frozen=True, slots=True)
class Citation:
    """What a citation states.

    Attributes:
        kind: what is cited.
        key: names it in a bibliography: letters, digits and hyphens.
        title: of an article or a page; of a statement the paraphrase, marked as one, and after it what
            the curators judge.
        author: who says or makes it.
        url: the address on this server, or of the article.
        issued: the day of publication; None where it is unknown.
        container: what it is a part of.
        passage: where in the article it is, in words.
        place: how far down the text the first passage lies, in the language of the page.
        note: what a reader must know: who says it, whether it is planned, who carried the text.
        version: of the dataset.
        in_text: sentences for running text; empty where there is only the reference.
        original: the address of the article that a statement is from; empty where it is unknown.
        reference: the full reference in the language of the page; empty where it is in English alone.
    """

    kind: CitedKind
    key: str
    title: str
    author: str
    url: str
    issued: date | None = None
    container: str = ""
    passage: str = ""
    place: str = ""
    note: str = ""
    version: str = ""
    in_text: str = ""
    original: str = ""
    reference: str = ""


def statement_citation(
    statement: Statement, url: str, version: str, rivals: Sequence[Statement] = ()
) -> Citation:
    """Return the citation of a statement.

    Args:
        statement: what is cited.
        url: the address of its page.
        version: of the dataset.
        rivals: the statements that it differs from.
    """
    carriers = ", ".join(statement.republishers)
    speakers = ", ".join(speaker.name for speaker in statement.speakers)
    notes = (
        f"said by {speakers}" if speakers else "",
        statement.english_stance,
        f"carried by {carriers}" if carriers else "",
    )
    judgement = statement.english_judgement
    judged = f" [{judgement} by the curators of the graph]" if judgement else ""
    return Citation(
        kind=CitedKind.STATEMENT,
        key=key_of(statement.iri),
        title=TranslatedText(
            f"{_says(statement)} [paraphrase]{judged}",
            DEFAULT,
            chinese_title(statement) if language() == "zh" else "",
        ),
        author=statement.publisher_name or statement.article_name,
        url=url,
        issued=statement.issued,
        container=SITE,
        passage="; ".join(map(_span, statement.passages)),
        place=statement.passages[0].share if statement.passages else "",
        note="; ".join(filter(None, notes)),
        version=version,
        in_text=TranslatedText(
            _in_text(statement, url, version, rivals),
            DEFAULT,
            chinese_in_text(statement, url, version, rivals) if language() == "zh" else "",
        ),
        original=statement.url,
        reference=chinese_reference(statement, url, version) if language() == "zh" else "",
    )


def _in_text(statement: Statement, url: str, version: str, rivals: Sequence[Statement]) -> str:
    """Return sentences for running text: who published what, who paraphrases it, and what speaks against it.

    What the curators judge is a sentence of its own, which names them: the publisher did not say it.
    """
    publisher = statement.publisher_name or statement.article_name
    carriers = ", ".join(statement.republishers)
    speakers = ", ".join(speaker.name for speaker in statement.speakers)
    source = (
        f"According to {publisher} ({_day(statement.issued)})",
        f"as carried by {carriers}" if carriers else "",
        f"citing {speakers}" if speakers else "",
    )
    how = (
        stance_of(statement.stance).cited,
        f"paraphrased by the {SITE}, version {version.partition(' ')[0]}, {url}",
    )
    said = f"{', '.join(filter(None, source))}: {_says(statement)} ({'; '.join(filter(None, how))})."
    return " ".join(filter(None, (said, _judged(statement), _differing(statement, rivals))))


def _judged(statement: Statement) -> str:
    """Return the sentence that says what the curators judge, and why; empty where they judge nothing."""
    if not statement.english_judgement:
        return ""
    judgement = "wrong" if statement.disputed else "impossible"
    reason = next((f": {_first_sentence(note)}" for note in statement.notes), "")
    return f"The curators of this graph hold this to be {judgement}{reason.rstrip('.')}."


def _differing(statement: Statement, rivals: Sequence[Statement]) -> str:
    """Return the sentence that names what other statements say instead; empty without any."""
    if not rivals:
        return ""
    named = "; ".join(_rival(statement, each) for each in rivals[:_RIVALS])
    more = f"; and {len(rivals) - _RIVALS} more" if len(rivals) > _RIVALS else ""
    differing = "Another statement differs" if len(rivals) == 1 else "Other statements differ"
    return f"{differing}: {named}{more}."


def _rival(statement: Statement, rival: Statement) -> str:
    publisher = rival.publisher_name or rival.article_name
    source = "the same article" if rival.article == statement.article else publisher
    parts = ", ".join(dict.fromkeys(each.part for each in rival.passages if each.part))
    judgement = rival.english_judgement
    how = (
        source,
        "" if rival.article == statement.article else _day(rival.issued),
        parts,
        stance_of(rival.stance).cited,
        f"{judgement} by the curators" if judgement else "",
    )
    return f"{_says(rival)} ({', '.join(filter(None, how))})"


def _says(statement: Statement) -> str:
    """Return the paraphrase in English, without its full stop."""
    return str(statement.says).rstrip(".")


def _first_sentence(text: str) -> str:
    """Return what stands before the first full stop that a space follows."""
    return _SENTENCE_END.split(str(text), maxsplit=1)[0]


def key_of(iri: str) -> str:
    """Return the key of a thing in a bibliography, such as `statement-china-daily-2021-8`."""
    return "-".join(re.findall(r"[A-Za-z0-9]+", re.sub(r"^.*?/zgc-forum/(?:id/)?", "", iri))) or "graph"


def sentence(citation: Citation) -> str:
    """Return a citation as text that can be pasted."""
    source = ", ".join(filter(None, (_day(citation.issued), citation.passage)))
    note = f" [{citation.note}]" if citation.note else ""
    work = ", ".join(
        filter(
            None,
            (
                citation.container if citation.container not in {citation.author, ""} else "",
                f"version {citation.version}" if citation.version else "",
            ),
        )
    )
    author = citation.author[:1].upper() + citation.author[1:]
    work = work[:1].upper() + work[1:]
    parts = (f"{author} ({source}): {citation.title}{note}", work, citation.url)
    return ". ".join(filter(None, parts))


def bibtex(citation: Citation) -> str:
    """Return a citation in BibTeX."""
    issued = citation.issued
    fields = {
        "author": f"{{{_tex(citation.author)}}}",
        "title": f"{{{_tex(citation.title)}}}",
        "year": str(issued.year) if issued else "",
        "month": str(issued.month) if issued else "",
        "date": issued.isoformat() if issued else "",
        "howpublished": _tex(citation.container),
        "note": _tex("; ".join(filter(None, (citation.passage, citation.note)))),
        "version": _tex(citation.version),
        "url": _url(citation.url),
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@misc{{{citation.key},\n{lines}\n}}\n"


def ris(citation: Citation) -> str:
    """Return a citation in RIS."""
    issued = citation.issued
    tags = (
        ("TY", _RIS.get(citation.kind, "ELEC")),
        ("ID", citation.key),
        ("AU", citation.author),
        ("TI", citation.title),
        ("T2", citation.container),
        ("PY", str(issued.year) if issued else ""),
        ("DA", f"{issued:%Y/%m/%d}" if issued else ""),
        ("ET", citation.version),
        ("SP", citation.passage),
        ("N1", citation.note),
        ("UR", citation.url),
    )
    lines = [f"{tag}  - {_line(value)}\r\n" for tag, value in tags if value]
    return "".join([*lines, "ER  - \r\n"])


def csl_json(citation: Citation) -> str:
    """Return a citation in CSL-JSON: a list of one item."""
    issued = citation.issued
    item: dict[str, Any] = {
        "id": citation.key,
        "type": _CSL.get(citation.kind, "webpage"),
        "title": citation.title,
        "author": [{"literal": citation.author}],
        "container-title": citation.container,
        "issued": {"date-parts": [[issued.year, issued.month, issued.day]]} if issued else None,
        "version": citation.version,
        "section": citation.passage,
        "note": citation.note,
        "URL": citation.url,
    }
    kept = {name: value for name, value in item.items() if value}
    return json.dumps([kept], indent=2, ensure_ascii=False) + "\n"


# The files that a citation is sent as, by their endings: the page, the addresses and OpenAPI read this.
CITATION_FORMATS: Final[Mapping[str, tuple[Format, Callable[[Citation], str]]]] = MappingProxyType(
    {
        "bib": (Format("bibtex", "BibTeX", "application/x-bibtex", "bib"), bibtex),
        "ris": (Format("ris", "RIS", "application/x-research-info-systems", "ris"), ris),
        "json": (Format("csl", "CSL-JSON", "application/vnd.citationstyles.csl+json", "json"), csl_json),
    }
)
# The route of these files.
CITATION_FILE: Final = f"/cite.<any({', '.join(CITATION_FORMATS)}):ending>"


def _day(day: date | None) -> str:
    return f"{day.day} {day:%B} {day.year}" if day else "undated"


def _span(passage: CitedPassage) -> str:
    place = f"characters {passage.start:,} to {passage.end:,}"
    return f"{passage.part}, {place}" if passage.part else place


def _line(text: str) -> str:
    return " ".join(text.split())


_TEX: Final = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "&": r"\&",
        "%": r"\%",
        "$": r"\$",
        "#": r"\#",
        "_": r"\_",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)


def _tex(text: str) -> str:
    return _line(text).translate(_TEX)


def _url(url: str) -> str:
    # In an address a brace would end the field; the other characters stand for themselves.
    return url.replace("{", "%7B").replace("}", "%7D")
