/** Show the code that sends the query from a program, in several languages. */

import { copy } from './copying.js';
import { html } from './dom.js';
import { _ } from './messages.js';
import { prologue } from './query.js';
import { snippets } from './snippets.js';
import { tabbed } from './tabs.js';

/**
 * Return a function that shows the code for a query in an element, and keeps the language that was chosen.
 * @param {HTMLElement} holder
 * @param {string} endpoint the whole address of the endpoint
 * @param {(text: string) => void} say
 */
export function codeView(holder, endpoint, say) {
    let chosen = 0;
    let shown = '';
    return (/** @type {string} */ query) => {
        if (query === shown) {
            return;
        }
        shown = query;
        const found = snippets(endpoint, query, prologue(query).form);
        const tabs = found.map(({ name, language, code }) => ({ name, make: () => panel(name, language, code) }));
        holder.replaceChildren(tabbed('code', _('Languages'), tabs, { first: chosen, chosen: (index) => (chosen = index) }));
    };

    /**
     * @param {string} name
     * @param {string} language
     * @param {string} code
     */
    function panel(name, language, code) {
        const button = html('button', { type: 'button', class: 'plain', click: () => copy(button, code, say) }, _('Copy'));
        const label = _('The query in %(language)s, by %(tool)s', { language, tool: name });
        return html('div', {}, html('pre', { tabindex: '0', role: 'region', 'aria-label': label }, code), button);
    }
}
