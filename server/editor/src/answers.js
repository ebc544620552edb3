/** What shows answers, and the code that asks for them, in a script of its own: a page without an answer needs none of it. */

export { codeView } from './code.js';
export { answerView, summary } from './results/views.js';
