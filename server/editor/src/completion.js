/** Complete names of the graph, variables and keywords in the editor, and declare the prefixes that they need. */

import { autocompletion, completionStatus, currentCompletions, selectedCompletionIndex, setSelectedCompletion } from '@codemirror/autocomplete';
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';

import { html } from './dom.js';
import { number } from './messages.js';
import { declare, isClosedAt, isCompleteToken, positionAfter, undeclared, variables } from './query.js';
import { subjectAt } from './subjects.js';
import { shorten } from './terms.js';
import { suggest } from './vocabulary.js';

/** @import { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete' */
/** @import { Transaction } from '@codemirror/state' */
/** @import { Lookups, Subject } from './lookups.js' */
/** @import { Entry, Vocabulary } from './vocabulary.js' */

/** @typedef {Lookups['propertiesOf']} PropertiesOf */

const WORD = /[?$]?[\p{L}\p{N}_-]*:?[\p{L}\p{N}_-]*$/u;
/** So few completions at once that their list need not scroll; the arrow keys reach the others. */
const SHOWN = 10;
/** The kinds that CodeMirror has an icon for. */
/** @type {Record<string, string>} */
const SIGNS = { prefix: 'namespace', individual: 'constant' };

/** @typedef {Completion & {isPreselected: boolean}} Offer */

/**
 * Return the extension that completes names, the properties of the subject or of its class first.
 *
 * Enter accepts what is selected. Nothing is selected where the text before the cursor is a complete token, so that Enter
 * never replaces one: a variable `?a` stays, although there is a `?ab`.
 * @param {() => Vocabulary} vocabulary what is known by now
 * @param {PropertiesOf} propertiesOf
 */
export function completing(vocabulary, propertiesOf) {
    return [
        EditorState.transactionFilter.of((transaction) => declaring(transaction, vocabulary())),
        autocompletion({ override: [source(vocabulary, propertiesOf)], maxRenderedOptions: SHOWN, selectOnOpen: false, icons: false }),
        EditorView.updateListener.of(({ view }) => {
            if (completionStatus(view.state) === 'active' && selectedCompletionIndex(view.state) === null) {
                const first = /** @type {Offer | undefined} */ (currentCompletions(view.state)[0]);
                if (first?.isPreselected) {
                    view.dispatch({ effects: setSelectedCompletion(0) });
                }
            }
        }),
    ];
}

/**
 * Return the source of completions.
 * @param {() => Vocabulary} vocabulary
 * @param {PropertiesOf} propertiesOf
 */
function source(vocabulary, propertiesOf) {
    /** @type {Map<string, Promise<Map<string, number>>>} */
    const known = new Map();
    /**
     * @param {CompletionContext} context
     * @returns {CompletionResult | Promise<CompletionResult> | null} a promise only where the graph has to be asked
     */
    return (context) => {
        const query = context.state.doc.toString();
        const text = context.matchBefore(WORD)?.text ?? '';
        const from = context.pos - text.length;
        if ((!text && !context.explicit) || isClosedAt(query, context.pos)) {
            return null;
        }
        const { prefixes, terms } = vocabulary();
        const before = query.slice(0, from);
        const names = variables(before + query.slice(context.pos));
        const isPreselected =
            context.explicit || isAfterPrefix(before) || !isCompleteToken(text, (name) => terms.some((term) => term.name === name));
        const position = positionAfter(before);
        const subject = position === 'predicate' ? subjectAt(query, from, prefixes) : null;
        const offer = (/** @type {Map<string, number> | undefined} */ uses) => {
            const found = suggest({ prefixes, terms }, text, position, names, uses);
            return { from, options: found.map((entry) => ({ ...completion(entry, vocabulary()), isPreselected })), filter: false };
        };
        return subject ? usesOf(subject, prefixes).then(offer) : offer(undefined);
    };

    /**
     * @param {Subject} subject
     * @param {Record<string, string>} prefixes
     */
    async function usesOf(subject, prefixes) {
        const found = known.get(subject.iri) ?? propertiesOf(subject);
        known.set(subject.iri, found);
        try {
            return new Map([...(await found)].map(([iri, count]) => [shorten(iri, prefixes), count]));
        } catch {
            // Without an answer, properties rank by their use in the whole graph.
            known.delete(subject.iri);
            return undefined;
        }
    }
}

/**
 * Return a transaction that types the colon of a prefix, together with the declaration that the prefix lacks.
 * @param {Transaction} transaction
 * @param {Vocabulary} vocabulary
 */
function declaring(transaction, { prefixes }) {
    if (!transaction.isUserEvent('input.type')) {
        return transaction;
    }
    let typed = '';
    transaction.changes.iterChanges((_from, _to, _start, _end, inserted) => {
        typed += inserted.toString();
    });
    if (typed !== ':') {
        return transaction;
    }
    const query = transaction.newDoc.toString();
    const at = transaction.newSelection.main.head;
    const token = undeclared(query).find(({ from, to }) => from < at && at <= to);
    const prefix = token?.text.split(':')[0] ?? '';
    const namespace = prefixes[prefix];
    const change = namespace && !isClosedAt(query, token?.from ?? 0) ? declare(query, prefix, namespace) : null;
    return change ? [transaction, { changes: { from: change.at, insert: change.text }, sequential: true }] : transaction;
}

/** @param {string} before the query up to a name */
function isAfterPrefix(before) {
    return /\bPREFIX\s+$/i.test(before);
}

/**
 * @param {Entry} entry
 * @param {Vocabulary} vocabulary
 * @returns {Completion}
 */
function completion(entry, vocabulary) {
    const count = entry.count ? `${number(entry.count)}×` : '';
    return {
        label: entry.name,
        detail: [entry.label, count].filter(Boolean).join(' · '),
        type: SIGNS[entry.kind] ?? entry.kind,
        info: entry.note ? () => html('p', {}, entry.note) : undefined,
        apply: (view, _, from, to) => accept(view, entry, vocabulary, from, to),
    };
}

/**
 * @param {EditorView} view
 * @param {Entry} entry
 * @param {Vocabulary} vocabulary
 * @param {number} from
 * @param {number} to
 */
function accept(view, entry, vocabulary, from, to) {
    const query = view.state.doc.toString();
    const isCall = entry.kind === 'function' && view.state.sliceDoc(to, to + 1) !== '(';
    const insert = isCall ? `${entry.name}()` : textFor(entry, vocabulary, query.slice(0, from));
    const change = view.state.changes([{ from, to, insert }, ...declaration(insert, vocabulary, query)]);
    view.dispatch({
        changes: change,
        selection: { anchor: change.mapPos(from, -1) + insert.length - (isCall ? 1 : 0) },
        userEvent: 'input.complete',
        scrollIntoView: true,
    });
}

/**
 * Return what is inserted for an entry: after PREFIX, a prefix with its namespace.
 * @param {Entry} entry
 * @param {Vocabulary} vocabulary
 * @param {string} before
 */
function textFor(entry, vocabulary, before) {
    const namespace = vocabulary.prefixes[entry.name.slice(0, -1)];
    return entry.kind === 'prefix' && isAfterPrefix(before) ? `${entry.name} <${namespace}>` : entry.name;
}

/**
 * @param {string} inserted
 * @param {Vocabulary} vocabulary
 * @param {string} query
 */
function declaration(inserted, vocabulary, query) {
    const [prefix, local] = inserted.split(':', 2);
    const namespace = vocabulary.prefixes[prefix ?? ''];
    if (local === undefined || inserted.includes('<') || !prefix || !namespace) {
        return [];
    }
    const change = declare(query, prefix, namespace);
    return change ? [{ from: change.at, insert: change.text }] : [];
}
