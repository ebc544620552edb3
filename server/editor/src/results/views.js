/** Show an answer in each view that suits it: table, chart, timeline, graph, and the response itself. */

import { html } from '../dom.js';
import { _, ngettext } from '../messages.js';
import { tabbed } from '../tabs.js';
import { cut } from '../terms.js';
import { dateColumns, drawableColumns } from './columns.js';
import { loadedChart, loadedGraph, loadedTimeline } from './drawings.js';
import { show, shown } from './shown.js';
import { tableView } from './table.js';

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
    const raw = { key: 'response', name: answer.kind === 'graph' ? 'N-Triples' : 'JSON', make: () => rawView(answer.kind === 'graph' ? text : indented(text)) };
    const truth = { key: '', name: _('Answer'), make: () => html('p', { class: 'truth' }, isTrue(answer) ? _('Yes.') : _('No.')) };
    const tabs = answer.kind === 'truth' ? [truth, raw] : [...tableTabs(answer, query, names, lookups), raw];
    const first = Math.max(0, tabs.findIndex(({ key }) => key === shown().view));
    const chosen = (/** @type {number} */ index) => {
        const { view, column } = shown();
        const key = tabs[index]?.key ?? '';
        show(key, key === view ? column : '');
    };
    return tabbed('views', _('Views of the answer'), tabs, { first, chosen });
}

/** @param {Answer} answer */
function isTrue(answer) {
    return answer.kind === 'truth' && answer.value;
}

/**
 * Return the answer in one sentence.
 * @param {Answer} answer
 */
export function summary(answer) {
    if (answer.kind === 'truth') {
        return answer.value ? _('Yes') : _('No');
    }
    const { length } = answer.rows;
    return answer.kind === 'graph' ? ngettext('%(num)s triple', '%(num)s triples', length) : ngettext('%(num)s row', '%(num)s rows', length);
}

/**
 * @param {Table} table
 * @param {string} query
 * @param {Names} names
 * @param {Lookups} lookups
 * @returns {(Tab & {key: string})[]} each with its name in addresses
 */
function tableTabs(table, query, names, lookups) {
    const tabs = [{ key: '', name: _('Table'), make: () => tableView(table, names, lookups) }];
    if (table.kind === 'graph') {
        return table.rows.length ? [...tabs, { key: 'graph', name: _('Graph'), make: () => loadedGraph(table, names, lookups) }] : tabs;
    }
    if (drawableColumns(table).length) {
        const choice = { column: shown().column, chosen: (/** @type {string} */ column) => show('chart', column) };
        tabs.push({ key: 'chart', name: _('Chart'), make: () => loadedChart(table, query, names, lookups, choice) });
    }
    if (dateColumns(table).length) {
        tabs.push({ key: 'timeline', name: _('Timeline'), make: () => loadedTimeline(table, names) });
    }
    return tabs;
}

/**
 * Return JSON with a line for each value; text that is too long to be shown whole stays as it is.
 * @param {string} text
 */
function indented(text) {
    return text.length > LONGEST ? text : JSON.stringify(JSON.parse(text), null, 2);
}

/** @param {string} text */
function rawView(text) {
    const left = text.length - LONGEST;
    const note = _('The first %(shown)s characters; the download has all %(total)s.', { shown: LONGEST, total: text.length });
    return html(
        'div',
        {},
        left > 0 ? html('p', { class: 'note' }, note) : null,
        html('pre', { tabindex: '0', role: 'region', 'aria-label': _('The response') }, cut(text, LONGEST)),
    );
}
