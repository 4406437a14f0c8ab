import assert from "node:assert/strict";
import { test } from "node:test";

import { candidates, find, type Machine, versionIn } from "../src/program";

type Program = { version?: string; lsp?: boolean };

function machine(programs: Record<string, Program>, env: Record<string, string> = { PATH: "/usr/bin:/opt/x" }, platform: NodeJS.Platform = "linux"): Machine {
  return {
    platform,
    home: "/home/ada",
    env,
    isProgram: async (file) => file in programs,
    run: async (file, args) => {
      const { version, lsp = true } = programs[file] ?? {};
      if (args[0] === "--version") return { code: 0, stdout: `${version ?? "carafe 1.2.3"}\n` };
      return { code: lsp ? 0 : 2, stdout: "" };
    },
  };
}

test("without a setting the first of PATH is taken, then cargo's and pip's", async () => {
  const both = machine({ "/opt/x/carafe": {}, "/home/ada/.cargo/bin/carafe": {} });
  assert.deepEqual(await find(both, "", undefined), { kind: "found", program: "/opt/x/carafe", version: "1.2.3" });
  const cargo = machine({ "/home/ada/.cargo/bin/carafe": {} });
  assert.equal((await find(cargo, "", undefined)).kind, "found");
});

test("folders of PATH that are relative are passed over: they would be those of what was opened", async () => {
  const here = machine({ "bin/carafe": {}, carafe: {}, "./carafe": {} }, { PATH: "bin:.:" });
  assert.equal((await find(here, "", "/project")).kind, "missing");
});

test("the setting names a path or a name", async () => {
  const some = machine({ "/project/tools/carafe": {}, "/home/ada/bin/carafe": {}, "/opt/x/carafe-next": {} }, { PATH: "/opt/x", TOOLS: "/project/tools" });
  const program = async (setting: string, folder?: string): Promise<string> => {
    const found = await find(some, setting, folder);
    return found.kind === "found" ? found.program : found.kind;
  };
  assert.equal(await program("~/bin/carafe"), "/home/ada/bin/carafe");
  assert.equal(await program("tools/carafe", "/project"), "/project/tools/carafe");
  assert.equal(await program("./tools/carafe", "/project"), "/project/tools/carafe");
  assert.equal(await program("tools/carafe"), "missing");
  assert.equal(await program("${workspaceFolder}/tools/carafe", "/project"), "/project/tools/carafe");
  assert.equal(await program("${env:TOOLS}/carafe"), "/project/tools/carafe");
  assert.equal(await program(" carafe-next "), "/opt/x/carafe-next");
  // A setting is meant: another program is not taken in its stead.
  assert.equal(await program("/nowhere/carafe"), "missing");
});

test("a program without a language server is too old, another of its name is none", async () => {
  const old = machine({ "/opt/x/carafe": { version: "carafe 0.0.9", lsp: false } });
  assert.deepEqual(await find(old, "", undefined), { kind: "old", program: "/opt/x/carafe", version: "0.0.9" });
  const foreign = machine({ "/opt/x/carafe": { version: "Carafe CMS" } });
  assert.deepEqual(await find(foreign, "", undefined), { kind: "foreign", program: "/opt/x/carafe" });
});

test("Windows has its own separators and endings", () => {
  const windows = machine({}, { Path: "C:\\Tools;D:\\bin" }, "win32");
  const all = candidates({ ...windows, home: "C:\\Users\\Ada" }, "", undefined);
  assert.deepEqual(all.slice(0, 2), ["C:\\Tools\\carafe.exe", "C:\\Tools\\carafe"]);
  assert.ok(all.includes("C:\\Users\\Ada\\.cargo\\bin\\carafe.exe"));
  assert.deepEqual(candidates(windows, "D:\\x\\carafe.exe", undefined), ["D:\\x\\carafe.exe"]);
});

test("versions, those of previews included", () => {
  assert.equal(versionIn("carafe 0.1.0\n"), "0.1.0");
  assert.equal(versionIn("carafe 1.0.0-rc.1\r\n"), "1.0.0-rc.1");
  assert.equal(versionIn("carafe\n"), undefined);
});
