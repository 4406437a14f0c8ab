// Places as the program tells them, in the editor's terms.

import * as path from "node:path";
import * as vscode from "vscode";

import { type Problem, unitsBefore } from "./report";

/** Where a problem is, for the editor. Columns count characters there and UTF-16 units here. */
export async function locate(site: string, { file, line, column }: Pick<Problem, "file" | "line" | "column">): Promise<vscode.Location | undefined> {
  if (file === null) return undefined;
  const uri = vscode.Uri.file(path.join(site, file));
  const row = Math.max(0, (line ?? 1) - 1);
  let character = 0;
  try {
    const document = await vscode.workspace.openTextDocument(uri);
    if (row < document.lineCount) character = unitsBefore(document.lineAt(row).text, column ?? 1);
  } catch {
    // The file is gone since; the line alone will do.
  }
  return new vscode.Location(uri, new vscode.Position(row, character));
}
