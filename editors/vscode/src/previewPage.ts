// The HTML of the preview's panel: a bar with the address, and the page in a frame.

import { randomBytes } from "node:crypto";

import { type Page } from "./pages";

/** What the panel shows. */
export type View =
  | { readonly kind: "message"; readonly text: string }
  | { readonly kind: "page"; readonly address: string; readonly page: Page; readonly choices: readonly Page[] };

/** The document. `source` is what the editor allows styles to come from. */
export function html(source: string, view: View): string {
  const nonce = randomBytes(16).toString("base64");
  const frame = view.kind === "page" ? new URL(view.address).origin : "'none'";
  const policy = `default-src 'none'; frame-src ${frame}; style-src ${source} 'nonce-${nonce}'; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escape(policy)}">
<title>Preview</title>
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>${view.kind === "page" ? body(view) : `<pre>${escape(view.text)}</pre>`}
<script nonce="${nonce}">${SCRIPT}</script>
</body>
</html>`;
}

function body({ address, page, choices }: Extract<View, { kind: "page" }>): string {
  const name = (choice: Page): string => (choice.release === null ? choice.url : `${choice.url} (${choice.release})`);
  const option = (choice: Page): string =>
    `<option value="${escape(choice.url)}"${choice.url === page.url ? " selected" : ""}>${escape(name(choice))}</option>`;
  const where =
    choices.length > 1
      ? `<select id="choices" aria-label="The page that is shown">${choices.map(option).join("")}</select>`
      : `<span class="address">${escape(name(page))}</span>`;
  return `<header>
<button id="reload" title="Load the page anew">Reload</button>
${where}
<button id="outside" title="Open the page in the browser">Browser</button>
</header>
<iframe id="page" title="Preview" src="${escape(address)}" sandbox="allow-scripts allow-same-origin allow-forms allow-popups allow-downloads"></iframe>`;
}

const STYLE = `
html, body { height: 100%; margin: 0; padding: 0; }
body { display: flex; flex-direction: column; }
header { display: flex; gap: 6px; padding: 4px 6px; align-items: center; border-bottom: 1px solid var(--vscode-panel-border, transparent); }
.address, select { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font: inherit; }
select { color: var(--vscode-dropdown-foreground); background: var(--vscode-dropdown-background); border: 1px solid var(--vscode-dropdown-border); }
button { font: inherit; border: 0; padding: 2px 8px; color: var(--vscode-button-secondaryForeground); background: var(--vscode-button-secondaryBackground); cursor: pointer; }
iframe { flex: 1; border: 0; background: #fff; }
pre { padding: 1em; white-space: pre-wrap; }
`;

const SCRIPT = `
const editor = acquireVsCodeApi();
const find = (id) => document.getElementById(id);
find("reload")?.addEventListener("click", () => editor.postMessage({ kind: "reload" }));
find("outside")?.addEventListener("click", () => editor.postMessage({ kind: "outside" }));
find("choices")?.addEventListener("change", (event) => editor.postMessage({ kind: "choose", url: event.target.value }));
`;

function escape(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}
