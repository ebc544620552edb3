/** Fetch what draws charts, timelines and graphs when one is first shown: few visits need it. */

import { html } from '../dom.js';
import { _ } from '../messages.js';
import { script } from '../scripts.js';

/** @import { Table } from '../answer.js' */
/** @import { Lookups } from '../lookups.js' */
/** @import { Names } from '../terms.js' */

/**
 * Return the chart of a column of numbers as soon as its script is there.
 * @param {Table} table
 * @param {string} query
 * @param {Names} names
 * @param {Lookups} lookups
 * @param {{column: string, chosen: (column: string) => void}} choice the column to draw first, by its name
 */
export function loadedChart(table, query, names, { judgedWrong }, choice) {
    return loaded('chart', (/** @type {typeof import('./charts.js')} */ { chartView }) => chartView(table, query, names, judgedWrong, choice));
}

/**
 * Return the timeline of dates as soon as its script is there.
 * @param {Table} table
 * @param {Names} names
 */
export function loadedTimeline(table, names) {
    return loaded('chart', (/** @type {typeof import('./charts.js')} */ { timelineView }) => timelineView(table, names));
}

/**
 * Return the drawing of triples as soon as its script is there.
 * @param {Table} table
 * @param {Names} names
 * @param {Lookups} lookups
 */
export function loadedGraph(table, names, { labelsOf }) {
    return loaded('graph', (/** @type {typeof import('./graph.js')} */ { graphView }) => graphView(table, names, labelsOf));
}

/**
 * Return an element that shows a drawing, with buttons that save it, as soon as the script that makes it is there.
 * @template T
 * @param {'chart' | 'graph'} name
 * @param {(module: T) => HTMLElement} make
 */
function loaded(name, make) {
    const holder = html('div', {}, html('p', { class: 'note' }, _('Loading …')));
    script(name).then(
        (module) => holder.replaceChildren(module.savable(make(module))),
        () => holder.replaceChildren(html('p', { class: 'note', role: 'alert' }, _('The drawing could not be loaded. The table has the same data.'))),
    );
    return holder;
}
