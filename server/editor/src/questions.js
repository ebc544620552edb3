/** The list of questions: found by typing, loaded by a click. Without this script, each is a link. */

import { byId } from './dom.js';
import { _ } from './messages.js';

/**
 * Make the list of questions work.
 * @param {(query: string) => void} load shows a query in the editor
 */
export function questions(load) {
    const list = byId('questions', HTMLElement);
    const find = byId('find-question', HTMLInputElement);
    const found = byId('questions-found', HTMLElement);
    const links = [...list.querySelectorAll('a')];
    find.closest('p')?.removeAttribute('hidden');
    find.addEventListener('input', () => {
        const wanted = find.value.toLowerCase().split(/\s+/).filter(Boolean);
        let count = 0;
        for (const link of links) {
            const text = link.textContent?.toLowerCase() ?? '';
            const fits = wanted.every((word) => text.includes(word));
            link.closest('li')?.toggleAttribute('hidden', !fits);
            count += fits ? 1 : 0;
        }
        found.textContent = wanted.length ? _('%(count)s of %(total)s questions', { count, total: links.length }) : '';
    });
    list.addEventListener('click', (event) => {
        const link = event.target instanceof Element ? event.target.closest('a') : null;
        const query = link && new URL(link.href).searchParams.get('query');
        if (query && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
            event.preventDefault();
            load(query);
        }
    });
}
