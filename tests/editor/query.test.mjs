/** The editor reads a query as far as it must. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { declare, indented, isClosedAt, isCompleteToken, offsetOf, positionAfter, prologue, questionOf, tokens, undeclared, variables } from '../../server/editor/src/query.js';

const ZGC = 'https://w3id.org/zgc-forum/ontology/';

/** Return a query with the change that declares zgc: in it. */
function declared(query) {
    const change = declare(query, 'zgc', ZGC);
    return change && query.slice(0, change.at) + change.text + query.slice(change.at);
}

test('tokens keep strings, IRIs, comments and operators apart', () => {
    const query = 'SELECT * { ?s <a#b> "x # \\" y"@en ; # ?no\n zgc:p\'\'\'z \'\' z\'\'\' FILTER(?s != 1.5) }';
    assert.deepEqual(
        tokens(query).map(({ kind, text }) => `${kind} ${text}`),
        [
            'word SELECT', 'mark *', 'mark {', 'variable ?s', 'iri <a#b>', 'string "x # \\" y"', 'language @en', 'mark ;',
            'name zgc:p', "string '''z '' z'''", 'word FILTER', 'mark (', 'variable ?s', 'mark !=', 'number 1.5', 'mark )', 'mark }',
        ],
    );
});

test('a string that is not closed does not swallow what comes before it', () => {
    assert.deepEqual(tokens('?a "b').map(({ kind }) => kind), ['variable', 'open', 'word']);
});

test('the prologue is read with comments, BASE and several declarations in a line', () => {
    const query = '# PREFIX no: <no>\nBASE <http://x/> PREFIX a: <1> prefix : <2>\nCONSTRUCT {}';
    const { declarations, form } = prologue(query);
    assert.deepEqual(declarations.map(({ prefix, namespace }) => [prefix, namespace]), [['a', '1'], ['', '2']]);
    assert.equal(form, 'CONSTRUCT');
});

test('a query that has not got so far has no form', () => {
    assert.equal(prologue('PREFIX a: ').form, '');
    assert.equal(prologue('').form, '');
});

for (const [what, before, after] of [
    ['at the top of a query', 'ASK {}', `PREFIX zgc: <${ZGC}>\nASK {}`],
    ['below the comment at its top', '# Is it?\nASK {}', `# Is it?\nPREFIX zgc: <${ZGC}>\nASK {}`],
    ['in alphabetical order', 'PREFIX a: <a>\nPREFIX zz: <z>\nASK {}', `PREFIX a: <a>\nPREFIX zgc: <${ZGC}>\nPREFIX zz: <z>\nASK {}`],
    ['behind the last', 'PREFIX a: <a>\nASK {}', `PREFIX a: <a>\nPREFIX zgc: <${ZGC}>\nASK {}`],
    ['where only a comment has it', '#PREFIX zgc: <x>\nASK {}', `#PREFIX zgc: <x>\nPREFIX zgc: <${ZGC}>\nASK {}`],
    ['in an empty query', '', `PREFIX zgc: <${ZGC}>\n`],
]) {
    test(`a prefix is declared ${what}`, () => assert.equal(declared(before), after));
}

test('a prefix that is declared is not declared again', () => {
    assert.equal(declared('prefix zgc: <other>\nASK {}'), null);
});

test('names without a declared prefix are found, declarations are none of them', () => {
    const query = 'PREFIX a: <a>\nASK { a:x b:y "c:z", <d:e> # f:g\n }';
    assert.deepEqual(undeclared(query).map(({ text }) => text), ['b:y']);
});

test('variables are named once, whichever sign they have', () => {
    assert.deepEqual(variables('SELECT ?a { ?a $b "?c" . ?年 ?b 1 }'), ['a', 'b', '年']);
});

for (const [before, position] of [
    ['', 'prologue'],
    ['SELECT * {', 'subject'],
    ['SELECT * { ?s ', 'predicate'],
    ['SELECT * { ?s a ', 'class'],
    ['SELECT * { ?s a zgc:Edition ; ', 'predicate'],
    ['SELECT * { ?s a zgc:Edition ; a ', 'class'],
    ['SELECT * { ?s zgc:year ', 'object'],
    ['SELECT * { ?s zgc:year 1 , ', 'object'],
    ['SELECT * { ?s zgc:year 1 . ', 'subject'],
    ['SELECT * { ?s zgc:year 1.5 . ?t ', 'predicate'],
    ['SELECT * { FILTER (', 'expression'],
    ['SELECT * { ?s ?p ?o } ORDER BY ', 'expression'],
    ['SELECT * { ?s [ ', 'predicate'],
]) {
    test(`after ${JSON.stringify(before)} stands a ${position}`, () => assert.equal(positionAfter(before), position));
}

test('line and column of the server are code points, offsets of the editor UTF-16', () => {
    const query = 'ASK {\n "𝄞关" x }';
    assert.equal(query[offsetOf(query, 2, 7)], 'x');
    assert.equal(offsetOf(query, 9, 9), query.length);
});

test('a query is called by the question at its top, if it has one', () => {
    assert.equal(questionOf('# Who spoke?\nASK {}'), 'Who spoke?');
    assert.equal(questionOf('# Not a question\n# Is it?\nASK {}'), null);
    assert.equal(questionOf('ASK { ?what ?is ?this }'), null);
    assert.equal(questionOf(''), null);
    const both = '# Who spoke?\n# zh: 谁发言？\nASK {}';
    assert.deepEqual([questionOf(both), questionOf(both, 'zh'), questionOf(both, 'fr')], ['Who spoke?', '谁发言？', 'Who spoke?']);
});

for (const [before, after = ''] of [
    ['LIMIT 5'], ['OFFSET 20'], ['VALUES ?year { 2020 2021'], ['FILTER(?x > 1.5'], ['?x + 1e'], ['VALUES ?x { -5'], ['VALUES ?x { 20', '21 }'],
    ['"en'], ["'''a\nen"], ['"a" . # en'], ['<http://en'], ['<en', '>'], ['"a"@en'], ['_:en'], ['"se', 'lect"'],
]) {
    test(`no name is completed at the end of ${JSON.stringify(before)}`, () => {
        assert.equal(isClosedAt(before + after, before.length), true);
    });
}

for (const before of ['ASK { ?s zgc:y', 'SEL', '?a', '"a"^^xsd:i', 'FILTER(?a<zgc:y', '# a\nsel', '"a" sel', 'edition:2021', '?x2', '1 as']) {
    test(`a name is completed at the end of ${JSON.stringify(before)}`, () => assert.equal(isClosedAt(before, before.length), false));
}

test('numbers, variables, keywords and known names are complete tokens, the beginning of a name is not', () => {
    const isKnown = (name) => name === 'zgc:year';
    const complete = ['5', '2021', '?a', '$a', 'a', 'select', 'MIN', 'true', 'zgc:year', 'zgc:'];
    assert.deepEqual(complete.filter((text) => !isCompleteToken(text, isKnown)), []);
    assert.deepEqual(['takespl', 'zgc:ye', 'SEL', 'edit'].filter((text) => isCompleteToken(text, isKnown)), []);
});

for (const [query, expected] of [
    ['ASK {\n?s a ?o ;\n?p ?q ,\n?r .\n?t ?u ?v\n}', 'ASK {\n    ?s a ?o ;\n        ?p ?q ,\n        ?r .\n    ?t ?u ?v\n}'],
    ['ASK {\n      OPTIONAL { ?s ?p [\n a ?o\n] }\n   }  \n', 'ASK {\n    OPTIONAL { ?s ?p [\n            a ?o\n        ] }\n}\n'],
    ['ASK { ?s ?p \'\'\'a  \n  { b\n\'\'\' ,\n?o }', 'ASK { ?s ?p \'\'\'a  \n  { b\n\'\'\' ,\n        ?o }'],
    ['# a {\nASK {}', '# a {\nASK {}'],
    ['}}\n) x', '}}\n) x'],
]) {
    test(`${JSON.stringify(query)} is indented, once and for all`, () => {
        assert.equal(indented(query), expected);
        assert.equal(indented(expected), expected);
        assert.deepEqual(tokens(expected).map(({ text }) => text), tokens(query).map(({ text }) => text));
    });
}
