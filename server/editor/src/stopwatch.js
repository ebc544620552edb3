/** Show how long a query has been running, and how much of its answer has arrived. */

import { html } from './dom.js';

/**
 * Show a running clock in an element, until it is stopped.
 *
 * The seconds are hidden from screen readers, which would announce every change of a status.
 * @param {HTMLElement} holder
 * @param {number} limit the seconds after which the server stops a query
 */
export function stopwatch(holder, limit) {
    const start = performance.now();
    const seconds = html('span', { 'aria-hidden': 'true' });
    let size = '';
    holder.replaceChildren('Running …', seconds);
    tick();
    const timer = setInterval(tick, 250);
    return {
        /** @param {number} bytes */
        received(bytes) {
            size = `, ${Math.round(bytes / 1024).toLocaleString('en')} kB received`;
        },
        stop: () => clearInterval(timer),
    };

    function tick() {
        const elapsed = Math.floor((performance.now() - start) / 1000);
        seconds.textContent = ` ${elapsed} s${limit < Infinity ? ` of at most ${limit} s` : ''}${size}`;
    }
}
