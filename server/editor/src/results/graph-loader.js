/** Fetch the drawing of graphs when it is first shown: few answers need it, and its layout is a tenth of the editor. */

import { byId, html } from '../dom.js';

/** @import { Table } from '../answer.js' */
/** @import { Lookups } from '../lookups.js' */
/** @import { Names } from '../terms.js' */

/**
 * Return an element that shows the drawing of triples as soon as its script is there.
 * @param {Table} table
 * @param {Names} names
 * @param {Lookups} lookups
 */
export function loadedGraph(table, names, { labelsOf }) {
    const holder = html('div', {}, html('p', { class: 'note' }, 'Loading …'));
    const address = byId('editor', HTMLElement).dataset.graph ?? '';
    import(address).then(
        (/** @type {typeof import('./graph.js')} */ { graphView }) => holder.replaceChildren(graphView(table, names, labelsOf)),
        () => holder.replaceChildren(html('p', { class: 'note', role: 'alert' }, 'The drawing could not be loaded. The table has the same triples.')),
    );
    return holder;
}
