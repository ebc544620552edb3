/** Choose what a drawing of triples shows: the things with the most links, and the links between them. */

import { LANGUAGE } from '../messages.js';
import { nameOf } from '../terms.js';

/** @import { Table } from '../answer.js' */
/** @import { Label } from '../lookups.js' */
/** @import { Names, Term } from '../terms.js' */

/** @typedef {{id: string, term: Term, label: string}} Thing */
/** @typedef {{source: string, target: string, predicates: string[]}} Link */
/** @typedef {{things: Thing[], links: Link[], values: number, left: number}} Net */

const LABELS = new Set(
    ['http://www.w3.org/2004/02/skos/core#prefLabel', 'http://www.w3.org/2000/01/rdf-schema#label'],
);

/**
 * Return the things with the most links and the links between them, with how many values and things are not drawn.
 * @param {Table} table triples
 * @param {Names} names
 * @param {number} most how many things are drawn
 * @param {Map<string, Label>} [known] labels that the triples do not have
 * @returns {Net}
 */
export function net(table, names, most, known = new Map()) {
    const labels = labelsOf(table);
    /** @type {Map<string, {thing: Thing, count: number}>} */
    const found = new Map();
    /** @type {Map<string, Link>} */
    const links = new Map();
    let values = 0;
    for (const [subject, predicate, object] of table.rows) {
        const source = subject && thing(subject);
        if (!object || object.type === 'literal') {
            values += 1;
            continue;
        }
        const target = thing(object);
        if (source && target && predicate) {
            source.count += 1;
            target.count += 1;
            const key = `${source.thing.id} ${target.thing.id}`;
            const link = links.get(key) ?? { source: source.thing.id, target: target.thing.id, predicates: [] };
            links.set(key, { ...link, predicates: [...link.predicates, predicate.value] });
        }
    }
    const chosen = [...found.values()].toSorted((one, two) => two.count - one.count).slice(0, most);
    const ids = new Set(chosen.map(({ thing: { id } }) => id));
    return {
        things: chosen.map(({ thing: each }) => each),
        links: [...links.values()].filter(({ source, target }) => ids.has(source) && ids.has(target)),
        values,
        left: found.size - chosen.length,
    };

    /** @param {Term} term */
    function thing(term) {
        const id = `${term.type} ${term.value}`;
        const label = labels.get(term.value) ?? known.get(term.value)?.text ?? nameOf(term.value, names);
        const made = found.get(id) ?? { thing: { id, term, label }, count: 0 };
        found.set(id, made);
        return made;
    }
}

/**
 * Return a label in one or two lines, cut where it is longer.
 * @param {string} label
 * @param {number} width in characters
 * @returns {string[]}
 */
export function linesOf(label, width) {
    if (label.length <= width) {
        return [label];
    }
    // A line breaks behind a space, a slash or a hyphen; where none is near, in the middle, so that no sign is alone.
    const at = Math.max(...[' ', '/', '-', '='].map((mark) => label.lastIndexOf(mark, width - 1))) + 1;
    const end = at > width / 3 ? at : Math.min(width, Math.ceil(label.length / 2));
    const rest = label.slice(end).trim();
    return [label.slice(0, end).trim(), rest.length > width ? `${rest.slice(0, width - 1)}…` : rest];
}

/**
 * Return the labels that triples give to things: of several those in the language of the page, else in English.
 * @param {Table} table
 */
function labelsOf(table) {
    /** @type {Map<string, string>} */
    const labels = new Map();
    /** @type {Map<string, number>} */
    const ranks = new Map();
    for (const [subject, predicate, object] of table.rows) {
        if (subject && object?.type === 'literal' && LABELS.has(predicate?.value ?? '')) {
            const rank = object.language === LANGUAGE ? 2 : object.language === 'en' ? 1 : 0;
            if (rank > (ranks.get(subject.value) ?? -1)) {
                ranks.set(subject.value, rank);
                labels.set(subject.value, object.value);
            }
        }
    }
    return labels;
}
