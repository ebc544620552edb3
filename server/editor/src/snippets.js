/** Write the code that asks a query from a program, with the query quoted as each language wants it. */

/** @typedef {{name: string, language: string, code: string}} Snippet */

const GRAPHS = new Set(['CONSTRUCT', 'DESCRIBE']);

/**
 * Return the code for each language.
 * @param {string} endpoint the whole address of the endpoint
 * @param {string} query
 * @param {string} form its form
 * @returns {Snippet[]}
 */
export function snippets(endpoint, query, form) {
    const text = `${query.trim()}\n`;
    const isGraph = GRAPHS.has(form);
    return [
        { name: 'curl', language: 'shell', code: curl(endpoint, text, isGraph ? 'text/turtle' : 'text/csv') },
        { name: 'SPARQLWrapper', language: 'Python', code: sparqlWrapper(endpoint, text, form) },
        isGraph
            ? { name: 'rdflib', language: 'Python', code: rdflib(endpoint, text) }
            : { name: 'pandas', language: 'Python', code: pandas(endpoint, text) },
        { name: 'R', language: 'R', code: r(endpoint, text, isGraph) },
        { name: 'JavaScript', language: 'JavaScript', code: javaScript(endpoint, text, isGraph) },
    ];
}

/** @param {string} text */
export function quoteShell(text) {
    return `'${text.replaceAll("'", "'\\''")}'`;
}

/** @param {string} text */
export function quotePython(text) {
    const escaped = text.replaceAll('\\', '\\\\').replaceAll('"""', '\\"\\"\\"').replace(/"$/, '\\"');
    return `"""${escaped.replaceAll('\r', '\\r')}"""`;
}

/** @param {string} text */
export function quoteR(text) {
    // As many dashes as the text does not hold behind a bracket: a raw string of R 4.0.
    let dashes = '';
    while (text.includes(`)${dashes}"`)) {
        dashes += '-';
    }
    return `r"${dashes}(${text})${dashes}"`;
}

/** @param {string} text */
export function quoteJavaScript(text) {
    return `\`${text.replace(/[\\`]|\$(?=\{)/g, '\\$&').replaceAll('\r', '\\r')}\``;
}

/**
 * @param {string} endpoint
 * @param {string} query
 * @param {string} type
 */
function curl(endpoint, query, type) {
    return `curl --silent --show-error --fail-with-body --header 'Accept: ${type}' \\
    --data-urlencode ${quoteShell(`query=${query}`)} \\
    ${quoteShell(endpoint)}
`;
}

/**
 * @param {string} endpoint
 * @param {string} query
 * @param {string} form
 */
function sparqlWrapper(endpoint, query, form) {
    const start = (/** @type {string} */ format) => `from SPARQLWrapper import ${format}, SPARQLWrapper

endpoint = SPARQLWrapper(${JSON.stringify(endpoint)}, returnFormat=${format})
endpoint.setQuery(${quotePython(query)})
`;
    if (GRAPHS.has(form)) {
        return `${start('TURTLE')}print(endpoint.queryAndConvert().decode())
`;
    }
    return form === 'ASK'
        ? `${start('JSON')}print(endpoint.queryAndConvert()["boolean"])
`
        : `${start('JSON')}for row in endpoint.queryAndConvert()["results"]["bindings"]:
    print({name: term["value"] for name, term in row.items()})
`;
}

/**
 * @param {string} endpoint
 * @param {string} query
 */
function pandas(endpoint, query) {
    return `from urllib.parse import urlencode

import pandas as pd

query = ${quotePython(query)}
answer = pd.read_csv(${JSON.stringify(endpoint + joint(endpoint))} + urlencode({"query": query, "format": "csv"}))
print(answer)
`;
}

/**
 * @param {string} endpoint
 * @param {string} query
 */
function rdflib(endpoint, query) {
    return `from urllib.parse import urlencode

from rdflib import Graph

query = ${quotePython(query)}
graph = Graph().parse(${JSON.stringify(endpoint + joint(endpoint))} + urlencode({"query": query, "format": "turtle"}))
print(len(graph), "triples")
`;
}

/**
 * @param {string} endpoint
 * @param {string} query
 * @param {boolean} isGraph
 */
function r(endpoint, query, isGraph) {
    const format = isGraph ? 'turtle' : 'csv';
    return `query <- ${quoteR(query)}
address <- paste0(${JSON.stringify(`${endpoint}${joint(endpoint)}format=${format}&query=`)}, URLencode(query, reserved = TRUE))
answer <- ${isGraph ? 'readLines(address)' : 'read.csv(address)'}
print(answer)
`;
}

/**
 * @param {string} endpoint
 * @param {string} query
 * @param {boolean} isGraph
 */
function javaScript(endpoint, query, isGraph) {
    const type = isGraph ? 'application/n-triples' : 'application/sparql-results+json';
    return `const response = await fetch(${JSON.stringify(endpoint)}, {
    method: "POST",
    headers: { "Content-Type": "application/sparql-query", Accept: "${type}" },
    body: ${quoteJavaScript(query)},
});
if (!response.ok) {
    throw new Error(await response.text());
}
console.log(await response.${isGraph ? 'text' : 'json'}());
`;
}

/**
 * Return what stands between an endpoint and a parameter.
 * @param {string} endpoint
 */
function joint(endpoint) {
    return endpoint.includes('?') ? '&' : '?';
}
