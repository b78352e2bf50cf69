(() => {
	"use strict";
	const { button, keyboard, make, stages } = aeolian;

	stages.keys = (panel, place) => {
		const [WIDTH, HEIGHT, SECONDS, STEP] = [640, 150, 0.12, 4 / 8000];
		const wave = make("polyline", { class: "trace", fill: "none" });
		const ribbon = make("path", { class: "ribbon" });
		place.append(
			make("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": "The wave as it grows, in the ribbon of what was expected" }, ribbon, wave),
		);
		let points = []; // second, sample, low, high
		let loudest = 0.05;
		const draw = (second) => {
			const shown = points.filter((point) => point[0] > second - SECONDS && point[0] <= second);
			loudest = Math.max(0.05, 0.98 * loudest, ...shown.map((point) => Math.abs(point[1])));
			const x = (at) => (WIDTH - ((second - at) / SECONDS) * WIDTH).toFixed(1);
			const y = (sample) => (HEIGHT / 2 - Math.max(-1, Math.min(1, sample / loudest / 1.4)) * (HEIGHT / 2)).toFixed(1);
			wave.setAttribute("points", shown.map((point) => `${x(point[0])},${y(point[1])}`).join(" "));
			const above = shown.map((point) => `${x(point[0])},${y(point[3])}`);
			const below = shown.map((point) => `${x(point[0])},${y(point[2])}`).reverse();
			ribbon.setAttribute("d", above.length ? `M${[...above, ...below].join("L")}Z` : "");
			points = points.filter((point) => point[0] > second - 2 * SECONDS);
		};
		const own = (what, second) => {
			if (what.wave) what.wave.forEach((sample, i) => points.push([second + i * STEP, sample, what.low[i], what.high[i]]));
			if (!what.keys) return;
			// Until the panel plays, a key starts it.
			const press = (midi) => {
				panel.act(`key ${midi}`);
				if (!panel.going) panel.toggle();
			};
			place.append(make("div", { class: "row" }, ...keyboard(panel, place, press, what.keys[0] + 5)));
		};
		return { asks: "Where the next sample will lie", own, draw };
	};
})();
