/**
 * Send a query to the endpoint, and describe the outcome in words.
 *
 * https://www.w3.org/TR/sparql11-protocol/#query-operation
 */

import { read, RESULTS, TRIPLES } from './answer.js';
import { _ } from './messages.js';

/** @import { Answer } from './answer.js' */

/** @typedef {{kind: 'answer', answer: Answer, text: string, milliseconds: number, cached: boolean}} Answered */
/**
 * `language` is that of the detail where the server wrote it, `wait` the seconds after which to try again.
 * @typedef {{kind: 'refusal', title: string, detail: string, language?: string, wait?: number, line?: number,
 *     column?: number, isLong?: boolean}} Refusal
 */
/** @typedef {Answered | Refusal | {kind: 'cancelled'}} Outcome */

const PROBLEM = 'application/problem+json';
const ACCEPT = `${RESULTS}, ${TRIPLES}, ${PROBLEM}`;

/** The length in bytes above which an answer is offered as a download only. */
export const LONGEST = 24 * 1024 * 1024;

class TooLong extends Error {}

/** A query that was sent, and can be cancelled. */
export class Run {
    /**
     * @param {string} endpoint
     * @param {string} queries the address below which each running query has its own
     * @param {string} query
     * @param {(bytes: number) => void} progress called while the answer comes in
     */
    constructor(endpoint, queries, query, progress) {
        this.endpoint = endpoint;
        this.queries = queries;
        this.query = query;
        this.id = newId();
        this.controller = new AbortController();
        /** @type {Promise<Outcome>} */
        this.outcome = this.#ask(progress);
    }

    /** Cancel the query: here at once, and at the server. */
    cancel() {
        // A failure means that the server has finished it already, or cannot be reached.
        fetch(this.queries + this.id, { method: 'DELETE' }).catch(() => {});
        this.controller.abort();
    }

    /**
     * @param {(bytes: number) => void} progress
     * @returns {Promise<Outcome>}
     */
    async #ask(progress) {
        const start = performance.now();
        let response;
        let text;
        try {
            response = await fetch(this.endpoint, {
                method: 'POST',
                headers: { Accept: ACCEPT, 'Content-Type': 'application/sparql-query', 'X-Query-Id': this.id },
                body: this.query,
                signal: this.controller.signal,
            });
            text = await receive(response, progress);
        } catch (error) {
            if (error instanceof TooLong) {
                this.controller.abort();
                return tooLong();
            }
            return this.controller.signal.aborted ? { kind: 'cancelled' } : lost(response);
        }
        if (!response.ok) {
            return refusal(response, text);
        }
        try {
            const answer = read(text, response.headers.get('Content-Type') ?? '');
            const cached = (response.headers.get('Server-Timing') ?? '').includes('cache');
            return { kind: 'answer', answer, text, milliseconds: performance.now() - start, cached };
        } catch {
            const detail = _('The response is not a query result. Something between you and the server may have changed it.');
            return { kind: 'refusal', title: _('Unreadable answer'), detail };
        }
    }
}

/**
 * Return the text of a response, and report how many bytes have arrived.
 * @param {Response} response
 * @param {(bytes: number) => void} progress
 * @throws {TooLong} it is longer than a page shows
 */
async function receive(response, progress) {
    if (!response.body) {
        return response.text();
    }
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    const parts = [];
    let bytes = 0;
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
        bytes += part.value.length;
        parts.push(decoder.decode(part.value, { stream: true }));
        progress(bytes);
        if (bytes > LONGEST) {
            throw new TooLong();
        }
    }
    return parts.join('') + decoder.decode();
}

/**
 * @param {Response | undefined} response what had arrived before the connection broke
 * @returns {Refusal}
 */
function lost(response) {
    return response
        ? {
              kind: 'refusal',
              title: _('Connection lost'),
              detail: _('The connection ended before the answer was complete. Nothing of it is shown: run the query again.'),
          }
        : {
              kind: 'refusal',
              title: _('Server unreachable'),
              detail: _('The query was not sent, or the connection broke. Check the network, then run the query again.'),
          };
}

/** @returns {Refusal} */
function tooLong() {
    const detail = _('It is longer than %(size)s MB, and nothing of it is shown. Ask for less, for example with LIMIT, or download the whole answer.', {
        size: LONGEST / 1024 / 1024,
    });
    return { kind: 'refusal', title: _('Answer too long for this page'), detail, isLong: true };
}

/**
 * @param {Response} response
 * @param {string} text
 * @returns {Refusal}
 */
function refusal(response, text) {
    const wait = response.headers.get('Retry-After');
    if (!(response.headers.get('Content-Type') ?? '').startsWith(PROBLEM)) {
        return { kind: 'refusal', title: titleOf(response.status, wait !== null, false), detail: text.slice(0, 500), language: 'en' };
    }
    const { detail, line, column } = JSON.parse(text);
    const title = titleOf(response.status, wait !== null, line !== undefined);
    return { kind: 'refusal', title, detail, language: 'en', ...(wait && { wait: Number(wait) }), line, column };
}

/**
 * Return the title of a refusal; its detail comes from the server.
 * @param {number} status
 * @param {boolean} isTemporary whether the server says when to try again
 * @param {boolean} isPlaced whether the server reports a line and a column
 */
function titleOf(status, isTemporary, isPlaced) {
    switch (status) {
        case 400:
            return isPlaced ? _('Syntax error') : _('Invalid query');
        case 413:
            return _('Answer too large');
        case 429:
            return _('Too many queries');
        case 503:
            return isTemporary ? _('Server busy') : _('Query stopped');
        default:
            return _('Error %(status)s', { status: String(status) });
    }
}

/** Return 128 random bits in hexadecimal. `crypto.randomUUID` exists on secure origins only. */
function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
