/** Show dates on a timeline: a dot for a day, a bar from the first to the last of two columns. */

import { html, svg } from '../dom.js';
import { caption, dateOf } from '../terms.js';

/** @import { Row, Table } from '../answer.js' */
/** @import { Names } from '../terms.js' */

/** @typedef {{label: string, day: string, from: number, to: number}} Event */
/** @typedef {{at: number, label: string}} Tick */

const MOST = 60;
const ROW = 44;
const TOP = 30;
const TICKS = 6;

/**
 * Return the columns that hold dates.
 * @param {Table} table
 */
export function dateColumns(table) {
    return table.columns.map((_, index) => index).filter((index) => isDated(table.rows, index));
}

/**
 * Return the events, the earliest first, and the marks on the line; places in per cent of the width.
 * @param {Table} table
 * @param {Names} names
 * @returns {{events: Event[], ticks: Tick[], left: number, undated: number}} with how many rows are not drawn
 */
export function timeline(table, names) {
    const [start, end] = dateColumns(table);
    const others = table.columns.map((_, index) => index).filter((index) => index !== start && index !== end);
    const dated = table.rows
        .flatMap((row) => {
            const times = [start, end].map((index) => (index === undefined ? null : dateOf(row[index])));
            const known = times.filter((time) => time !== null);
            return known.length ? [{ row, first: Math.min(...known), last: Math.max(...known) }] : [];
        })
        .sort((one, two) => one.first - two.first);
    const drawn = dated.slice(0, MOST);
    const [least, most] = span(drawn.map(({ first }) => first), drawn.map(({ last }) => last));
    const place = (/** @type {number} */ time) => (100 * (time - least)) / (most - least);
    const events = drawn.map(({ row, first, last }) => ({
        label: others.map((index) => row[index] && caption(row[index], names)).filter(Boolean).join(' · '),
        day: days(row, start, end),
        from: place(first),
        to: place(last),
    }));
    return { events, ticks: ticks(least, most, place), left: dated.length - drawn.length, undated: table.rows.length - dated.length };
}

/**
 * Return the drawing of the dates.
 * @param {Table} table
 * @param {Names} names
 */
export function timelineView(table, names) {
    const { events, ticks: marks, left, undated } = timeline(table, names);
    const height = TOP + events.length * ROW + 4;
    const label = 'Dates on a line of time; the table has the same dates.';
    const drawing = svg(
        'svg',
        { class: 'bars', role: 'img', 'aria-label': label, width: '100%', height },
        ...marks.flatMap(({ at, label: words }) => [
            svg('line', { x1: `${at}%`, x2: `${at}%`, y1: TOP - 8, y2: height, class: 'tick' }),
            svg('text', { x: `${at}%`, y: 14, class: at > 90 ? 'words end' : 'words' }, words),
        ]),
        ...events.flatMap(({ label: words, day, from, to }, index) => {
            const y = TOP + index * ROW;
            return [
                svg('text', { x: 0, y: y + 14, class: 'words' }, words ? `${day} · ${words}` : day),
                svg('line', { x1: '0', x2: '100%', y1: y + 28, y2: y + 28, class: 'ground' }),
                svg('line', { x1: `${from}%`, x2: `${to}%`, y1: y + 28, y2: y + 28, class: 'span' }),
                svg('circle', { cx: `${from}%`, cy: y + 28, r: 5, class: 'bar' }),
                from === to ? null : svg('circle', { cx: `${to}%`, cy: y + 28, r: 5, class: 'bar' }),
            ];
        }),
    );
    const notes = [
        left ? `${left} later rows are not drawn.` : '',
        undated ? `${undated} ${undated === 1 ? 'row has' : 'rows have'} no date: ${undated === 1 ? 'it is' : 'they are'} in the table only.` : '',
    ];
    return html('div', {}, drawing, html('p', { class: 'note' }, notes.filter(Boolean).join(' ')));
}

/**
 * @param {Row[]} rows
 * @param {number} index
 */
function isDated(rows, index) {
    const bound = rows.map((row) => row[index]).filter((term) => term !== undefined);
    return bound.length > 0 && bound.every((term) => dateOf(term) !== null);
}

/**
 * Return the time that is drawn: that of the events with some room on both sides, at least a month.
 * @param {number[]} starts
 * @param {number[]} ends
 * @returns {[number, number]}
 */
function span(starts, ends) {
    const least = Math.min(...starts);
    const most = Math.max(...ends);
    const room = Math.max((most - least) * 0.05, 15 * 86_400_000);
    return [least - room, most + room];
}

/**
 * Return marks at the starts of years; of months, where there are less than two years.
 * @param {number} least
 * @param {number} most
 * @param {(time: number) => number} place
 * @returns {Tick[]}
 */
function ticks(least, most, place) {
    const months = (most - least) / (30.4 * 86_400_000);
    const step = [1, 3, 6, 12, 24, 60, 120, 240, 600, 1200].find((size) => months / size <= TICKS) ?? 12_000;
    const start = new Date(least);
    const first = start.getUTCFullYear() * 12 + start.getUTCMonth();
    const found = [];
    for (let month = Math.ceil((first + 1) / step) * step; found.length <= TICKS; month += step) {
        const date = new Date(0);
        date.setUTCFullYear(Math.floor(month / 12), month % 12, 1);
        if (date.getTime() > most) {
            break;
        }
        const form = step < 12 ? { month: 'short', year: 'numeric' } : { year: 'numeric' };
        const label = date.toLocaleDateString('en', { .../** @type {any} */ (form), timeZone: 'UTC' });
        found.push({ at: place(date.getTime()), label });
    }
    return found;
}

/**
 * @param {Row} row
 * @param {number | undefined} start
 * @param {number | undefined} end
 */
function days(row, start, end) {
    const first = start === undefined ? undefined : row[start]?.value;
    const last = end === undefined ? undefined : row[end]?.value;
    return first && last && last !== first ? `${first} to ${last}` : (first ?? last ?? '');
}
