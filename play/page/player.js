// Players: a line moves over the picture of a sound while it plays, and a click there seeks. A score can be read as staves.
(() => {
	"use strict";
	const { make } = aeolian;

	/** The rectangle of a picture's data and the seconds along it, if time runs across: see `Frame::draw` in src/plot. */
	const times = (svg) => {
		const [left, top, right, bottom, from, to] = (svg.dataset.time || "").split(" ").map(Number);
		return to > from ? { left, top, right, bottom, from, to } : null;
	};

	/** Lets a line follow a sound across a picture. */
	const follow = (audio, svg, { left, top, right, bottom, from, to }) => {
		const line = make("line", { class: "now", y1: top, y2: bottom, x1: -99, x2: -99 });
		svg.append(line);
		svg.classList.add("seeks");
		svg.addEventListener("click", (event) => {
			const box = svg.getBoundingClientRect();
			const x = ((event.clientX - box.left) / box.width) * svg.viewBox.baseVal.width;
			const part = (x - left) / (right - left);
			if (part < 0 || part > 1) return;
			audio.currentTime = Math.min(from + part * (to - from), audio.duration || Infinity);
		});
		return (second) => {
			const inside = second >= from && second <= to;
			const x = inside ? left + ((second - from) / (to - from)) * (right - left) : -99;
			line.setAttribute("x1", x.toFixed(1));
			line.setAttribute("x2", x.toFixed(1));
		};
	};

	/** Tells `moved` where a sound is, for every frame while it plays. */
	const watch = (audio, moved) => {
		const now = () => moved.forEach((move) => move(audio.currentTime));
		const frame = () => {
			now();
			if (!audio.paused) requestAnimationFrame(frame);
		};
		audio.addEventListener("play", frame);
		audio.addEventListener("seeked", now);
	};

	// ---- Staves, drawn by abcjs, which is brought when somebody asks for them.

	const staves = (audio, template, moved) => {
		const sheet = make("div", { class: "staves", hidden: true });
		const button = make("button", { type: "button", class: "as-staves", "aria-expanded": "false" }, "Staves");
		let notes = [];
		const draw = async () => {
			await aeolian.script("live/abcjs.js");
			const [tune] = ABCJS.renderAbc(sheet, template.content.textContent, { responsive: "resize", add_classes: true });
			const svg = sheet.querySelector("svg");
			svg.setAttribute("role", "img");
			svg.setAttribute("aria-label", "The same notes on staves");
			tune.setTiming();
			notes = tune.noteTimings.filter((note) => note.type === "event" && note.left != null);
			const line = make("line", { class: "now", x1: -99, x2: -99, y1: 0, y2: 0 });
			svg.append(line);
			moved.push((second) => {
				let at = notes.findLastIndex((note) => note.milliseconds <= 1000 * second + 1);
				if (at < 0) at = 0;
				const note = notes[at];
				if (!note || sheet.hidden) return;
				line.setAttribute("x1", note.left);
				line.setAttribute("x2", note.left);
				line.setAttribute("y1", note.top);
				line.setAttribute("y2", note.top + note.height);
			});
			moved.forEach((move) => move(audio.currentTime));
		};
		button.addEventListener("click", () => {
			sheet.hidden = !sheet.hidden;
			button.setAttribute("aria-expanded", String(!sheet.hidden));
			if (!sheet.hidden && !sheet.firstChild) draw().catch((error) => (sheet.textContent = `No staves: ${error.message}`));
		});
		template.replaceWith(sheet);
		return button;
	};

	/** A picture without a sound of its own goes with the last sound before it, if that lasts as long as the picture shows. */
	const goesWith = (audio, { from, to }) => from === 0 && Math.abs(audio.duration - to) < 0.02 * to;

	/** What scrolls sideways can be reached by keyboard, too. */
	const reach = new ResizeObserver((boxes) => {
		for (const { target } of boxes) {
			if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
			else target.removeAttribute("tabindex");
		}
	});

	addEventListener("load", () => {
		document.querySelectorAll("pre > code, figure.shown").forEach((box) => reach.observe(box));
		let audio, moved;
		for (const figure of document.querySelectorAll("figure.shown")) {
			const own = figure.querySelector("audio");
			if (own) {
				[audio, moved] = [own, []];
				watch(audio, moved);
			}
			if (!audio) continue;
			for (const svg of figure.querySelectorAll("svg[data-time]")) {
				const [sound, moves, time] = [audio, moved, times(svg)];
				if (!time) continue;
				const join = () => (own || goesWith(sound, time)) && moves.push(follow(sound, svg, time));
				if (own || sound.readyState > 0) join();
				else sound.addEventListener("loadedmetadata", join, { once: true });
			}
			const template = figure.querySelector("template.abc");
			if (own && template) own.after(staves(own, template, moved));
		}
	});
})();
