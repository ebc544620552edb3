/** Mark what is wrong in a query: what the grammar does not expect, unknown prefixes, what the server refused. */

import { syntaxTree } from '@codemirror/language';
import { linter } from '@codemirror/lint';
import { StateEffect, StateField } from '@codemirror/state';

import { declare, offsetOf, tokens, undeclared } from './query.js';

/** @import { Diagnostic } from '@codemirror/lint' */
/** @import { EditorState } from '@codemirror/state' */
/** @import { EditorView } from '@codemirror/view' */

/** @typedef {{line: number, column: number, detail: string}} Fault */

/** @type {import('@codemirror/state').StateEffectType<Fault | null>} */
const refuse = StateEffect.define();

/** What the server said of the query that stands in the editor; forgotten as soon as that changes. */
const refused = StateField.define({
    create: () => /** @type {Fault | null} */ (null),
    update(value, transaction) {
        const told = transaction.effects.find((effect) => effect.is(refuse));
        return told ? told.value : transaction.docChanged ? null : value;
    },
});

/**
 * Return the extension that marks mistakes.
 * @param {() => Record<string, string>} prefixes those that the graph knows
 */
export function linting(prefixes) {
    const check = linter((view) => diagnostics(view.state, prefixes()), {
        delay: 400,
        needsRefresh: ({ transactions }) =>
            transactions.some(({ effects }) => effects.some((effect) => effect.is(refuse))),
    });
    return [refused, check];
}

/**
 * Mark the place where the server found a mistake, and go there.
 * @param {EditorView} view
 * @param {Fault} fault
 */
export function mark(view, fault) {
    const at = offsetOf(view.state.doc.toString(), fault.line, fault.column);
    view.dispatch({ effects: refuse.of(fault), selection: { anchor: at }, scrollIntoView: true });
}

/**
 * @param {EditorState} state
 * @param {Record<string, string>} prefixes
 * @returns {Diagnostic[]}
 */
function diagnostics(state, prefixes) {
    const query = state.doc.toString();
    const fault = state.field(refused);
    if (fault) {
        return [diagnostic(query, offsetOf(query, fault.line, fault.column), fault.detail)];
    }
    return [...unexpected(state, query), ...undeclared(query).map((token) => missing(query, token, prefixes))];
}

/**
 * Return the first place that the grammar does not expect: those behind it mostly follow from it.
 * @param {EditorState} state
 * @param {string} query
 * @returns {Diagnostic[]}
 */
function unexpected(state, query) {
    let at = -1;
    syntaxTree(state).iterate({
        enter({ type, from }) {
            if (type.isError && at < 0) {
                at = from;
            }
            return at < 0;
        },
    });
    if (at < 0 || !query.trim()) {
        return [];
    }
    const next = tokens(query).find((token) => token.to > at);
    const message = next ? `“${next.text}” is not expected here.` : 'The query ends too early.';
    return [diagnostic(query, next ? Math.max(at, next.from) : query.trimEnd().length, message)];
}

/**
 * @param {string} query
 * @param {import('./query.js').Token} token
 * @param {Record<string, string>} prefixes
 * @returns {Diagnostic}
 */
function missing(query, token, prefixes) {
    const prefix = token.text.split(':')[0] ?? '';
    const namespace = prefixes[prefix];
    const found = diagnostic(query, token.from, `The prefix ${prefix}: is not declared.`);
    return namespace ? { ...found, actions: [{ name: `Declare ${prefix}:`, apply }] } : found;

    /** @param {EditorView} view */
    function apply(view) {
        const change = declare(view.state.doc.toString(), prefix, namespace ?? '');
        view.dispatch({ changes: change ? { from: change.at, insert: change.text } : [] });
    }
}

/**
 * @param {string} query
 * @param {number} from
 * @param {string} message
 * @returns {Diagnostic}
 */
function diagnostic(query, from, message) {
    const token = tokens(query).find((candidate) => candidate.to > from);
    const start = token ? Math.max(token.from, from) : Math.max(0, query.trimEnd().length - 1);
    return { from: start, to: token?.to ?? query.length, severity: 'error', message };
}
