/**
 * Tabs with arrow-key navigation; the content of a tab is made when it is first shown.
 *
 * https://www.w3.org/WAI/ARIA/apg/patterns/tabs/
 */

import { html } from './dom.js';

/** @typedef {{name: string, make: () => Node}} Tab */

/** @type {Record<string, (at: number, count: number) => number>} */
const MOVES = {
    ArrowRight: (at, count) => (at + 1) % count,
    ArrowLeft: (at, count) => (at + count - 1) % count,
    Home: () => 0,
    End: (_, count) => count - 1,
};

/**
 * Return tabs, one of which is shown.
 * @param {string} id unique among the tabs of the page
 * @param {string} label
 * @param {Tab[]} tabs
 * @param {{first?: number, chosen?: (index: number) => void}} [options] which tab is shown first, and what is called
 *     when another one is chosen
 */
export function tabbed(id, label, tabs, { first = 0, chosen: report = () => {} } = {}) {
    const panels = tabs.map((_, index) =>
        html('div', { role: 'tabpanel', id: `${id}-panel-${index}`, 'aria-labelledby': `${id}-tab-${index}` }),
    );
    const buttons = tabs.map(({ name }, index) =>
        html(
            'button',
            {
                type: 'button',
                role: 'tab',
                id: `${id}-tab-${index}`,
                'aria-controls': `${id}-panel-${index}`,
                click: () => show(index),
            },
            name,
        ),
    );
    const list = html('div', { role: 'tablist', 'aria-label': label, class: 'tabs', keydown: move }, ...buttons);
    show(first);
    return html('div', { class: 'tabbed' }, list, ...panels);

    /** @param {number} chosen */
    function show(chosen) {
        report(chosen);
        buttons.forEach((button, index) => {
            button.setAttribute('aria-selected', String(index === chosen));
            button.tabIndex = index === chosen ? 0 : -1;
        });
        panels.forEach((panel, index) => {
            panel.hidden = index !== chosen;
        });
        const panel = panels[chosen];
        const tab = tabs[chosen];
        if (panel && tab && !panel.hasChildNodes()) {
            panel.append(tab.make());
        }
    }

    /** @param {KeyboardEvent} event */
    function move(event) {
        const at = buttons.findIndex((button) => button === event.target);
        const to = MOVES[event.key]?.(at, buttons.length);
        if (at >= 0 && to !== undefined) {
            event.preventDefault();
            show(to);
            buttons[to]?.focus();
        }
    }
}
