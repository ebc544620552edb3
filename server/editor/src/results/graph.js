/** Draw triples as a graph that can be enlarged and moved. */

import { html, svg } from '../dom.js';
import { _, joined, ngettext } from '../messages.js';
import { addressOf, cut, nameOf } from '../terms.js';
import { freePlace, layOut } from './layout.js';
import { linesOf, net } from './net.js';
import { zoomable } from './zoom.js';

export { savable } from './pictures.js';

/** @import { Table } from '../answer.js' */
/** @import { Label } from '../lookups.js' */
/** @import { Names } from '../terms.js' */
/** @import { Point } from './layout.js' */
/** @import { Link, Thing } from './net.js' */

/** How many things are drawn at first, and more at a time. */
const STEP = 40;
/** How long the drawing waits for labels, in milliseconds. */
const PATIENCE = 3000;
/** How many links have their names written beside them; of more, those of the thing that has the pointer or the focus. */
const MOST_NAMED = 24;
/** Characters in a line of a label, and the size of one. */
const WIDTH = 22;
const LETTER = 7.4;
const SMALL = 6.6;
const LINE = 17;
const RADIUS = 7;

/** @typedef {Thing & Point & {lines: string[], width: number, height: number}} Node */

/**
 * Return the drawing of triples, with the labels of the graph where these arrive soon, else with short names.
 * @param {Table} table
 * @param {Names} names
 * @param {(iris: string[]) => Promise<Map<string, Label>>} labelsOf looks labels up
 */
export function graphView(table, names, labelsOf) {
    const holder = html('div');
    let most = STEP;
    /** @type {Map<string, Label>} */
    let labels = new Map();
    holder.append(html('p', { class: 'note' }, _('Loading …')));
    // Labels decide the layout: a drawing that has begun without them stays as it is, with its zoom.
    const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
    const known = labelsOf(irisOf(table)).then((found) => (labels = found), () => {});
    Promise.race([known, late]).then(draw);
    return holder;

    function draw() {
        const { things, links, values, left } = net(table, names, most, labels);
        const more = () => {
            most += STEP;
            draw();
        };
        const notes = [
            ngettext('%(things)s things and %(num)s link between them.', '%(things)s things and %(num)s links between them.', links.length, { things: things.length }),
            values ? ngettext('%(num)s triple with a value, such as a number or a text, is in the table only.', '%(num)s triples with a value, such as a number or a text, are in the table only.', values) : '',
            left ? ngettext('%(num)s more thing has fewer links.', '%(num)s more things have fewer links.', left) : '',
            links.length > MOST_NAMED ? _('Links are named at the thing that has the pointer or the focus.') : '',
        ];
        const { frame, buttons } = zoomable(drawing(things, links, names, labels));
        const button = html('button', { type: 'button', class: 'plain', click: more }, _('Draw %(count)s more', { count: Math.min(STEP, left) }));
        holder.replaceChildren(
            html('p', { class: 'row tools' }, ...buttons, left ? button : null),
            frame,
            html('p', { class: 'note' }, joined(...notes)),
        );
    }
}

/** @param {Table} table */
function irisOf({ rows }) {
    return [...new Set(rows.flat().flatMap((term) => (term?.type === 'uri' ? [term.value] : [])))];
}

/**
 * @param {Thing[]} things
 * @param {Link[]} links
 * @param {Names} names
 * @param {Map<string, Label>} labels
 */
function drawing(things, links, names, labels) {
    const placed = layOut(things.map(boxOf), links);
    const at = new Map(placed.map((one) => [one.id, one]));
    const left = Math.min(...placed.map(({ x, width }) => x - width / 2)) - LINE;
    const right = Math.max(...placed.map(({ x, width }) => x + width / 2)) + LINE;
    const top = Math.min(...placed.map(({ y, height }) => y - height / 2)) - LINE;
    const bottom = Math.max(...placed.map(({ y, height }) => y + height / 2)) + LINE;
    /** @type {(Point & {width: number, height: number})[]} */
    const boxes = [...placed];
    const edges = links.flatMap((link) => {
        const [one, two] = [at.get(link.source), at.get(link.target)];
        if (!one || !two) {
            return [];
        }
        const [from, to] = [circleOf(one), circleOf(two)];
        const name = cut(link.predicates.map((iri) => labels.get(iri)?.text ?? iri.replace(/^.*[/#:]/, '')).join(', '), 40);
        const box = { width: SMALL * lettersOf(name), height: LINE };
        const place = freePlace(from, to, box, boxes);
        boxes.push({ ...place, ...box });
        return [edge(from, to, name, place, link)];
    });
    /** @param {Event} event */
    const near = ({ target, type }) => {
        const id = target instanceof Element ? target.closest('[data-thing]')?.getAttribute('data-thing') : null;
        const isNear = type === 'pointerover' || type === 'focusin';
        for (const each of edges) {
            each.classList.toggle('near', isNear && id !== null && (each.dataset.source === id || each.dataset.target === id));
        }
    };
    return svg(
        'svg',
        {
            class: links.length > MOST_NAMED ? 'net dense' : 'net',
            viewBox: [left, top, right - left, bottom - top].join(' '),
            role: 'group',
            'aria-label': _('Things and links'),
            pointerover: near,
            focusin: near,
            focusout: near,
        },
        svg(
            'defs',
            {},
            svg(
                'marker',
                { id: 'arrow', viewBox: '0 0 8 8', refX: 8, refY: 4, markerWidth: 8, markerHeight: 8, orient: 'auto' },
                svg('path', { d: 'M0 0L8 4L0 8z', class: 'arrow' }),
            ),
        ),
        ...edges,
        ...placed.map((one) => node(one, names)),
    );
}

/**
 * Return a thing with the lines of its label, and the size of both together.
 * @param {Thing} thing
 */
function boxOf(thing) {
    const lines = linesOf(thing.label, WIDTH);
    const longest = Math.max(...lines.map(lettersOf));
    return { ...thing, lines, width: Math.max(2 * RADIUS, LETTER * longest), height: 2 * RADIUS + LINE * lines.length + 4 };
}

/**
 * Return how many Latin letters a text is as wide as: a Chinese character is as wide as two.
 * @param {string} text
 */
function lettersOf(text) {
    return text.replace(/[^\0-\u02ff]/g, '  ').length;
}

/** @param {Node} node where its circle is */
function circleOf({ x, y, height }) {
    return { x, y: y - height / 2 + RADIUS };
}

/**
 * @param {Point} from
 * @param {Point} to
 * @param {string} name
 * @param {Point} place where the name is
 * @param {Link} link
 */
function edge(from, to, name, place, { source, target }) {
    const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
    const [dx, dy] = [((to.x - from.x) / length) * (RADIUS + 2), ((to.y - from.y) / length) * (RADIUS + 2)];
    return svg(
        'g',
        { 'data-source': source, 'data-target': target },
        svg('line', { x1: from.x + dx, y1: from.y + dy, x2: to.x - dx, y2: to.y - dy, class: 'link', 'marker-end': 'url(#arrow)' }),
        svg('text', { x: place.x, y: place.y + 4, class: 'link-label' }, name),
    );
}

/**
 * @param {Node} node
 * @param {Names} names
 */
function node(node, names) {
    const { id, term, x, lines } = node;
    const { y } = circleOf(node);
    const href = term.type === 'uri' ? addressOf(term.value, names) : null;
    const shape = [
        svg('circle', { cx: x, cy: y, r: RADIUS, class: 'thing' }),
        ...lines.map((line, index) => svg('text', { x, y: y + RADIUS + LINE * (index + 1) - 3, class: 'thing-label' }, line)),
        svg('title', {}, cut(`${node.label} (${nameOf(term.value, names)})`, 300)),
    ];
    return href ? svg('a', { href, 'data-thing': id }, ...shape) : svg('g', { 'data-thing': id }, ...shape);
}
