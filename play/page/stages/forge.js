(() => {
	"use strict";
	const { button, make, stages } = aeolian;

	// What is real and what is forged, on a line or on a ring; the handle below goes back to any moment.
	stages.forge = (panel, place) => {
		const [WIDTH, HEIGHT, MOST] = [640, 240, 1500];
		const line = (name, dash) => make("polyline", { class: `trace ${name}`, fill: "none", ...(dash && { "stroke-dasharray": dash }) });
		const curves = { real: line("real", "2 4"), forged: line("forged"), sure: line("sure", "9 4") };
		const dots = { real: make("path", { class: "real" }), forged: make("path", { class: "forged" }) };
		const picture = make(
			"svg", { class: "forge", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": "What is real and what the forger makes" },
			dots.forged, dots.real, ...Object.values(curves),
		);
		const keys = Object.entries({ real: "real", forged: "forged", sure: "how sure the expert is" }).map(([name, words]) => make("span", { class: `of ${name}` }, words));
		const numbers = make("p", { class: "tone" }, "Both begin from nothing.");
		const handle = make("input", { type: "range", min: 0, max: 0, value: 0, step: 1, "aria-label": "Look back at an earlier moment" });
		place.append(
			picture,
			make("div", { class: "row" }, ...keys),
			numbers,
			make("label", { class: "row" }, make("span", {}, "look back"), handle),
			make("div", { class: "row" }, button("Begin anew", () => panel.act("anew"))),
		);
		let [real, ring, about, frames, game] = [[], false, {}, [], 0];
		const across = (x) => (ring ? WIDTH / 2 + x * 95 : ((x - 2) / 4) * WIDTH);
		const bell = (numbers, width) =>
			Array.from({ length: 81 }, (_, i) => {
				const x = 2 + i / 20;
				const sum = numbers.reduce((sum, y) => sum + Math.exp(-(((x - y) / width) ** 2) / 2), 0);
				return [x, sum / numbers.length / width / Math.sqrt(2 * Math.PI)];
			});
		const points = (curve, tall) => curve.map(([x, y]) => `${across(x).toFixed(1)},${(HEIGHT - 6 - Math.min(1, y / tall) * (HEIGHT - 12)).toFixed(1)}`).join(" ");
		const cloud = (flat, size) => {
			let path = "";
			for (let i = 0; i + 1 < flat.length; i += 2)
				path += `M${(across(flat[i]) - size).toFixed(1)} ${(HEIGHT / 2 - flat[i + 1] * 95).toFixed(1)}h${2 * size}`;
			return path;
		};
		const draw = (frame) => {
			if (!frame) return;
			curves.forged.setAttribute("points", ring ? "" : points(bell(frame.forged, 0.08), 2));
			curves.sure.setAttribute("points", ring || !frame.sure ? "" : points(frame.sure.map((sure, i) => [2 + i / 10, sure]), 1));
			dots.forged.setAttribute("d", ring ? cloud(frame.forged, 2) : "");
			numbers.textContent = ring
				? `step ${frame.step}: ${frame.caught} of 8 crowds caught, ${(100 * frame.good).toFixed(0)} % of the points are good`
				: `step ${frame.step}: mean ${frame.mean.toFixed(2)}, deviation ${frame.deviation.toFixed(2)}; real 4.00 and 0.50`;
		};
		handle.addEventListener("input", () => draw(frames[handle.value]));
		const own = (what) => {
			if (what.lost) numbers.textContent = what.lost;
			if (what.real) {
				[real, ring, about] = [what.real, what.ring, what];
				const exact = (x) => Math.exp(-(((x - about.centre) / about.deviation) ** 2) / 2) / about.deviation / Math.sqrt(2 * Math.PI);
				curves.real.setAttribute("points", ring ? "" : points(Array.from({ length: 81 }, (_, i) => [2 + i / 20, exact(2 + i / 20)]), 2));
				dots.real.setAttribute("d", ring ? cloud(real, 3) : "");
				keys[2].hidden = ring;
				if (what.game !== game) {
					[game, frames] = [what.game, []];
					[handle.max, handle.value] = [0, 0];
				}
			}
			if (!what.forged || what.game !== game) return;
			const live = Number(handle.value) === Number(handle.max);
			if (frames.length === MOST) frames = frames.filter((_, i) => i % 2);
			frames.push(what);
			handle.max = frames.length - 1;
			if (!live) return;
			handle.value = handle.max;
			draw(what);
		};
		return { asks: "What the forger makes, how often", own };
	};
})();
