"""Copied runs: eight words or fifteen Chinese characters that stand in another text, too."""

from hypothesis import given
from hypothesis import strategies as st

from forumkg.texts.copying import COPIED_SIGNS, COPIED_WORDS, Original, copied_run

ENGLISH = "On Monday a grey heron stood by the old canal and watched the slow boats go by."
CHINESE = "星期一，一只灰鹭站在旧运河边，看着缓慢的小船一只一只地驶过，直到傍晚。"


def copied(content: str, original: str) -> tuple[str, str] | None:
    """Return the run that is copied, as it stands in both texts."""
    found = copied_run(content, Original(original))
    if found is None:
        return None
    (start, end), (there, until) = found
    return content[start:end], original[there:until]


def test_copied_run_of_eight_words() -> None:
    """Eight words in a row are a copy, whatever case and punctuation they have; seven are not."""
    assert copied("Then A GREY HERON, stood; by the old canal.", ENGLISH) == (
        "A GREY HERON, stood; by the old canal",
        "a grey heron stood by the old canal",
    )
    assert copied("Then grey herons stood by the old canal and watched.", ENGLISH) is None


def test_copied_run_of_fifteen_characters() -> None:
    """Fifteen Chinese characters in a row are a copy, fourteen are not."""
    assert copied("有一只灰鹭站在旧运河边看着缓慢的！", CHINESE) == (
        "一只灰鹭站在旧运河边看着缓慢的",
        "一只灰鹭站在旧运河边，看着缓慢的",
    )
    assert copied("只灰鹭站在旧运河边看着缓慢的", CHINESE) is None


def test_copied_run_of_the_longest() -> None:
    """Of several runs the longest is reported."""
    run = copied(
        "a grey heron stood by the old canal; by the old canal and watched the slow boats go", ENGLISH
    )

    assert run == (
        "by the old canal and watched the slow boats go",
        "by the old canal and watched the slow boats go",
    )


WORDS = st.lists(st.sampled_from(["a", "b", "c", "中", "关"]), max_size=24)


@given(WORDS, WORDS)
def test_copied_run_is_in_both_texts(one: list[str], other: list[str]) -> None:
    """A reported run stands in both and is long enough; none is longer."""

    def length(run: list[str]) -> int:
        return sum(COPIED_WORDS if sign in "中关" else COPIED_SIGNS for sign in run)

    runs = [one[i:j] for i in range(len(one)) for j in range(i + 1, len(one) + 1)]
    shared = [run for run in runs if any(other[k : k + len(run)] == run for k in range(len(other)))]
    longest = max(map(length, shared), default=0)
    found = copied(" ".join(one), " ".join(other))

    assert (found is not None) == (longest >= COPIED_WORDS * COPIED_SIGNS)
    if found is not None:
        assert found[0] == found[1]
        assert length(found[0].split()) == longest
