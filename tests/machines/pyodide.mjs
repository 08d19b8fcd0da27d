// Runs a Python script inside Pyodide: node pyodide.mjs <pyodide.mjs> <script> <folder>...
// Each folder is mounted at /0, /1 and so on. The script's `answer` goes to stdout.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [, , library, script, ...folders] = process.argv;
try {
  const { loadPyodide } = await import(pathToFileURL(library).href);
  const python = await loadPyodide();
  folders.forEach((folder, index) => python.mountNodeFS(`/${index}`, folder));
  python.runPython(readFileSync(script, "utf8"), { filename: script });
  process.stdout.write(python.globals.get("answer"));
} catch (error) {
  // What the engine adds is a line of a megabyte.
  process.stderr.write(`${error}\n`);
  process.exitCode = 1;
}
