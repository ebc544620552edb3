/** Messages in the language of the page. */

import assert from 'node:assert/strict';
import { before, test } from 'node:test';

const CATALOGUE = { 'Row %(number)s': '第%(number)s行', '%(num)s row': '%(num)s行' };
/** The same module, as pages in two languages load it. */
let english;
let chinese;

before(async () => {
    const address = '../../server/editor/src/messages.js';
    english = await import(address);
    globalThis.document = { documentElement: { lang: 'zh' }, getElementById: () => ({ textContent: JSON.stringify(CATALOGUE) }) };
    chinese = await import(`${address}?zh`);
    delete globalThis.document;
});

test('a message has its values, its plural, and numbers as the language writes them', () => {
    assert.equal(english._('Row %(number)s', { number: 1234 }), 'Row 1,234');
    assert.equal(english._('%(name)s %(other)s', { name: '%(other)s' }), '%(other)s ');
    assert.deepEqual([0, 1, 2].map((count) => english.ngettext('%(num)s row', '%(num)s rows', count)), ['0 rows', '1 row', '2 rows']);
    assert.equal(chinese._('Row %(number)s', { number: 1234 }), '第1,234行');
    assert.deepEqual([1, 2].map((count) => chinese.ngettext('%(num)s row', '%(num)s rows', count)), ['1行', '2行']);
    assert.equal(chinese._('Not translated'), 'Not translated');
});

test('a text needs its language where the page has another one', () => {
    assert.deepEqual(['en', 'zh', undefined].map(english.foreign), [undefined, 'zh', undefined]);
    assert.deepEqual(['en', 'zh', undefined].map(chinese.foreign), ['en', undefined, undefined]);
    assert.deepEqual(['figure', '数字'].map(english.languageOf), ['en', 'zh']);
});
