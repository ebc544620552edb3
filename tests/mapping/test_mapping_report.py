"""The preview of a worksheet that has offsets and digests in place of the words of the text."""

import json

import worksheets

from forumkg.mapping.mapped import MappingDataset
from forumkg.mapping.mapping_report import MAX_PROBLEMS, preview_document
from forumkg.mapping.parser import parse_worksheet
from forumkg.mapping.placing import place_passages, without_words
from forumkg.mapping.writer import write_worksheet
from forumkg.texts.reading import read_text


def test_preview_without_words_has_counts_effects_and_new_things() -> None:
    """The worksheet of the walk-through is previewed without its text, in a document that JSON can hold."""
    content = (worksheets.WALKTHROUGH / "haidian-weekly-2024-04-30.map").read_text(encoding="utf-8")
    worksheet, _ = parse_worksheet(content)
    placed, _ = place_passages(worksheet, read_text(worksheets.WALKTHROUGH / "haidian-weekly.txt"))
    dataset = MappingDataset.read()

    found = preview_document(write_worksheet(without_words(worksheet, placed)), dataset)
    unplaced = preview_document(content, dataset)

    assert json.loads(json.dumps(found)) == found
    assert (found["conforms"], found["problems"]) == (True, [])
    assert found["counts"]["statements"] == 21
    assert [effect["other"] for effect in found["effects"] if effect["relation"] == "contradicts"] == [
        "china-daily-2024-04-25/14"
    ]
    assert found["derived"] == [{"name": "edition:2025", "label": "2025 Zhongguancun Forum"}]
    assert unplaced["conforms"] is False
    assert unplaced["problems"][0]["message"] == "The worksheet has neither a text nor its length and digest."


def test_preview_of_more_problems_than_are_listed() -> None:
    """A worksheet with very many problems has the number of all, and the first of them."""
    found = preview_document("nothing\n" * 2000, MappingDataset.read())
    first, *listed = found["problems"]

    assert first["message"].endswith("problems, of which these are the first 1,000.")
    assert len(listed) == MAX_PROBLEMS
    assert [problem["line"] for problem in listed if problem["line"]] == sorted(
        problem["line"] for problem in listed if problem["line"]
    )
