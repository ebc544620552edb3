/**
 * Ask the endpoint, and say in words whatever becomes of the question.
 *
 * https://www.w3.org/TR/sparql11-protocol/#query-operation
 */

import { read, RESULTS, TRIPLES } from './answer.js';

/** @import { Answer } from './answer.js' */

/** @typedef {{kind: 'answer', answer: Answer, text: string, milliseconds: number, cached: boolean}} Answered */
/** @typedef {{kind: 'refusal', title: string, detail: string, line?: number, column?: number, isLong?: boolean}} Refusal */
/** @typedef {Answered | Refusal | {kind: 'cancelled'}} Outcome */

const PROBLEM = 'application/problem+json';
const ACCEPT = `${RESULTS}, ${TRIPLES}, ${PROBLEM}`;
/** What to call a refusal. What was wrong and what to do about it is said by the server. */
const TITLES = new Map([
    [400, 'The query is not right'],
    [413, 'The answer is too large'],
    [429, 'You have asked too much for now'],
    [503, 'The server gave the query up'],
]);

/** A longer answer, in bytes, is for a file, not for a page. */
export const LONGEST = 24 * 1024 * 1024;

class TooLong extends Error {}

/** A question that was asked, and may be given up. */
export class Run {
    /**
     * @param {string} endpoint
     * @param {string} queries below which each query that runs has an address
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

    /** Give the question up: here at once, and at the server, which would go on to work on it. */
    cancel() {
        // Nothing is to be done where the server has ended it already, or cannot be reached.
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
            const detail = 'What came is no answer to a query. Something between you and the server may have changed it.';
            return { kind: 'refusal', title: 'The answer cannot be read', detail };
        }
    }
}

/**
 * Return the text of a response, and tell how much of it has come so far.
 * @param {Response} response
 * @param {(bytes: number) => void} progress
 * @throws {TooLong} it is longer than a page can show
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
 * @param {Response | undefined} response what had come before the connection broke
 * @returns {Refusal}
 */
function lost(response) {
    return response
        ? {
              kind: 'refusal',
              title: 'The answer broke off',
              detail: 'The connection ended before the whole answer had come. Nothing of it is shown: run the query again.',
          }
        : {
              kind: 'refusal',
              title: 'The server cannot be reached',
              detail: 'The question did not arrive, or the connection broke. Is there a network? Then run the query again.',
          };
}

/** @returns {Refusal} */
function tooLong() {
    const detail =
        `It is longer than ${LONGEST / 1024 / 1024} MB, and nothing of it is shown. ` +
        'Ask for less, as with LIMIT, or download the whole.';
    return { kind: 'refusal', title: 'The answer is too long for this page', detail, isLong: true };
}

/**
 * @param {Response} response
 * @param {string} text
 * @returns {Refusal}
 */
function refusal(response, text) {
    const title = TITLES.get(response.status) ?? `The server answered ${response.status}`;
    if (!(response.headers.get('Content-Type') ?? '').startsWith(PROBLEM)) {
        return { kind: 'refusal', title, detail: text.slice(0, 500) };
    }
    const { detail, line, column } = JSON.parse(text);
    const wait = response.headers.get('Retry-After');
    return { kind: 'refusal', title, detail: wait ? `${detail} (Try again in ${wait} s.)` : detail, line, column };
}

/** Return a name that nobody guesses: 128 random bits. `crypto.randomUUID` is there on secure origins alone. */
function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
