(() => {
	"use strict";
	const { button, make, roll, stages } = aeolian;

	stages.tune = (panel, place) => {
		const notes = roll(place);
		const words = make("p", { class: "copy" }, "copies nothing");
		const source = make("svg", { class: "roll source", viewBox: "0 0 640 70", role: "img", "aria-label": "The tune that is being copied" });
		place.append(words, source, make("div", { class: "row" }, button("Begin another tune", () => panel.act("new"))));
		const draw = (steps) => {
			const sounding = steps.map((step) => step[0]).filter((midi) => midi !== null);
			const [low, high] = [Math.min(...sounding), Math.max(...sounding)];
			const total = steps.reduce((sum, step) => sum + step[1], 0);
			let now = 0;
			source.replaceChildren(
				...steps.map(([midi, ticks]) => {
					const [x, width] = [(now / total) * 640, (ticks / total) * 640];
					now += ticks;
					const y = midi === null ? -20 : 4 + ((high - midi) / Math.max(1, high - low)) * 54;
					return make("rect", { x: x.toFixed(1), width: Math.max(1, width - 0.7).toFixed(1), y: y.toFixed(1), height: 7 });
				}),
			);
		};
		const own = (what) => {
			if (!("copy" in what)) return;
			const copy = what.copy;
			place.classList.toggle("copies", copy !== null);
			words.textContent = copy ? `copies ${copy.notes} notes of “${copy.title}”` : "copies nothing of four notes or more";
			if (copy?.steps.length) draw(copy.steps);
			[...source.children].forEach((rect, i) => rect.classList.toggle("on", copy !== null && i >= copy.first && i < copy.first + copy.notes));
		};
		const learns = { means: "Drop MIDI, ABC or text files here, or a folder of them: chains learn your tunes at once, or the words of your text." };
		return { asks: "Which note comes next", own, learns, ...notes };
	};
})();
