/** Show how long a query has been running, and how much of its answer has arrived. */

import { html } from './dom.js';
import { _ } from './messages.js';

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
    holder.replaceChildren(_('Running …'), seconds);
    tick();
    const timer = setInterval(tick, 250);
    return {
        /** @param {number} bytes */
        received(bytes) {
            size = _(', %(size)s kB received', { size: Math.round(bytes / 1024) });
        },
        stop: () => clearInterval(timer),
    };

    function tick() {
        const elapsed = Math.floor((performance.now() - start) / 1000);
        const time = limit < Infinity ? _('%(elapsed)s s of at most %(limit)s s', { elapsed, limit }) : _('%(elapsed)s s', { elapsed });
        seconds.textContent = ` ${time}${size}`;
    }
}
