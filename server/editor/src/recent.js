/** The list of queries that were run in this browser: found again by a click, saved to a file, forgotten. */

import { byId, html } from './dom.js';
import { questionOf } from './query.js';
import { forgetRecent, keepRecent, recentQueries } from './storage.js';

/**
 * Make the list work, and return a function that adds a query to it.
 * @param {(query: string) => void} load shows a query in the editor and runs it
 */
export function recent(load) {
    const details = byId('recent-details', HTMLDetailsElement);
    const list = byId('recent', HTMLElement);
    byId('recent-save', HTMLButtonElement).addEventListener('click', save);
    byId('recent-clear', HTMLButtonElement).addEventListener('click', () => {
        forgetRecent();
        show();
    });
    show();
    return (/** @type {string} */ query) => {
        keepRecent(query);
        show();
    };

    function show() {
        const queries = recentQueries();
        details.hidden = queries.length === 0;
        list.replaceChildren(
            ...queries.map((query) =>
                html('li', {}, html('button', { type: 'button', class: 'link', title: query, click: () => load(query) }, nameOf(query))),
            ),
        );
    }
}

/**
 * Return the name of a query in the list: its question, its first comment, or its beginning without the prologue.
 * @param {string} query
 */
export function nameOf(query) {
    const comment = /^\s*#+\s*(\S.*)$/m.exec(query.split('\n', 1)[0] ?? '')?.[1];
    const body = query.replace(/^\s*(?:#.*|(?:PREFIX\s+\S*|BASE)\s*<[^>]*>)/gim, '').replace(/\s+/g, ' ').trim();
    const name = questionOf(query) ?? comment ?? body;
    return name.length > 80 ? `${name.slice(0, 79)}…` : name || 'Empty query';
}

function save() {
    const text = recentQueries().join('\n\n');
    const href = URL.createObjectURL(new Blob([text], { type: 'application/sparql-query' }));
    html('a', { href, download: 'queries.rq' }).click();
    URL.revokeObjectURL(href);
}
