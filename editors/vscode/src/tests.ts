// The includes' tests in the Testing view: what `carafe test` tells, as a tree of sites, includes and tests.

import * as path from "node:path";
import * as vscode from "vscode";

import { type Carafe, fileIn, isSite, nameOf } from "./carafe";
import { detailsOf, fileCoverage } from "./coverage";
import { grouped, label, parseReport, type Problem, type Report, type Test } from "./report";
import { CONFIGURATIONS } from "./sites";
import { locate } from "./places";

const NOWHERE = "**/{node_modules,vendor,target,_site,.git,.venv}/**";

/** What an item stands for. */
type Node =
  | { readonly kind: "site"; readonly site: string }
  | { readonly kind: "group"; readonly site: string; readonly name: string }
  | { readonly kind: "test"; readonly site: string; readonly test: Test };

export class Tests implements vscode.Disposable {
  /** What became of the tests that were run, by their names. */
  readonly results = new Map<string, boolean>();
  private readonly controller = vscode.tests.createTestController("carafe", "Carafe");
  private readonly nodes = new WeakMap<vscode.TestItem, Node>();
  private readonly disposables: vscode.Disposable[] = [this.controller];
  private readonly changed = new Map<string, NodeJS.Timeout>();

  constructor(private readonly carafe: Carafe) {
    this.controller.resolveHandler = (item) => this.resolve(item);
    this.controller.refreshHandler = () => this.refresh();
    const run = (request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> => this.follow(request, token, false);
    const cover = (request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> => this.follow(request, token, true);
    this.controller.createRunProfile("Run", vscode.TestRunProfileKind.Run, run, true, undefined, true);
    const coverage = this.controller.createRunProfile("Run with Coverage", vscode.TestRunProfileKind.Coverage, cover, true, undefined, true);
    coverage.loadDetailedCoverage = (_, covered) => Promise.resolve(detailsOf(covered));
    this.disposables.push(vscode.workspace.onDidSaveTextDocument(({ uri }) => this.saved(uri)));
  }

  dispose(): void {
    this.changed.forEach((timer) => clearTimeout(timer));
    this.disposables.forEach((disposable) => disposable.dispose());
  }

  /** Runs the tests of an include, or those of a test file; what is told says whether there were any. */
  async runOf(uri: vscode.Uri): Promise<boolean> {
    const file = fileIn(uri);
    if (file === undefined) return false;
    const site = await this.siteItem(file.site);
    const report = await this.discover(site, file.site);
    if (report === undefined) return true;
    const include = report.includes.find((one) => one.file === file.path)?.include;
    return this.runWhere(site, (test) => test.file === file.path || (include !== undefined && test.include === include));
  }

  /** Runs the tests of an include by its name; for the server's lenses. */
  async runInclude(root: string, include: string): Promise<boolean> {
    const site = await this.siteItem(root);
    return (await this.discover(site, root)) === undefined || this.runWhere(site, (test) => test.include === include);
  }

  private async runWhere(site: vscode.TestItem, wanted: (test: Test) => boolean): Promise<boolean> {
    const items = this.testsBelow(site).filter((item) => wanted(this.test(item)));
    if (items.length === 0) return false;
    const groups = new Set(items.flatMap((item) => item.parent ?? []));
    const [group] = groups;
    // The whole include where all of its tests are meant, so that one line of the tree is run.
    const whole = group !== undefined && groups.size === 1 && group.children.size === items.length;
    await this.run(new vscode.TestRunRequest(whole ? [group] : items), false, undefined);
    return true;
  }

  // The tree

  private async resolve(item: vscode.TestItem | undefined): Promise<void> {
    if (item === undefined) return this.findSites();
    const node = this.nodes.get(item);
    if (node?.kind === "site") await this.discover(item, node.site);
  }

  private async refresh(): Promise<void> {
    await this.findSites();
    for (const item of list(this.controller.items)) {
      const node = this.nodes.get(item);
      if (node?.kind === "site" && item.children.size > 0) await this.discover(item, node.site);
    }
  }

  private async findSites(): Promise<void> {
    const found = await vscode.workspace.findFiles(`**/{${CONFIGURATIONS.join(",")}}`, NOWHERE, 500);
    // The folders that are open themselves need no search, which may leave out what git ignores.
    const roots = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri).filter(isSite);
    const sites = [...new Set([...roots.map((root) => root.fsPath), ...found.map((file) => path.dirname(file.fsPath))])].sort();
    for (const item of list(this.controller.items)) {
      if (!sites.includes(item.id)) this.controller.items.delete(item.id);
    }
    for (const site of sites) await this.siteItem(site);
    const [only] = list(this.controller.items);
    // With several, each is asked when somebody opens it.
    if (sites.length === 1 && only !== undefined) await this.discover(only, only.id);
  }

  private async siteItem(site: string): Promise<vscode.TestItem> {
    const known = this.controller.items.get(site);
    if (known !== undefined) return known;
    const item = this.controller.createTestItem(site, nameOf(site), vscode.Uri.file(site));
    item.canResolveChildren = true;
    this.nodes.set(item, { kind: "site", site });
    this.controller.items.add(item);
    return item;
  }

  /** Asks for all tests of a site, and makes the tree below its item anew. */
  private async discover(item: vscode.TestItem, site: string): Promise<Report | undefined> {
    item.busy = true;
    const report = await this.report(site, undefined, undefined).finally(() => (item.busy = false));
    item.error = typeof report === "string" ? report : undefined;
    if (typeof report === "string") return undefined;
    this.grow(item, site, report);
    return report;
  }

  private grow(item: vscode.TestItem, site: string, report: Report): void {
    const groups: vscode.TestItem[] = [];
    for (const [name, tests] of grouped(report.tests)) {
      const file = report.includes.find((include) => include.include === name)?.file ?? tests[0]?.file;
      const group = this.child(item, name, name, site, file, null);
      this.nodes.set(group, { kind: "group", site, name });
      group.children.replace(
        tests.map((test) => {
          const child = this.child(group, test.name, label(test), site, test.file, test.line);
          this.nodes.set(child, { kind: "test", site, test });
          return child;
        }),
      );
      groups.push(group);
    }
    // What cannot be run is told where it would stand.
    for (const [file, findings] of byFile(report.findings)) {
      const broken = this.child(item, `\0${file}`, file, site, file, findings[0]?.line ?? null);
      broken.error = findings.map(words).join("\n");
      groups.push(broken);
    }
    item.children.replace(groups);
  }

  /** The item with this id below another, kept if it is there, so that its results stay. */
  private child(parent: vscode.TestItem, id: string, name: string, site: string, file: string | undefined, line: number | null): vscode.TestItem {
    const uri = file === undefined ? undefined : vscode.Uri.file(path.join(site, file));
    const known = parent.children.get(id);
    const item = known?.uri?.toString() === uri?.toString() && known !== undefined ? known : this.controller.createTestItem(id, name, uri);
    item.range = line === null ? undefined : new vscode.Range(line - 1, 0, line - 1, 0);
    return item;
  }

  private testsBelow(item: vscode.TestItem): vscode.TestItem[] {
    return this.nodes.get(item)?.kind === "test" ? [item] : list(item.children).flatMap((child) => this.testsBelow(child));
  }

  private test(item: vscode.TestItem): Test {
    const node = this.nodes.get(item);
    if (node?.kind !== "test") throw new Error(`${item.id} is no test`);
    return node.test;
  }

  // Runs

  private async follow(request: vscode.TestRunRequest, token: vscode.CancellationToken, coverage: boolean): Promise<void> {
    if (!request.continuous) return this.run(request, coverage, token);
    const saves = vscode.workspace.onDidSaveTextDocument(({ uri }) => fileIn(uri) && void this.run(request, coverage, token));
    token.onCancellationRequested(() => saves.dispose());
  }

  private async run(request: vscode.TestRunRequest, coverage: boolean, token: vscode.CancellationToken | undefined): Promise<void> {
    const run = this.controller.createTestRun(request);
    const abort = new AbortController();
    token?.onCancellationRequested(() => abort.abort());
    run.token.onCancellationRequested(() => abort.abort());
    try {
      for (const [site, items] of await this.wanted(request)) {
        if (abort.signal.aborted) break;
        await this.runSite(run, site, items, coverage, abort.signal);
      }
    } finally {
      run.end();
    }
  }

  /** The tests that a request asks for, by site. Sites that nobody has opened yet are asked for theirs. */
  private async wanted(request: vscode.TestRunRequest): Promise<Map<string, vscode.TestItem[]>> {
    if (request.include === undefined && this.controller.items.size === 0) await this.findSites();
    const wanted = new Map<string, vscode.TestItem[]>();
    for (const item of request.include ?? list(this.controller.items)) {
      const node = this.nodes.get(item);
      if (node?.kind === "site" && item.children.size === 0) await this.discover(item, node.site);
      for (const test of this.testsBelow(item)) {
        const site = this.nodes.get(test)?.site;
        if (site === undefined || isExcluded(test, request.exclude ?? [])) continue;
        wanted.set(site, [...(wanted.get(site) ?? []), test]);
      }
    }
    return wanted;
  }

  private async runSite(run: vscode.TestRun, site: string, items: vscode.TestItem[], coverage: boolean, signal: AbortSignal): Promise<void> {
    items.forEach((item) => run.started(item));
    // The program takes one text that names have; for more than one test it is simpler to run all, which is quick.
    const only = items.length === 1 && !coverage ? items[0]?.id : undefined;
    const report = await this.report(site, only, signal);
    if (signal.aborted) {
      items.forEach((item) => run.skipped(item));
      return;
    }
    if (typeof report === "string") {
      run.appendOutput(`${report.replace(/\r?\n/g, "\r\n")}\r\n`);
      items.forEach((item) => run.errored(item, new vscode.TestMessage(report)));
      return;
    }
    const outcomes = new Map(report.tests.map((test) => [test.name, test]));
    for (const item of items) {
      const test = outcomes.get(item.id);
      this.results.set(item.id, test?.passed ?? false);
      if (test === undefined) {
        run.errored(item, new vscode.TestMessage("There is no such test any more; refresh the tests."));
      } else if (test.passed) {
        run.passed(item);
        run.appendOutput(`ok   ${test.name}\r\n`, undefined, item);
      } else {
        run.failed(item, await Promise.all(test.problems.map((problem) => message(site, problem))));
        run.appendOutput(`FAIL ${test.name}\r\n${test.problems.map((problem) => `     ${words(problem)}\r\n`).join("")}`, undefined, item);
      }
    }
    for (const finding of report.findings) {
      run.appendOutput(`${words(finding)}\r\n`, await locate(site, finding));
    }
    if (coverage) {
      for (const include of report.includes.filter(({ tests, branches }) => tests > 0 && branches.length > 0)) {
        run.addCoverage(fileCoverage(site, include));
      }
    }
  }

  /** The report of the tests whose name holds `only`, of all without it; else why there is none. */
  private async report(site: string, only: string | undefined, signal: AbortSignal | undefined): Promise<Report | string> {
    const filter = only === undefined ? [] : ["--", only];
    const ended = await this.carafe.run(site, ["test", "--format", "json"], signal, filter);
    if (ended === undefined) return this.carafe.why();
    return parseReport(ended.stdout) ?? (ended.stderr.trim() || configurationProblem(ended.stdout) || "`carafe test` gave no report.");
  }

  private saved(uri: vscode.Uri): void {
    const site = fileIn(uri)?.site;
    const item = site === undefined ? undefined : this.controller.items.get(site);
    // Only trees that somebody has opened are kept up to date.
    if (site === undefined || item === undefined || item.children.size === 0) return;
    clearTimeout(this.changed.get(site));
    this.changed.set(site, setTimeout(() => void this.discover(item, site), 400));
  }
}

/** What is wrong, in one line. */
function words({ file, line, column, code, message, help }: Problem): string {
  const place = file === null ? "" : `${file}:${line ?? 1}:${column ?? 1}: `;
  return `${place}${message} [${code}]${help === null ? "" : ` (${help})`}`;
}

async function message(site: string, problem: Problem): Promise<vscode.TestMessage> {
  const text = problem.help === null ? problem.message : `${problem.message}\n${problem.help}`;
  const { expected, found } = problem;
  const message = expected === undefined || found === undefined ? new vscode.TestMessage(text) : vscode.TestMessage.diff(text, expected, found);
  message.location = await locate(site, problem);
  return message;
}

/** The program tells findings a line each when there is no site to be tested. */
function configurationProblem(printed: string): string | undefined {
  const [first] = printed.trim().split("\n");
  try {
    return words(JSON.parse(first ?? "") as Problem);
  } catch {
    return undefined;
  }
}

function byFile(findings: readonly Problem[]): Map<string, Problem[]> {
  const files = new Map<string, Problem[]>();
  for (const finding of findings) {
    const file = finding.file ?? "";
    files.set(file, [...(files.get(file) ?? []), finding]);
  }
  return files;
}

function isExcluded(item: vscode.TestItem, excluded: readonly vscode.TestItem[]): boolean {
  return excluded.includes(item) || (item.parent !== undefined && isExcluded(item.parent, excluded));
}

function list(items: vscode.TestItemCollection): vscode.TestItem[] {
  const all: vscode.TestItem[] = [];
  items.forEach((item) => all.push(item));
  return all;
}
