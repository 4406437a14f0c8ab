// What the user can ask for by name.

import * as path from "node:path";
import * as vscode from "vscode";
import { DefinitionRequest, type LanguageClient, ReferencesRequest } from "vscode-languageclient/node";

import { activeFile, type Carafe, type SiteFile } from "./carafe";
import { callsIn } from "./calls";
import { pagesOf, parseGraph } from "./pages";
import { type Preview } from "./preview";
import { type Server } from "./server";
import { type Tests } from "./tests";

export function commands(carafe: Carafe, server: Server, preview: Preview, tests: Tests): vscode.Disposable[] {
  const command = vscode.commands.registerCommand;
  return [
    command("carafe.restart", async () => {
      carafe.forget();
      await Promise.all([server.restart(), preview.restart()]);
    }),
    command("carafe.showOutput", () => carafe.output.show()),
    command("carafe.preview", () => preview.open()),
    command("carafe.runIncludeTests", (uri?: vscode.Uri) => runTests(tests, uri)),
    command("carafe.showCallers", () => showCallers(carafe, server)),
  ];
}

async function runTests(tests: Tests, uri = vscode.window.activeTextEditor?.document.uri): Promise<void> {
  if (uri === undefined) return inform("open an include or a file of tests first.");
  await vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString() && document.isDirty)?.save();
  const any = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: "Carafe: tests" }, () => tests.runOf(uri));
  if (!any) return inform("this file has no tests. Put an @example into the doc block of the include, or cases into tests/includes.");
}

/** Shows who calls the include in the active editor, and gives the places. */
async function showCallers(carafe: Carafe, server: Server): Promise<vscode.Location[] | undefined> {
  const file = activeFile();
  const editor = vscode.window.activeTextEditor;
  if (file === undefined || editor === undefined) return inform("open an include first.");
  const client = server.running;
  if (client === undefined) return inform("the language server is not running; see “Carafe: Show Output”.");
  const progress = { location: vscode.ProgressLocation.Window, title: "Carafe: callers" };
  const places = await vscode.window.withProgress(progress, () => callers(carafe, client, file));
  if (places.length === 0) return inform(`“${file.path}” is called by no page.`);
  await vscode.commands.executeCommand("editor.action.showReferences", editor.document.uri, editor.selection.active, places);
  return places;
}

/**
 * All calls of an include. The language server knows them, and is asked at one of them: one that is found in the files that a page which
 * reads the include was made of.
 */
async function callers(carafe: Carafe, client: LanguageClient, file: SiteFile): Promise<vscode.Location[]> {
  const own = vscode.Uri.file(path.join(file.site, file.path)).fsPath;
  const ended = await carafe.run(file.site, ["graph", "--format", "json"]);
  const pages = pagesOf((ended && parseGraph(ended.stdout)) ?? [], file.path);
  const sources = new Set(pages.flatMap((page) => [page.source, ...page.files]).filter((source) => source !== file.path));
  for (const source of sources) {
    const uri = vscode.Uri.file(path.join(file.site, source));
    let document: vscode.TextDocument;
    try {
      document = await vscode.workspace.openTextDocument(uri);
    } catch {
      continue;
    }
    for (const at of callsIn(document.getText(), file.path)) {
      const here = client.code2ProtocolConverter.asTextDocumentPositionParams(document, document.positionAt(at));
      // Another include may end with the same path.
      const leads = await client.protocol2CodeConverter.asDefinitionResult(await client.sendRequest(DefinitionRequest.type, here));
      if (![leads ?? []].flat().some((place) => ("uri" in place ? place.uri : place.targetUri).fsPath === own)) continue;
      const asked = { ...here, context: { includeDeclaration: false } };
      return (await client.protocol2CodeConverter.asReferences(await client.sendRequest(ReferencesRequest.type, asked))) ?? [];
    }
  }
  return [];
}

function inform(text: string): undefined {
  void vscode.window.showInformationMessage(`Carafe: ${text}`);
}
