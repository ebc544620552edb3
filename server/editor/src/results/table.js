/** Show rows as a table: links, languages and datatypes, and no more at once than a browser bears. */

import { html } from '../dom.js';
import { addressOf, cut, nameOf, numberOf, shorten } from '../terms.js';

/** @import { Row, Table } from '../answer.js' */
/** @import { Names, Term } from '../terms.js' */

/** How many rows are shown at once. */
export const PAGE = 500;
/** How many characters of a literal are shown at once. */
const LONGEST = 600;

/**
 * Return the table, and below it a button for more rows while there are more.
 * @param {Table} table
 * @param {Names} names
 */
export function tableView(table, names) {
    const notes = table.columns.map((_, index) => columnNote(table.rows, index, names));
    const numeric = table.columns.map((_, index) => isNumeric(table.rows, index));
    const body = html('tbody');
    const caption = html('caption', {});
    const more = html('button', { type: 'button', class: 'plain', click: showMore });
    const head = table.columns.map((name, index) =>
        html('th', { scope: 'col', class: numeric[index] ? 'number' : '' }, name, ...note(notes[index])),
    );
    let shown = 0;
    showMore();
    return html(
        'div',
        {},
        html(
            'div',
            { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': 'Rows of the answer' },
            html('table', {}, caption, html('thead', {}, html('tr', {}, ...head)), body),
        ),
        more,
    );

    function showMore() {
        const next = table.rows.slice(shown, shown + PAGE);
        body.append(...next.map((row) => tableRow(row)));
        shown += next.length;
        const left = table.rows.length - shown;
        caption.textContent = left
            ? `The first ${count(shown)} of ${count(table.rows.length)} rows`
            : `${count(table.rows.length)} ${table.rows.length === 1 ? 'row' : 'rows'}`;
        more.textContent = `Show ${count(Math.min(PAGE, left))} more`;
        more.hidden = left === 0;
    }

    /** @param {Row} row */
    function tableRow(row) {
        const cells = row.map((term, index) =>
            html('td', { class: numeric[index] ? 'number' : '' }, ...cell(term, names, notes[index] ?? '')),
        );
        return html('tr', {}, ...cells);
    }
}

/**
 * Return what a cell shows of a term.
 * @param {Term | undefined} term
 * @param {Names} names
 * @param {string} known what the head of the column says of all of its terms
 * @returns {(Node | string)[]}
 */
function cell(term, names, known) {
    if (!term) {
        return [];
    }
    if (term.type === 'uri') {
        const href = addressOf(term.value, names);
        const text = cut(nameOf(term.value, names), LONGEST);
        return [href ? html('a', { href, title: cut(term.value, LONGEST) }, text) : html('code', {}, text)];
    }
    if (term.type !== 'literal') {
        return [html('code', {}, cut(term.type === 'bnode' ? `_:${term.value}` : term.value, LONGEST))];
    }
    const kind = kindOf(term, names);
    return [words(term), ...note(kind === known ? '' : kind)];
}

/**
 * Return the words of a literal, and a button for the rest where they are many.
 * @param {Term} term
 */
function words(term) {
    const text = html('span', { lang: term.language, dir: 'auto' }, cut(term.value, LONGEST));
    if (term.value.length <= LONGEST) {
        return text;
    }
    const button = html(
        'button',
        {
            type: 'button',
            class: 'plain',
            click: () => {
                text.textContent = term.value;
                button.remove();
            },
        },
        `Show all ${count(term.value.length)} characters`,
    );
    return html('span', {}, text, ' ', button);
}

/**
 * Return the language or the datatype of a literal; nothing for a plain string.
 * @param {Term} term
 * @param {Names} names
 */
function kindOf(term, names) {
    return term.language ?? (term.datatype ? cut(shorten(term.datatype, names.prefixes), 80) : '');
}

/**
 * Return what can be said of all terms of a column at its head.
 * @param {Row[]} rows
 * @param {number} index
 * @param {Names} names
 */
function columnNote(rows, index, names) {
    const kinds = new Set(
        rows.flatMap((row) => {
            const term = row[index];
            return term ? [term.type === 'literal' ? kindOf(term, names) : ''] : [];
        }),
    );
    return kinds.size === 1 ? [...kinds].join('') : '';
}

/**
 * Return whether a column holds numbers and nothing else.
 * @param {Row[]} rows
 * @param {number} index
 */
export function isNumeric(rows, index) {
    const bound = rows.map((row) => row[index]).filter((term) => term !== undefined);
    return bound.length > 0 && bound.every((term) => numberOf(term) !== null);
}

/** @param {string | undefined} text */
function note(text) {
    return text ? [' ', html('small', { class: 'kind' }, text)] : [];
}

/** @param {number} value */
function count(value) {
    return value.toLocaleString('en');
}
