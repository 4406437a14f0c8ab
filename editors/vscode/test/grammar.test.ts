import assert from "node:assert/strict";
import { test } from "node:test";

import { type Token, tokens } from "./grammars";

const MARKDOWN = "text.html.markdown";
const HTML = "text.html.derivative";

/** Of the piece that is `«marked»` in a text: its scopes but the grammar's own. The marks are taken away before. */
async function marked(grammar: string, text: string): Promise<string[]> {
  const [before = "", piece = ""] = text.split(/[«»]/);
  const lines = before.split("\n");
  const [line, start] = [lines.length, lines.at(-1)?.length ?? 0];
  const all = await tokens(grammar, text.replace(/[«»]/g, ""));
  const covers = (token: Token): boolean => token.line === line && token.start <= start && token.start + token.text.length >= start + piece.length;
  const found = all.find(covers);
  assert.ok(found, `${piece} is more than one token: ${JSON.stringify(all.filter((token) => token.line === line))}`);
  return found.scopes.slice(1);
}

/** Holds that the innermost scope of the marked piece is this one. */
async function is(grammar: string, text: string, scope: string): Promise<void> {
  assert.equal((await marked(grammar, text)).at(-1), scope, text);
}

/** Holds that Liquid has no part in the marked piece. */
async function isForeign(grammar: string, text: string): Promise<void> {
  assert.deepEqual((await marked(grammar, text)).filter((scope) => scope.endsWith(".liquid") && scope !== "meta.raw.liquid"), [], text);
}

test("tags: names, includes, parameters, values", async () => {
  await is(MARKDOWN, 'See {% «include» steps/login.md text="a" %}', "keyword.control.import.liquid");
  await is(MARKDOWN, 'See {% include «steps/login.md» text="a" %}', "entity.name.function.include.liquid");
  await is(MARKDOWN, 'See {% include steps/login.md «text»="a" %}', "entity.other.attribute-name.liquid");
  await is(MARKDOWN, 'See {% include steps/login.md text="«a b»" %}', "string.quoted.double.liquid");
  await is(MARKDOWN, "{% if page.n >= «1.5» %}", "constant.numeric.liquid");
  await is(MARKDOWN, "{% if page.n «>=» 1.5 %}", "keyword.operator.comparison.liquid");
  await is(MARKDOWN, "{% if a «contains» 'b' %}", "keyword.operator.logical.liquid");
  await is(MARKDOWN, "{% assign «name» = 'b' %}", "variable.other.readwrite.liquid");
  await is(MARKDOWN, "{% for x in (1..«3») %}", "constant.numeric.liquid");
  await is(MARKDOWN, "{%- «endif» -%}", "keyword.control.liquid");
  await is(MARKDOWN, "{% «if_version» gte:1.4.x %}", "keyword.control.liquid");
  await is(MARKDOWN, "{% «navtabs» %}", "entity.name.tag.liquid");
  await is(MARKDOWN, "{% if x == «nil» %}", "constant.language.liquid");
  await is(MARKDOWN, "{%\n  «include» a.md\n  text='b'\n%}", "keyword.control.import.liquid");
  await is(MARKDOWN, "{% include a.md\n  «if»='b'\n%}", "entity.other.attribute-name.liquid");
  await is(MARKDOWN, "{%\n  include a.md\n%}\n**«after»**", "markup.bold.markdown");
});

test("outputs: variables, filters, texts that hold outputs", async () => {
  await is(MARKDOWN, "{{ «site».title | upcase }}", "variable.language.liquid");
  await is(MARKDOWN, "{{ site.«title» | upcase }}", "variable.other.property.liquid");
  await is(MARKDOWN, "{{ site.title | «upcase» }}", "support.function.filter.liquid");
  await is(MARKDOWN, "{{ x | slice: «0», 2 }}", "constant.numeric.liquid");
  await is(MARKDOWN, "{{ «größe» }}", "variable.other.liquid");
  await is(MARKDOWN, "{{ x «-}}» a", "punctuation.definition.output.end.liquid");
  await is(MARKDOWN, '{% include a.md t="1 {{ «page».x }}" %}', "variable.language.liquid");
  await is(MARKDOWN, "{% include {{ «page».part }}.md %}", "variable.language.liquid");
  await isForeign(MARKDOWN, "{{ x }} and «text» { y }");
});

test("Markdown goes on behind what begins a line", async () => {
  await is(MARKDOWN, "{{ x }} is **«bold»**", "markup.bold.markdown");
  await is(MARKDOWN, "{% if x %}**«bold»**{% endif %}", "markup.bold.markdown");
  await is(MARKDOWN, "{% comment %}a{% endcomment %} **«bold»**", "markup.bold.markdown");
  await is(MARKDOWN, "{% raw %}{{ x }}{% endraw %} **«bold»**", "markup.bold.markdown");
  await is(MARKDOWN, "{% include a.md %}\n# «Title»", "entity.name.section.markdown");
  await is(MARKDOWN, "- {{ x }} **«bold»**", "markup.bold.markdown");
  await is(MARKDOWN, "> {{ «x» }} a", "variable.other.liquid");
  await is(MARKDOWN, "| {{ «x» }} | a |\n|---|---|", "variable.other.liquid");
  await is(MARKDOWN, "<div>{{ «x» }}</div>", "variable.other.liquid");
  await is(MARKDOWN, "<p>\nSee {% «include» a.md %}\n</p>", "keyword.control.import.liquid");
  await is(MARKDOWN, "> {{ x }} **«bold»**", "markup.bold.markdown");
  await is(MARKDOWN, "1. {{ x }} **«bold»**", "markup.bold.markdown");
  await is(MARKDOWN, "    {{ «x» }}", "variable.other.liquid");
});

test("comments end where endcomment stands, over empty lines too", async () => {
  await is(MARKDOWN, "a {% comment %} «b» {% endcomment %} c", "comment.block.liquid");
  await is(MARKDOWN, "{% comment %}\na\n\n# «b {{ x }}»\n{% endcomment %}\n", "comment.block.liquid");
  await is(MARKDOWN, "{% comment %}\na\n\n{% endcomment %}\n# «b»", "entity.name.section.markdown");
  await is(MARKDOWN, "{% comment %}{% comment %}{% endcomment %} «a» {% endcomment %}", "comment.block.liquid");
  await is(MARKDOWN, "{% # «a note» %}", "comment.line.number-sign.liquid");
  await isForeign(MARKDOWN, "{% # a note %} «text»");
  await is(HTML, "<p>{% comment %}\n<b>«x»</b>\n{% endcomment %}", "comment.block.liquid");
});

test("what raw holds is no Liquid, and still Markdown", async () => {
  await isForeign(MARKDOWN, "a {% raw %}«{{ x }}»{% endraw %} b");
  await isForeign(MARKDOWN, "{% raw %}\ntext «{{ x }}»\n\n{% if %}\n{% endraw %}");
  await is(MARKDOWN, "{% raw %}\n# «Title»\n{% endraw %}", "entity.name.section.markdown");
  await is(MARKDOWN, "{% raw %}\n- **«bold»**\n{% endraw %}", "markup.bold.markdown");
  await is(MARKDOWN, "{% raw %}\ntext {{ x }}\n{% endraw %}\n{{ «y» }}", "variable.other.liquid");
  await is(MARKDOWN, "{% raw %}\n- a {{ x }}\n{% endraw %}\n{{ «y» }}", "variable.other.liquid");
  await is(MARKDOWN, "{% raw %}\n```liquid\n{{ x }}\n```\n{% endraw %}\n{{ «y» }}", "variable.other.liquid");
  await is(MARKDOWN, "{% raw %}\n```liquid\n{{ x | «upcase» }}\n```\n{% endraw %}", "support.function.filter.liquid");
  await isForeign(MARKDOWN, "{% raw %}\n```liquid\n{{ x }}\n```\n«{{ y }}»\n{% endraw %}");
  await isForeign(MARKDOWN, "```sh\n{% raw %}# «{{ x }}»\n# a{% endraw %}\n```");
  await is(MARKDOWN, "```sh\n{% raw %}# {{ x }}\n# a{% endraw %}\n{{ «y» }}\n```", "variable.other.liquid");
  await isForeign(HTML, "<p>{% raw %}«{{ x }}»{% endraw %}</p>");
  await is(HTML, "<p>{% raw %}{{ x }}{% endraw %}{{ «y» }}</p>", "variable.other.liquid");
});

test("Liquid stands in headings, lists, code, front matter and attributes", async () => {
  await is(MARKDOWN, "# Install {{ «x» }}", "variable.other.liquid");
  await is(MARKDOWN, "- a\n  1. b {{ «x» }}", "variable.other.liquid");
  await is(MARKDOWN, "```js\nlet a = '{{ «x» }}';\n```", "variable.other.liquid");
  await is(MARKDOWN, '---\ntitle: "A {{ «x» }}"\n---\n', "variable.other.liquid");
  await is(MARKDOWN, "---\ntitle: «A»\n---\n", "string.unquoted.plain.out.yaml");
  await isForeign(MARKDOWN, "---\ntitle: A # «{{ x }}»\n---\n");
  await is(HTML, '<a href="{{ «x» }}">', "variable.other.liquid");
  await is(HTML, '<a href="{{ x }}" «class»="b">', "entity.other.attribute-name.html");
  await is(HTML, "<!-- {{ «x» }} -->", "variable.other.liquid");
});

test("the contract of an include", async () => {
  const doc = (line: string): string => `{% doc %}\n  What it does.\n${line}\n{% enddoc %}`;
  await is(MARKDOWN, doc("  «@param» {string} version - The release."), "storage.type.class.documentation.liquid");
  await is(MARKDOWN, doc("  @param «{string}» version - The release."), "entity.name.type.instance.documentation.liquid");
  await is(MARKDOWN, doc("  @param {string} «version» - The release."), "variable.parameter.liquid");
  await is(HTML, doc("  @param {boolean} [«quiet»=false] - Less."), "variable.parameter.liquid");
  await is(HTML, doc("  @param {boolean} [quiet=«false»] - Less."), "string.unquoted.default.liquid");
  await is(HTML, doc("  @example\n  {% «include» a.md %}"), "keyword.control.import.liquid");
  await is(HTML, doc("  @example\n  {% include a.md %}\n  «@deprecated» Use b."), "storage.type.class.documentation.liquid");
  await is(HTML, `${doc("  @example\n  {% include a.md %}")}\n<p>{{ «x» }}`, "variable.other.liquid");
});

test("the liquid tag takes a tag a line", async () => {
  await is(HTML, "{% liquid\n  «assign» x = 1\n  echo x\n%}", "keyword.other.liquid");
  await is(HTML, "{% liquid\n  assign x = 1\n  «echo» x\n%}", "keyword.control.liquid");
  await is(HTML, "{% liquid\n  # «a note»\n%}", "comment.line.number-sign.liquid");
  await is(HTML, "{% liquid «assign» x = 1 %}", "keyword.other.liquid");
  await is(HTML, "{% liquid\n  assign x = 1\n%}<«b»>", "entity.name.tag.html");
});

test("files of Liquid are HTML with Liquid", async () => {
  await is("text.html.liquid", "<p>{{ «x» }}</p>", "variable.other.liquid");
  await is("text.html.liquid", "<«p»>{{ x }}</p>", "entity.name.tag.html");
  await isForeign("text.html.liquid", "{% raw %}«{{ x }}»{% endraw %}");
});

test("tags that nobody ends do not take long", async () => {
  await tokens(MARKDOWN, `${"{% raw %} ".repeat(300)}\n${"{{ a | b: ".repeat(300)}`);
  await tokens(MARKDOWN, `{% include ${"a".repeat(5000)} ${"=".repeat(2000)}`);
});
