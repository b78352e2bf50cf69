(() => {
	"use strict";
	const { COLOURS, make, stages, still, tapping } = aeolian;

	stages.chords = (panel, place) => {
		const sheet = make("svg", { class: "roll sheet", viewBox: "0 0 640 150", role: "img", "aria-label": "The tune and its chords" });
		const names = make("p", { class: "chords", "aria-live": "polite" });
		place.append(sheet, names);
		tapping(panel, place, { rests: true });
		let [scale, line] = [0, null];
		const draw = ({ notes, chords, end, bar, pickup }) => {
			const shown = Math.max(end, 4 * bar);
			scale = 620 / shown;
			const x = (quarter) => (10 + quarter * scale).toFixed(1);
			const midis = notes.map((note) => note[2]);
			const [low, high] = [Math.min(60, ...midis), Math.max(72, ...midis)];
			const row = 104 / (high - low + 1);
			const parts = [];
			for (let at = pickup; at <= shown + 0.01; at += bar) parts.push(make("line", { x1: x(at), x2: x(at), y1: 4, y2: 116, class: "bar-line" }));
			for (const [at, length, midi] of notes)
				parts.push(make("rect", { x: x(at), width: Math.max(2, length * scale - 1).toFixed(1), y: (6 + (high - midi) * row).toFixed(1), height: Math.max(3, row - 1).toFixed(1), rx: 1.5, fill: COLOURS[0] }));
			let free = 0;
			for (const [at, name] of chords) {
				if (at * scale < free) continue;
				parts.push(make("text", { x: x(at), y: 138 }, name));
				free = at * scale + 10 + 12 * name.length;
			}
			line = make("line", { class: "now", x1: -9, x2: -9, y1: 0, y2: 120 });
			sheet.replaceChildren(...parts, line);
		};
		let going = null;
		const own = (what, second) => {
			if (what.notes) {
				draw(what);
				names.textContent = what.notes.length ? `${what.title}: ${what.chords.map((chord) => chord[1]).join(" ")}` : "Press keys: a tune begins";
			}
			if ("quarter" in what) going = { ...what, second };
		};
		const move = (second) => {
			if (!going || !line) return;
			const part = still.matches ? 0 : Math.min(1, Math.max(0, (second - going.second) / going.seconds));
			const x = 10 + (going.quarter + part) * scale;
			line.setAttribute("x1", x);
			line.setAttribute("x2", x);
		};
		const learns = { means: "Drop MIDI or ABC files here, or a folder of them: their chords are counted, and hidden states learn their tunes and write some." };
		return { asks: "Which chord comes next, if the tune goes on", own, learns, draw: move };
	};
})();
