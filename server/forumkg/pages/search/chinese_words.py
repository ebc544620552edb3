"""Everyday words of Chinese queries: how a run of characters is divided, and what the texts call the same."""

import re
from typing import Final

__all__ = ["STOP_WORDS", "SYNONYMS", "chinese_words_in"]

# Particles, measure words and words of questions, which say nothing of what is looked for.
STOP_WORDS: Final = frozenset(
    "的 了 是 在 有 和 与 由 被 把 对 从 吗 呢 各 个 家 名 场 年 届 月 日 第 每 每届 各届 历届 关于 "  # noqa: SIM905 (words are read more easily than literals)
    "谁 哪 哪里 哪儿 哪些 哪个 哪几 哪几届 哪年 哪一年 哪家 哪几家 什么 什么时候 何时 为什么 怎么 怎样 如何 "
    "说 说了 说了什么 说过什么 怎么说".split()
)
# What readers say, and what the texts say. A word without others divides a run, too.
_HOST: Final = ("主办",)
_EXHIBITOR: Final = ("参展",)
_COUNTRY: Final = ("国家",)
_PARTICIPANT: Final = ("人参加",)
_HOW_MANY: Final = ("多少",)
_CONFLICT: Final = ("不同", "矛盾")
_FOUNDING: Final = ("创办",)
SYNONYMS: Final = {
    "主办": (),
    "主办单位": _HOST,
    "主办方": _HOST,
    "主办者": _HOST,
    "举办单位": _HOST,
    "举办方": _HOST,
    "参展商": _EXHIBITOR,
    "参展企业": _EXHIBITOR,
    "参展单位": _EXHIBITOR,
    "展商": _EXHIBITOR,
    "国家": (),
    "与会国家": _COUNTRY,
    "参会国家": _COUNTRY,
    "参加国家": _COUNTRY,
    "多少": (),
    "多少个": _HOW_MANY,
    "多少家": _HOW_MANY,
    "几个": _HOW_MANY,
    "几家": _HOW_MANY,
    "多少人": _PARTICIPANT,
    "参会人数": _PARTICIPANT,
    "与会人数": _PARTICIPANT,
    "参加人数": _PARTICIPANT,
    "争议": _CONFLICT,
    "有争议": _CONFLICT,
    "分歧": _CONFLICT,
    "数字": (),
    "数据": ("数字",),
    "主题": (),
    "口号": ("主题",),
    "地点": ("在哪里", "举行"),
    "举办地": ("在哪里", "举行"),
    "举办": ("举行",),
    "举行": (),
    "创办": (),
    "创立": _FOUNDING,
    "成立": _FOUNDING,
    "时间": (),
    "论坛": (),
    "基金": (),
    "成果": (),
    "活动": (),
    "文章": (),
}
# The longest first.
_KNOWN: Final = re.compile(
    f"({'|'.join(sorted({*STOP_WORDS, *SYNONYMS}, key=lambda word: (-len(word), word)))})"
)


def chinese_words_in(run: str) -> tuple[str, ...]:
    """Return the words of a run of Chinese characters, without stop words; of only stop words, the run.

    `谁主办了论坛` is `主办` and `论坛`. What lies between known words is one word.
    """
    words = dict.fromkeys(filter(None, _KNOWN.split(run)))
    return tuple(word for word in words if word not in STOP_WORDS) or (run,)
