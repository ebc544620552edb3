/** The list of queries that were run in this browser: found again by a click, saved to a file, forgotten. */

import { byId, html } from './dom.js';
import { nameOf, save } from './kept.js';
import { foreign, languageOf } from './messages.js';
import { forgetRecent, keepRecent, recentQueries } from './storage.js';

/**
 * Make the list work, and return a function that adds a query to it.
 * @param {(query: string) => void} load shows a query in the editor and runs it
 */
export function recent(load) {
    const details = byId('recent-details', HTMLDetailsElement);
    const list = byId('recent', HTMLElement);
    byId('recent-save', HTMLButtonElement).addEventListener('click', () => {
        save(recentQueries().map((query) => ({ name: nameOf(query), query })), 'recent-queries.json');
    });
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
                html('li', {}, html('button', { type: 'button', class: 'link', title: query, lang: foreign(languageOf(nameOf(query))), click: () => load(query) }, nameOf(query))),
            ),
        );
    }
}
