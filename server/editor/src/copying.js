/** Copy text to the clipboard from a button. */

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
        say(`Your browser does not let this page copy. Copy it yourself: ${text}`);
        return;
    }
    say('Copied.');
    if (name !== 'Copied') {
        button.textContent = 'Copied';
        setTimeout(() => {
            button.textContent = name;
        }, SHOWN);
    }
}
