#!/usr/bin/env python3
"""Runs every notebook in the real evcxr kernel.

    python tests/notebooks.py [NOTEBOOK ...]

A notebook passes if no cell reports an error and every cell that calls `page.show(` displays
something: a picture, a player, a table, a number or a text. The kernel tells of a failed `?` and of a
panic on standard error only, so whatever a cell writes there fails it too.
"""

import argparse
import asyncio
import os
import re
import sys
import time
from pathlib import Path
from subprocess import DEVNULL

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError

ROOT = Path(__file__).resolve().parent.parent
SHOWN = re.compile(r"<(svg|audio|table|output|pre)\b")
CALLS_SHOW = re.compile(r"^[^\n/]*\bpage\.show\(", re.MULTILINE)
MOST_LINES = 40
NOT_YET = []
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def html_of(cell):
    """Everything that the cell displayed as HTML."""
    return "".join(output.get("data", {}).get("text/html", "") for output in cell.get("outputs", []))


def complaint(cell):
    """What is wrong with a cell that was run, or None."""
    outputs = cell.get("outputs", [])
    errors = ["\n".join(output["traceback"]) for output in outputs if output["output_type"] == "error"]
    if errors:
        return COLOURS.sub("", "\n".join(errors))
    spoken = "".join(output["text"] for output in outputs if output.get("name") == "stderr")
    if spoken.strip():
        return COLOURS.sub("", spoken).strip()
    if CALLS_SHOW.search(cell.source) and not SHOWN.search(html_of(cell)):
        return "it calls page.show, but no picture, player, table, number or text came out"
    return None


async def run(path, timeout, cache):
    """Runs one notebook; the complaints, each naming its cell, and how many cells showed something."""
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    if (notebook.nbformat, notebook.nbformat_minor) != (4, 5):
        return [f"nbformat {notebook.nbformat}.{notebook.nbformat_minor} instead of 4.5"], 0
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    if any(cell.outputs or cell.execution_count for cell in cells):
        return ["holds outputs: notebooks are committed without them"], 0

    client = NotebookClient(
        notebook,
        kernel_name="rust",
        timeout=timeout,
        startup_timeout=120,
        allow_errors=True,  # complaint() judges them, and names the cell
        resources={"metadata": {"path": str(path.parent)}},
    )
    complaints = []
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    async with client.async_setup_kernel(
        env=environment,
        stdout=DEVNULL,  # it tells what it compiles
        stderr=DEVNULL,
    ):
        for number, cell in enumerate(notebook.cells):
            if cell.cell_type != "code":
                continue
            wrong = None
            try:
                await client.async_execute_cell(cell, number)
                wrong = complaint(cell)
            except (CellTimeoutError, DeadKernelError) as error:
                wrong = str(error)
            if wrong:
                complaints.append(f"cell {number}: {cell.source.strip()}\n{wrong}")
                break  # what follows would only fail for want of this cell
    return complaints, sum(bool(SHOWN.search(html_of(cell))) for cell in cells)


async def report(path, timeout, caches):
    """Runs one notebook as soon as a cache is free and prints its line; whether it passed."""
    cache = await caches.get()
    start = time.monotonic()
    try:
        complaints, shown = await run(path, timeout, cache)
    except Exception as error:  # a kernel that does not start, a file that is no notebook
        complaints, shown = [f"{type(error).__name__}: {error}"], 0
    seconds = time.monotonic() - start
    caches.put_nowait(cache)
    name = os.path.relpath(path)
    print(f"{'FAILED' if complaints else 'ok'}  {name}: {shown} cells show something, {seconds:.1f} s", flush=True)
    for text in complaints:
        lines = text.splitlines()
        print("\n".join("    " + line for line in lines[:MOST_LINES]), flush=True)
        if len(lines) > MOST_LINES:
            print(f"    … {len(lines) - MOST_LINES} lines more", flush=True)
    return not complaints


async def main():
    parser = argparse.ArgumentParser(description="Runs notebooks in the evcxr kernel.")
    parser.add_argument("notebooks", nargs="*", type=Path, help="default: all in notebooks/")
    parser.add_argument("--timeout", type=int, default=900, help="seconds for one cell (default: 900)")
    parser.add_argument("--at-once", type=int, default=2, help="how many kernels (default: 2)")
    options = parser.parse_args()

    paths = options.notebooks or sorted((ROOT / "notebooks").glob("*.ipynb"))
    if not options.notebooks:
        for name in NOT_YET:
            print(f"NOT RUN  notebooks/{name}: its cells hold closures, which the kernel cannot keep", flush=True)
        paths = [path for path in paths if path.name not in NOT_YET]
    if not paths:
        sys.exit("notebooks/ is empty: `cargo run -- weave` makes the notebooks")
    for variable in ("EVCXR_TMPDIR", "CARGO_TARGET_DIR"):
        os.environ.pop(variable, None)  # kernels that share them overwrite each other
    os.environ["RUST_BACKTRACE"] = "0"
    # Two kernels that use one cache of evcxr at once spoil it for each other.
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    caches = asyncio.Queue()
    for number in range(options.at_once):
        caches.put_nowait(home / f"aeolian-notebooks-{number}")
    runs = (report(path.resolve(), options.timeout, caches) for path in paths)
    results = await asyncio.gather(*runs)
    print(f"{sum(results)} of {len(results)} notebooks run without error")
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    asyncio.run(main())
