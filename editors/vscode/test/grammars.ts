// The editor's way to colours, without the editor: its grammars of Markdown, HTML and YAML with ours put into them.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";
import { loadWASM, OnigScanner, OnigString } from "vscode-oniguruma";
import { type IRawGrammar, INITIAL, parseRawGrammar, Registry } from "vscode-textmate";

const require = createRequire(path.resolve("package.json"));

interface Contribution {
  scopeName: string;
  path: string;
  injectTo?: string[];
}

const own = (JSON.parse(readFileSync("package.json", "utf8")) as { contributes: { grammars: Contribution[] } }).contributes.grammars;
const folder = path.dirname(require.resolve("tm-grammars/grammars/markdown.json"));
/** The grammars of the editor, by their scope; what is missing leaves its text without colours. */
const foreign: Record<string, string> = {
  "text.html.markdown": "markdown",
  "text.html.basic": "html",
  "text.html.derivative": "html-derivative",
  "source.yaml": "yaml",
  "source.js": "javascript",
  "source.json": "json",
  "source.shell": "shellscript",
};

const registry = new Registry({
  onigLib: loadWASM(readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm"))).then(() => ({
    createOnigScanner: (patterns) => new OnigScanner(patterns),
    createOnigString: (text) => new OnigString(text),
  })),
  loadGrammar: async (scope) => read(scope),
  getInjections: (scope) => own.filter((grammar) => grammar.injectTo?.includes(scope)).map((grammar) => grammar.scopeName),
});

function read(scope: string): IRawGrammar | null {
  const ours = own.find((grammar) => grammar.scopeName === scope)?.path;
  const file = ours ?? (foreign[scope] && path.join(folder, `${foreign[scope]}.json`));
  return file ? parseRawGrammar(readFileSync(file, "utf8"), file) : null;
}

/** A piece of a text and its scopes, from the outermost to the innermost. */
export interface Token {
  line: number;
  start: number;
  text: string;
  scopes: string[];
}

/** The text in pieces, each with its scopes. */
export async function tokens(scope: string, text: string): Promise<Token[]> {
  const grammar = await registry.loadGrammar(scope);
  if (grammar === null) throw new Error(`there is no grammar ${scope}`);
  let state = INITIAL;
  return text.split("\n").flatMap((line, number) => {
    const { tokens, ruleStack, stoppedEarly } = grammar.tokenizeLine(line, state, 1000);
    if (stoppedEarly) throw new Error(`line ${number + 1} takes too long`);
    state = ruleStack;
    return tokens.map(({ startIndex, endIndex, scopes }) => ({ line: number + 1, start: startIndex, text: line.slice(startIndex, endIndex), scopes }));
  });
}
