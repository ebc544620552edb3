/** Find the subject of a predicate that is being written, and the class that the query says it has. */

import { expand, prologue, tokens } from './query.js';

/** @import { Subject } from './lookups.js' */
/** @import { Token } from './query.js' */

/** @typedef {{subject: string, predicate: string, at: 'subject' | 'predicate' | 'object'}} State */

const TERMS = new Set(['variable', 'iri', 'name', 'blank', 'string', 'number']);
const NOTHING = Object.freeze({ subject: '', predicate: '', at: 'subject' });

/**
 * Return the class of the subject whose predicate is written at a place, or the subject itself if it is an IRI.
 * @param {string} query
 * @param {number} at
 * @param {Record<string, string>} prefixes those that the query need not declare
 * @returns {Subject | null} null where neither is known, and where no predicate is written
 */
export function subjectAt(query, at, prefixes) {
    const found = tokens(query);
    const { state } = read(found.filter(({ from }) => from < at));
    if (state.at !== 'predicate') {
        return null;
    }
    const { classes } = read(found);
    const named = classes.get(state.subject) ?? state.subject;
    const declared = new Map([...Object.entries(prefixes), ...prologue(query).declarations.map(({ prefix, namespace }) => /** @type {const} */ ([prefix, namespace]))]);
    const iri = named.startsWith('<') ? named.slice(1, -1) : named.includes(':') ? expand(named, declared) : null;
    return iri ? { iri, isClass: classes.has(state.subject) } : null;
}

/**
 * Read triple patterns as far as they go, and return the classes of their subjects and where they end.
 * @param {Token[]} found
 */
function read(found) {
    /** @type {Map<string, string>} */
    const classes = new Map();
    /** @type {State[]} */
    const outer = [];
    /** @type {State} */
    let state = { ...NOTHING };
    let depth = 0;
    for (const { kind, text, from } of found) {
        if (text === '(' || text === ')') {
            depth += text === '(' ? 1 : -1;
        } else if (depth > 0) {
            continue;
        } else if (text === '[') {
            outer.push(state);
            state = { subject: `[${from}`, predicate: '', at: 'predicate' };
        } else if (text === ']') {
            const { subject } = state;
            const before = outer.pop() ?? NOTHING;
            state = before.at === 'subject' ? { subject, predicate: '', at: 'predicate' } : { ...before };
        } else if (text === '{' || text === '}' || text === '.') {
            state = { ...NOTHING };
        } else if (text === ';') {
            state = { ...state, at: 'predicate' };
        } else if (text === '/' || text === '|') {
            state = { ...state, predicate: '', at: state.at === 'object' ? 'predicate' : state.at };
        } else if (TERMS.has(kind) || text === 'a') {
            state = after(state, text, classes);
        } else if (kind === 'word') {
            state = { ...NOTHING };
        }
    }
    return { classes, state: depth > 0 ? { ...NOTHING } : state };
}

/**
 * @param {State} state
 * @param {string} text the next term
 * @param {Map<string, string>} classes
 * @returns {State}
 */
function after(state, text, classes) {
    if (state.at === 'subject') {
        return { subject: text, predicate: '', at: 'predicate' };
    }
    if (state.at === 'predicate') {
        return { ...state, predicate: text, at: 'object' };
    }
    if ((state.predicate === 'a' || state.predicate === 'rdf:type') && /^(?:<|[^?$]*:)/.test(text)) {
        classes.set(state.subject, text);
    }
    return state;
}
