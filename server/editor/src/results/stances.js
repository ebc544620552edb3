/** Stances in charts: their words and marks, as `pages/stances.py` of the server has them. */

import { N_ } from '../messages.js';

/**
 * The stances by their names in the graph, the weakest first: the words beside a figure, and the meaning of its mark.
 * @type {Record<string, {words: string, legend: string}>}
 */
export const STANCES = {
    planned: { words: N_('planned'), legend: N_('hollow: planned') },
    ongoing: { words: N_('printed as ongoing'), legend: N_('half-filled: printed as ongoing') },
    accomplished: { words: N_('reported'), legend: N_('filled: reported as accomplished') },
};
