/** Find misspelt names in a query: prefixes, terms of the graph and keywords, each with the name that may be meant. */

import { ungrouped } from './hints.js';
import { _, joined } from './messages.js';
import { expand, keywords, prologue, tokens, undeclared } from './query.js';
import { shorten } from './terms.js';

/** @import { Token } from './query.js' */
/** @import { Vocabulary } from './vocabulary.js' */

/** @typedef {{label: string, from: number, to: number, text: string, declares?: string}} Fix a replacement of one token */
/** @typedef {{from: number, to: number, message: string, fix: Fix | null}} Correction */

/** Namespaces whose every term the vocabulary lists, so that any other name in them is a mistake. */
const LISTED = new Set(['zgc']);

/**
 * Return the corrections of a query, in its order.
 * @param {string} query
 * @param {Vocabulary} vocabulary
 * @returns {Correction[]}
 */
export function corrections(query, vocabulary) {
    return [...prefixCorrections(query, vocabulary), ...termCorrections(query, vocabulary), ...ungrouped(query)].sort((one, two) => one.from - two.from);
}

/**
 * Return the corrections of prefixes that a query uses and does not declare.
 * @param {string} query
 * @param {Vocabulary} vocabulary
 * @returns {Correction[]}
 */
export function prefixCorrections(query, { prefixes }) {
    const declared = prologue(query).declarations.map(({ prefix }) => prefix);
    return undeclared(query).map((token) => {
        const { text, from, to } = token;
        const [prefix = ''] = text.split(':');
        const message = _('The prefix %(prefix)s: is not declared.', { prefix });
        if (prefixes[prefix]) {
            return correction(token, message, { label: _('Declare %(prefix)s:', { prefix }), from, to, text, declares: prefix });
        }
        const meant = nearest(prefix, [...declared, ...Object.keys(prefixes)]);
        const name = meant + text.slice(prefix.length);
        return meant
            ? correction(token, joined(message, _('Did you mean %(name)s?', { name: `${meant}:` })), replacement(name, from, to, name, meant))
            : correction(token, message);
    });
}

/**
 * Return the corrections of names and IRIs that do not occur in the graph.
 * @param {string} query
 * @param {Vocabulary} vocabulary
 * @returns {Correction[]}
 */
export function termCorrections(query, { prefixes, terms }) {
    const names = new Set(terms.map(({ name }) => name));
    const declared = new Map(prologue(query).declarations.map(({ prefix, namespace }) => [prefix, namespace]));
    return tokens(query).flatMap((token) => {
        const { kind, text, from, to } = token;
        const iri = kind === 'iri' ? text.slice(1, -1) : kind === 'name' ? expand(text, declared) : null;
        const name = iri && shorten(iri, prefixes);
        if (!name || name === iri || names.has(name)) {
            return [];
        }
        const [prefix = '', local = ''] = name.split(':');
        const locals = terms.filter((term) => term.name.startsWith(`${prefix}:`)).map((term) => term.name.slice(prefix.length + 1));
        const meant = nearest(local, locals);
        const message = _('%(name)s does not occur in this graph.', { name: kind === 'iri' ? text : name });
        if (meant) {
            const written = kind === 'iri' ? `<${iri.slice(0, -local.length)}${meant}>` : text.slice(0, -local.length) + meant;
            const fix = replacement(written, from, to, `${prefix}:${meant}`);
            return [correction(token, joined(message, _('Did you mean %(name)s?', { name: `${prefix}:${meant}` })), fix)];
        }
        return LISTED.has(prefix) ? [correction(token, message)] : [];
    });
}

/**
 * Return the IRIs that a query names, with the tokens that name them first.
 * @param {string} query
 * @returns {Map<string, string>}
 */
export function namedIris(query) {
    const declared = new Map(prologue(query).declarations.map(({ prefix, namespace }) => [prefix, namespace]));
    const body = tokens(query).slice(3 * declared.size);
    const found = body.flatMap(({ kind, text }) => {
        const iri = kind === 'iri' ? text.slice(1, -1) : kind === 'name' ? expand(text, declared) : null;
        return iri ? [/** @type {const} */ ([iri, text])] : [];
    });
    return new Map(found.toReversed());
}

/**
 * Return the keyword that a misspelt word may mean, or null.
 * @param {string} word
 */
export function keywordFor(word) {
    return word.length < 3 ? null : nearest(word.toUpperCase(), keywords());
}

/**
 * Return the candidate nearest to a word, or null where none is near: at most one typing mistake in four characters.
 * Names that differ in digits, such as years, are different names rather than misspellings.
 * @param {string} word
 * @param {string[]} candidates
 */
export function nearest(word, candidates) {
    const most = Math.min(3, Math.max(1, Math.floor(word.length / 4)));
    const digits = word.replace(/\D/g, '');
    let best = null;
    let least = most + 1;
    for (const candidate of candidates) {
        const isComparable = candidate !== word && candidate.length > 1 && candidate.replace(/\D/g, '') === digits;
        const found = isComparable ? distance(word.toLowerCase(), candidate.toLowerCase()) : least;
        if (found < least) {
            least = found;
            best = candidate;
        }
    }
    return best;
}

/**
 * Return the number of insertions, deletions, replacements and swaps of neighbours from one word to another.
 *
 * https://en.wikipedia.org/wiki/Damerau%E2%80%93Levenshtein_distance#Optimal_string_alignment_distance
 * @param {string} one
 * @param {string} two
 */
export function distance(one, two) {
    /** @type {number[]} */
    let older = [];
    let previous = Array.from({ length: two.length + 1 }, (_, index) => index);
    for (let i = 1; i <= one.length; i += 1) {
        const row = [i];
        for (let j = 1; j <= two.length; j += 1) {
            const cost = one[i - 1] === two[j - 1] ? 0 : 1;
            let value = Math.min(at(previous, j) + 1, at(row, j - 1) + 1, at(previous, j - 1) + cost);
            if (i > 1 && j > 1 && one[i - 1] === two[j - 2] && one[i - 2] === two[j - 1]) {
                value = Math.min(value, at(older, j - 2) + 1);
            }
            row.push(value);
        }
        older = previous;
        previous = row;
    }
    return at(previous, two.length);
}

/**
 * @param {number[]} row
 * @param {number} index
 */
function at(row, index) {
    return row[index] ?? Infinity;
}

/**
 * @param {Token} token
 * @param {string} message
 * @param {Fix | null} fix
 * @returns {Correction}
 */
function correction({ from, to }, message, fix = null) {
    return { from, to, message, fix };
}

/**
 * @param {string} text
 * @param {number} from
 * @param {number} to
 * @param {string} name
 * @param {string} [declares]
 * @returns {Fix}
 */
function replacement(text, from, to, name, declares) {
    return { label: _('Replace by %(name)s', { name }), from, to, text, ...(declares && { declares }) };
}
