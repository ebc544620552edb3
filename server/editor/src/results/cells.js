/** Let one cell of a table be the current one: moved by the arrow keys, chosen by a click, copied by Ctrl+C. */

/** @typedef {{row: number, column: number}} Place */

/** @type {Record<string, [number, number]>} */
const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-10, 0], PageDown: [10, 0] };

/**
 * Make the cells of a table selectable, from a region around it that the keyboard reaches.
 * @param {HTMLElement} region
 * @param {HTMLTableSectionElement} body
 * @param {{chosen: (place: Place | null) => void, copy: () => void}} reactions
 */
export function selectable(region, body, { chosen, copy }) {
    /** @type {HTMLTableCellElement | null} */
    let current = null;
    region.addEventListener('keydown', press);
    body.addEventListener('click', ({ target }) => {
        const isControl = target instanceof Element && target.closest('a, button');
        const cell = target instanceof Element ? target.closest('td') : null;
        if (cell && !isControl && !getSelection()?.toString()) {
            choose(cell);
        }
    });
    return { forget: () => choose(undefined), place };

    /** @param {HTMLTableCellElement | undefined} cell */
    function choose(cell) {
        current?.removeAttribute('tabindex');
        current?.classList.remove('current');
        current = cell ?? null;
        if (cell) {
            cell.classList.add('current');
            cell.tabIndex = -1;
            cell.focus();
        }
        chosen(place());
    }

    /** @returns {Place | null} */
    function place() {
        const row = current?.parentElement;
        return current && row instanceof HTMLTableRowElement ? { row: row.sectionRowIndex, column: current.cellIndex } : null;
    }

    /** @param {KeyboardEvent} event */
    function press(event) {
        const { key, target, ctrlKey, metaKey, altKey } = event;
        if (target !== region && target !== current) {
            return;
        }
        const at = place();
        const move = ctrlKey || metaKey || altKey ? undefined : MOVES[key];
        if (move) {
            const row = body.rows[at ? Math.max(0, Math.min(body.rows.length - 1, at.row + move[0])) : 0];
            choose(row?.cells[at ? Math.max(0, Math.min(row.cells.length - 1, at.column + move[1])) : 0]);
        } else if (at && key.toLowerCase() === 'c' && (ctrlKey || metaKey) && !getSelection()?.toString()) {
            copy();
        } else {
            return;
        }
        event.preventDefault();
    }
}
