"""Findings of shapes in Chinese, by the messages that the catalogue has."""

import pytest
from flask.testing import FlaskClient
from messages import extracted
from shipped import shipped_store

from forumkg.pages.graph import StoreGraph
from forumkg.pages.validate.shape_messages import read_shape_messages, translated
from forumkg.validation.findings import Finding

POINTS = (
    "{?path} points to {?object}, which is not described: correct the IRI, or describe the thing with a "
    "class and a skos:prefLabel."
)
STANCE = (
    "This statement does not have exactly one stance: write one zgc:hasStance with a code of scheme:stance."
)


def finding(message: str, advice: str) -> Finding:
    """Return a finding of a shape."""
    rule = "undeclared-term" if "declared" in message else "urn:shape"
    return Finding("violation", "a.ttl", 1, "urn:a", rule, message, advice)


@pytest.mark.parametrize(
    ("written", "message", "advice", "said"),
    [
        (
            POINTS,
            "zgc:isAbout points to edition:2031, which is not described. Found: edition:2031.",
            "Correct the IRI, or describe the thing with a class and a skos:prefLabel.",
            (
                "zgc:isAbout 指向 edition:2031，而后者没有描述。现值为 edition:2031。",
                "改正 IRI，或为该事物写上类和 skos:prefLabel。",
            ),
        ),
        (
            STANCE,
            "This statement does not have exactly one stance.",
            "Write one zgc:hasStance with a code of scheme:stance. Its codes are code:a, code:b.",
            (
                "这条陈述的状态不是恰好一个。",
                "写一个 zgc:hasStance，值为 scheme:stance 中的代码。可用的代码有 code:a、code:b。",
            ),
        ),
        (
            "",
            "zgc:hasStanze is not declared by its vocabulary.",
            "Use a term that it declares: did you mean zgc:hasStance?",
            ("zgc:hasStanze 未在其词汇表中声明。", "请使用已声明的术语：是不是想写 zgc:hasStance？"),
        ),
        (STANCE, "This is of another shape.", "Write something.", None),
        ("Not of the package: at all.", "Not of the package.", "At all.", None),
    ],
    ids=["values", "codes", "check", "other-message", "own-shape"],
)
def test_translated(
    shipped_client: FlaskClient, written: str, message: str, advice: str, said: tuple[str, str] | None
) -> None:
    """The values of the finding stand in the translation; a message without one is left as it is."""
    with shipped_client.application.test_request_context(environ_overrides={"forumkg.language": "zh"}):
        shown = translated(finding(message, advice), {"urn:shape": (written,)})

    assert (shown and (shown.message, shown.advice)) == said
    assert not written or written.startswith("Not of") or written in {message.id for message in extracted()}


def test_read_shape_messages() -> None:
    """The messages of all shapes of the package are in the catalogue."""
    found = read_shape_messages(StoreGraph(shipped_store()))

    assert len(found) > 150
    assert {each for some in found.values() for each in some} <= {message.id for message in extracted()}
