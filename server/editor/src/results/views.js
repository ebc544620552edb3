/** Show an answer in every way that suits it: as a table, bars, dates, a drawing, and as it was sent. */

import { html } from '../dom.js';
import { tabbed } from '../tabs.js';
import { cut } from '../terms.js';
import { chartView, numericColumns } from './chart.js';
import { graphView } from './graph.js';
import { tableView } from './table.js';
import { dateColumns, timelineView } from './timeline.js';

/** @import { Answer, Table } from '../answer.js' */
/** @import { Tab } from '../tabs.js' */
/** @import { Names } from '../terms.js' */

/** More than this is no reading matter, and browsers take long to show it. */
const LONGEST = 200_000;

/**
 * Return what is shown of an answer.
 * @param {Answer} answer
 * @param {string} text the answer as it was sent
 * @param {Names} names
 */
export function answerView(answer, text, names) {
    const raw = { name: answer.kind === 'graph' ? 'N-Triples' : 'JSON', make: () => rawView(text) };
    if (answer.kind === 'truth') {
        const truth = { name: 'Answer', make: () => html('p', { class: 'truth' }, answer.value ? 'Yes.' : 'No.') };
        return tabbed('answer', 'Ways to see the answer', [truth, raw]);
    }
    return tabbed('answer', 'Ways to see the answer', [...tableTabs(answer, names), raw]);
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
 * @param {Names} names
 * @returns {Tab[]}
 */
function tableTabs(table, names) {
    const tabs = [{ name: 'Table', make: () => tableView(table, names) }];
    if (table.kind === 'graph') {
        return table.rows.length ? [...tabs, { name: 'Graph', make: () => graphView(table, names) }] : tabs;
    }
    if (numericColumns(table).length) {
        tabs.push({ name: 'Chart', make: () => chartView(table, names) });
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
        html('pre', { tabindex: '0', role: 'region', 'aria-label': 'The answer as it was sent' }, cut(text, LONGEST)),
    );
}
