// What the tests used of an include, in the editor's terms: each tag that chooses is a statement with its branches.

import * as path from "node:path";
import * as vscode from "vscode";

import { byPlace, type Coverage } from "./report";

const known = new WeakMap<vscode.FileCoverage, Coverage>();

/** The sums for one include. */
export function fileCoverage(site: string, include: Coverage): vscode.FileCoverage {
  const covered = vscode.FileCoverage.fromDetails(vscode.Uri.file(path.join(site, include.file)), details(include));
  known.set(covered, include);
  return covered;
}

/** What the sums are made of. */
export function detailsOf(covered: vscode.FileCoverage): vscode.FileCoverageDetail[] {
  const include = known.get(covered);
  return include === undefined ? [] : details(include);
}

function details(include: Coverage): vscode.FileCoverageDetail[] {
  return byPlace(include.branches).map(({ line, column, branches }) => {
    const place = new vscode.Position(line - 1, column - 1);
    const ways = branches.map(({ written, taken }) => new vscode.BranchCoverage(taken, place, written ? "its text" : "the way past it"));
    return new vscode.StatementCoverage(
      branches.some(({ taken }) => taken),
      place,
      ways,
    );
  });
}
