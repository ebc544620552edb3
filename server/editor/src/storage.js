/** Keep drafts and preferences in the browser; nothing of them is sent anywhere. */

const DRAFT = 'forumkg-draft';
const LABELS = 'forumkg-labels';
const RECENT = 'forumkg-recent';
const KEPT = 'forumkg-kept';
/** @typedef {{name: string, query: string}} Kept a query under a name */

/** How many queries that were run are remembered. */
const MOST = 50;

/**
 * Keep a query that has not been run, so that a reload of the page loses nothing.
 * @param {string} query
 */
export function keepDraft(query) {
    attempt(() => sessionStorage.setItem(DRAFT, JSON.stringify({ query, at: address() })));
}

/** Return the draft that was kept at this address, or null. */
export function draft() {
    const kept = attempt(() => JSON.parse(sessionStorage.getItem(DRAFT) ?? 'null'));
    return kept?.at === address() && typeof kept.query === 'string' ? kept.query : null;
}

/** Return the address of the page without the view that it shows. */
function address() {
    return location.href.split('#', 1)[0];
}

export function forgetDraft() {
    attempt(() => sessionStorage.removeItem(DRAFT));
}

/** Return whether tables show labels in the place of IRIs. */
export function prefersLabels() {
    return attempt(() => localStorage.getItem(LABELS)) === 'yes';
}

/** @param {boolean} does */
export function preferLabels(does) {
    attempt(() => localStorage.setItem(LABELS, does ? 'yes' : 'no'));
}

/**
 * Return the queries that were run in this browser, the last first.
 * @returns {string[]}
 */
export function recentQueries() {
    const kept = attempt(() => JSON.parse(localStorage.getItem(RECENT) ?? '[]'));
    return Array.isArray(kept) ? kept.filter((query) => typeof query === 'string') : [];
}

/** @param {string} query */
export function keepRecent(query) {
    const kept = [query, ...recentQueries().filter((other) => other !== query)].slice(0, MOST);
    attempt(() => localStorage.setItem(RECENT, JSON.stringify(kept)));
}

export function forgetRecent() {
    attempt(() => localStorage.removeItem(RECENT));
}

/**
 * Return the queries that are kept under names.
 * @returns {Kept[]}
 */
export function keptQueries() {
    const kept = attempt(() => JSON.parse(localStorage.getItem(KEPT) ?? '[]'));
    return Array.isArray(kept) ? kept.filter((one) => typeof one?.name === 'string' && typeof one.query === 'string') : [];
}

/**
 * Keep queries in the place of those that were kept, and return whether there was room.
 * @param {Kept[]} queries
 */
export function keepQueries(queries) {
    return attempt(() => (localStorage.setItem(KEPT, JSON.stringify(queries)), true)) ?? false;
}

/**
 * Return what a function returns; null where the settings of the browser disable storage.
 * @template T
 * @param {() => T} use
 */
function attempt(use) {
    try {
        return use();
    } catch {
        return null;
    }
}
