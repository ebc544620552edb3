/** Keep a query that has not been run, so that a reload of the page loses nothing. */

const KEY = 'forumkg-draft';

/** @param {string} query */
export function keepDraft(query) {
    attempt(() => sessionStorage.setItem(KEY, JSON.stringify({ query, at: location.href })));
}

/** Return the draft that was kept at this address, or null. */
export function draft() {
    const kept = attempt(() => JSON.parse(sessionStorage.getItem(KEY) ?? 'null'));
    return kept?.at === location.href && typeof kept.query === 'string' ? kept.query : null;
}

export function forgetDraft() {
    attempt(() => sessionStorage.removeItem(KEY));
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
