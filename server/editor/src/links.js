/** Addresses of a query: the permanent link, and the downloads in each format. */

import { html } from './dom.js';
import { _ } from './messages.js';

/** @typedef {{name: string, label: string, extension: string, mediaType: string}} Format */

/** @type {Format[]} */
const RESULTS = [
    { name: 'csv', label: 'CSV', extension: 'csv', mediaType: 'text/csv' },
    { name: 'tsv', label: 'TSV', extension: 'tsv', mediaType: 'text/tab-separated-values' },
    { name: 'json', label: 'JSON', extension: 'json', mediaType: 'application/sparql-results+json' },
    { name: 'xml', label: 'XML', extension: 'xml', mediaType: 'application/sparql-results+xml' },
];
/** @type {Format[]} */
const GRAPHS = [
    { name: 'turtle', label: 'Turtle', extension: 'ttl', mediaType: 'text/turtle' },
    { name: 'ntriples', label: 'N-Triples', extension: 'nt', mediaType: 'application/n-triples' },
    { name: 'jsonld', label: 'JSON-LD', extension: 'jsonld', mediaType: 'application/ld+json' },
    { name: 'rdfxml', label: 'RDF/XML', extension: 'rdf', mediaType: 'application/rdf+xml' },
];
/** Parameters of the protocol that hold for a whole page. */
const KEPT = new Set(['default-graph-uri', 'named-graph-uri', 'timeout']);
/** A longer address does not pass all that stands between browsers and servers: RFC 9110, section 4.1. */
export const LONGEST = 8000;

/**
 * Return the formats for the answer to a query of some form, the plainest first.
 * @param {string} form
 */
export function formatsOf(form) {
    return form === 'CONSTRUCT' || form === 'DESCRIBE' ? GRAPHS : RESULTS;
}

/**
 * Return the address of a query, or null where it would be too long for a link.
 * @param {string} endpoint
 * @param {string} query
 * @param {string} [format]
 */
export function linkTo(endpoint, query, format) {
    const parameters = new URLSearchParams({ query, ...(format && { format }) });
    const address = joined(endpoint, parameters);
    return address.length <= LONGEST ? address : null;
}

/**
 * Return the address of the endpoint with what an address sets besides query and format.
 * @param {string} endpoint
 * @param {string} search what follows the path in the address of the page
 */
export function withParameters(endpoint, search) {
    const kept = [...new URLSearchParams(search)].filter(([name]) => KEPT.has(name));
    return kept.length ? joined(endpoint, new URLSearchParams(kept)) : endpoint;
}

/**
 * @param {string} endpoint
 * @param {URLSearchParams} parameters
 */
function joined(endpoint, parameters) {
    return `${endpoint}${endpoint.includes('?') ? '&' : '?'}${parameters}`;
}

/**
 * Return the links by which an answer is downloaded; buttons, where the query is too long for links.
 * @param {string} endpoint
 * @param {string} query
 * @param {string} form
 * @param {(text: string) => void} announce says what went wrong
 */
export function downloads(endpoint, query, form, announce) {
    return formatsOf(form).map((format) => {
        const href = linkTo(endpoint, query, format.name);
        const download = `answer.${format.extension}`;
        const click = () => fetchAndSave(endpoint, query, format, download).catch((error) => announce(error.message));
        return href
            ? html('a', { href, download }, format.label)
            : html('button', { type: 'button', class: 'plain', click }, format.label);
    });
}

/**
 * @param {string} endpoint
 * @param {string} query
 * @param {Format} format
 * @param {string} name
 */
async function fetchAndSave(endpoint, query, format, name) {
    const headers = { Accept: format.mediaType, 'Content-Type': 'application/sparql-query' };
    const response = await fetch(endpoint, { method: 'POST', headers, body: query });
    if (!response.ok) {
        throw new Error(`${_('The download failed.')} ${(await response.text()).slice(0, 500)}`);
    }
    const href = URL.createObjectURL(await response.blob());
    html('a', { href, download: name }).click();
    URL.revokeObjectURL(href);
}
