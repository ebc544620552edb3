/** Save a drawing as a picture that stands alone, as it is seen: SVG, or PNG of twice its size. */

import { html, svg } from '../dom.js';
import { _ } from '../messages.js';

/** What a picture does not have: controls, and words for screen readers. */
const LEFT_OUT = 'button, select, input, label, .tools, .unseen';
/** The properties that style sheets set, which a picture has as attributes. */
const SHAPE = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'opacity', 'visibility'];
const TEXT = ['font-family', 'font-size', 'font-weight', 'font-style', 'text-anchor', 'paint-order'];
const MARGIN = 16;
const SCALE = 2;

/**
 * Return a drawing with buttons that save it.
 * @param {HTMLElement} drawing
 */
export function savable(drawing) {
    const title = () => document.querySelector('h1[data-question]')?.textContent ?? '';
    const source = () => document.querySelector('main')?.dataset.address ?? '';
    const picture = () => pictureOf(drawing, title(), source());
    const status = html('span', { class: 'note', role: 'status' });
    const asSvg = () => save(new Blob([written(picture())], { type: 'image/svg+xml' }), 'chart.svg');
    const asPng = async () => {
        try {
            save(await painted(picture()), 'chart.png');
        } catch {
            status.textContent = _('Your browser cannot write this picture: save it as SVG.');
        }
    };
    return html(
        'div',
        {},
        drawing,
        html(
            'p',
            { class: 'row tools' },
            html('button', { type: 'button', class: 'plain', click: asSvg }, _('Save as SVG')),
            html('button', { type: 'button', class: 'plain', click: asPng }, _('Save as PNG')),
            status,
        ),
    );
}

/**
 * Return an element as an SVG document: its words and drawings, where they are seen.
 * @param {HTMLElement} element
 * @param {string} title
 * @param {string} source what the drawing was made from
 */
function pictureOf(element, title, source) {
    const { left, top, width, height } = element.getBoundingClientRect();
    const { color, fontFamily } = getComputedStyle(element);
    const [x, y] = [MARGIN - left, 2.6 * MARGIN - top];
    const size = { width: Math.ceil(width + 2 * MARGIN), height: Math.ceil(height + 5.2 * MARGIN) };
    const line = (/** @type {string} */ text, /** @type {number} */ at, /** @type {number} */ letters) =>
        svg('text', { x: MARGIN, y: at, fill: color, 'font-family': fontFamily, 'font-size': letters }, text);
    return svg(
        'svg',
        { xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${size.width} ${size.height}`, ...size },
        svg('title', {}, title),
        svg('rect', { ...size, fill: getComputedStyle(document.body).backgroundColor }),
        line(title, 1.6 * MARGIN, 17),
        ...partsOf(element, x, y),
        line(source, size.height - MARGIN, 11),
    );
}

/**
 * @param {Element} element
 * @param {number} x how far to the right the parts are moved
 * @param {number} y
 * @returns {SVGElement[]}
 */
function partsOf(element, x, y) {
    if (element.matches(LEFT_OUT) || getComputedStyle(element).display === 'none') {
        return [];
    }
    if (element instanceof SVGSVGElement) {
        const { left, top, width, height } = element.getBoundingClientRect();
        const copy = /** @type {SVGSVGElement} */ (styled(element));
        // A drawing that can be enlarged shows a part of itself; charts let their arrows out.
        const overflow = getComputedStyle(element).overflow;
        for (const [name, value] of Object.entries({ x: left + x, y: top + y, width, height, overflow })) {
            copy.setAttribute(name, String(value));
        }
        return [copy];
    }
    return [...element.childNodes].flatMap((node) =>
        node instanceof Element ? partsOf(node, x, y) : node instanceof Text ? linesOf(node, x, y) : [],
    );
}

/**
 * Return a copy of a drawing without links, with the style that each of its elements has on the page.
 * @param {SVGElement} element
 */
function styled(element) {
    const copy = /** @type {SVGElement} */ (element.cloneNode(false));
    const style = getComputedStyle(element);
    for (const name of ['class', 'style', 'href', 'data-iri', 'data-thing']) {
        copy.removeAttribute(name);
    }
    if (element instanceof SVGGraphicsElement && !(element instanceof SVGSVGElement)) {
        for (const name of element instanceof SVGTextElement ? [...SHAPE, ...TEXT] : SHAPE) {
            copy.setAttribute(name, style.getPropertyValue(name));
        }
    }
    copy.append(...[...element.childNodes].map((node) => (node instanceof SVGElement ? styled(node) : node.cloneNode(true))));
    return copy;
}

/**
 * Return the lines of a text, as the page breaks it.
 * @param {Text} node
 * @param {number} x
 * @param {number} y
 */
function linesOf(node, x, y) {
    const parent = /** @type {Element} */ (node.parentElement);
    const style = getComputedStyle(parent);
    const range = new Range();
    /** @type {{text: string, left: number, top: number, bottom: number}[]} */
    const lines = [];
    for (const { 0: word, index } of node.data.matchAll(/\s+|\S+/g)) {
        add(word, index);
    }
    const isStruck = parent.closest('s') !== null;
    return drawn();

    /**
     * @param {string} text
     * @param {number} start
     */
    function add(text, start) {
        range.setStart(node, start);
        range.setEnd(node, start + text.length);
        const [box, other] = range.getClientRects();
        const last = lines.at(-1);
        const characters = [...text];
        if (other && characters.length > 1) {
            // The page breaks a word: each character lies on one of its lines.
            let at = start;
            for (const character of characters) {
                add(character, at);
                at += character.length;
            }
        } else if (box && last && Math.abs(box.top - last.top) < 2) {
            last.text += text;
        } else if (box?.width) {
            lines.push({ text, left: box.left, top: box.top, bottom: box.bottom });
        }
    }

    function drawn() {
        return lines.map(({ text, left, top, bottom }) =>
            svg(
                'text',
                {
                    x: left + x,
                    // Letters stand on a line at four fifths of their height.
                    y: top + 0.79 * (bottom - top) + y,
                    fill: style.color,
                    ...(isStruck && { 'text-decoration': 'line-through' }),
                    ...Object.fromEntries(TEXT.slice(0, 4).map((name) => [name, style.getPropertyValue(name)])),
                },
                text.replace(/\s+/g, ' ').trimEnd(),
            ),
        );
    }
}

/** @param {SVGElement} picture */
function written(picture) {
    return new XMLSerializer().serializeToString(picture);
}

/**
 * Return a picture as PNG.
 * @param {SVGElement} picture
 * @returns {Promise<Blob>}
 */
async function painted(picture) {
    const image = new Image();
    // An address of type blob: is not among the images that the Content-Security-Policy of our pages allows.
    image.src = `data:image/svg+xml,${encodeURIComponent(written(picture))}`;
    await image.decode();
    const canvas = html('canvas', { width: SCALE * image.width, height: SCALE * image.height });
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('No PNG')))));
}

/**
 * @param {Blob} blob
 * @param {string} name
 */
function save(blob, name) {
    const href = URL.createObjectURL(blob);
    html('a', { href, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(href));
}
