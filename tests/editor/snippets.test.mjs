/** Code for other programs holds the query as it is, whatever stands in it. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';

import { linkTo, withParameters } from '../../server/editor/src/links.js';
import { quoteJavaScript, quotePython, quoteR, quoteShell, snippets } from '../../server/editor/src/snippets.js';

const NASTY = [
    'ASK {}',
    'SELECT ("it\'s" AS ?a) { FILTER(REGEX(?b, "\\\\d")) }\n',
    '"""three""" \'\'\'and\'\'\' ${dollar} `back` $HOME $(id) \\',
    'ends with "',
    'a )" b )-" c )--" \r\n 关村 𝄞',
];

for (const query of NASTY) {
    test(`the shell hands on ${JSON.stringify(query)}`, () => {
        assert.equal(execFileSync('sh', ['-c', `printf %s ${quoteShell(query)}`], { encoding: 'utf8' }), query);
    });

    test(`Python reads ${JSON.stringify(query)}`, () => {
        const program = `import json,sys;sys.stdout.write(json.dumps(${quotePython(query)}))`;
        assert.equal(JSON.parse(execFileSync('python3', ['-c', program], { encoding: 'utf8' })), query);
    });

    test(`JavaScript reads ${JSON.stringify(query)}`, () => {
        assert.equal(new Function(`return ${quoteJavaScript(query)}`)(), query);
    });

    test(`R finds the end of ${JSON.stringify(query)}`, () => {
        const quoted = quoteR(query);
        const [, dashes] = /^r"(-*)\(/.exec(quoted);
        assert.equal(quoted.indexOf(`)${dashes}"`), quoted.length - dashes.length - 2);
    });
}

test('the form of the query decides the libraries', () => {
    const names = (form) => snippets('http://x/sparql', 'q', form).map(({ name }) => name);
    assert.deepEqual(names('SELECT'), ['curl', 'SPARQLWrapper', 'pandas', 'R', 'JavaScript']);
    assert.deepEqual(names('CONSTRUCT'), ['curl', 'SPARQLWrapper', 'rdflib', 'R', 'JavaScript']);
});

test('a link keeps the query whole, and is none where it would be too long', () => {
    const link = linkTo('/sparql', 'ASK { ?a ?b "&+#关" }', 'csv');
    const parameters = new URL(link, 'http://x').searchParams;
    assert.deepEqual([...parameters], [['query', 'ASK { ?a ?b "&+#关" }'], ['format', 'csv']]);
    assert.equal(linkTo('/sparql', 'x'.repeat(8000)), null);
});

test('graphs and a timeout of the address hold for what is asked on the page', () => {
    const endpoint = withParameters('/sparql', '?query=ASK+{}&default-graph-uri=urn:a&timeout=2&utm=x');
    assert.equal(endpoint, '/sparql?default-graph-uri=urn%3Aa&timeout=2');
    assert.equal(linkTo(endpoint, 'q'), '/sparql?default-graph-uri=urn%3Aa&timeout=2&query=q');
});
