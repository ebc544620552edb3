/** Find the columns of an answer that can be drawn: those of numbers, and those of dates. */

import { dateOf, numberOf } from '../terms.js';

/** @import { Row, Table } from '../answer.js' */

/**
 * Return the columns of numbers that can be drawn. Years are not amounts: they are never drawn.
 * @param {Table} table
 */
export function drawableColumns(table) {
    return table.columns
        .map((_, index) => index)
        .filter((index) => isNumeric(table.rows, index) && !isYears(table, index));
}

/**
 * Return the columns that hold dates.
 * @param {Table} table
 */
export function dateColumns(table) {
    return table.columns.map((_, index) => index).filter((index) => isDated(table.rows, index));
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

/**
 * @param {Row[]} rows
 * @param {number} index
 */
function isDated(rows, index) {
    const bound = rows.map((row) => row[index]).filter((term) => term !== undefined);
    return bound.length > 0 && bound.every((term) => dateOf(term) !== null);
}

/**
 * @param {Table} table
 * @param {number} column
 */
function isYears(table, column) {
    if (/year$/i.test(table.columns[column] ?? '')) {
        return true;
    }
    const values = table.rows.map((row) => numberOf(row[column])).filter((value) => value !== null);
    return values.every((value) => Number.isInteger(value) && value >= 1900 && value <= 2100);
}
