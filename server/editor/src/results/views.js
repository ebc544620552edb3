/** Show an answer in each view that suits it: table, chart, timeline, graph, and the response itself. */

import { html } from '../dom.js';
import { tabbed } from '../tabs.js';
import { cut } from '../terms.js';
import { chartView, drawableColumns } from './chart.js';
import { loadedGraph } from './graph-loader.js';
import { tableView } from './table.js';
import { dateColumns, timelineView } from './timeline.js';

/** @import { Answer, Table } from '../answer.js' */
/** @import { Lookups } from '../lookups.js' */
/** @import { Tab } from '../tabs.js' */
/** @import { Names } from '../terms.js' */

/** How many characters of the response are shown: browsers are slow with more. */
const LONGEST = 200_000;

/**
 * Return the views of an answer, in tabs.
 * @param {Answer} answer
 * @param {string} text the body of the response
 * @param {string} query
 * @param {Names} names
 * @param {Lookups} lookups
 */
export function answerView(answer, text, query, names, lookups) {
    const raw = { name: answer.kind === 'graph' ? 'N-Triples' : 'JSON', make: () => rawView(text) };
    if (answer.kind === 'truth') {
        const truth = { name: 'Answer', make: () => html('p', { class: 'truth' }, answer.value ? 'Yes.' : 'No.') };
        return tabbed('views', 'Views of the answer', [truth, raw]);
    }
    return tabbed('views', 'Views of the answer', [...tableTabs(answer, query, names, lookups), raw]);
}

/**
 * Return the answer in one sentence.
 * @param {Answer} answer
 */
export function summary(answer) {
    if (answer.kind === 'truth') {
        return answer.value ? 'Yes' : 'No';
    }
    const { length } = answer.rows;
    const unit = answer.kind === 'graph' ? 'triple' : 'row';
    return `${length.toLocaleString('en')} ${length === 1 ? unit : `${unit}s`}`;
}

/**
 * @param {Table} table
 * @param {string} query
 * @param {Names} names
 * @param {Lookups} lookups
 * @returns {Tab[]}
 */
function tableTabs(table, query, names, lookups) {
    const tabs = [{ name: 'Table', make: () => tableView(table, names, lookups) }];
    if (table.kind === 'graph') {
        return table.rows.length ? [...tabs, { name: 'Graph', make: () => loadedGraph(table, names, lookups) }] : tabs;
    }
    if (drawableColumns(table).length) {
        tabs.push({ name: 'Chart', make: () => chartView(table, query, names, lookups.judgedWrong) });
    }
    if (dateColumns(table).length) {
        tabs.push({ name: 'Timeline', make: () => timelineView(table, names) });
    }
    return tabs;
}

/** @param {string} text */
function rawView(text) {
    const left = text.length - LONGEST;
    const note = `The first ${LONGEST.toLocaleString('en')} characters; the download has all ${text.length.toLocaleString('en')}.`;
    return html(
        'div',
        {},
        left > 0 ? html('p', { class: 'note' }, note) : null,
        html('pre', { tabindex: '0', role: 'region', 'aria-label': 'The response' }, cut(text, LONGEST)),
    );
}
