/** Show a column of numbers as bars: one below the other, from zero, each with its words and its figure. */

import { html, svg } from '../dom.js';
import { caption, numberOf } from '../terms.js';
import { isNumeric } from './table.js';

/** @import { Row, Table } from '../answer.js' */
/** @import { Names } from '../terms.js' */

/** @typedef {{label: string, value: number, from: number, width: number}} Bar */

const MOST = 60;
const ROW = 46;
/** Per cent of the width that the longest bar takes: its figure stands behind it. */
const WIDTH = 82;

/**
 * Return the columns that can be drawn: the numbers, but years only where there is nothing else.
 * @param {Table} table
 */
export function numericColumns(table) {
    const numeric = table.columns.map((_, index) => index).filter((index) => isNumeric(table.rows, index));
    const amounts = numeric.filter((index) => !isYears(table.rows, index));
    return amounts.length ? amounts : numeric;
}

/**
 * Return the bars of a column: where each begins and how long it is, in per cent of the width.
 * @param {Table} table
 * @param {number} column
 * @param {Names} names
 * @returns {Bar[]}
 */
export function bars(table, column, names) {
    const labels = labelColumns(table, column);
    const drawn = table.rows.slice(0, MOST).flatMap((row, index) => {
        const value = numberOf(row[column]);
        const words = labels.map((at) => caption(row[at], names)).join(' · ');
        return value === null ? [] : [{ label: words || `Row ${index + 1}`, value }];
    });
    const least = Math.min(0, ...drawn.map(({ value }) => value));
    const span = Math.max(0, ...drawn.map(({ value }) => value)) - least || 1;
    return drawn.map((bar) => ({
        ...bar,
        from: (WIDTH * (Math.min(0, bar.value) - least)) / span,
        width: (WIDTH * Math.abs(bar.value)) / span,
    }));
}

/**
 * Return the columns that tell the rows apart: words and years rather than IRIs, and none that always says the same.
 * @param {Table} table
 * @param {number} column the one that is drawn
 */
function labelColumns(table, column) {
    const amounts = new Set(numericColumns(table));
    const others = table.columns.map((_, index) => index).filter((index) => index !== column);
    const telling = others.filter((index) => new Set(table.rows.map((row) => row[index]?.value)).size > 1);
    const words = telling.filter((index) => !amounts.has(index) && table.rows.some((row) => row[index]?.type === 'literal'));
    const found = words.length ? words : telling;
    return found.length ? found : others.filter((index) => !amounts.has(index));
}

/**
 * @param {Row[]} rows
 * @param {number} index
 */
function isYears(rows, index) {
    const values = rows.map((row) => numberOf(row[index])).filter((value) => value !== null);
    return values.every((value) => Number.isInteger(value) && value >= 1000 && value < 3000);
}

/**
 * Return the chart, with a choice of the column where there are several.
 * @param {Table} table
 * @param {Names} names
 */
export function chartView(table, names) {
    const columns = numericColumns(table);
    const holder = html('div');
    const choice = html(
        'select',
        { id: 'chart-column', change: () => draw(Number(choice.value)) },
        ...columns.map((column) => html('option', { value: column }, table.columns[column])),
    );
    const label = html('label', { for: 'chart-column' }, 'Length of the bars ');
    // The last column is mostly the one that was counted.
    const first = columns.at(-1) ?? 0;
    choice.value = String(first);
    draw(first);
    return html('div', {}, columns.length > 1 ? html('p', { class: 'row' }, label, choice) : null, holder);

    /** @param {number} column */
    function draw(column) {
        const left = table.rows.length - MOST;
        holder.replaceChildren(
            drawing(bars(table, column, names), `Bars of ${table.columns[column]}; the table has the same figures.`),
            left > 0 ? html('p', { class: 'note' }, `The first ${MOST} of ${table.rows.length} rows are drawn.`) : '',
        );
    }
}

/**
 * @param {Bar[]} drawn
 * @param {string} label
 */
function drawing(drawn, label) {
    const height = drawn.length * ROW + 4;
    return svg(
        'svg',
        { class: 'bars', role: 'img', 'aria-label': label, width: '100%', height },
        ...drawn.flatMap(({ label: words, value, from, width }, index) => [
            svg('text', { x: 0, y: index * ROW + 16, class: 'words' }, words),
            svg('rect', { x: `${from}%`, y: index * ROW + 22, width: `${width}%`, height: 14, class: 'bar' }),
            svg('text', { x: `${from + width}%`, dx: 6, y: index * ROW + 34, class: 'value' }, value.toLocaleString('en')),
        ]),
    );
}
