/** Place numbers on an axis that includes 0, with round numbers as its ticks. */

/** @typedef {{least: number, most: number, reach: number, ticks: number[], place: (value: number) => number}} Scale */

/** Where the axis ends, in per cent of the width, and where a number beyond it is drawn. */
const REACH = 84;
const BEYOND = 89;
const FULL = 100;
const STEPS = [1, 2, 2.5, 5, 10];
const TICKS = 4;

/**
 * Return the scale for numbers.
 * @param {number[]} sure which all lie on it
 * @param {number[]} doubtful which may lie beyond its end, so that a wrong number does not press the others together
 * @returns {Scale}
 */
export function scaleFor(sure, doubtful = []) {
    const shown = sure.length ? sure : doubtful;
    const step = stepFor(Math.max(0, ...shown) - Math.min(0, ...shown));
    const least = Math.floor(Math.min(0, ...sure, ...doubtful) / step) * step;
    const most = Math.max(Math.ceil(Math.max(0, ...shown) / step) * step, least + step);
    const reach = doubtful.some((value) => value > most) ? REACH : FULL;
    const count = Math.min(2 * TICKS, Math.round((most - least) / step));
    return {
        least,
        most,
        reach,
        ticks: Array.from({ length: count + 1 }, (_, index) => Number((least + index * step).toPrecision(12))),
        place: (value) => (value > most ? BEYOND : (reach * (value - least)) / (most - least)),
    };
}

/**
 * Return the smallest round step that covers a span in few steps.
 * @param {number} span
 */
function stepFor(span) {
    if (span <= 0) {
        return 1;
    }
    const power = 10 ** Math.floor(Math.log10(span / TICKS));
    const found = STEPS.map((step) => step * power).find((step) => step * TICKS >= span) ?? 10 * power;
    return span >= TICKS ? Math.ceil(found) : found;
}
