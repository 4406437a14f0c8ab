import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

interface Pattern {
  regexp: string;
  [group: string]: string | number;
}

const manifest = JSON.parse(readFileSync("package.json", "utf8")) as { contributes: { problemPatterns: { patterns: Pattern[] }[] } };
const [first, second] = manifest.contributes.problemPatterns[0]?.patterns ?? [];

/** What the editor finds in what a terminal shows: the second pattern is tried on the line behind one that fits the first. */
function problems(shown: string): Record<string, string | undefined>[] {
  assert.ok(first && second);
  const lines = shown.split("\n");
  return lines.flatMap((line, at) => {
    const [head, place] = [new RegExp(first.regexp).exec(line), new RegExp(second.regexp).exec(lines[at + 1] ?? "")];
    return head && place ? [{ severity: head[1], code: head[2], message: head[3], file: place[1], line: place[2], column: place[3] }] : [];
  });
}

test("findings are found in what a task shows", () => {
  const shown = [
    "Checking …\r\u001b[Kwarning[unknown-parameter]: the include `note.md` declares no parameter `txt`\r",
    " --> content/größe a.md:3:23\r",
    "  |\r",
    '3 | {% include note.md txt="a" %} error[x]: no\r',
    "  |                    ^^^^^^^\r",
    "error[broken-link]: `a` is no page",
    "   --> content/guides/index.md:1200:1",
    "1 error, 1 warning (2 kinds)",
  ].join("\n");
  assert.deepEqual(problems(shown.replace("\u001b[K", "")), [
    { severity: "warning", code: "unknown-parameter", message: "the include `note.md` declares no parameter `txt`", file: "content/größe a.md", line: "3", column: "23" },
    { severity: "error", code: "broken-link", message: "`a` is no page", file: "content/guides/index.md", line: "1200", column: "1" },
  ]);
});

test("failed tests are found, too", () => {
  const shown = "FAIL note.md: wrong\n\nerror[failed-test]: `em` has another text\n  --> tests/includes/note.yml:10:28\n   |\n";
  assert.deepEqual(problems(shown).map(({ file, line }) => `${file}:${line}`), ["tests/includes/note.yml:10"]);
});
