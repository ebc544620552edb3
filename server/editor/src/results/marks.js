/** Draw figures on a scale with the marks of the site: shape for the hedge, fill for the stance, a strike for a wrong one. */

import { svg } from '../dom.js';

/** @import { Figure, Shape } from './figures.js' */
/** @import { Scale } from './scale.js' */

/** From where to where a mark is struck through, in pixels. */
/** @type {Record<Shape, [number, number]>} */
const STRIKES = { dot: [-11, 11], about: [-11, 11], from: [-5, 25], to: [-25, 5] };

/**
 * Return the drawing of a figure on its line.
 * @param {Scale} scale
 * @param {Pick<Figure, 'value' | 'shape' | 'stance' | 'rank' | 'bounds'>} figure
 */
export function markOn(scale, { value, shape, stance, rank, bounds }) {
    const isWrong = rank === 'deprecated';
    const place = scale.place(value);
    const names = ['mark', stance, isWrong ? 'disputed' : ''].filter(Boolean).join(' ');
    const [start, end] = STRIKES[shape];
    const spot = svg(
        'svg',
        { x: `${place}%`, y: '50%', overflow: 'visible' },
        ...(shape === 'about' ? [svg('path', { class: 'stretch', d: 'M-16 0H16' })] : []),
        ...(shape === 'dot' || shape === 'about' ? disc(shape === 'dot' ? 6 : 4, stance) : []),
        ...(shape === 'from' ? arrow(1, stance) : []),
        ...(shape === 'to' ? [svg('path', { class: 'tick', d: 'M0-9V9' })] : []),
        ...(isWrong ? [svg('path', { class: 'strike', d: `M${start} 11L${end}-11` })] : []),
    );
    const leftward = shape === 'to' ? [clipped(place, stance)] : [];
    return plot(scale, svg('g', { class: names }, ...leftward, ...(bounds ? errorBar(scale, bounds) : []), spot));
}

/**
 * Return a line from the lower to the upper bound, with a tick at each end.
 * @param {Scale} scale
 * @param {[number, number]} bounds
 */
function errorBar(scale, bounds) {
    const [low, high] = bounds.map((bound) => `${scale.place(bound)}%`);
    const ends = [low, high].map((at) => svg('line', { class: 'shaft', x1: at, x2: at, y1: '30%', y2: '70%' }));
    return [svg('line', { class: 'shaft', x1: low, x2: high, y1: '50%', y2: '50%' }), ...ends];
}

/**
 * Return the drawing of a bar from zero.
 * @param {Scale} scale
 * @param {number} value
 */
export function barOn(scale, value) {
    const zero = scale.place(0);
    const end = scale.place(value);
    const from = Math.min(zero, end);
    return plot(scale, svg('rect', { class: 'bar', x: `${from}%`, y: '25%', width: `${Math.abs(end - zero)}%`, height: '50%' }));
}

/**
 * Return the drawing of the numbers of a scale.
 * @param {Scale} scale
 * @param {(value: number) => string} words
 */
export function axisOf(scale, words) {
    const ticks = scale.ticks.map((tick) => svg('text', { x: `${scale.place(tick)}%`, y: 18, 'text-anchor': 'middle' }, words(tick)));
    return svg('svg', { class: 'axis', width: '100%', 'aria-hidden': 'true', focusable: 'false' }, ...ticks);
}

/**
 * @param {Scale} scale
 * @param {SVGElement} drawn
 */
function plot(scale, drawn) {
    const lines = scale.ticks.map((tick) => {
        const at = `${scale.place(tick)}%`;
        return svg('line', { class: tick === 0 ? 'zero' : 'grid', x1: at, x2: at, y1: 0, y2: '100%' });
    });
    const beyond =
        scale.reach < 100
            ? [svg('rect', { class: 'beyond', x: `${scale.reach}%`, y: 0, width: `${100 - scale.reach}%`, height: '100%' })]
            : [];
    return svg('svg', { class: 'plot', width: '100%', 'aria-hidden': 'true', focusable: 'false' }, ...lines, ...beyond, drawn);
}

/**
 * Return a disc; the lower half of an ongoing one is drawn apart, since it alone is filled.
 * @param {number} radius
 * @param {string} stance
 */
function disc(radius, stance) {
    const half = svg('path', { class: 'half', d: `M-${radius} 0A${radius} ${radius} 0 0 0 ${radius} 0Z` });
    return [svg('circle', { class: 'head', r: radius }), ...(stance === 'ongoing' ? [half] : [])];
}

/**
 * Return the arrow of “less than this”, cut off at the beginning of the axis.
 * @param {number} place
 * @param {string} stance
 */
function clipped(place, stance) {
    const spot = svg('svg', { x: '100%', y: '50%', overflow: 'visible' }, ...arrow(-1, stance));
    return svg('svg', { x: 0, y: 0, width: `${place}%`, height: '100%', overflow: 'hidden' }, spot);
}

/**
 * @param {1 | -1} way
 * @param {string} stance
 */
function arrow(way, stance) {
    return [
        svg('path', { class: 'tick', d: 'M0-9V9' }),
        svg('path', { class: 'shaft', d: `M0 0H${18 * way}` }),
        svg('path', { class: 'head', d: `M${28 * way} 0L${17 * way}-6V6Z` }),
        ...(stance === 'ongoing' ? [svg('path', { class: 'half', d: `M${28 * way} 0H${17 * way}V6Z` })] : []),
    ];
}
