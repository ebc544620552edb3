/** Enlarge and move a drawing: by buttons, by the keyboard, by dragging, and by the wheel with Ctrl. */

import { html } from '../dom.js';
import { _ } from '../messages.js';

/** @typedef {{x: number, y: number, width: number, height: number}} View */

const STEP = 1.4;
/** The least size at which letters can be read, as a part of the size in which they are drawn. */
const READABLE = 0.85;
/** How far the arrow keys move, as a part of what is shown. */
const PUSH = 0.15;
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-PUSH, 0], ArrowRight: [PUSH, 0], ArrowUp: [0, -PUSH], ArrowDown: [0, PUSH] };

/**
 * Return a frame around a drawing, and the buttons that enlarge it. It begins whole, or where it would be too small to
 * read, with its middle.
 * @param {SVGSVGElement} drawing with a viewBox in pixels
 */
export function zoomable(drawing) {
    const { x, y, width, height } = drawing.viewBox.baseVal;
    const whole = { x, y, width, height };
    let view = whole;
    const label = _('Drawing of the graph. Arrow keys move it, plus and minus enlarge and reduce it, 0 shows the whole.');
    const frame = html('div', { class: 'net-frame', role: 'region', tabindex: '0', 'aria-label': label, keydown: press }, drawing);
    drawing.addEventListener('wheel', wheel, { passive: false });
    drawing.addEventListener('pointerdown', drag);
    drawing.addEventListener('dragstart', block);
    new ResizeObserver((_, observer) => {
        if (frame.clientWidth) {
            observer.disconnect();
            begin();
        }
    }).observe(frame);
    return {
        frame,
        buttons: [
            button(_('Enlarge'), () => zoom(STEP)),
            button(_('Reduce'), () => zoom(1 / STEP)),
            button(_('Whole graph'), () => show(whole)),
        ],
    };

    function begin() {
        // The frame is as high as the drawing needs, up to the bound that the style sheet sets.
        const scale = Math.min(1, frame.clientWidth / width);
        frame.style.height = `${Math.ceil(height * Math.max(scale, READABLE)) + 2}px`;
        const fit = Math.min(1, frame.clientWidth / width, frame.clientHeight / height);
        const chosen = Math.max(fit, READABLE);
        show(sized(frame.clientWidth / chosen, frame.clientHeight / chosen));
    }

    /**
     * Return a part of the drawing of some size, around its middle.
     * @param {number} wide
     * @param {number} high
     */
    function sized(wide, high) {
        return { x: x + (width - wide) / 2, y: y + (height - high) / 2, width: wide, height: high };
    }

    /** @param {View} next */
    function show(next) {
        view = next;
        drawing.setAttribute('viewBox', [view.x, view.y, view.width, view.height].join(' '));
    }

    /**
     * @param {number} factor
     * @param {number} [atX] the part of the width left of the point that stays where it is
     * @param {number} [atY]
     */
    function zoom(factor, atX = 0.5, atY = 0.5) {
        const [wide, high] = [view.width / factor, view.height / factor];
        if (wide > 80 && wide < 6 * Math.max(width, frame.clientWidth)) {
            show({ x: view.x + (view.width - wide) * atX, y: view.y + (view.height - high) * atY, width: wide, height: high });
        }
    }

    /** @param {KeyboardEvent} event */
    function press(event) {
        const push = ARROWS[event.key];
        if (event.ctrlKey || event.metaKey || event.altKey) {
            return;
        }
        if (push) {
            show({ ...view, x: view.x + push[0] * view.width, y: view.y + push[1] * view.height });
        } else if (event.key === '+' || event.key === '=') {
            zoom(STEP);
        } else if (event.key === '-') {
            zoom(1 / STEP);
        } else if (event.key === '0') {
            show(whole);
        } else {
            return;
        }
        event.preventDefault();
    }

    /** @param {WheelEvent} event */
    function wheel(event) {
        // Without Ctrl the wheel scrolls the page; a pinch on a touchpad arrives as a wheel with Ctrl.
        if (event.ctrlKey) {
            event.preventDefault();
            const { left, top, width: wide, height: high } = drawing.getBoundingClientRect();
            zoom(Math.exp(-event.deltaY / 300), (event.clientX - left) / wide, (event.clientY - top) / high);
        }
    }

    /** @param {PointerEvent} start */
    function drag(start) {
        const begun = view;
        const pixel = view.width / drawing.clientWidth;
        let isMoved = false;
        const end = new AbortController();
        const { signal } = end;
        addEventListener(
            'pointermove',
            (event) => {
                const [dx, dy] = [event.clientX - start.clientX, event.clientY - start.clientY];
                isMoved ||= Math.hypot(dx, dy) > 4;
                if (isMoved) {
                    show({ ...begun, x: begun.x - dx * pixel, y: begun.y - dy * pixel });
                }
            },
            { signal },
        );
        const stop = () => {
            end.abort();
            if (isMoved) {
                // A drag that ends on a link does not follow it: its click comes before any timer.
                drawing.addEventListener('click', block, { capture: true });
                setTimeout(() => drawing.removeEventListener('click', block, { capture: true }));
            }
        };
        addEventListener('pointerup', stop, { signal });
        addEventListener('pointercancel', () => end.abort(), { signal });
    }
}

/**
 * @param {string} name
 * @param {() => void} click
 */
function button(name, click) {
    return html('button', { type: 'button', class: 'plain', click }, name);
}

/** @param {Event} event */
function block(event) {
    event.preventDefault();
}
