// Runs Python in Pyodide that, three calls deep, has all of its memory written to a file:
// node pyodide_heap.mjs <pyodide.mjs> <file>
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [, , library, file] = process.argv;
const { loadPyodide } = await import(pathToFileURL(library).href);
const python = await loadPyodide();
python.globals.set("write_memory", () => writeFileSync(file, python._module.HEAPU8));
python.runPython(`
def inner():
    write_memory()

def middle():
    inner()

def outer():
    middle()

outer()
`, { filename: "deep.py" });
