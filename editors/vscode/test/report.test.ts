import assert from "node:assert/strict";
import { test } from "node:test";

import { byPlace, grouped, label, parseReport, type Test, unitsBefore } from "../src/report";

const one = (name: string, include: string | null, file = "tests/includes/a.yml"): Test => ({ name, include, file, line: 3, passed: true, problems: [] });

test("a report is read, anything else is none", () => {
  const report = { tests: [one("a.md: x", "a.md")], includes: [], findings: [], passed: 1, failed: 0 };
  assert.deepEqual(parseReport(JSON.stringify(report)), report);
  // What is printed when the configuration cannot be read.
  assert.equal(parseReport('{"code":"yaml-syntax","message":"…","file":"carafe.yml"}\n'), undefined);
  for (const text of ["", "null", "[]", "1", '{"tests":[]}', "error: no site"]) assert.equal(parseReport(text), undefined, text);
});

test("a test is called what it tries", () => {
  assert.equal(label(one("a.md: in a list [1.4.x]", "a.md")), "in a list [1.4.x]");
  assert.equal(label(one("twice: on a page", null)), "twice: on a page");
  assert.equal(label(one("b.md: x", "a.md")), "b.md: x");
});

test("tests stand below their include, in their order", () => {
  const tests = [one("a.md: y", "a.md"), one("b.md: x", "b.md"), one("a.md: x", "a.md"), one("two", null)];
  assert.deepEqual(
    [...grouped(tests)].map(([name, all]) => [name, all.map(label)]),
    [
      ["a.md", ["y", "x"]],
      ["b.md", ["x"]],
      ["tests/includes/a.yml", ["two"]],
    ],
  );
});

test("branches of one tag belong together", () => {
  const at = (line: number | null, taken: boolean, written = true) => ({ line, column: 4, taken, written });
  const places = byPlace([at(1, true), at(1, false, false), at(7, false), at(null, true)]);
  assert.deepEqual(
    places.map((place) => [place.line, place.branches.map((branch) => branch.taken)]),
    [
      [1, [true, false]],
      [7, [false]],
    ],
  );
});

test("columns count characters, the editor UTF-16 units", () => {
  assert.equal(unitsBefore("é𝒳 x", 1), 0);
  assert.equal(unitsBefore("é𝒳 x", 3), 3);
  assert.equal(unitsBefore("é𝒳 x", 99), 5);
});
