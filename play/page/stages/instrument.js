(() => {
	"use strict";
	const { COLOURS, make, stages } = aeolian;

	stages.instrument = (panel, place) => {
		const [WIDTH, HIGH, TOP] = [640, 70, 92];
		const bands = make("g", { fill: COLOURS[0] });
		const lamps = make("g", { class: "neurons" });
		const tone = make("p", { class: "tone" });
		const words = (y, text) => make("text", { x: 0, y }, text);
		place.append(
			tone,
			make(
				"svg", { class: "layers", viewBox: `0 0 ${WIDTH} 176`, role: "img", "aria-label": "The bands that the net is given, and what its hidden neurons say: orange for yes, blue for no" },
				words(13, "what it is given: how loud each band is"), make("g", { transform: "translate(0 18)" }, bands),
				words(TOP + 20, "its hidden neurons: orange says yes, blue says no"), make("g", { transform: `translate(0 ${TOP + 28})` }, lamps),
			),
		);
		const own = (what) => {
			if (!what.hidden) return;
			tone.textContent = what.tone;
			const wide = WIDTH / what.bands.length;
			bands.replaceChildren(
				...what.bands.map((level, i) =>
					make("rect", { x: (i * wide).toFixed(1), width: (wide - 2).toFixed(1), y: (HIGH * (1 - level)).toFixed(1), height: (HIGH * level).toFixed(1) }),
				),
			);
			const across = Math.ceil(what.hidden.length / 2);
			const step = WIDTH / across;
			lamps.replaceChildren(
				...what.hidden.map((says, i) =>
					make("circle", {
						cx: (((i % across) + 0.5) * step).toFixed(1), cy: 12 + 26 * Math.floor(i / across), r: Math.min(10, step / 2 - 2),
						fill: COLOURS[says > 0 ? 1 : 0], "fill-opacity": Math.abs(says).toFixed(3),
					}),
				),
			);
		};
		return { asks: "Which instrument it takes that for", own };
	};
})();
