/** Make the columns of a table wider or narrower: by dragging the edge of a head, or by Shift with an arrow key on it. */

import { html } from '../dom.js';
import { _ } from '../messages.js';

const LEAST = 48;
const STEP = 24;
/** @type {Record<string, number>} */
const KEYS = { ArrowLeft: -STEP, ArrowRight: STEP };

/**
 * Make the columns of a table resizable. They have the widths that their content needs until one is changed, and again
 * after a double click on an edge.
 * @param {HTMLTableElement} table
 * @param {HTMLTableCellElement[]} heads
 */
export function resizable(table, heads) {
    const columns = heads.map(() => html('col'));
    const group = html('colgroup', {}, ...columns);
    table.caption?.after(group);
    heads.forEach((head, index) => {
        const edge = html('span', { class: 'edge', 'aria-hidden': 'true', title: _('Drag to resize; double-click to reset'), pointerdown: (/** @type {PointerEvent} */ event) => drag(event, index), dblclick: reset });
        head.append(edge);
        head.addEventListener('keydown', ({ key, shiftKey }) => {
            const change = KEYS[key];
            if (shiftKey && change) {
                resize(index, widths()[index] ?? 0, change);
            }
        });
    });

    function widths() {
        return heads.map((head) => head.getBoundingClientRect().width);
    }

    /** Let the columns keep the widths that they have. */
    function hold() {
        if (!table.classList.contains('sized')) {
            const found = widths();
            columns.forEach((column, index) => {
                column.style.width = `${found[index]}px`;
            });
            table.style.width = `${found.reduce((sum, width) => sum + width, 0)}px`;
            table.classList.add('sized');
        }
    }

    function reset() {
        for (const element of [table, ...columns]) {
            element.style.width = '';
        }
        table.classList.remove('sized');
    }

    /**
     * @param {number} index
     * @param {number} begun its width before
     * @param {number} change
     */
    function resize(index, begun, change) {
        hold();
        const column = columns[index];
        if (column) {
            const others = Number.parseFloat(table.style.width) - Number.parseFloat(column.style.width);
            const width = Math.max(LEAST, begun + change);
            column.style.width = `${width}px`;
            table.style.width = `${others + width}px`;
        }
    }

    /**
     * @param {PointerEvent} start
     * @param {number} index
     */
    function drag(start, index) {
        start.preventDefault();
        const begun = widths()[index] ?? 0;
        const edge = /** @type {Element} */ (start.target);
        const end = new AbortController();
        const { signal } = end;
        edge.setPointerCapture(start.pointerId);
        edge.addEventListener('pointermove', (event) => resize(index, begun, /** @type {PointerEvent} */ (event).clientX - start.clientX), { signal });
        for (const type of ['pointerup', 'pointercancel']) {
            edge.addEventListener(type, () => end.abort(), { signal });
        }
    }
}
