// What the panels' own pictures share. Each is a script in stages/, brought by the page that has the panel: it is made of a panel and a
// place in it, and has, as it needs them: `own(what was said, second)`,
// `note(MIDI number, seconds, voice, second)` and `draw(second)`, which is called for every frame while it plays. `asks` is the question
// that the bars answer.
(() => {
	"use strict";
	const { make, still } = aeolian;
	const COLOURS = ["#2a88d0", "#d55e00", "#009e73"]; // as in src/plot/theme.rs
	const button = (words, onclick, attributes = {}) => make("button", { type: "button", onclick, ...attributes }, words);

	/** Notes that pass by: eight seconds of them. With little motion wanted, the sheet is turned instead. */
	const roll = (place) => {
		const [WIDTH, HEIGHT, SECOND, NOW] = [640, 110, 80, 480];
		const notes = make("g");
		const line = make("line", { class: "now", x1: NOW, x2: NOW, y1: 0, y2: HEIGHT });
		place.append(
			make("svg", { class: "roll", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": "The notes as they sound" }, notes, line),
		);
		let [low, high, shown] = [60, 72, []];
		const put = ({ rect, midi }) => {
			const row = HEIGHT / (high - low + 3);
			rect.setAttribute("y", ((high + 1 - midi) * row).toFixed(1));
			rect.setAttribute("height", Math.max(3, row - 1).toFixed(1));
		};
		const draw = (second) => {
			const turned = Math.floor((second * SECOND) / WIDTH) * WIDTH;
			const left = still.matches ? turned : second * SECOND - NOW;
			notes.setAttribute("transform", `translate(${-left.toFixed(1)})`);
			const x = second * SECOND - left;
			line.setAttribute("x1", x);
			line.setAttribute("x2", x);
			for (const { rect, end } of shown) if (end * SECOND < left) rect.remove();
			shown = shown.filter(({ rect }) => rect.isConnected);
		};
		const note = (midi, seconds, voice, at) => {
			const rect = make("rect", {
				x: (at * SECOND).toFixed(1), width: Math.max(3, seconds * SECOND - 1).toFixed(1), rx: 1.5,
				fill: COLOURS[voice % COLOURS.length],
			});
			notes.append(rect);
			shown.push({ rect, midi, end: at + seconds });
			const wider = midi < low || midi > high;
			[low, high] = [Math.min(low, midi), Math.max(high, midi)];
			if (wider) shown.forEach(put);
			else put(shown[shown.length - 1]);
		};
		return { note, draw };
	};

	Object.assign(aeolian, { COLOURS, button, roll });
})();
