/** Show a column of numbers as a chart: one line a row, with the words and the figure beside its drawing. */

import { html } from '../dom.js';
import { drawableColumns } from './columns.js';
import { isBound, seriesOf, unrankedStatements } from './figures.js';
import { axisOf, barOn, markOn } from './marks.js';
import { scaleFor } from './scale.js';
import { STANCES } from './stances.js';
import { N_, _, joined, number } from '../messages.js';

/** @import { Table } from '../answer.js' */
/** @import { Names } from '../terms.js' */
/** @import { Figure, Group, Series, Shape } from './figures.js' */

/** @type {[Shape, string][]} */
const MEANINGS = [
    ['dot', N_('dot: exactly this number')],
    ['from', N_('arrow to the right: more than this, or at least this')],
    ['to', N_('arrow to the left: nearly this, or at most this')],
    ['about', N_('bar: about this')],
];
/** @type {Map<string, string>} */
const HEDGES = new Map([N_('more than'), N_('at least'), N_('nearly'), N_('at most'), N_('about')].map((words) => [words, words]));
/** @type {Record<string, string>} */
const RANKS = { deprecated: N_('judged wrong'), preferred: N_('preferred by the curators') };

/**
 * Return the chart, with a choice of the column where there are several.
 *
 * A statement that is judged wrong is drawn as such even where the query does not ask for its rank.
 * @param {Table} table
 * @param {string} query
 * @param {Names} names
 * @param {(statements: string[]) => Promise<Set<string>>} judgedWrong finds those that the curators judge wrong
 * @param {{column: string, chosen: (column: string) => void}} choice the column to draw first, by its name, and what
 *     is called when another one is chosen
 */
export function chartView(table, query, names, judgedWrong, choice) {
    const columns = drawableColumns(table);
    const holder = html('div');
    const select = html(
        'select',
        { id: 'chart-column', change },
        ...columns.map((column) => html('option', { value: column }, table.columns[column])),
    );
    const label = html('label', { for: 'chart-column' }, _('Column to draw'), ' ');
    // The last column is usually the one that was counted; the bounds of another column are drawn with it.
    const usual = columns.findLast((column) => !isBound(table, query, column)) ?? columns.at(-1) ?? 0;
    const first = columns.find((column) => table.columns[column] === choice.column) ?? usual;
    select.value = String(first);
    /** @type {Set<string> | undefined} */
    let judged;
    draw(first);
    const statements = unrankedStatements(table, names);
    if (statements.length) {
        judgedWrong(statements).then((found) => {
            judged = found;
            draw(Number(select.value));
        }, () => holder.append(html('p', { class: 'note' }, _('The judgements on these statements could not be loaded, and are not drawn.'))));
    }
    return html('div', {}, columns.length > 1 ? html('p', { class: 'row tools' }, label, select) : null, holder);

    function change() {
        choice.chosen(table.columns[Number(select.value)] ?? '');
        draw(Number(select.value));
    }

    /** @param {number} column */
    function draw(column) {
        const series = seriesOf(table, query, column, names, judged);
        const notes = series.left > 0 ? [...series.notes, _('The first %(shown)s of %(total)s rows are drawn.', { shown: table.rows.length - series.left, total: table.rows.length })] : series.notes;
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
    const title = unit ? _('%(name)s, in %(unit)s', { name: series.name, unit }) : series.name;
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
    const written = (/** @type {number} */ some) => number(some, { maximumFractionDigits: 6 });
    const isExact = hedge === 'exact' || !hasHedges;
    const figure = [joined(isExact ? '' : _(HEDGES.get(hedge) ?? hedge), written(value)), unit, hasHedges && !hedge ? _('(no hedge given)') : ''].filter(Boolean).join(' ');
    const between = bounds && bounds[0] !== bounds[1] ? _('between %(lower)s and %(upper)s', { lower: written(bounds[0]), upper: written(bounds[1]) }) : '';
    const said = [between, spoken(STANCES[stance]?.words), spoken(RANKS[rank]), isOff ? _('beyond the axis') : ''].filter(Boolean).join(_('; '));
    return [
        html('strong', {}, rank === 'deprecated' ? html('s', {}, figure) : figure),
        ' ',
        html('span', { class: 'counted' }, label),
        ...(said ? [' ', html('span', { class: 'qualifiers' }, said)] : []),
    ];
}

/** @param {string | undefined} message */
function spoken(message) {
    return message ? _(message) : '';
}

/**
 * Return what the marks of a chart mean: those that it has.
 * @param {Series} series
 */
function legend({ groups, hasHedges }) {
    const figures = groups.flatMap((group) => group.figures);
    const has = (/** @type {(figure: Figure) => boolean} */ test) => figures.some(test);
    const samples = [
        ...MEANINGS.filter(([shape]) => hasHedges && has((figure) => figure.shape === shape)).map(([shape, meaning]) => sample(_(meaning), shape)),
        ...(has(({ bounds }) => bounds !== null) ? [sample(_('line with two ends: between its bounds'), 'dot', '', '', [1, 9])] : []),
        ...Object.entries(STANCES).filter(([code]) => has(({ stance }) => stance === code)).map(([code, { legend }]) => sample(_(legend), 'dot', code)),
        ...(has(({ rank }) => rank === 'deprecated') ? [sample(_('red, struck through: judged wrong'), 'dot', '', 'deprecated')] : []),
    ];
    return html('ul', { class: 'legend', 'aria-label': _('Legend') }, ...samples);
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
    return number(value, { notation, compactDisplay: 'long', maximumFractionDigits: 6 });
}
