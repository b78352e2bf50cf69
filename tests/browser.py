#!/usr/bin/env python3
"""Reads the built book in a real browser, served by `cargo run` and from its files.

    python tests/browser.py [--screenshots DIR] [--url http://127.0.0.1:PORT] [--book DIR]

Without --url it starts `cargo run` with one chapter not made yet, reads that one's page while it is made, and ends it
with Ctrl-C.
Every page must be without errors, ask no other host, show every picture, play every player, resolve
every link, fit a narrow window and a dark theme, and give axe-core nothing serious to find in either
theme; the page-side checks are in browser.js.
"""

import argparse
import asyncio
import os
import re
import shutil
import signal
import sys
import time
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import axe_playwright_python
from playwright.async_api import async_playwright

ROOT = Path(__file__).resolve().parent.parent
CHECKS = (ROOT / "tests" / "browser.js").read_text(encoding="utf-8")
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
QUIET = [
    "--autoplay-policy=no-user-gesture-required",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--mute-audio",
    "--no-first-run",
]
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 375, "height": 800}
BEGINNINGS = {"wav": b"RIFF", "mid": b"MThd", "svg": b"<"}


def pages(book):
    """The book's pages in reading order, as paths in the built book."""
    contents = (book / "toc.html").read_text(encoding="utf-8")
    paths = re.findall(r'href="([^"#:]+\.html)"', contents)
    return list(dict.fromkeys(paths)) + ["print.html"]


def has_formulas(path):
    """Whether the Markdown of a page holds mathematics, outside its code."""
    for name in (path.replace(".html", "/README.md"), path.replace("index.html", "README.md")):
        source = ROOT / "chapters" / name
        if source.is_file():
            prose = re.sub(r"```.*?```|`[^`]*`", "", source.read_text(encoding="utf-8"), flags=re.DOTALL)
            return re.search(r"\$[^$\s]", prose) is not None
    return False


def unmake(chapter):
    """Forgets that a chapter was made, and every finished book."""
    shutil.rmtree(ROOT / "out" / chapter, ignore_errors=True)
    shutil.rmtree(ROOT / "book", ignore_errors=True)


@asynccontextmanager
async def served(url, browser, options):
    """The address of the served book: the one given, or that of `cargo run`, which must end well."""
    if url:
        yield url.rstrip("/") + "/", []
        return
    start = time.monotonic()
    unmake(options.unmade)
    cargo = await asyncio.create_subprocess_exec(
        "cargo", "run", "--quiet", cwd=ROOT, stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, start_new_session=True,
    )
    try:
        line = await said(cargo.stdout, r"http://127\.0\.0\.1:\d+/?")
        base = line.rstrip("/") + "/"
        results = [await check_making(browser, base, options)]
        await said(cargo.stdout, "Every chapter is made")
        yield base, results
        print(f"    served for {time.monotonic() - start:.1f} s")
        os.killpg(cargo.pid, signal.SIGINT)  # as a terminal does on Ctrl-C
        code = await asyncio.wait_for(cargo.wait(), timeout=10)
        if code != 0:
            sys.exit(f"FAILED  `cargo run` ended with code {code} on Ctrl-C")
        print("ok  `cargo run` ends cleanly on Ctrl-C")
    finally:
        if cargo.returncode is None:
            os.killpg(cargo.pid, signal.SIGKILL)


async def said(output, wanted, seconds=1800):
    """Waits until `cargo run` says this, and gives it."""
    async with asyncio.timeout(seconds):
        while line := (await output.readline()).decode(errors="replace"):
            print("    " + line.rstrip(), flush=True)
            if found := re.search(wanted, line):
                return found[0]
    sys.exit(f"FAILED  `cargo run` ended and never said {wanted}")


async def check_making(browser, base, options):
    """A page that is read while its chapter is made says so, and appears without a touch; others are not disturbed."""
    context = await browser.new_context(viewport=WIDE, color_scheme="light")
    page, other = await context.new_page(), await context.new_page()
    name = f"{options.unmade}.html"
    wrong = listen(page, base) + listen(other, base)
    # Not the front page: it loads again when the chapter whose panel it shows is there.
    await other.goto(base + "00-sound.html", wait_until="load")
    await other.wait_for_selector("figure.shown")
    await other.evaluate("window.stays = true")
    await page.goto(base + name, wait_until="load")
    await page.wait_for_selector("#being-made p[role=status]:visible")
    notice = await page.inner_text("#being-made")
    if "being made" not in notice or await page.locator("figure.shown").count():
        wrong.append(f"the page does not say that it is being made: {notice}")
    await picture(page, options, name, "being-made")
    try:
        await page.wait_for_selector("figure.shown", timeout=900_000)
        await page.wait_for_selector("#being-made", state="hidden")
    except Exception as error:
        wrong.append(f"it does not appear: {error}")
    if not await other.evaluate("window.stays"):
        wrong.append("another chapter's page was loaded again although nothing on it had changed")
    await context.close()
    print(f"{'FAILED' if wrong else 'ok'}  {name} while it is made: {' '.join(notice.split())}", flush=True)
    for what in wrong:
        print(f"    {what}", flush=True)
    return not wrong


def listen(page, base):
    """Collects what the page says or asks for and should not."""
    wrong = []

    def asked(request):
        if not request.url.startswith((base, "data:", "blob:")):
            wrong.append(f"asks for {request.url}")

    def failed(request):
        if request.failure != "net::ERR_ABORTED":  # a player that has heard enough
            wrong.append(f"{request.url}: {request.failure}")

    page.on("request", asked)
    page.on("requestfailed", failed)
    page.on("response", lambda it: it.status >= 400 and wrong.append(f"{it.url}: status {it.status}"))
    page.on("console", lambda it: it.type == "error" and wrong.append(f"console: {it.text}"))
    page.on("pageerror", lambda it: wrong.append(f"error: {it}"))
    return wrong


def broken(links, base, book):
    """The links that lead nowhere."""
    wrong = set()
    for link in links:
        target, anchor = urldefrag(link["href"])
        if not target.startswith(base):
            if urlsplit(target).scheme not in ("https", "mailto"):
                wrong.add(f"leads out of the book: {target}")
            continue
        file = book / unquote(urlsplit(target[len(base):]).path)
        file = file / "index.html" if file.is_dir() else file
        if not file.is_file():
            wrong.add(f"leads nowhere: {target}")
        elif anchor and file.suffix == ".html":
            names = re.findall(r"""\bid=["']?([^"'\s>]+)""", file.read_text(encoding="utf-8"))
            if unquote(anchor) not in names:
                wrong.add(f"no such place: {target}#{anchor}")
        elif link["download"]:
            content = file.read_bytes()
            if not content.startswith(BEGINNINGS.get(file.suffix[1:], b"")) or len(content) < 8:
                wrong.add(f"is not what it says: {target}")
    return sorted(wrong)


async def picture(page, options, path, kind):
    if options.screenshots:
        name = f"{path.removesuffix('.html').replace('/', '-')}-{kind}.png"
        await page.screenshot(path=options.screenshots / name, full_page=True)


async def dress(page, theme):
    """Changes the theme as a reader does."""
    await page.click("#mdbook-theme-toggle")
    await page.click(f"#mdbook-theme-{theme}")
    await page.keyboard.press("Escape")  # the list stays open until told


async def check_page(context, base, path, options):
    """One page: prints its line, gives whether it is well."""
    start = time.monotonic()
    page = await context.new_page()
    wrong = listen(page, base)
    await page.goto(base + path, wait_until="load")
    await page.evaluate("checks.open()")
    count = await page.evaluate("checks.count()")
    if has_formulas(path) and not count["formulas"]:
        wrong.append("the page's formulas are not rendered as <math>")
    wrong += await page.evaluate("checks.looks()")
    # The print page repeats every player: there it is enough that each knows its length.
    alive = {"play": path != "print.html", "seek": base.startswith("http")}
    wrong += await page.evaluate("alive => checks.players(alive)", alive)
    wrong += broken(await page.evaluate("checks.links()"), base, options.book)
    wrong += await page.evaluate("checks.contrast()")
    asks_axe = path != "print.html" and base.startswith("http")
    if asks_axe:
        await page.evaluate(AXE)
        wrong += await page.evaluate("checks.axe()")
    screenshots = base.startswith("http")
    if screenshots:
        await picture(page, options, path, "wide")
    light = await page.evaluate("checks.colours()")
    await dress(page, "navy")
    wrong += [f"dark: {what}" for what in await page.evaluate("checks.contrast()")]
    if asks_axe:
        wrong += [f"dark: {what}" for what in await page.evaluate("checks.axe()")]
    if light and light == await page.evaluate("checks.colours()"):
        wrong.append("no colour of any picture changes with the theme")
    if screenshots:
        await picture(page, options, path, "dark")
    await dress(page, "light")
    await page.set_viewport_size(NARROW)
    await page.reload(wait_until="load")
    await page.evaluate("checks.open()")
    wrong += await page.evaluate("checks.sideways()")
    if screenshots:
        await picture(page, options, path, "narrow")
    await page.close()

    seconds = time.monotonic() - start
    counted = ", ".join(f"{number} {what}" for what, number in count.items())
    kind = base.split(":")[0]
    print(f"{'FAILED' if wrong else 'ok'}  {kind} {path}: {counted}, {seconds:.1f} s", flush=True)
    for what in dict.fromkeys(wrong):
        print(f"    {what}", flush=True)
    return not wrong


async def check_keys(context, base, options):
    """Arrows turn the pages, `/` and `s` search; prints one line, gives whether all is well."""
    first, second = pages(options.book)[:2]
    word = options.word
    page = await context.new_page()
    wrong = listen(page, base)
    await page.goto(base + first, wait_until="load")
    await page.keyboard.press("ArrowRight")
    await page.wait_for_url(base + second)
    await page.keyboard.press("ArrowLeft")
    await page.wait_for_url(lambda url: url in (base + first, base))
    for key in ("/", "s"):
        await page.goto(base + second, wait_until="load")
        await page.keyboard.press(key)
        await page.wait_for_selector("#mdbook-searchbar:focus")
        await page.keyboard.type(word, delay=20)
        await page.wait_for_selector("#mdbook-searchresults li a")
        target = await page.get_attribute("#mdbook-searchresults li a", "href")
        await page.goto(urljoin(page.url, target), wait_until="load")
        if word.lower() not in (await page.text_content("main")).lower():
            wrong.append(f"the search for {word} leads to {target}, where it is not")
    await page.close()
    print(f"{'FAILED' if wrong else 'ok'}  {base.split(':')[0]}: keys, search for \"{word}\"", flush=True)
    for what in wrong:
        print(f"    {what}", flush=True)
    return not wrong


async def check_book(browser, base, options):
    context = await browser.new_context(viewport=WIDE, color_scheme="light")
    context.set_default_timeout(60_000)
    await context.add_init_script("window.print = () => {};\n" + CHECKS)  # the print page would print
    results = []
    for path in pages(options.book):
        try:
            results.append(await check_page(context, base, path, options))
        except Exception as error:  # one page must not hide the others
            print(f"FAILED  {base.split(':')[0]} {path}: {error}", flush=True)
            results.append(False)
    try:
        results.append(await check_keys(context, base, options))
    except Exception as error:
        print(f"FAILED  {base.split(':')[0]}: keys or search: {error}", flush=True)
        results.append(False)
    await context.close()
    return results


def chromium():
    names = [os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"]
    found = next(filter(None, map(shutil.which, filter(None, names))), None)
    return found or sys.exit("No Chromium here: apt-get install chromium, or set CHROMIUM to its path")


async def main():
    parser = argparse.ArgumentParser(description="Reads the built book in a browser.")
    parser.add_argument("--url", help="where the book is served; default: start `cargo run`")
    parser.add_argument("--book", type=Path, default=ROOT / "book", help="the built book (default: book/)")
    parser.add_argument("--screenshots", type=Path, help="a folder for a wide, a narrow and a dark picture of each page")
    parser.add_argument("--unmade", default="03-markov", help="the chapter whose page is read while it is made")
    parser.add_argument("--word", default="frequency", help="a word that the search must find")
    options = parser.parse_args()
    options.book = options.book.resolve()
    if options.screenshots:
        options.screenshots.mkdir(parents=True, exist_ok=True)

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        async with served(options.url, browser, options) as (address, results):
            results += await check_book(browser, address, options)
        results += await check_book(browser, options.book.as_uri() + "/", options)
        await browser.close()
    print(f"{sum(results)} of {len(results)} looks at the book are well")
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    asyncio.run(main())
