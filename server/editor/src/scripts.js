/** Fetch the scripts that the page does not need at first. */

import { byId } from './dom.js';

/** @type {Map<string, number>} */
const failures = new Map();

/**
 * Return a script of the page, fetched once.
 * @param {'answers' | 'chart' | 'graph'} name
 * @returns {Promise<any>}
 */
export async function script(name) {
    const address = byId('editor', HTMLElement).dataset[name] ?? '';
    const count = failures.get(name) ?? 0;
    try {
        // Some browsers remember that an address could not be fetched: another attempt has another one.
        return await import(count ? `${address}&attempt=${count}` : address);
    } catch (error) {
        failures.set(name, count + 1);
        throw error;
    }
}
