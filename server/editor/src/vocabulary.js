/** Rank completions: names of the graph, variables, keywords. */

/** @import { Position } from './query.js' */

/**
 * A name that a query can use, with its count in the graph.
 * @typedef {{name: string, kind: string, label: string, note: string, count: number}} Entry
 */

/** @typedef {{prefixes: Record<string, string>, terms: Entry[]}} Vocabulary */

const CLAUSES =
    'SELECT ASK CONSTRUCT DESCRIBE WHERE DISTINCT FROM NAMED PREFIX BASE FILTER OPTIONAL UNION MINUS GRAPH BIND ' +
    'VALUES AS UNDEF GROUP ORDER BY ASC DESC HAVING LIMIT OFFSET EXISTS NOT IN';
const FUNCTIONS =
    'COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT STR LANG LANGMATCHES DATATYPE BOUND IRI BNODE ABS CEIL FLOOR ' +
    'ROUND CONCAT STRLEN UCASE LCASE ENCODE_FOR_URI CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER YEAR MONTH DAY ' +
    'NOW COALESCE IF STRLANG STRDT sameTerm isIRI isBlank isLiteral isNumeric REGEX SUBSTR REPLACE';
/** @type {Entry[]} */
const KEYWORDS = [
    ...CLAUSES.split(' ').map((name) => ({ name, kind: 'keyword', label: '', note: '', count: 0 })),
    ...FUNCTIONS.split(' ').map((name) => ({ name, kind: 'function', label: '', note: '', count: 0 })),
];
const MOST = 60;

/** The kinds that rank first at each position. */
/** @type {Record<Position, string[]>} */
const FIRST = {
    prologue: ['keyword', 'prefix'],
    subject: ['variable', 'keyword', 'individual'],
    predicate: ['property'],
    object: ['variable', 'individual', 'class'],
    class: ['class'],
    expression: ['variable', 'function'],
};

/**
 * Return the completions of a typed text, the best first.
 * @param {Vocabulary} vocabulary
 * @param {string} typed
 * @param {Position} position
 * @param {string[]} variables those of the query
 * @param {Map<string, number>} [uses] the properties that the subject has, by name, each with the number of its triples
 * @returns {Entry[]}
 */
export function suggest(vocabulary, typed, position, variables, uses = new Map()) {
    const wanted = typed.toLowerCase();
    return candidates(vocabulary, typed, variables)
        .map((entry) => ({ ...entry, count: uses.get(entry.name) ?? entry.count }))
        .map((entry) => ({ entry, rank: rank(entry, wanted, position, uses.has(entry.name)) }))
        .filter(({ rank }) => rank > 0)
        .sort((one, two) => two.rank - one.rank || two.entry.count - one.entry.count || order(one.entry, two.entry))
        .slice(0, MOST)
        .map(({ entry }) => entry);
}

/**
 * @param {Vocabulary} vocabulary
 * @param {string} typed
 * @param {string[]} variables
 * @returns {Entry[]}
 */
function candidates(vocabulary, typed, variables) {
    const sigil = typed.startsWith('$') ? '$' : '?';
    const ofQuery = variables
        .map((name) => sigil + name)
        .filter((name) => name !== typed)
        .map((name) => ({ name, kind: 'variable', label: '', note: '', count: 0 }));
    if (typed.startsWith('?') || typed.startsWith('$')) {
        return ofQuery;
    }
    const prefixes = Object.entries(vocabulary.prefixes).map(([prefix, namespace]) => ({
        name: `${prefix}:`,
        kind: 'prefix',
        label: namespace,
        note: '',
        count: 0,
    }));
    return typed.includes(':')
        ? vocabulary.terms
        : [...ofQuery, ...KEYWORDS, ...prefixes, ...vocabulary.terms];
}

/**
 * Return how well an entry fits; 0 where it does not.
 * @param {Entry} entry
 * @param {string} wanted in lower case
 * @param {Position} position
 * @param {boolean} isOfSubject whether it is a property that the subject has
 */
function rank(entry, wanted, position, isOfSubject) {
    const place = FIRST[position].indexOf(entry.kind);
    const fit = fitness(entry, wanted);
    // A kind that fits the position ranks above one that is only spelled alike.
    return fit && 10 * fit + (place < 0 ? 0 : 20 - 6 * place) + (isOfSubject ? 15 : 0);
}

/**
 * @param {Entry} entry
 * @param {string} wanted
 */
function fitness({ name, kind, label }, wanted) {
    const lower = name.toLowerCase();
    const local = lower.slice(lower.indexOf(':') + 1);
    if (lower.startsWith(wanted) || (kind === 'variable' && lower.slice(1).startsWith(wanted))) {
        return 4;
    }
    if (wanted && local && local.startsWith(wanted)) {
        return 3;
    }
    const words = kind === 'prefix' ? '' : label.toLowerCase();
    if (words.startsWith(wanted) || words.includes(` ${wanted}`)) {
        return 2;
    }
    return local.includes(wanted) && kind !== 'keyword' && kind !== 'function' ? 1 : 0;
}

/**
 * @param {Entry} one
 * @param {Entry} two
 */
function order(one, two) {
    return one.name < two.name ? -1 : 1;
}
