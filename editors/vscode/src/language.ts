// What the editor does while Liquid is typed in Markdown and HTML. Both are the editor's own languages, so that this cannot be said in a file.

import * as vscode from "vscode";

const BRACKETS: vscode.CharacterPair[] = [
  ["{%", "%}"],
  ["{{", "}}"],
  ["{", "}"],
  ["[", "]"],
  ["(", ")"],
];

/**
 * Brackets, and `{{ }}` closed as it is typed. A single `{` is not closed: its `}` would stand in the way of the language server, which closes
 * a tag together with the block that it begins. What else the editor has for these languages stays.
 */
export function language(): vscode.Disposable[] {
  const output = { open: "{{", close: " }}" };
  const comment = { open: "<!--", close: "-->", notIn: [vscode.SyntaxTokenType.Comment, vscode.SyntaxTokenType.String] };
  const brackets = [
    { open: "[", close: "]" },
    { open: "(", close: ")" },
  ];
  const angle = { open: "<", close: ">", notIn: [vscode.SyntaxTokenType.String] };
  const quotes = [
    { open: "'", close: "'" },
    { open: '"', close: '"' },
  ];
  return [
    vscode.languages.setLanguageConfiguration("markdown", { brackets: BRACKETS, autoClosingPairs: [output, ...brackets, angle] }),
    vscode.languages.setLanguageConfiguration("html", { brackets: BRACKETS, autoClosingPairs: [output, ...brackets, ...quotes, comment] }),
  ];
}
