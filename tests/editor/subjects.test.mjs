/** The subject of a predicate, and the class that the query says it has. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { subjectAt } from '../../server/editor/src/subjects.js';

const PREFIXES = { zgc: 'urn:z/', edition: 'urn:e/' };
const at = (marked) => subjectAt(marked.replace('|', ''), marked.indexOf('|'), PREFIXES);
const EDITION = { iri: 'urn:z/Edition', isClass: true };

for (const [marked, expected] of [
    ['SELECT * { ?e a zgc:Edition ; |', EDITION],
    ['SELECT * { ?e a zgc:Edition . ?e |zgc:year ?y }', EDITION],
    ['SELECT * { ?e | . OPTIONAL { ?e rdf:type <urn:z/Edition> } }', EDITION],
    ['SELECT * { ?e a zgc:Edition ; zgc:year ?y ; | }', EDITION],
    ['SELECT * { ?e a zgc:Edition FILTER (?x = "a") ?e | }', EDITION],
    ['SELECT * { ?s zgc:isAbout [ a zgc:Edition ; | ] }', EDITION],
    ['SELECT * { ?s zgc:isAbout [ a zgc:Post ] ; a zgc:Edition ; | }', EDITION],
    ['SELECT * { ?e a zgc:Edition ; zgc:a/| }', EDITION],
    ['PREFIX zgc: <urn:other/> SELECT * { ?e a zgc:Edition ; | }', { iri: 'urn:other/Edition', isClass: true }],
    ['SELECT * { edition:2021 | }', { iri: 'urn:e/2021', isClass: false }],
    ['SELECT * { ?e a zgc:Edition ; zgc:year | }', null],
    ['SELECT * { ?e a zgc:Edition . ?other | }', null],
    ['SELECT * { ?e a zgc:Edition FILTER (?e | ) }', null],
    ['SELECT * { ?e a ?class ; | }', null],
    ['SELECT ?e |', null],
]) {
    test(`the subject at the mark of ${marked}`, () => assert.deepEqual(at(marked), expected));
}
