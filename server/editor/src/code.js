/** Show the code that asks a query from a program, in several languages. */

import { copy } from './copying.js';
import { html } from './dom.js';
import { prologue } from './query.js';
import { snippets } from './snippets.js';
import { tabbed } from './tabs.js';

/**
 * Return the code in tabs, each with a button that copies it.
 * @param {string} endpoint the whole address of the endpoint
 * @param {string} query
 * @param {(text: string) => void} say
 */
export function codeView(endpoint, query, say) {
    const found = snippets(endpoint, query, prologue(query).form);
    return tabbed('code', 'Languages', found.map(({ name, language, code }) => ({ name, make: () => panel(name, language, code) })));

    /**
     * @param {string} name
     * @param {string} language
     * @param {string} code
     */
    function panel(name, language, code) {
        const button = html('button', { type: 'button', class: 'plain', click: () => copy(button, code, say) }, 'Copy');
        const label = `The query in ${language}, by ${name}`;
        return html('div', {}, html('pre', { tabindex: '0', role: 'region', 'aria-label': label }, code), button);
    }
}
