(() => {
	"use strict";
	const { COLOURS, button, make, stages } = aeolian;

	// The whole piece, its phrases above it, and where it is; layers that are muted, thrown again or kept.
	stages.composer = (panel, place) => {
		const [WIDTH, HEIGHT, TOP] = [640, 190, 22];
		const notes = make("g");
		const letters = make("g");
		const line = make("line", { class: "now", x1: 0, x2: 0, y1: TOP, y2: HEIGHT });
		const picture = make("svg", { class: "roll piece", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": "The whole piece" }, letters, notes, line);
		const words = make("p", { class: "tone", "aria-live": "polite" });
		const compose = button("Compose", () => {
			panel.act("compose");
			if (!panel.going) panel.toggle();
		}, { class: "compose" });
		const toggles = { keep: [], mute: [] };
		const layers = ["form", "melody", "chords", "bass"].map((name, number) => {
			const keep = button("Keep", () => panel.act(`keep ${name}`), { "aria-pressed": "false", "aria-label": `Keep the ${name}` });
			toggles.keep.push(keep);
			const row = make("div", { class: "row layer" }, make("span", {}, name), button("Throw again", () => panel.act(`throw ${name}`), { "aria-label": `Throw the ${name} again` }), keep);
			if (number) {
				const sounds = button("Sounds", () => panel.act(`mute ${number - 1}`), { "aria-pressed": "true", "aria-label": `The ${name} sounds` });
				toggles.mute.push(sounds);
				row.append(sounds);
			}
			return row;
		});
		const save = (kind, name) => button(name, () => panel.ask("file", { kind, heard: panel.heard }), { "aria-label": `Save the whole piece as ${name}` });
		place.append(
			picture, words,
			make("div", { class: "row" }, compose, make("span", {}, "Save the whole piece"), save(3, "WAV"), save(4, "MIDI")),
			...layers,
		);
		let [seconds, origin] = [1, null];
		const whole = (what) => {
			seconds = what.seconds;
			const x = (second) => (second / seconds) * WIDTH;
			const bar = seconds / what.bars;
			const pitches = what.notes.map((note) => note[2]);
			const [low, high] = [Math.min(...pitches) - 1, Math.max(...pitches) + 1];
			const row = (HEIGHT - TOP) / (high - low + 1);
			notes.replaceChildren(...what.notes.map(([from, long, midi, voice]) =>
				make("rect", {
					x: x(from / 1000).toFixed(1), width: Math.max(0.8, x(long / 1000) - 0.4).toFixed(1),
					y: (TOP + (high - midi) * row).toFixed(1), height: Math.max(2, row - 0.5).toFixed(1), fill: COLOURS[voice], "data-note": `${from} ${midi}`,
				}),
			));
			letters.replaceChildren(...what.phrases.flatMap(([name, from, bars]) => [
				make("line", { class: "bar", x1: x(from * bar), x2: x(from * bar), y1: 4, y2: HEIGHT }),
				...(x(bars * bar) > 14 ? [make("text", { x: x(from * bar) + 4, y: 15 }, name)] : []),
			]));
			words.textContent = what.note + what.words;
		};
		const own = (what, second) => {
			if (what.notes) whole(what);
			if (what.keep) {
				what.keep.forEach((keep, i) => (toggles.keep[i].ariaPressed = String(keep)));
				what.muted.forEach((muted, i) => (toggles.mute[i].ariaPressed = String(!muted)));
			}
			if (what.now !== undefined) origin = second - what.now;
		};
		const draw = (second) => {
			if (origin === null) return;
			const at = Math.max(0, Math.min(1, (second - origin) / seconds)) * WIDTH;
			line.setAttribute("x1", at);
			line.setAttribute("x2", at);
		};
		return { asks: "Which chord comes next, by the chain", own, draw };
	};
})();
