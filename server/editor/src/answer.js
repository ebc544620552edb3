/**
 * Read an answer into rows, a truth value or triples.
 *
 * https://www.w3.org/TR/sparql11-results-json/
 */

import { parse } from './ntriples.js';

/** @import { Term } from './terms.js' */
/** @typedef {(Term | undefined)[]} Row */
/** @typedef {{kind: 'rows' | 'graph', columns: string[], rows: Row[]}} Table */
/** @typedef {{kind: 'truth', value: boolean}} Truth */
/** @typedef {Table | Truth} Answer */

export const RESULTS = 'application/sparql-results+json';
export const TRIPLES = 'application/n-triples';

/**
 * Return the content of an answer.
 * @param {string} text
 * @param {string} contentType the Content-Type header of the answer
 * @returns {Answer}
 * @throws {SyntaxError} the text is not of that type
 */
export function read(text, contentType) {
    return contentType.startsWith(TRIPLES) ? readGraph(text) : readResults(JSON.parse(text));
}

/**
 * @param {string} text
 * @returns {Table}
 */
function readGraph(text) {
    return { kind: 'graph', columns: ['subject', 'predicate', 'object'], rows: parse(text) };
}

/**
 * @param {any} document
 * @returns {Answer}
 */
function readResults(document) {
    if (typeof document.boolean === 'boolean') {
        return { kind: 'truth', value: document.boolean };
    }
    /** @type {string[]} */
    const columns = document.head.vars;
    /** @type {Record<string, any>[]} */
    const bindings = document.results.bindings;
    return { kind: 'rows', columns, rows: bindings.map((binding) => columns.map((name) => readTerm(binding[name]))) };
}

/**
 * @param {any} found
 * @returns {Term | undefined}
 */
function readTerm(found) {
    if (!found) {
        return undefined;
    }
    if (found.type === 'triple') {
        return { type: 'triple', value: JSON.stringify(found.value) };
    }
    const { type, value, datatype } = found;
    const language = found['xml:lang'];
    return { type, value, ...(language && { language }), ...(datatype && { datatype }) };
}
