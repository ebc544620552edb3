/** Draw triples as a graph, whose layout is computed once. */

import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from 'd3-force';

import { html, svg } from '../dom.js';
import { addressOf, cut, nameOf } from '../terms.js';

/** @import { Table } from '../answer.js' */
/** @import { Names, Term } from '../terms.js' */

/** @typedef {{id: string, term: Term, label: string, x?: number, y?: number}} Thing */
/** @typedef {{source: string, target: string, label: string}} Link */
/** @typedef {{things: Thing[], links: Link[], values: number, left: number}} Net */

/** How many things are drawn: a larger graph is unreadable. */
const MOST = 120;
const LABELS = new Set(
    ['http://www.w3.org/2004/02/skos/core#prefLabel', 'http://www.w3.org/2000/01/rdf-schema#label'],
);
const STEPS = 300;
const DISTANCE = 170;
/** Half of the width of a letter. */
const HALF = 3.9;

/**
 * Return the things and the links between them, with how many values and things are not drawn.
 * @param {Table} table triples
 * @param {Names} names
 * @returns {Net}
 */
export function net(table, names) {
    const labels = labelsOf(table);
    /** @type {Map<string, Thing>} */
    const things = new Map();
    /** @type {Map<string, Link>} */
    const links = new Map();
    let values = 0;
    const left = new Set();
    for (const [subject, predicate, object] of table.rows) {
        const source = subject && thing(subject);
        if (object?.type === 'literal' || !object) {
            values += 1;
            continue;
        }
        const target = thing(object);
        if (source && target && predicate) {
            const key = `${source.id} ${target.id}`;
            const name = predicate.value.replace(/^.*[/#:]/, '');
            const known = links.get(key);
            links.set(key, { source: source.id, target: target.id, label: known ? `${known.label}, ${name}` : name });
        }
    }
    return { things: [...things.values()], links: [...links.values()], values, left: left.size };

    /** @param {Term} term */
    function thing(term) {
        const id = `${term.type} ${term.value}`;
        const known = things.get(id);
        if (known || things.size >= MOST) {
            known ?? left.add(id);
            return known;
        }
        const label = labels.get(term.value) ?? nameOf(term.value, names);
        const made = { id, term, label: cut(label, 34) };
        things.set(id, made);
        return made;
    }
}

/**
 * Return the drawing of triples.
 * @param {Table} table
 * @param {Names} names
 */
export function graphView(table, names) {
    const { things, links, values, left } = net(table, names);
    const notes = [
        `${things.length} things and ${links.length} links between them.`,
        values ? `${values} ${values === 1 ? 'triple' : 'triples'} with a value, as a number or a text, are in the table alone.` : '',
        left ? `${left} more things are not drawn: they would hide each other.` : '',
    ];
    return html(
        'div',
        {},
        html(
            'div',
            { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': 'Drawing of the graph' },
            drawing(things, links, names),
        ),
        html('p', { class: 'note' }, notes.filter(Boolean).join(' ')),
    );
}

/**
 * @param {Thing[]} things
 * @param {Link[]} links
 * @param {Names} names
 */
function drawing(things, links, names) {
    const placed = layOut(things, links);
    const at = new Map(placed.map((one) => [one.id, one]));
    const ys = placed.map(({ y }) => y);
    const left = Math.min(...placed.map(({ x, label }) => x - HALF * label.length)) - 20;
    const top = Math.min(...ys) - 20;
    const width = Math.max(...placed.map(({ x, label }) => x + HALF * label.length)) - left + 20;
    const height = Math.max(...ys) - top + 40;
    const lines = links.flatMap(({ source, target, label }) => {
        const [from, to] = [at.get(source), at.get(target)];
        return from && to ? [edge(from, to, label)] : [];
    });
    return svg(
        'svg',
        { class: 'net', viewBox: [left, top, width, height].join(' '), width, height, role: 'group', 'aria-label': 'Things and links' },
        svg(
            'defs',
            {},
            svg(
                'marker',
                { id: 'arrow', viewBox: '0 0 8 8', refX: 13, refY: 4, markerWidth: 8, markerHeight: 8, orient: 'auto' },
                svg('path', { d: 'M0 0L8 4L0 8z', class: 'arrow' }),
            ),
        ),
        ...lines,
        ...placed.map((one) => node(one, names)),
    );
}

/**
 * Lay the things out: the same triples give the same picture.
 * @param {Thing[]} things
 * @param {Link[]} links
 */
function layOut(things, links) {
    const placed = things.map((thing) => ({ ...thing, x: Number.NaN, y: Number.NaN }));
    const pulls = links.map(({ source, target }) => ({ source, target }));
    forceSimulation(placed)
        .force('links', forceLink(pulls).id((/** @type {any} */ thing) => thing.id).distance(DISTANCE))
        .force('charge', forceManyBody().strength(-900))
        .force('room', forceCollide(62))
        .force('x', forceX().strength(0.04))
        .force('y', forceY().strength(0.12))
        .stop()
        .tick(STEPS);
    return placed;
}

/**
 * @param {{x: number, y: number}} from
 * @param {{x: number, y: number}} to
 * @param {string} label
 */
function edge(from, to, label) {
    const middle = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
    return svg(
        'g',
        {},
        svg('line', { x1: from.x, y1: from.y, x2: to.x, y2: to.y, class: 'link', 'marker-end': 'url(#arrow)' }),
        svg('text', { x: middle.x, y: middle.y - 3, class: 'link-label' }, cut(label, 40)),
    );
}

/**
 * @param {{term: Term, label: string, x: number, y: number}} thing
 * @param {Names} names
 */
function node({ term, label, x, y }, names) {
    const href = term.type === 'uri' ? addressOf(term.value, names) : null;
    const shape = [
        svg('circle', { cx: x, cy: y, r: 7, class: 'thing' }),
        svg('text', { x, y: y + 22, class: 'thing-label' }, label),
        svg('title', {}, cut(term.value, 300)),
    ];
    return href ? svg('a', { href }, ...shape) : svg('g', {}, ...shape);
}

/**
 * Return the words by which things are called, the English ones where there are several.
 * @param {Table} table
 */
function labelsOf(table) {
    /** @type {Map<string, string>} */
    const labels = new Map();
    for (const [subject, predicate, object] of table.rows) {
        if (subject && object?.type === 'literal' && LABELS.has(predicate?.value ?? '')) {
            if (object.language?.startsWith('en') || !labels.has(subject.value)) {
                labels.set(subject.value, object.value);
            }
        }
    }
    return labels;
}
