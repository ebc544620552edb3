/** Look up in the graph what an answer does not say of the things that it names. */

import { RESULTS } from './answer.js';

/**
 * @typedef {{judgedWrong: (statements: string[]) => Promise<Set<string>>,
 *     labelsOf: (iris: string[]) => Promise<Map<string, string>>}} Lookups
 */

const SKOS = 'http://www.w3.org/2004/02/skos/core#';
const RDFS = 'http://www.w3.org/2000/01/rdf-schema#';
const TITLE = 'http://purl.org/dc/terms/title';
/** How many IRIs are looked up by one query. */
const MOST = 500;

/**
 * Return the look-ups at an endpoint.
 * @param {string} endpoint
 * @param {string} base the beginning of the IRIs of the graph
 * @returns {Lookups}
 */
export function lookups(endpoint, base) {
    return { judgedWrong, labelsOf };

    /**
     * Return the labels of things, and the paraphrases of statements, with a warning where one is judged wrong.
     * @param {string[]} iris
     */
    async function labelsOf(iris) {
        const parts = Array.from({ length: Math.ceil(iris.length / MOST) }, (_, index) => iris.slice(index * MOST, (index + 1) * MOST));
        const labels = new Map();
        for (const part of parts) {
            const rows = await select(`SELECT ?thing ?label ?wrong {
    VALUES (?property ?rank) { (<${SKOS}prefLabel> 1) (<${RDFS}label> 2) (<${TITLE}> 3) (<${base}ontology/paraphrase> 4) }
    VALUES ?thing { ${written(part)} }
    ?thing ?property ?label .
    FILTER (LANG(?label) = "en")
    BIND (EXISTS { ?thing <${base}ontology/hasRank> <${base}id/code/deprecated> } AS ?wrong)
}
ORDER BY DESC(?rank)`);
            for (const { thing, label, wrong } of rows) {
                labels.set(thing.value, wrong?.value === 'true' ? `Judged wrong: ${label.value}` : label.value);
            }
        }
        return labels;
    }

    /** @param {string[]} statements */
    async function judgedWrong(statements) {
        const rows = await select(`SELECT ?thing {
    VALUES ?thing { ${written(statements)} }
    ?thing <${base}ontology/hasRank> <${base}id/code/deprecated> .
}`);
        return new Set(rows.map((row) => row.thing.value));
    }

    /**
     * @param {string} query
     * @returns {Promise<Record<string, any>[]>}
     */
    async function select(query) {
        const headers = { Accept: RESULTS, 'Content-Type': 'application/sparql-query' };
        const response = await fetch(endpoint, { method: 'POST', headers, body: query });
        if (!response.ok) {
            throw new Error(`Error ${response.status}`);
        }
        return (await response.json()).results.bindings;
    }
}

/** @param {string[]} iris */
function written(iris) {
    return iris
        .filter((iri) => !/[\x00-\x20<>"{}|^`\\]/.test(iri))
        .map((iri) => `<${iri}>`)
        .join(' ');
}
