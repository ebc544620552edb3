/** Show a column of numbers as a chart: one line a row, with the words and the figure beside its drawing. */

import { html } from '../dom.js';
import { drawableColumns, isBound, seriesOf, unrankedStatements } from './figures.js';
import { axisOf, barOn, markOn } from './marks.js';
import { scaleFor } from './scale.js';

/** @import { Table } from '../answer.js' */
/** @import { Names } from '../terms.js' */
/** @import { Figure, Group, Series, Shape } from './figures.js' */

/** @type {[Shape, string][]} */
const MEANINGS = [
    ['dot', 'exactly this number'],
    ['from', 'more than this'],
    ['to', 'less than this'],
    ['about', 'about this'],
];
/** @type {Record<string, string>} */
const STANCES = { planned: 'planned', ongoing: 'reported as under way', accomplished: 'reported' };
/** @type {Record<string, string>} */
const RANKS = { deprecated: 'judged wrong', preferred: 'preferred by the curators' };

export { drawableColumns };

/**
 * Return the chart, with a choice of the column where there are several.
 *
 * A statement that is judged wrong is drawn as such even where the query does not ask for its rank.
 * @param {Table} table
 * @param {string} query
 * @param {Names} names
 * @param {(statements: string[]) => Promise<Set<string>>} judgedWrong finds those that the curators judge wrong
 */
export function chartView(table, query, names, judgedWrong) {
    const columns = drawableColumns(table);
    const holder = html('div');
    const choice = html(
        'select',
        { id: 'chart-column', change: () => draw(Number(choice.value)) },
        ...columns.map((column) => html('option', { value: column }, table.columns[column])),
    );
    const label = html('label', { for: 'chart-column' }, 'Column to draw ');
    // The last column is usually the one that was counted; the bounds of another column are drawn with it.
    const first = columns.findLast((column) => !isBound(table, query, column)) ?? columns.at(-1) ?? 0;
    choice.value = String(first);
    /** @type {Set<string> | undefined} */
    let judged;
    draw(first);
    const statements = unrankedStatements(table, names);
    if (statements.length) {
        judgedWrong(statements).then((found) => {
            judged = found;
            draw(Number(choice.value));
        }, () => holder.append(html('p', { class: 'note' }, 'The judgements on these statements could not be loaded, and are not drawn.')));
    }
    return html('div', {}, columns.length > 1 ? html('p', { class: 'row' }, label, choice) : null, holder);

    /** @param {number} column */
    function draw(column) {
        const series = seriesOf(table, query, column, names, judged);
        const notes = series.left > 0 ? [...series.notes, `The first ${table.rows.length - series.left} of ${table.rows.length} rows are drawn.`] : series.notes;
        holder.replaceChildren(
            ...(series.isMarked ? [legend(series)] : []),
            ...series.groups.map((group) => groupView(series, group)),
            ...notes.map((note) => html('p', { class: 'note' }, note)),
        );
    }
}

/**
 * @param {Series} series
 * @param {Group} group
 */
function groupView(series, { unit, figures }) {
    const isWrong = (/** @type {Figure} */ { rank }) => rank === 'deprecated';
    const values = (/** @type {Figure[]} */ some) => some.flatMap(({ value, bounds }) => [value, ...(bounds ?? [])]);
    const scale = scaleFor(values(figures.filter((figure) => !isWrong(figure))), values(figures.filter(isWrong)));
    const title = unit ? `${series.name}, in ${unit}` : series.name;
    const lanes = figures.map((figure) =>
        html(
            'li',
            { class: 'lane' },
            html('span', { class: 'words' }, ...words(figure, unit, series, figure.value > scale.most)),
            html('span', { class: 'drawing' }, series.isMarked ? markOn(scale, figure) : barOn(scale, figure.value)),
        ),
    );
    return html(
        'div',
        { class: 'chart' },
        html('ol', { class: 'bands', 'aria-label': title }, ...lanes),
        html(
            'div',
            { class: 'lane axis-row long' },
            html('span', { class: 'words axis-title' }, title),
            html('span', { class: 'drawing' }, axisOf(scale, shortNumber)),
        ),
    );
}

/**
 * @param {Figure} figure
 * @param {string} unit
 * @param {Series} series
 * @param {boolean} isOff whether it lies beyond the end of the axis
 */
function words({ label, value, hedge, stance, rank, bounds }, unit, { hasHedges }, isOff) {
    const number = value.toLocaleString('en', { maximumFractionDigits: 6 });
    const isExact = hedge === 'exact' || !hasHedges;
    const figure = [isExact ? '' : hedge, number, unit, hasHedges && !hedge ? '(no hedge given)' : ''].filter(Boolean).join(' ');
    const between = bounds && bounds[0] !== bounds[1] ? `between ${bounds.map((bound) => bound.toLocaleString('en', { maximumFractionDigits: 6 })).join(' and ')}` : '';
    const said = [between, STANCES[stance], RANKS[rank], isOff ? 'beyond the axis' : ''].filter(Boolean).join('; ');
    return [
        html('strong', {}, rank === 'deprecated' ? html('s', {}, figure) : figure),
        ' ',
        html('span', { class: 'counted' }, label),
        ...(said ? [' ', html('span', { class: 'qualifiers' }, said)] : []),
    ];
}

/**
 * Return what the marks of a chart mean: those that it has.
 * @param {Series} series
 */
function legend({ groups, hasHedges }) {
    const figures = groups.flatMap((group) => group.figures);
    const has = (/** @type {(figure: Figure) => boolean} */ test) => figures.some(test);
    const samples = [
        ...MEANINGS.filter(([shape]) => hasHedges && has((figure) => figure.shape === shape)).map(([shape, meaning]) => sample(meaning, shape)),
        ...(has(({ bounds }) => bounds !== null) ? [sample('between its bounds', 'dot', '', '', [1, 9])] : []),
        ...(has(({ stance }) => stance === 'planned') ? [sample('hollow: planned', 'dot', 'planned'), sample('filled: reported', 'dot')] : []),
        ...(has(({ rank }) => rank === 'deprecated') ? [sample('struck through: judged wrong', 'dot', '', 'deprecated')] : []),
    ];
    return html('ul', { class: 'legend', 'aria-label': 'Legend' }, ...samples);
}

/**
 * @param {string} meaning
 * @param {Shape} shape
 * @param {string} [stance]
 * @param {string} [rank]
 * @param {[number, number] | null} [bounds]
 */
function sample(meaning, shape, stance = '', rank = '', bounds = null) {
    const scale = { ...scaleFor([10]), ticks: [] };
    // An arrow begins at one side, other marks are in the middle.
    const value = shape === 'from' ? 1 : shape === 'to' ? 9 : 5;
    return html('li', {}, html('span', { class: 'sample' }, markOn(scale, { value, shape, stance, rank, bounds })), ` ${meaning}`);
}

/** @param {number} value */
function shortNumber(value) {
    const notation = Math.abs(value) >= 1e6 ? 'compact' : 'standard';
    return value.toLocaleString('en', { notation, compactDisplay: 'long', maximumFractionDigits: 6 });
}
