/** Show dates on a timeline: a dot for a day, a bar from the first to the last of two columns. */

import { html, svg } from '../dom.js';
import { _, LANGUAGE, ngettext } from '../messages.js';
import { caption, dateOf } from '../terms.js';
import { dateColumns } from './columns.js';
import { labelColumns } from './figures.js';

/** @import { Row, Table } from '../answer.js' */
/** @import { Names } from '../terms.js' */

/** @typedef {{label: string, day: string, from: number, to: number}} Event */
/** @typedef {{at: number, label: string}} Tick */

const MOST = 60;
const TICKS = 6;

/**
 * Return the events, the earliest first, and the marks on the line; places in per cent of the width.
 * @param {Table} table
 * @param {Names} names
 * @returns {{events: Event[], ticks: Tick[], left: number, undated: number}} with how many rows are not drawn
 */
export function timeline(table, names) {
    const [start, end] = dateColumns(table);
    const others = labelColumns(table, [start, end].filter((index) => index !== undefined));
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
 * Return the dates as a list, each with its place on the line of time.
 * @param {Table} table
 * @param {Names} names
 */
export function timelineView(table, names) {
    const { events, ticks: marks, left, undated } = timeline(table, names);
    const lanes = events.map(({ label, day, from, to }) =>
        html(
            'li',
            { class: 'lane' },
            html('span', { class: 'words' }, html('strong', {}, day), ...(label ? [' ', html('span', { class: 'counted' }, label)] : [])),
            html('span', { class: 'drawing' }, drawing(marks, from, to)),
        ),
    );
    const notes = [
        left ? ngettext('%(num)s later row is not drawn.', '%(num)s later rows are not drawn.', left) : '',
        undated ? ngettext('%(num)s row has no date: it is in the table only.', '%(num)s rows have no date: they are in the table only.', undated) : '',
    ].filter(Boolean);
    return html(
        'div',
        {},
        html(
            'div',
            { class: 'chart' },
            html('ol', { class: 'bands', 'aria-label': _('Dates on a line of time') }, ...lanes),
            html('div', { class: 'lane axis-row long' }, html('span', { class: 'words' }), html('span', { class: 'drawing' }, axis(marks))),
        ),
        notes.length ? html('p', { class: 'note' }, notes.join(' ')) : null,
    );
}

/**
 * Return the drawing of an event: a dot for a day, a bar from its first day to its last.
 * @param {Tick[]} marks
 * @param {number} from
 * @param {number} to
 */
function drawing(marks, from, to) {
    const ends = from === to ? [from] : [from, to];
    return svg(
        'svg',
        { class: 'plot', width: '100%', 'aria-hidden': 'true', focusable: 'false' },
        ...marks.map(({ at }) => svg('line', { class: 'grid', x1: `${at}%`, x2: `${at}%`, y1: 0, y2: '100%' })),
        svg('line', { class: 'zero', x1: 0, x2: '100%', y1: '50%', y2: '50%' }),
        svg('line', { class: 'span', x1: `${from}%`, x2: `${to}%`, y1: '50%', y2: '50%' }),
        ...ends.map((end) => svg('circle', { class: 'bar', cx: `${end}%`, cy: '50%', r: 5 })),
    );
}

/** @param {Tick[]} marks */
function axis(marks) {
    const words = marks.map(({ at, label }) => svg('text', { x: `${at}%`, y: 18, 'text-anchor': at > 90 ? 'end' : at < 10 ? 'start' : 'middle' }, label));
    return svg('svg', { class: 'axis', width: '100%', 'aria-hidden': 'true', focusable: 'false' }, ...words);
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
        const label = date.toLocaleDateString(LANGUAGE, { .../** @type {any} */ (form), timeZone: 'UTC' });
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
    return first && last && last !== first ? _('%(first)s to %(last)s', { first, last }) : (first ?? last ?? '');
}
