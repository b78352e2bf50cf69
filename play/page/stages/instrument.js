(() => {
	"use strict";
	const { COLOURS, make, stages } = aeolian;

	stages.instrument = (panel, place) => {
		const [WIDTH, HIGH] = [640, 70];
		const tone = make("p", { class: "tone" });
		const row = (words, label, high, attributes) => {
			const shapes = make("g", attributes);
			place.append(make("p", {}, words), make("svg", { viewBox: `0 0 ${WIDTH} ${high}`, role: "img", "aria-label": label }, shapes));
			return shapes;
		};
		place.append(tone);
		const bands = row("What it is given: how loud each band is", "The bands that the net is given", HIGH, { fill: COLOURS[0] });
		const lamps = row("Its hidden neurons: orange says yes, blue says no", "What each hidden neuron says", 52, { class: "neurons" });
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
