"""Pages that are not about one thing of the graph: their titles, and words by which readers look for them.

The site map, the search and /cite read this list.
"""

from dataclasses import dataclass
from typing import Final

from forumkg import resources
from forumkg.pages.graph import Graph
from forumkg.pages.indicators import indicator_iri
from forumkg.pages.languages import DEFAULT, N_, gettext, language
from forumkg.pages.names import names_of
from forumkg.pages.question_index import read_questions
from forumkg.pages.translated_text import TranslatedText, capitalized, literal, plain

__all__ = ["SITE_PAGES", "SitePage", "title_of_page"]


@dataclass(frozen=True, slots=True)
class SitePage:
    """A page with one address.

    Attributes:
        path: its path.
        title: in English, as the page has it; a message of the catalogue.
        keywords: words of readers that are not in the title, in English and Chinese.
    """

    path: str
    title: str
    keywords: str = ""


SITE_PAGES: Final = (
    SitePage("/compare", N_("Compare figures"), "numbers statistics chart indicators 数字 比较"),
    SitePage(
        "/disagreements",
        N_("Where statements disagree"),
        "disputed dispute figures conflict contradiction contradict wrong error mistake false impossible "
        "分歧 矛盾 有误 错误",
    ),
    SitePage("/gaps", N_("What is not known"), "gaps missing unknown omitted unanswered know 未知 缺失"),
    SitePage("/editions", N_("Editions"), "years list 历届"),
    SitePage("/editions/compare", N_("Compare two editions"), "difference side-by-side 比较 对比"),
    SitePage("/timeline", N_("Timeline"), "dates chronology history calendar 时间"),
    SitePage("/articles", N_("Articles"), "sources news press 来源 新闻"),
    SitePage("/statements", N_("Statements"), "claims assertions facts list 陈述"),
    SitePage("/people", N_("People"), "speakers persons 人物"),
    SitePage("/organizations", N_("Organizations"), "institutions ministries 机构"),
    SitePage("/themes", N_("Themes"), "topics motto slogan 主题"),
    SitePage("/questions", N_("Questions"), "examples answers 问题"),
    SitePage("/sparql", N_("Ask in SPARQL"), "query editor endpoint api 查询"),
    SitePage("/validate", N_("Validate"), "shacl check turtle 校验"),
    SitePage("/map", N_("Map an article"), "worksheet annotate 标注"),
    SitePage("/data", N_("Data"), "download spreadsheet csv excel xlsx parquet dump rdf 下载 数据"),
    SitePage("/about", N_("About"), "method licence license contact imprint 关于"),
    SitePage("/contribute", N_("Contribute"), "report error correction feedback contact 贡献 反馈"),
    SitePage("/feed", N_("Feeds"), "atom rss json subscribe news 订阅"),
    SitePage("/docs", N_("Documentation"), "help manual api openapi 文档"),
    SitePage("/prefixes.html", N_("Prefixes"), "namespaces 前缀"),
    SitePage("/ontology.html", N_("Ontology"), "vocabulary classes properties model 本体"),
)
_TITLES: Final = {each.path: each.title for each in SITE_PAGES}


def title_of_page(graph: Graph, path: str) -> str:
    """Return the title of a page, with its translation; empty for an address that is unknown."""
    path = path.partition("?")[0]
    family, _, name = path.removeprefix("/").partition("/")
    if path in _TITLES:
        return _in_both(_TITLES[path])
    if family == "compare" and name:
        iri = indicator_iri(name)
        found, shown = (names_of(graph, [iri], *tag)[iri] for tag in ((DEFAULT,), ()))
        if not found.language:
            return ""
        translation = gettext("%(indicator)s, by edition") % {"indicator": plain(shown.text)}
        is_translated = shown.language == language() != DEFAULT
        title = f"{capitalized(found.text)}, by edition"
        return TranslatedText(title, DEFAULT, translation if is_translated else "")
    if family == "questions":
        return next((literal(each.title) for each in read_questions(graph) if each.slug == name), "")
    if family == "docs" and name in (known := resources.documents()):
        heading = known[name].read_text(encoding="utf-8").partition("\n")[0]
        return heading.removeprefix("# ").strip()
    return ""


def _in_both(title: str) -> str:
    return TranslatedText(title, DEFAULT, "" if language() == DEFAULT else gettext(title))
