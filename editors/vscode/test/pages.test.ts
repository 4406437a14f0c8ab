import assert from "node:assert/strict";
import * as path from "node:path";
import { test } from "node:test";

import { callsIn } from "../src/calls";
import { addressOf, choose, frontMatter, type Page, pagesOf, parseGraph, servingAt } from "../src/pages";
import { html } from "../src/previewPage";
import { siteOf, within } from "../src/sites";

const page = (url: string, source: string, release: string | null = null, files: string[] = []): Page => ({ url, source, release, files: new Set([source, ...files]) });

const PAGES = [
  page("/", "content/index.md"),
  page("/guides/a/", "content/guides/a.md", null, ["includes/note.md"]),
  page("/gw/1.9.x/start/", "content/gw/start.md", "gw/1.9.x", ["includes/note.md"]),
  page("/gw/1.10.x/start/", "content/gw/start.md", "gw/1.10.x", ["includes/note.md"]),
  page("/gw/1.9.x/end/", "content/gw/end.md", "gw/1.9.x"),
  page("/gw/1.10.x/end/", "content/gw/end.md", "gw/1.10.x"),
];

test("the graph is read, anything else is none", () => {
  const reads = [{ kind: "file", of: "includes/a.md" }, { kind: "missing", of: "includes/b.md" }, { kind: "navigation" }];
  const pages = parseGraph(JSON.stringify({ pages: [{ url: "/", source: "content/index.md", output: "index.html", release: null, reads }], tests: [] }));
  assert.deepEqual(pages, [{ url: "/", source: "content/index.md", release: null, files: new Set(["includes/a.md"]) }]);
  for (const text of ["", "null", "[]", "{}", "error"]) assert.equal(parseGraph(text), undefined, text);
});

test("a source is shown by its pages, an include by those that read it", () => {
  assert.deepEqual(pagesOf(PAGES, "content/guides/a.md").map(({ url }) => url), ["/guides/a/"]);
  assert.deepEqual(pagesOf(PAGES, "includes/note.md").map(({ url }) => url), ["/guides/a/", "/gw/1.9.x/start/", "/gw/1.10.x/start/"]);
  assert.deepEqual(pagesOf(PAGES, "content/gone.md"), []);
});

test("of several pages the one in view stays, then the same release, then the newest", () => {
  const start = pagesOf(PAGES, "content/gw/start.md");
  assert.equal(choose(start, undefined)?.url, "/gw/1.10.x/start/");
  assert.equal(choose(start, PAGES[4])?.url, "/gw/1.9.x/start/");
  assert.equal(choose(pagesOf(PAGES, "includes/note.md"), PAGES[3])?.url, "/gw/1.10.x/start/");
  assert.equal(choose(pagesOf(PAGES, "includes/note.md"), undefined)?.url, "/guides/a/");
  assert.equal(choose([], PAGES[0]), undefined);
});

test("addresses keep what stands before the site, and what is special in names", () => {
  assert.equal(addressOf("http://127.0.0.1:4000/", page("/a/b/", "")), "http://127.0.0.1:4000/a/b/");
  assert.equal(addressOf("http://127.0.0.1:4000/docs/", page("/a.html", "")), "http://127.0.0.1:4000/docs/a.html");
  assert.equal(addressOf("http://127.0.0.1:4000/docs", page("/", "")), "http://127.0.0.1:4000/docs/");
  assert.equal(addressOf("http://h:1/", page("/übersicht a/50% #1?/", "")), "http://h:1/%C3%BCbersicht%20a/50%25%20%231%3F/");
});

test("front matter is what stands between its lines at the start", () => {
  assert.equal(frontMatter("---\npermalink: /a/\n---\n# A\n---\n"), "---\npermalink: /a/\n---");
  assert.equal(frontMatter("---\r\na: 1\r\n---\r\ntext"), "---\r\na: 1\r\n---");
  assert.equal(frontMatter("---\n---\n"), "---\n---");
  assert.equal(frontMatter("\uFEFF---\na: 1\n---"), "---\na: 1\n---");
  for (const text of ["", "# A\n---\na: 1\n---\n", "---\na: 1\n", "----\na\n---\n"]) assert.equal(frontMatter(text), "", text);
});

test("the address of the server is what it has printed, once that is whole", () => {
  assert.equal(servingAt("Serving at http://127.0.0.1:34747/docs/\nCtrl+C ends it\n"), "http://127.0.0.1:34747/docs/");
  assert.equal(servingAt("Reading …\nServing at http://127.0.0.1:34747/\n"), "http://127.0.0.1:34747/");
  assert.equal(servingAt("Serving at http://127.0.0.1:347"), undefined);
  assert.equal(servingAt("error: no site"), undefined);
});

test("the site of a file is the nearest one above it", () => {
  const files = new Set(["/w/carafe.yml", "/w/docs/_config.yml"]);
  const site = (file: string): string | undefined => siteOf(file, (name) => files.has(name), path.posix);
  assert.equal(site("/w/content/a.md"), "/w");
  assert.equal(site("/w/docs/_posts/a.md"), "/w/docs");
  assert.equal(site("/elsewhere/a.md"), undefined);
  assert.equal(within("/w", "/w/content/a.md", path.posix), "content/a.md");
  assert.equal(within("/w", "/w2/a.md", path.posix), undefined);
  assert.equal(within("/w", "/w/..a.md", path.posix), "..a.md");
  assert.equal(within("C:\\w", "C:\\w\\content\\a.md", path.win32), "content/a.md");
  assert.equal(within("C:\\w", "D:\\a.md", path.win32), undefined);
});

test("calls of an include are found where its name stands", () => {
  const at = (text: string, file: string): string[] => callsIn(text, file).map((found) => text.slice(found, found + 7));
  assert.deepEqual(at("{{ x }} {% include note.md a=1 %}", "includes/note.md"), ["note.md"]);
  assert.deepEqual(at("{%- include_cached steps/note.md -%}{% include note.md %}", "_includes/steps/note.md"), ["steps/n", "note.md"]);
  assert.deepEqual(at("{% render 'note' %}", "includes/note.liquid"), ["note' %"]);
  assert.deepEqual(at("{% include ./note.md %}", "includes/note.md"), ["note.md"]);
  assert.deepEqual(at("{% include footnote.md %}", "includes/note.md"), []);
  assert.deepEqual(at("{% include {{ page.x }}.md %}", "includes/note.md"), []);
});

test("the panel takes texts as texts, and frames no other server", () => {
  const choices = [page('/"><script>x</script>/', "a.md"), page("/b/", "a.md", "gw/1.0")];
  const shown = html("vscode-resource:", { kind: "page", address: "http://127.0.0.1:4000/b/", page: choices[1] as Page, choices });
  assert.ok(!shown.includes("<script>x"));
  assert.match(shown, /frame-src http:\/\/127\.0\.0\.1:4000;/);
  assert.match(shown, /<option value="\/b\/" selected>\/b\/ \(gw\/1\.0\)<\/option>/);
  assert.match(html("x", { kind: "message", text: "<b>" }), /<pre>&lt;b&gt;<\/pre>/);
});
