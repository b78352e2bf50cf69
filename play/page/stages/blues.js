(() => {
	"use strict";
	const { COLOURS, make, roll, stages, tapping } = aeolian;

	stages.blues = (panel, place) => {
		const notes = roll(place);
		const [WIDTH, TOP, HIGH] = [640, 28, 90];
		const names = make("g", { class: "names" });
		const curves = Object.fromEntries(
			[["forget", COLOURS[1]], ["input", COLOURS[0]], ["output", COLOURS[2]], ["memory", "currentColor"]].map(([name, stroke]) => [
				name, make("polyline", { fill: "none", stroke, "stroke-width": name === "forget" ? 2.5 : 1.2, "stroke-dasharray": name === "memory" ? "5 3" : null }),
			]),
		);
		const bars = make("g");
		const line = make("line", { class: "now", x1: -9, x2: -9, y1: 0, y2: TOP + HIGH });
		const chances = make("div", { class: "lamps", role: "img", "aria-label": "How likely each chord is next" });
		const right = make("output", { class: "number" }, "–");
		const words = make("p", { class: "tone" });
		place.append(
			make("div", { class: "row" }, make("span", {}, "next chord"), chances, make("span", {}, "chords as in the form"), right),
			make(
				"svg", { class: "form", viewBox: `0 0 ${WIDTH} ${TOP + HIGH + 4}`, role: "img", "aria-label": "The twelve bars with the chords that it plays, and the gates of one unit" },
				bars, names, ...Object.values(curves), line,
			),
			words,
		);
		let [steps, chords, tapped] = [0, [], null];
		let seen = [];
		const x = (step) => ((step * WIDTH) / steps).toFixed(1);
		const draw = () => {
			for (const [name, curve] of Object.entries(curves)) {
				const most = Math.max(1, ...seen.filter(Boolean).map((gates) => Math.abs(gates.memory)));
				const up = (value) => (name === "memory" ? (1 + value / most) / 2 : value);
				const points = seen.map((gates, step) => gates && `${x(step + 0.5)},${(TOP + HIGH * (1 - up(gates[name]))).toFixed(1)}`);
				curve.setAttribute("points", points.filter(Boolean).join(" "));
			}
		};
		const own = (what) => {
			if (what.form) {
				steps = 8 * what.form.length;
				what.form.forEach((chord, bar) => {
					bars.append(make("line", { class: "bar-line", x1: x(8 * bar), x2: x(8 * bar), y1: 0, y2: TOP + HIGH }));
					const name = make("text", { x: x(8 * bar + 0.7), y: 22 }, chord);
					name.asked = chord;
					names.append(name);
				});
				chords = what.chords;
				chances.replaceChildren(...chords.map((name) => make("span", { class: "lamp" }, name)));
				tapped ??= tapping(panel, place, { program: 66, knows: what.keys });
			}
			if ("unit" in what) {
				words.replaceChildren(
					`Unit ${what.unit}: `,
					...[["keeps", COLOURS[1]], ["lets in", COLOURS[0]], ["lets be heard", COLOURS[2]]].flatMap(([name, colour]) => [make("span", { class: "key", style: `border-color: ${colour}` }, name), " "]),
					make("span", { class: "key dashed" }, "its memory"),
				);
				seen = [];
				draw();
			}
			if (what.chances) what.chances.forEach((chance, i) => chances.children[i].style.setProperty("--light", chance.toFixed(2)));
			if (what.gates) {
				if (what.step === 0) seen = [];
				seen[what.step] = what.gates;
				draw();
				const name = names.children[Math.floor(what.step / 8)];
				if (what.step % 8 === 0) name.textContent = what.chord;
				name.classList.toggle("lost", what.chord !== name.asked);
				line.setAttribute("x1", x(what.step + 0.5));
				line.setAttribute("x2", x(what.step + 0.5));
				right.textContent = `${Math.floor((100 * what.right[0]) / what.right[1])} %`;
			}
			if (what.beginning) tapped.own(what);
		};
		return { asks: "Which note comes next", own, ...notes };
	};
})();
