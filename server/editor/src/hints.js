/** Find in a query what its author may not see: prefixes that are not used, and variables that are not grouped. */

import { _ } from './messages.js';
import { keyword, prologue, tokens } from './query.js';

/** @import { Correction } from './corrections.js' */
/** @import { Token } from './query.js' */

/** @typedef {{end: number, select: Token[], keys: Token[] | null, keysEnd: number}} Grouping of one SELECT: `end` is that of its WHERE */

const AGGREGATES = new Set(['COUNT', 'SUM', 'MIN', 'MAX', 'AVG', 'SAMPLE', 'GROUP_CONCAT']);
const AFTER_GROUP = new Set(['HAVING', 'ORDER', 'LIMIT', 'OFFSET', 'VALUES']);

/**
 * Return the prefixes that a query declares and does not use, each with the removal of its line.
 * @param {string} query
 * @returns {Correction[]}
 */
export function unusedPrefixes(query) {
    const { declarations, start } = prologue(query);
    const last = declarations.at(-1)?.to ?? start;
    const used = new Set(tokens(query).flatMap(({ kind, text, from }) => (kind === 'name' && from >= last ? [text.split(':')[0]] : [])));
    return declarations
        .filter(({ prefix }) => !used.has(prefix))
        .map(({ prefix, from, to }) => {
            const end = /^[^\S\n]*\n/.exec(query.slice(to))?.[0].length ?? 0;
            const label = _('Remove %(name)s', { name: `${prefix}:` });
            return { from, to, message: _('The prefix %(prefix)s: is not used.', { prefix }), fix: { label, from, to: to + end, text: '' } };
        });
}

/**
 * Return the variables that a SELECT with groups has outside of aggregates and does not group by, each with its addition
 * to GROUP BY: https://www.w3.org/TR/sparql11-query/#aggregateRestrictions
 * @param {string} query
 * @returns {Correction[]}
 */
export function ungrouped(query) {
    const found = tokens(query);
    return found.flatMap((token, index) => (keyword(token) === 'SELECT' ? ungroupedIn(groupingAt(found, index)) : []));
}

/**
 * @param {Grouping} grouping
 * @returns {Correction[]}
 */
function ungroupedIn({ end, select, keys, keysEnd }) {
    const { plain, aliases, isAggregated } = read(select);
    if (!keys && !isAggregated) {
        return [];
    }
    const known = new Set([...(keys ?? []).map(({ text }) => text), ...aliases]);
    return plain
        .filter(({ text }) => !known.has(text))
        .map(({ text, from, to }) => {
            const message = _('%(name)s is neither grouped nor aggregated: add it to GROUP BY, or use SAMPLE(%(name)s).', { name: text });
            const at = keys ? keysEnd : end;
            const label = _('Group by %(name)s', { name: text });
            return { from, to, message, fix: { label, from: at, to: at, text: keys ? ` ${text}` : `\nGROUP BY ${text}` } };
        });
}

/**
 * Return the parts of the SELECT at an index that decide what it groups.
 * @param {Token[]} found
 * @param {number} index
 * @returns {Grouping}
 */
function groupingAt(found, index) {
    const open = found.findIndex(({ text }, at) => at > index && text === '{');
    // Without its WHERE a query is still being written.
    const select = open < 0 ? [] : found.slice(index + 1, open);
    let depth = 0;
    let at = open < 0 ? found.length : open;
    for (; at < found.length; at += 1) {
        depth += found[at]?.text === '{' ? 1 : found[at]?.text === '}' ? -1 : 0;
        if (depth === 0) {
            break;
        }
    }
    const end = found[at]?.to ?? 0;
    const isGrouped = keyword(found[at + 1]) === 'GROUP' && keyword(found[at + 2]) === 'BY';
    const rest = isGrouped ? found.slice(at + 3) : [];
    const stop = rest.findIndex((token) => token.text === '}' || AFTER_GROUP.has(keyword(token)));
    const keys = stop < 0 ? rest : rest.slice(0, stop);
    return { end, select, keys: isGrouped ? keys : null, keysEnd: keys.at(-1)?.to ?? found[at + 2]?.to ?? end };
}

/**
 * Return the variables of a SELECT that are in no aggregate, the names that it gives, and whether it has an aggregate.
 * @param {Token[]} select
 */
function read(select) {
    /** @type {Token[]} */
    const plain = [];
    const aliases = new Set();
    let isAggregated = false;
    let depth = 0;
    /** The depth of the brackets of the aggregate that is being read; 0 outside of any. */
    let aggregate = 0;
    select.forEach((token, index) => {
        const before = select[index - 1];
        if (token.text === '(') {
            depth += 1;
            if (aggregate === 0 && AGGREGATES.has(keyword(before))) {
                aggregate = depth;
                isAggregated = true;
            }
        } else if (token.text === ')') {
            aggregate = aggregate === depth ? 0 : aggregate;
            depth -= 1;
        } else if (token.kind === 'variable' && keyword(before) === 'AS') {
            aliases.add(token.text);
        } else if (token.kind === 'variable' && aggregate === 0) {
            plain.push(token);
        }
    });
    return { plain, aliases, isAggregated };
}
