/** Keep in the address which view of an answer is shown, so that a link shows the same: `#chart=column`. */

/** @typedef {{view: string, column: string}} Shown `column` is drawn by a chart, by its name */

/**
 * Return the view that the address names.
 * @returns {Shown}
 */
export function shown() {
    const [view = '', column = ''] = location.hash.slice(1).split('=', 2);
    return { view, column: decoded(column) };
}

/**
 * Put a view into the address; none for the table, which is shown where the address names no view.
 * @param {string} view
 * @param {string} [column]
 */
export function show(view, column = '') {
    const hash = view && `#${view}${column && `=${encodeURIComponent(column)}`}`;
    if (hash !== location.hash) {
        history.replaceState(history.state, '', `${location.pathname}${location.search}${hash}`);
    }
}

/** @param {string} text */
function decoded(text) {
    try {
        return decodeURIComponent(text);
    } catch {
        return '';
    }
}
