/** What draws charts and timelines, in a script of its own. */

export { chartView } from './chart.js';
export { savable } from './pictures.js';
export { timelineView } from './timeline.js';
