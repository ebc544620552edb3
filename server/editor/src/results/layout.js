/** Lay things out so that no label covers another. */

import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from 'd3-force';

/** @typedef {{id: string, width: number, height: number}} Box */
/** @typedef {{x: number, y: number}} Point */
/** @typedef {Box & Point & {vx?: number, vy?: number}} Placed */

const STEPS = 400;
const DISTANCE = 130;
/** Boxes are laid out as circles, and then as far apart as labels need, which are wider than high. */
const RADIUS = 64;
const [WIDER, LOWER] = [1.5, 0.75];
/** The space between two boxes. */
const GAP = 14;
/** Where a link may have its name: in its middle, or nearer to one end. */
const PARTS = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74];

/**
 * Return boxes at their places: the same boxes and links give the same picture.
 * @template {Box} T
 * @param {T[]} boxes
 * @param {{source: string, target: string}[]} links
 * @returns {(T & Point)[]}
 */
export function layOut(boxes, links) {
    const placed = boxes.map((box) => ({ ...box, x: Number.NaN, y: Number.NaN }));
    const pulls = links.map(({ source, target }) => ({ source, target }));
    forceSimulation(placed)
        .force('links', forceLink(pulls).id((/** @type {any} */ box) => box.id).distance(DISTANCE))
        .force('charge', forceManyBody().strength(-500))
        .force('room', forceCollide(RADIUS))
        .force('x', forceX().strength(0.06))
        .force('y', forceY().strength(0.06))
        .stop()
        .tick(STEPS);
    for (const box of placed) {
        box.x *= WIDER;
        box.y *= LOWER;
    }
    for (let round = 0; round < STEPS && separate(placed); round += 1) {
        // Each round moves overlapping boxes apart.
    }
    return placed;
}

/**
 * Return the place on a line where a box covers none of others, or its middle.
 * @param {Point} from
 * @param {Point} to
 * @param {{width: number, height: number}} box
 * @param {(Point & {width: number, height: number})[]} others
 */
export function freePlace(from, to, { width, height }, others) {
    const places = PARTS.map((part) => ({ x: from.x + part * (to.x - from.x), y: from.y + part * (to.y - from.y) }));
    const isFree = (/** @type {Point} */ { x, y }) =>
        others.every((other) => Math.abs(other.x - x) > (other.width + width) / 2 || Math.abs(other.y - y) > (other.height + height) / 2);
    return places.find(isFree) ?? { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
}

/**
 * Move boxes that overlap apart, along the shorter way, and return whether there were any.
 * @param {Placed[]} boxes
 */
function separate(boxes) {
    let isChanged = false;
    boxes.forEach((one, index) => {
        for (const two of boxes.slice(index + 1)) {
            const [dx, dy] = [two.x - one.x, two.y - one.y];
            const overX = (one.width + two.width) / 2 + GAP - Math.abs(dx);
            const overY = (one.height + two.height) / 2 + GAP - Math.abs(dy);
            if (overX > 0.01 && overY > 0.01) {
                isChanged = true;
                const [x, y] = overX < overY ? [(overX / 2) * (dx < 0 ? -1 : 1), 0] : [0, (overY / 2) * (dy < 0 ? -1 : 1)];
                one.x -= x;
                one.y -= y;
                two.x += x;
                two.y += y;
            }
        }
    });
    return isChanged;
}
