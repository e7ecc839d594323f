// Runs MicroPython scripts on a VM with 31-bit small integers: one request a line on standard
// input, one answer a line on standard output, both JSON, and a fresh VM for each.
//   node serve.mjs MICROPYTHON_MJS

import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const { loadMicroPython } = await import(pathToFileURL(process.argv[2]));

const PRELUDE = readFileSync(new URL("prelude.py", import.meta.url), "utf8");

function copy(fs, path) {
  if (statSync(path).isDirectory()) {
    fs.mkdirTree(path);
    readdirSync(path).forEach((name) => copy(fs, join(path, name)));
  } else {
    fs.mkdirTree(dirname(path));
    fs.writeFile(path, readFileSync(path));
  }
}

async function run({ script, path, argv, heap_bytes }) {
  const octets = [];
  const stdout = (octet) => octets.push(...octet);
  const mp = await loadMicroPython({ heapsize: heap_bytes, stdout, linebuffer: false });
  const output = () => Buffer.from(octets).toString();
  try {
    [...path, script, ...argv].filter((each) => existsSync(each)).forEach((each) => copy(mp.FS, each));
    mp.globals.set("search_path", path);
    mp.globals.set("arguments", [script, ...argv]);
    mp.runPython(PRELUDE);
    mp.runPython(readFileSync(script, "utf8"));
    return { status: 0, output: output() };
  } catch (error) {
    return { status: 1, output: output() + error.message };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(JSON.stringify(await run(JSON.parse(line))) + "\n");
}
