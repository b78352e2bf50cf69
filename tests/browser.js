// The checks that run inside a page of the book, called by browser.py. Each gives a list of complaints.
window.checks = (() => {
    const main = () => document.querySelector("#mdbook-content main") || document.body;
    const all = (selector) => [...main().querySelectorAll(selector)];
    const size = (element) => element.getBoundingClientRect();
    const named = (element) =>
        (element.closest("[id]")?.id ? `#${element.closest("[id]").id} ` : "") + element.tagName.toLowerCase();
    // The theme's own signs (anchors, copy buttons) say nothing of the book.
    const isPicture = (element) =>
        !element.closest("button, .buttons, [aria-hidden=true]") && !element.parentElement.closest("svg");
    const pictures = () => all("img, svg").filter(isPicture);

    /** Waits for an event, at most so many milliseconds. */
    const event = (element, name, milliseconds) =>
        new Promise((done) => {
            element.addEventListener(name, () => done(true), { once: true });
            setTimeout(() => done(false), milliseconds);
        });

    const open = () => all("details").forEach((details) => (details.open = true));

    const count = () => ({
        pictures: pictures().length,
        players: all("audio").length,
        links: document.querySelectorAll("a[href]").length,
        formulas: all("math").length,
    });

    const looks = () => {
        const wrong = [];
        for (const picture of pictures()) {
            const { width, height } = size(picture);
            if (width < 1 || height < 1) wrong.push(`${named(picture)} has no size`);
            if (picture.tagName === "IMG" && !picture.naturalWidth) wrong.push(`${picture.src} is not there`);
            const name = picture.getAttribute("alt") || picture.getAttribute("aria-label");
            if (!name?.trim()) wrong.push(`${named(picture)} has no name: alt or aria-label`);
        }
        for (const formula of all("math"))
            if (size(formula).width < 1) wrong.push(`a formula has no size: ${formula.textContent}`);
        const walker = document.createTreeWalker(main(), NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
            const text = walker.currentNode.textContent;
            const code = walker.currentNode.parentElement.closest("code, pre, script, style, math, svg");
            if (!code && /\$[^$\s][^$]*\$|\{\{#/.test(text)) wrong.push(`not rendered: ${text.trim().slice(0, 80)}`);
        }
        return wrong;
    };

    /** Every player knows its length; with `play`, it sounds, and with `seek`, jumps. */
    const players = async ({ play, seek }) => {
        const wrong = [];
        for (const audio of all("audio")) {
            const say = (what) => wrong.push(`player ${audio.getAttribute("aria-label") || audio.src.slice(-60)}: ${what}`);
            if (!audio.getAttribute("aria-label")?.trim()) say("it has no name (aria-label)");
            audio.muted = true;
            if (audio.readyState < 1) {
                const loaded = event(audio, "loadedmetadata", 10000);
                if (audio.preload === "none") audio.load();
                if (!(await loaded) && audio.readyState < 1) {
                    say(`nothing was loaded: ${audio.error?.message || "no answer"}`);
                    continue;
                }
            }
            if (!(audio.duration > 0 && Number.isFinite(audio.duration))) say(`its length is ${audio.duration} s`);
            if (!play) continue;
            try {
                await audio.play();
            } catch (error) {
                say(`it does not play: ${error.message}`);
                continue;
            }
            for (let i = 0; i < 50 && audio.currentTime <= 0; i++) await new Promise((done) => setTimeout(done, 50));
            if (audio.currentTime <= 0) say("it plays, but time stands still");
            audio.pause();
            if (!seek) continue;
            const target = audio.duration * 0.6;
            const sought = event(audio, "seeked", 5000);
            audio.currentTime = target;
            if (!(await sought) || Math.abs(audio.currentTime - target) > 0.2)
                say(`a jump to ${target.toFixed(2)} s ended at ${audio.currentTime.toFixed(2)} s`);
        }
        return wrong;
    };

    /** What sticks out of a narrow window, unless it scrolls within its own box. */
    const sideways = () => {
        const wide = document.scrollingElement.scrollWidth - document.documentElement.clientWidth;
        const wrong = wide > 0 ? [`the page scrolls ${wide} px sideways`] : [];
        const boxed = (element) => {
            for (let box = element.parentElement; box && box !== main(); box = box.parentElement)
                if (getComputedStyle(box).overflowX !== "visible") return true;
            return false;
        };
        for (const element of all("*")) {
            const { right, width } = size(element);
            if (width > 0 && right > innerWidth + 1 && !boxed(element) && !element.closest("svg svg, svg *, math *"))
                wrong.push(`${named(element)} sticks out by ${Math.round(right - innerWidth)} px`);
        }
        return wrong.slice(0, 5);
    };

    const numbers = (colour) => (colour.match(/[\d.]+/g) || []).map(Number);
    const luminance = (colour) => {
        const [r, g, b] = numbers(colour)
            .slice(0, 3)
            .map((part) => part / 255)
            .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const isClear = (colour) => colour === "none" || numbers(colour)[3] === 0;
    const background = (element) => {
        for (let box = element; box; box = box.parentElement) {
            const colour = getComputedStyle(box).backgroundColor;
            if (!isClear(colour)) return colour;
        }
        return "rgb(255, 255, 255)";
    };
    /** A full-size rectangle behind everything in a picture, if it has one. */
    const paper = (svg) => {
        const { width, height } = size(svg);
        const covers = (rect) => size(rect).width >= 0.95 * width && size(rect).height >= 0.95 * height;
        const rect = [...svg.querySelectorAll("rect")].find((rect) => covers(rect) && !isClear(getComputedStyle(rect).fill));
        return rect ? getComputedStyle(rect).fill : background(svg);
    };

    /** What the middle of a text lies on: the last cell of the data that was drawn there, or nothing. */
    const cell = (svg, text) => {
        const box = text.getBBox();
        const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
        const within = ({ x: left, y: top, width, height }) => x >= left && x <= left + width && y >= top && y <= top + height;
        return [...svg.querySelectorAll(".data rect")].filter((rect) => within(rect.getBBox())).pop();
    };

    /** A fill, as much of it as covers, over what is behind it. */
    const over = ({ fill, fillOpacity, opacity }, behind) => {
        const [front, back, part] = [numbers(fill), numbers(behind), Number(fillOpacity) * Number(opacity)];
        return `rgb(${front.slice(0, 3).map((value, i) => value * part + back[i] * (1 - part)).join(", ")})`;
    };

    /** The words in every picture against what is behind them: WCAG 2 asks for 4.5 to 1. */
    const contrast = () => {
        const wrong = new Set();
        for (const svg of pictures().filter((picture) => picture.tagName === "svg")) {
            for (const text of svg.querySelectorAll("text")) {
                const under = cell(svg, text);
                const behind = luminance(under ? over(getComputedStyle(under), paper(svg)) : paper(svg));
                const front = luminance(getComputedStyle(text).fill);
                const ratio = (Math.max(front, behind) + 0.05) / (Math.min(front, behind) + 0.05);
                if (ratio < 4.5) wrong.add(`${named(svg)}: "${text.textContent.trim()}" has contrast ${ratio.toFixed(1)}`);
            }
        }
        return [...wrong].slice(0, 5);
    };

    /** Every colour that the pictures use, in order. */
    const colours = () =>
        all("figure svg, figure svg *").map((part) => getComputedStyle(part).fill + getComputedStyle(part).stroke).join(";");

    const links = () => [...document.querySelectorAll("a[href]")].map((link) => ({ href: link.href, download: link.download }));

    /** What axe-core finds that is serious, but for the switch of the sidebar, which is mdBook's own. */
    const axe = async () => {
        const what = { include: [["body"]], exclude: [["#mdbook-sidebar-toggle"]] };
        const result = await window.axe.run(what, { resultTypes: ["violations"], preload: false });
        const serious = result.violations.filter(({ impact }) => impact === "serious" || impact === "critical");
        return serious.map(({ id, nodes }) => `axe: ${id}: ${nodes[0].html.slice(0, 120)} (${nodes.length})`);
    };

    return { open, axe, count, looks, players, sideways, contrast, colours, links };
})();
