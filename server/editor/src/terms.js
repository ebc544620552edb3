/** RDF terms as people read them: short names, links, numbers, dates. */

/**
 * A term as SPARQL results JSON has it.
 * @typedef {{type: 'uri' | 'literal' | 'bnode' | 'triple', value: string, language?: string, datatype?: string}} Term
 */

/**
 * The prefixes and addresses that a page knows.
 * @typedef {{prefixes: Record<string, string>, base: string, root: string}} Names
 */

const XSD = 'http://www.w3.org/2001/XMLSchema#';
const LOCAL = /^[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?$/;
const NUMBERS = new Set(
    [
        'integer decimal double float long int short byte',
        'nonNegativeInteger positiveInteger nonPositiveInteger negativeInteger',
        'unsignedLong unsignedInt unsignedShort unsignedByte',
    ].flatMap((names) => names.split(' ').map((name) => XSD + name)),
);
/** What stands before the rest of a date, and how much of a date it is. */
const DATES = new Map([
    [`${XSD}date`, /^(-?\d{4,6})-(\d\d)-(\d\d)/],
    [`${XSD}dateTime`, /^(-?\d{4,6})-(\d\d)-(\d\d)T/],
    [`${XSD}gYearMonth`, /^(-?\d{4,6})-(\d\d)/],
    [`${XSD}gYear`, /^(-?\d{4,6})/],
]);

/**
 * Return the prefixed name of an IRI where there is one that a query could hold, else the IRI.
 * @param {string} iri
 * @param {Record<string, string>} prefixes
 */
export function shorten(iri, prefixes) {
    let best = '';
    for (const [prefix, namespace] of Object.entries(prefixes)) {
        if (iri.startsWith(namespace) && namespace.length > (prefixes[best]?.length ?? 0)) {
            best = prefix;
        }
    }
    const local = best && iri.slice(prefixes[best]?.length);
    return local && LOCAL.test(local) ? `${best}:${local}` : iri;
}

/**
 * Return the displayed name of an IRI: its short name, if there is one.
 * @param {string} iri
 * @param {Names} names
 */
export function nameOf(iri, { prefixes, base }) {
    const short = shorten(iri, prefixes);
    return short === iri && iri.startsWith(`${base}id/`) ? iri.slice(base.length + 3) : short;
}

/**
 * Return the address of a thing: on this server for IRIs of the graph, else the IRI.
 * @param {string} iri
 * @param {Names} names
 * @returns {string | null} null where no link may lead, as to javascript: and data:
 */
export function addressOf(iri, { base, root }) {
    if (iri.startsWith(base)) {
        // A path that began with two slashes would be a host.
        return root + iri.slice(base.length).replace(/^[/\\]+/, '').replaceAll('?', '%3F');
    }
    return /^https?:\/\//i.test(iri) ? iri : null;
}

/**
 * Return the value of a numeric literal, or null.
 * @param {Term | undefined} term
 * @returns {number | null}
 */
export function numberOf(term) {
    if (term?.type !== 'literal' || !NUMBERS.has(term.datatype ?? '')) {
        return null;
    }
    const value = Number(term.value);
    return Number.isFinite(value) ? value : null;
}

/**
 * Return the instant at which a date begins, in milliseconds since 1970, or null.
 * @param {Term | undefined} term
 * @returns {number | null}
 */
export function dateOf(term) {
    const parts = DATES.get(term?.datatype ?? '')?.exec(term?.value ?? '');
    if (!parts) {
        return null;
    }
    const date = new Date(0);
    date.setUTCFullYear(Number(parts[1]), Number(parts[2] ?? 1) - 1, Number(parts[3] ?? 1));
    return Number.isNaN(date.getTime()) ? null : date.getTime();
}

/**
 * Return the displayed name of a term in a chart: short, on one line.
 * @param {Term | undefined} term
 * @param {Names} names
 */
export function caption(term, names) {
    if (!term) {
        return '–';
    }
    const text = term.type === 'uri' ? nameOf(term.value, names) : term.value;
    return cut(text.replace(/\s+/g, ' '), 90);
}

/**
 * Return a text that is no longer than some number of characters, with an ellipsis where something is missing.
 * @param {string} text
 * @param {number} length
 */
export function cut(text, length) {
    if (text.length <= length) {
        return text;
    }
    // A surrogate pair is never cut in half.
    const end = /[\uD800-\uDBFF]/.test(text[length - 1] ?? '') ? length - 1 : length;
    return `${text.slice(0, end)}…`;
}
