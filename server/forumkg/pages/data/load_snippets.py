"""Write how the downloads are loaded elsewhere."""

import shlex

__all__ = ["load_snippets"]


def load_snippets(folder: str) -> list[tuple[str, str]]:
    """Return, for each program, its name and the commands that load all triples.

    Args:
        folder: the address of the folder of the downloads, with `/` at its end.
    """
    turtle = f"{folder}full.ttl"
    fetch = f"curl --compressed -O {shlex.quote(turtle)}\n"
    return [
        ("rdflib", f"import rdflib\n\ngraph = rdflib.Graph().parse({turtle!r})\nprint(len(graph))\n"),
        (
            "Oxigraph",
            f"{fetch}oxigraph load --location store --file full.ttl\n"
            "oxigraph serve-read-only --location store\n",
        ),
        (
            "Apache Jena Fuseki",
            f"{fetch}tdb2.tdbloader --loc=store full.ttl\nfuseki-server --loc=store /zgc-forum\n",
        ),
        (
            "GraphDB",
            f"{fetch}# into a repository that is called zgc-forum\n"
            "curl -H 'Content-Type: text/turtle' --data-binary @full.ttl \\\n"
            "    http://localhost:7200/repositories/zgc-forum/statements\n",
        ),
        (
            "The checksums",
            f"curl -O {shlex.quote(folder + 'SHA256SUMS')}\nsha256sum --check --ignore-missing SHA256SUMS\n",
        ),
    ]
