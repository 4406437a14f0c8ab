// Bundles the extension into dist/, or with --tests its tests into out/; --minify for what is published.

import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const common = { bundle: true, platform: "node", format: "cjs", target: "node20", logLevel: "warning" };

if (process.argv.includes("--tests")) {
  rmSync("out", { recursive: true, force: true });
  const tests = readdirSync("test").filter((name) => name.endsWith(".test.ts"));
  // vscode-oniguruma reads its WebAssembly from beside its own file.
  const external = ["vscode", "vscode-oniguruma", "vscode-textmate"];
  await build({ ...common, entryPoints: tests.map((name) => `test/${name}`), outdir: "out", external });
  await build({ ...common, entryPoints: ["test/editor/suite.ts"], outfile: "out/editor/suite.js", external });
} else {
  const minify = process.argv.includes("--minify");
  rmSync("dist", { recursive: true, force: true });
  const options = { outfile: "dist/extension.js", external: ["vscode"], minify, sourcemap: !minify, metafile: true };
  const { metafile } = await build({ ...common, entryPoints: ["src/extension.ts"], ...options });
  writeFileSync("dist/THIRD-PARTY.txt", licences(Object.keys(metafile.inputs)));
  // A package has its licence with it.
  for (const name of ["LICENSE", "LICENSE-APACHE", "LICENSE-MIT"]) cpSync(`../../${name}`, name);
}

/** The licences of the packages that files of the bundle come from. */
function licences(files) {
  const folders = new Set(files.flatMap((file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []));
  const one = (folder) => {
    const { name, version } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    if (file === undefined) throw new Error(`${folder} has no licence`);
    return `${name} ${version}\n\n${readFileSync(`${folder}/${file}`, "utf8").trim()}\n`;
  };
  return [...folders].sort().map(one).join(`\n${"-".repeat(80)}\n\n`);
}
