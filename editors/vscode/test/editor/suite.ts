// In the real editor: it opens a small site, and the features are asked as a person asks them. What has happened is written to the file that
// CARAFE_EDITOR_LOG names, a line each; the last one is `done` or `FAILED`.

import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import * as vscode from "vscode";

import type { Features } from "../../src/extension";

const log = process.env["CARAFE_EDITOR_LOG"] ?? "editor.log";
const tell = (line: string): void => appendFileSync(log, `${line}\n`);

/** Called by the editor. */
export async function run(): Promise<void> {
  try {
    const extension = vscode.extensions.getExtension<Features>("carafe.carafe");
    assert.ok(extension, "the editor knows the extension");
    const features = await extension.activate();
    for (const [name, check] of CHECKS) {
      await check(features);
      tell(`ok ${name}`);
    }
    tell("done");
  } catch (error) {
    tell(`FAILED ${error instanceof Error ? error.stack : String(error)}`);
    throw error;
  }
}

const CHECKS: [string, (features: Features) => Promise<void>][] = [
  ["findings", findings],
  ["a second folder", secondFolder],
  ["hover, definition, references", questions],
  ["completion closes blocks", completion],
  ["brackets while typing", typing],
  ["snippets", snippets],
  ["repairs", repairs],
  ["callers of an include", callers],
  ["tests of an include", tests],
  ["what stands above an include", lenses],
  ["the preview follows the editor", preview],
  ["tasks", task],
  ["restart", restart],
];

/** A file of the first folder, or of another one. */
function uri(file: string, at = 0): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[at];
  assert.ok(folder, "a folder is open");
  return vscode.Uri.joinPath(folder.uri, file);
}

async function open(file: string, at = 0): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(uri(file, at), { preview: false, viewColumn: vscode.ViewColumn.One });
}

async function until<T>(what: string, look: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> {
  const end = Date.now() + 30_000;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    assert.ok(Date.now() < end, `${what} did not come`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const codes = (file: string, at = 0): string[] =>
  vscode.languages.getDiagnostics(uri(file, at)).map(({ code }) => String(typeof code === "object" ? code.value : code)).sort();

/** The position behind the first `text` in a document. */
function behind(document: vscode.TextDocument, text: string): vscode.Position {
  const at = document.getText().indexOf(text);
  assert.ok(at >= 0, text);
  return document.positionAt(at + text.length);
}

async function findings({ server }: Features): Promise<void> {
  await open("content/index.md");
  await until("the server", () => server.running);
  await until("findings", () => codes("content/index.md").join() === "broken-link,unknown-parameter");
  const [parameter] = vscode.languages.getDiagnostics(uri("content/index.md")).filter(({ message }) => message.includes("txt"));
  // é is one unit, 𝒳 two.
  assert.equal(parameter?.range.start.character, "é𝒳 {% include note.md ".length);
}

async function secondFolder(): Promise<void> {
  await open("index.md", 1);
  await until("findings", () => codes("index.md", 1).join() === "missing-include");
}

async function questions(): Promise<void> {
  const { document } = await open("content/index.md");
  const at = behind(document, "{% include no");
  const ask = <T>(command: string): Thenable<T> => vscode.commands.executeCommand<T>(command, document.uri, at);
  const hovers = await ask<vscode.Hover[]>("vscode.executeHoverProvider");
  assert.match(hovers.flatMap(({ contents }) => contents.map((part) => (typeof part === "string" ? part : part.value))).join("\n"), /A box/);
  const [definition] = await ask<(vscode.Location | vscode.LocationLink)[]>("vscode.executeDefinitionProvider");
  assert.ok(definition && ("uri" in definition ? definition.uri : definition.targetUri).path.endsWith("/includes/note.md"));
  const references = await ask<vscode.Location[]>("vscode.executeReferenceProvider");
  assert.ok(references.some((place) => place.uri.path.endsWith("/content/second.md")));
}

/** Writes a line at the end of a page as fingers do. */
async function type(file: string, text: string): Promise<vscode.TextEditor> {
  const editor = await open(file);
  const end = editor.document.lineAt(editor.document.lineCount - 1).range.end;
  editor.selection = new vscode.Selection(end, end);
  for (const key of text) await vscode.commands.executeCommand("type", { text: key });
  return editor;
}

async function revert(): Promise<void> {
  await vscode.commands.executeCommand("workbench.action.files.revert");
}

async function completion(): Promise<void> {
  const editor = await type("content/second.md", "\n{% tip");
  const list = await until("a proposal", async () => {
    const found = await vscode.commands.executeCommand<vscode.CompletionList>("vscode.executeCompletionItemProvider", editor.document.uri, editor.selection.active);
    return found.items.some(({ label }) => label === "tip") && found;
  });
  assert.ok(list.items.length > 0);
  await vscode.commands.executeCommand("editor.action.triggerSuggest");
  await until("the block", async () => {
    await vscode.commands.executeCommand("acceptSelectedSuggestion");
    return editor.document.getText().includes("endtip");
  });
  assert.match(editor.document.getText(), /\{% tip {1,2}%\}\n\n\{% endtip %\}$/);
  await revert();
}

async function typing(): Promise<void> {
  const editor = await type("content/second.md", "\n{{ site");
  assert.match(editor.document.getText(), /\n\{\{ site \}\}$/);
  await revert();
}

async function snippets(): Promise<void> {
  const editor = await type("includes/steps/login.html", "\n");
  await vscode.commands.executeCommand("editor.action.insertSnippet", { langId: "html", name: "Contract of an include" });
  // An include in a folder is called by its path.
  await until("the contract", () => editor.document.getText().includes("{% include steps/login.html name="));
  await revert();
}

async function repairs(): Promise<void> {
  const { document } = await open("content/index.md");
  const range = new vscode.Range(behind(document, "note.md "), behind(document, "note.md txt"));
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>("vscode.executeCodeActionProvider", document.uri, range);
  const repair = actions.find(({ kind }) => kind && vscode.CodeActionKind.QuickFix.contains(kind));
  assert.ok(repair?.edit, `a repair among ${actions.map(({ title }) => title).join(", ")}`);
}

async function callers(): Promise<void> {
  await open("includes/note.md");
  const places = await vscode.commands.executeCommand<vscode.Location[]>("carafe.showCallers");
  const files = new Set(places.map((place) => vscode.workspace.asRelativePath(place.uri, false)));
  assert.deepEqual([...files].sort(), ["content/index.md", "content/second.md"]);
  await vscode.commands.executeCommand("closeReferenceSearch");
}

async function tests({ tests }: Features): Promise<void> {
  await open("includes/note.md");
  await vscode.commands.executeCommand("carafe.runIncludeTests");
  const results = [...tests.results].map(([name, passed]) => `${name} ${passed}`).sort();
  assert.deepEqual(results, ["note.md: example 1 true", "note.md: says another text false", "note.md: says its text true"]);
  tests.results.clear();
  await open("tests/includes/note.yml");
  await vscode.commands.executeCommand("carafe.runIncludeTests");
  assert.equal(tests.results.size, 2);
}

async function lenses({ server, tests }: Features): Promise<void> {
  if (server.running?.initializeResult?.capabilities.codeLensProvider === undefined) return tell("NOT TRIED: this server puts nothing above includes");
  const { document } = await open("includes/note.md");
  const all = await until("lenses", async () => {
    const found = await vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", document.uri);
    return found.length > 1 && found;
  });
  const [pages, run] = all.map(({ command }) => command);
  assert.equal(pages?.command, "carafe.showCallers");
  assert.ok(run);
  tests.results.clear();
  await vscode.commands.executeCommand(run.command, ...(run.arguments ?? []));
  await until("the tests", () => tests.results.size === 3);
}

async function preview({ preview }: Features): Promise<void> {
  await open("content/second.md");
  await vscode.commands.executeCommand("carafe.preview");
  const shows = (end: string): Promise<string> => until(end, () => preview.address?.endsWith(end) && preview.address);
  const address = await shows("/docs/second/");
  const answer = await fetch(address);
  assert.equal(answer.status, 200);
  assert.match(await answer.text(), /The second page/);
  await open("content/index.md");
  await shows("/docs/");
  await open("content/größe.md");
  assert.equal((await fetch(await shows("/docs/gr%C3%B6%C3%9Fe/"))).status, 200);
  // An include is shown on a page that calls it, and on the one in view if that does.
  await open("content/second.md");
  await shows("/docs/second/");
  await open("includes/note.md");
  await new Promise((resolve) => setTimeout(resolve, 1000));
  await shows("/docs/second/");
  // A page that moves is followed.
  const { document } = await open("content/second.md");
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, new vscode.Position(0, 0), "---\npermalink: /moved/\n---\n");
  await vscode.workspace.applyEdit(edit);
  await document.save();
  assert.equal((await fetch(await shows("/docs/moved/"))).status, 200);
}

async function task(): Promise<void> {
  const every = await vscode.tasks.fetchTasks({ type: "carafe" });
  assert.equal(every.length, 6);
  const all = every.filter(({ scope }) => typeof scope === "object" && scope.index === 0);
  assert.deepEqual(all.map(({ name }) => name).sort(), ["build", "check", "test"]);
  const check = all.find(({ name }) => name === "check");
  assert.ok(check);
  const ended = new Promise<number | undefined>((resolve) => {
    const listener = vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
      if (execution.task.name !== "check") return;
      listener.dispose();
      resolve(exitCode);
    });
  });
  await vscode.tasks.executeTask(check);
  assert.equal(await ended, 1);
}

async function restart({ server }: Features): Promise<void> {
  const before = server.running;
  await vscode.commands.executeCommand("carafe.restart");
  const now = await until("the server", () => server.running);
  assert.notEqual(now, before);
  await open("content/index.md");
  await until("findings", () => codes("content/index.md").includes("unknown-parameter"));
}

