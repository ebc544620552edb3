"""Propose a worksheet for a text: passages, figures with their hedges, known names, themes, days and stances.

No language model is needed: it looks for verbs, hedges and the labels of the graph. All statements are
proposals, marked `?`; a person accepts, corrects or deletes each.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from forumkg.mapping.clauses import ProposedPassage, cut
from forumkg.mapping.indicator_guess import IndicatorGuesser
from forumkg.mapping.known_things import KnownThings, label_patterns, labelled, without_labels
from forumkg.mapping.proposal_draft import ProposalDraft, bylines, language_of, names_of, supported
from forumkg.mapping.proposal_words import BE, HAVE, SIGNS, figure_sentence
from forumkg.mapping.speakers import FoundSpeaker, find_speaker
from forumkg.mapping.stances import stance_of
from forumkg.mapping.stubs import derived_thing
from forumkg.mapping.worksheet import (
    PLACEHOLDER,
    Acceptance,
    NewThing,
    SpeakerRef,
    TaggedText,
    Worksheet,
    WorksheetFact,
    WorksheetFigure,
    WorksheetPassage,
    WorksheetRole,
    WorksheetStatement,
)
from forumkg.texts.numbers import numbers
from forumkg.texts.reading import Text
from forumkg.texts.signs import has_han

__all__ = ["ArticleFacts", "Proposer"]

_BODY: Final = re.compile(
    r"(?:[A-Z][\w-]+ )+(?:(?:of|for|and|the) )*(?:[A-Z][\w-]+ )*?"
    r"(?:Institute|Association|University|Academy|Committee|Council|Center|Centre|Foundation|Federation|Alliance|"
    r"Commission|Society|Bureau|Ministry|Group)(?: (?:of|for)(?: (?:and|the|of|for))?(?: [A-Z][\w-]+)+)?"
)
_UNITS: Final = ((r"\s*(?:square\s+met(?:er|re)s?|平方米)", "m2"), (r"[\s-]*(?:days?\b|天)", "d"))
_ROLES: Final[tuple[tuple[str, str, str], ...]] = (
    (r"co-?host|联合主办|共同主办|协办", "cohost", "co-hosts"),
    (r"support(?:ed|ing|er)|支持单位|指导单位", "supporter", "supporters"),
    (r"\bhost|sponsor|主办", "host", "hosts"),
    (r"organi[sz]e|undertaken|承办", "organizer", "organizers"),
    (r"invit|邀请|应邀", "invitee", "invited guests"),
    (r"speech|keynote|address|致辞|演讲|发言", "speaker", "speakers"),
    (r"exhibit|参展|展出", "exhibitor", "exhibitors"),
    (r"attend|participat|take part|出席|参加|与会", "attendee", "attendees"),
)
_THEME: Final = re.compile(
    r"(?:themed?|theme of|主题)[^\"“‘「《.。]{0,60}?[\"“‘「《](?P<theme>[^\"”’」》]{3,78})[\"”’」》]"
)
_QUOTED_THEME: Final = re.compile(
    r"[\"“‘「《](?P<theme>[^\"”’」》]{3,78})[\"”’」》][^.。]{0,12}(?:为主题|as (?:its|the) theme)"
)
_FORUM: Final = re.compile(r"(?:Zhongguancun|ZGC) Forum|中关村论坛")
_QUOTED: Final = re.compile(r"[\"“‘「《][^\"”’」》]{3,78}[\"”’」》]")
_HELD: Final = re.compile(
    r"\b(?:held|take place|takes place|took place|open|opened|closed|kick|run)|举行|举办|召开|开幕|闭幕"
)
_DAYS: Final = re.compile(
    r"(?P<month>January|February|March|April|May|June|July|August|September|October|November|December)\s+"
    r"(?P<first>\d{1,2})(?:st|nd|rd|th)?\s*(?:to|-|–|and|through)\s*(?:(?P<other>[A-Z][a-z]+)\s+)?(?P<last>\d{1,2})(?:st|nd|rd|th)?"
    r"|(?P<month_zh>\d{1,2})月(?P<first_zh>\d{1,2})日?\s*(?:至|到|-|–|—)\s*(?:(?P<other_zh>\d{1,2})月)?(?P<last_zh>\d{1,2})日"
)
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September", "October"),
    *("November", "December"),
)


@dataclass(frozen=True, slots=True)
class ArticleFacts:
    """The facts about an article that its text need not have; empty where unknown."""

    publisher: str = ""
    carrier: str = ""
    issued: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class _Clause:
    """A passage with the sentence that it is in."""

    passage: ProposedPassage
    words: str
    sentence: str


class Proposer:
    """Proposes worksheets from what a graph knows.

    Args:
        known: the things of the graph and the vocabulary.
        guesser: guesses indicators.
    """

    def __init__(self, known: KnownThings, guesser: IndicatorGuesser) -> None:
        self._known = known
        self._guesser = guesser
        self._agents = label_patterns(known.of_kind("organization", "person", "post"))
        self._topics = label_patterns(known.of_kind("topic"))
        self._places = label_patterns(known.of_kind("place"))

    def propose(self, text: Text, facts: ArticleFacts) -> Worksheet:
        """Return the proposed worksheet of a text."""
        draft = ProposalDraft(_year(text.content, facts.issued), facts.issued, language_of(text.content))
        if facts.publisher and facts.publisher not in self._known:
            label = " ".join(map(_capital, facts.publisher.partition(":")[2].split("-")))
            draft.new[facts.publisher] = NewThing(facts.publisher, (TaggedText(label, "en"),))
        for clause in _clauses_of(text.content):
            if clause.passage.part == "body":
                stance = stance_of(clause.words, clause.sentence, default=draft.stance)
                # A present state does not continue in the sentences after it.
                draft.stance = draft.stance if stance == "ongoing" else stance
            speaker = self._speaker(clause, draft)
            found = () if clause.passage.omission else tuple(self._statements(clause, draft))
            if not found and draft.may_extend(clause.passage, clause.words):
                draft.extend(text.content, clause.passage)
                continue
            draft.add(
                clause.passage,
                WorksheetPassage(
                    words=" ".join(clause.words.split()),
                    part=clause.passage.part,
                    label=draft.labels.get(clause.passage.start),
                    omission=clause.passage.omission,
                    attests=clause.passage.part in ("byline", "dateline"),
                    statements=tuple(replace(one, speaker=speaker) for one in found),
                ),
            )
        meta = (*self._meta(text, facts, draft.year), *bylines(draft))
        passages = tuple(supported(one, draft) for one in draft.passages)
        return Worksheet(meta, passages, tuple(draft.roles.values()), tuple(draft.new.values()))

    def _speaker(self, clause: _Clause, draft: ProposalDraft) -> SpeakerRef | None:
        """Return who says the clause, and note the role, the person and the post that this needs."""
        found = find_speaker(clause.sentence, self._known)
        if found is None:
            return None
        if found.is_pronoun:
            return draft.speaker
        draft.speaker = self._new_speaker(found, clause, draft)
        return draft.speaker

    def _new_speaker(self, found: FoundSpeaker, clause: _Clause, draft: ProposalDraft) -> SpeakerRef:
        if found.is_organizers:
            return SpeakerRef(f"group:{draft.year}-organizers", is_role=False)
        slug = found.person.name.partition(":")[2] if found.person else draft.slug_of(found.name)
        person, day = f"person:{slug}", draft.issued or f"{draft.year}-01-01"
        if found.name in clause.words:
            draft.labels[clause.passage.start] = draft.label_of(slug)
        if not found.person:
            draft.new[person] = NewThing(person, names_of(found.name))
        if not found.printed_post:
            return SpeakerRef(person, is_role=False)
        post = found.post.name if found.post else f"post:post-of-{slug}"
        if not found.post:
            draft.new[post] = NewThing(
                post, names_of(found.printed_post), (), (("in", f"organization:{PLACEHOLDER}"),)
            )
        name = f"{slug}-{day}"
        label_of_passage = draft.label_of(slug)
        is_foreign = has_han(found.printed_post) and draft.language == "en"
        printed = TaggedText(found.printed_post, "zh" if is_foreign else "")
        draft.roles[name] = WorksheetRole(name, person, post, label_of_passage, printed)
        return SpeakerRef(name, is_role=True)

    def figures(self, words: str) -> Iterator[WorksheetFigure]:
        """Yield the figures that the numbers of a clause can be."""
        for number in numbers(words):
            if number.kind not in ("count", "share"):
                continue
            after = words[number.end :]
            unit = number.currency or next((unit for pattern, unit in _UNITS if re.match(pattern, after)), "")
            is_sure = number.is_hedged or not number.is_spelt
            indicator = self._guesser.guess(words[: number.start], after, is_sure=is_sure)
            if unit == "m2":
                indicator = "exhibition-area"
            elif unit == "d":
                indicator = "duration"
            elif number.currency:
                indicator = "fund-size"
            if not indicator:
                continue
            value, unit = (number.value.scaleb(2), "%") if number.kind == "share" else (number.value, unit)
            is_converted = number.comparators[:2] == ("exact", "about")
            sign = "~" if is_converted else SIGNS[number.comparators[0]]
            yield WorksheetFigure(indicator, sign, value, unit)

    def _meta(self, text: Text, facts: ArticleFacts, year: str) -> Iterator[tuple[str, str]]:
        publisher = self._known.get(facts.publisher)
        stem = facts.publisher.partition(":")[2] or "publisher"
        yield "article", f"{stem}-{facts.issued or year}"
        yield "text", text.name
        yield "about", f"edition:{year}"
        name = publisher.label() if publisher else " ".join(map(_capital, stem.split("-")))
        yield "label", f"{name}, {facts.issued or f'on the {year} forum'}"
        yield "publisher", facts.publisher or f"organization:{PLACEHOLDER}"
        yield "carrier", facts.carrier or facts.publisher or f"organization:{PLACEHOLDER}"
        language = language_of(text.content)
        yield "language", language
        yield "quality", "edited" if language == "en" else "original"
        if facts.issued:
            yield "issued", facts.issued
        yield "url", facts.url or "https://"

    def _statements(self, clause: _Clause, draft: ProposalDraft) -> Iterator[WorksheetStatement]:
        stance = stance_of(clause.words, clause.sentence, default=draft.stance)
        forum = f"The {draft.year} forum"
        yield from self._theme(clause.words, stance, draft)
        yield from self._days(clause.words, stance, draft.year)
        for figure, *others in _with_conversions(self.figures(clause.words)):
            thing = self._known.get(f"indicator:{figure.indicator}")
            paraphrase = figure_sentence(draft.year, stance, figure, thing.label() if thing else "things")
            yield _proposal(stance, paraphrase, figures=(figure, *others))
        yield from self._participants(clause, stance, draft)
        if clause.passage.part != "body":
            return
        words = without_labels(self._agents, _QUOTED.sub(" ", _FORUM.sub(" ", clause.words)))
        places = labelled(self._places, words) if _HELD.search(words) else []
        for thing in places:
            if draft.is_first(thing.name):
                held = f"{forum} {BE[stance]} held in {thing.label()}."
                yield _proposal(stance, held, facts=(WorksheetFact("place", thing.name),))
        for thing in labelled(self._topics, words):
            if draft.is_first(thing.name):
                paraphrase = f"{_capital(thing.label())} {BE[stance]} a topic of the {draft.year} forum."
                yield _proposal(stance, paraphrase, facts=(WorksheetFact("topic", thing.name),))

    def _participants(
        self, clause: _Clause, stance: str, draft: ProposalDraft
    ) -> Iterator[WorksheetStatement]:
        forum = f"The {draft.year} forum"
        own = _role(clause.words)
        key, nouns = own or _role(clause.sentence) or ("", "")
        if not key:
            return
        found = labelled(self._agents, clause.words)
        # A list of organizations continues in the next clause; a person there is the speaker.
        kinds = ("organization", "person") if own else ("organization",)
        agents = [(thing.name, thing.label()) for thing in found if thing.kind in kinds]
        known = {label.casefold() for _, label in agents}
        for match in _BODY.finditer(clause.words):
            label = match.group().removeprefix("The ").strip()
            if not any(label.casefold() in one or one in label.casefold() for one in known):
                name = f"organization:{re.sub(r'[^a-z0-9]+', '-', label.casefold()).strip('-')}"
                if name not in self._known:
                    draft.new[name] = NewThing(name, (TaggedText(label, "en"),))
                agents.append((name, label))
        for name, label in agents:
            the = "the " if name.startswith("organization:") else ""
            paraphrase = f"Among the {nouns} of t{forum[1:]} {BE[stance]} {the}{label}."
            yield _proposal(stance, paraphrase, facts=(WorksheetFact(key, name),))

    def _theme(self, words: str, stance: str, draft: ProposalDraft) -> Iterator[WorksheetStatement]:
        match = _THEME.search(words) or _QUOTED_THEME.search(words)
        if match is None:
            return
        printed = match["theme"].rstrip(" ,.，。")
        name = f"theme:{draft.year}-annual"
        themes = self._known.of_kind("theme")
        alike = [one for one in themes if printed.casefold() in {text.casefold() for text, _ in one.labels}]
        thing = alike[0] if alike else self._known.get(name)
        if thing is None:
            draft.new[name] = NewThing(name, names_of(printed))
        yield WorksheetStatement(
            Acceptance.PROPOSED,
            stance,
            f"The {draft.year} forum {HAVE[stance]} a theme: '{thing.label() if thing else printed}'.",
            facts=(WorksheetFact("theme", thing.name if thing else name),),
            wordings=(TaggedText(printed, "zh" if has_han(printed) and draft.language == "en" else ""),),
        )

    def _days(self, words: str, stance: str, year: str) -> Iterator[WorksheetStatement]:
        match = _DAYS.search(words)
        if match is None:
            return
        if match["month"]:
            first_month = _MONTHS.index(match["month"]) + 1
            last_month = _MONTHS.index(match["other"]) + 1 if match["other"] in _MONTHS else first_month
            first, last = match["first"], match["last"]
        else:
            first_month = int(match["month_zh"])
            last_month = int(match["other_zh"] or first_month)
            first, last = match["first_zh"], match["last_zh"]
        name = f"period:{year}-{first_month:02}-{int(first):02}--{year}-{last_month:02}-{int(last):02}"
        period = derived_thing(name, self._known)
        if period and period.labels:
            lasts = {"planned": "is to last", "ongoing": "lasts", "accomplished": "lasted"}[stance]
            paraphrase = f"The {year} forum {lasts} from {period.labels[0].text}."
            yield _proposal(stance, paraphrase, facts=(WorksheetFact("period", name),))


def _with_conversions(figures: Iterable[WorksheetFigure]) -> Iterator[list[WorksheetFigure]]:
    """Yield each figure with the sums after it that are conversions of it."""
    group: list[WorksheetFigure] = []
    for figure in figures:
        is_converted = figure.operator == "~" and figure.indicator == "fund-size"
        if group and is_converted and group[-1].indicator == "fund-size":
            group.append(figure)
            continue
        if group:
            yield group
        group = [figure]
    if group:
        yield group


def _role(words: str) -> tuple[str, str] | None:
    """Return the key of the role that words give to someone, and its name."""
    return next(
        ((key, nouns) for pattern, key, nouns in _ROLES if re.search(pattern, words, re.IGNORECASE)), None
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _proposal(
    stance: str,
    paraphrase: str,
    facts: tuple[WorksheetFact, ...] = (),
    figures: tuple[WorksheetFigure, ...] = (),
) -> WorksheetStatement:
    return WorksheetStatement(Acceptance.PROPOSED, stance, paraphrase, facts=facts, figures=figures)


def _clauses_of(content: str) -> tuple[_Clause, ...]:
    passages = cut(content)
    sentences: dict[int, str] = {}
    for one in passages:
        sentences[one.sentence] = f"{sentences.get(one.sentence, '')} {content[one.start : one.end]}"
    return tuple(_Clause(one, content[one.start : one.end], sentences[one.sentence]) for one in passages)


def _year(content: str, issued: str) -> str:
    """Return the year of the edition: the one printed with the forum's name, else the one of the article."""
    match = re.search(r"(20\d\d)\s*(?:年)?\s*(?:Zhongguancun|ZGC|中关村)", content)
    return match[1] if match else issued[:4] or "YEAR"
