"""Names of terms in sentences, in English and in Chinese."""

import pytest

from forumkg.pages.code_pieces import coded
from forumkg.pages.translated_text import TranslatedText


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Write one zgc:year, such as 2021.", "Write one <code>zgc:year</code>, such as 2021."),
        ("{?path} is <b>: run `x -y`.", "<code>{?path}</code> is &lt;b&gt;: run <code>x -y</code>."),
        ("写 zgc:Person、zgc:Group的。", "写 <code>zgc:Person</code>、<code>zgc:Group</code>的。"),
        ('形如 "2021-09-15"^^xsd:date。', "形如 <code>&#34;2021-09-15&#34;^^xsd:date</code>。"),
        (TranslatedText("The zgc:unit.", "zh"), '<span lang="zh">The <code>zgc:unit</code>.</span>'),
    ],
    ids=["name", "variable", "chinese", "literal", "tagged"],
)  # fmt: skip
def test_coded(text: str, written: str) -> None:
    """Names are code wherever they stand, all else is text, and the whole has its language."""
    assert coded(text) == written
