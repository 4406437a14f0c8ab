// Other programs: started without a shell, read to their end.

import { spawn } from "node:child_process";
import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { homedir } from "node:os";

import type { Machine } from "./program";

/** What a program has given. `code` is `null` when it could not be started or was ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, or until `signal` says that nobody waits for it any more. */
export function run(program: string, args: readonly string[], cwd?: string, signal?: AbortSignal): Promise<Ended> {
  const running = new Promise<Ended>((resolve) => {
    const child = spawn(program, args, { cwd, signal, stdio: ["ignore", "pipe", "pipe"], windowsHide: true });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", (error) => resolve({ code: null, stdout, stderr: stderr || error.message }));
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
  // What the system refuses at once, such as a script on Windows, is thrown.
  return running.catch((error: unknown) => ({ code: null, stdout: "", stderr: String(error) }));
}

/** This machine. */
export const machine: Machine = {
  platform: process.platform,
  home: homedir(),
  env: process.env,
  isProgram: async (file) => {
    try {
      await access(file, constants.X_OK);
      return (await stat(file)).isFile();
    } catch {
      return false;
    }
  },
  run: (program, args) => run(program, args),
};
