/** Look up in the graph what an answer does not say of the things that it names. */

import { RESULTS } from './answer.js';

/** @typedef {{judgedWrong: (statements: string[]) => Promise<Set<string>>}} Lookups */

/**
 * Return the look-ups at an endpoint.
 * @param {string} endpoint
 * @param {string} base the beginning of the IRIs of the graph
 * @returns {Lookups}
 */
export function lookups(endpoint, base) {
    return { judgedWrong };

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
