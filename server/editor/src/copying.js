/** Copy text to the clipboard from a button. */

import { _ } from './messages.js';

const SHOWN = 2000;

/**
 * Copy a text, and confirm it on the button for two seconds.
 * @param {HTMLButtonElement} button
 * @param {string} text
 * @param {(text: string) => void} say
 */
export async function copy(button, text, say) {
    const name = button.textContent;
    try {
        await navigator.clipboard.writeText(text);
    } catch {
        say(_('Your browser does not let this page copy. Copy it yourself: %(text)s', { text }));
        return;
    }
    say(_('Copied.'));
    if (name !== _('Copied')) {
        button.textContent = _('Copied');
        setTimeout(() => {
            button.textContent = name;
        }, SHOWN);
    }
}
