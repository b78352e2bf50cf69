(() => {
	"use strict";
	const { button, keyboard, make, stages } = aeolian;

	// A square with an instrument at each corner, and a point in it to be dragged, or moved by arrow keys.
	stages.mixer = (panel, place) => {
		const [LEFT, TOP, SIDE] = [110, 24, 260];
		const lines = [0, 1, 2, 3].map(() => make("line"));
		const names = [0, 1, 2, 3].map((corner) =>
			make("text", { x: corner % 2 ? LEFT + SIDE + 10 : LEFT - 10, y: corner < 2 ? TOP + 5 : TOP + SIDE + 5, "text-anchor": corner % 2 ? "start" : "end" }),
		);
		const point = make("circle", { r: 11 });
		const square = make(
			"svg",
			{
				class: "mixer", viewBox: `0 0 ${2 * LEFT + SIDE} ${2 * TOP + SIDE}`, tabindex: 0, role: "slider",
				"aria-label": "The point between four instruments", "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": 50,
			},
			make("rect", { x: LEFT, y: TOP, width: SIDE, height: SIDE, fill: "none", stroke: "currentColor" }),
			...lines, ...names, point,
		);
		const words = make("p", { class: "tone" });
		place.append(square, words);
		let at = [0.5, 0.5];
		let called = ["", "", "", ""];
		const show = ([x, y], weights) => {
			at = [x, y];
			const [px, py] = [LEFT + x * SIDE, TOP + y * SIDE];
			point.setAttribute("cx", px.toFixed(1));
			point.setAttribute("cy", py.toFixed(1));
			lines.forEach((line, corner) => {
				line.setAttribute("x1", LEFT + (corner % 2) * SIDE);
				line.setAttribute("y1", TOP + (corner > 1) * SIDE);
				line.setAttribute("x2", px.toFixed(1));
				line.setAttribute("y2", py.toFixed(1));
				line.setAttribute("stroke-width", (0.5 + 6 * weights[corner]).toFixed(1));
			});
			const mixed = called.map((name, corner) => `${name} ${Math.round(100 * weights[corner])} %`).join(", ");
			words.textContent = mixed;
			square.setAttribute("aria-valuenow", Math.round(100 * x));
			square.setAttribute("aria-valuetext", mixed);
		};
		const go = (x, y) => panel.act(`at ${Math.min(1, Math.max(0, x)).toFixed(3)} ${Math.min(1, Math.max(0, y)).toFixed(3)}`);
		const follow = (event) => {
			const box = square.getBoundingClientRect();
			const scale = (2 * LEFT + SIDE) / box.width;
			go(((event.clientX - box.left) * scale - LEFT) / SIDE, ((event.clientY - box.top) * scale - TOP) / SIDE);
		};
		square.addEventListener("pointerdown", (event) => {
			square.setPointerCapture(event.pointerId);
			follow(event);
		});
		square.addEventListener("pointermove", (event) => square.hasPointerCapture(event.pointerId) && follow(event));
		square.addEventListener("keydown", (event) => {
			const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
			if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
			go(at[0] + 0.05 * step[0], at[1] + 0.05 * step[1]);
			event.preventDefault();
		});
		const own = (what) => {
			if (what.names) {
				called = what.names;
				names.forEach((text, corner) => (text.textContent = called[corner]));
				// Until the panel plays, a key starts it.
				const press = (midi) => {
					panel.act(`key ${midi}`);
					if (!panel.going) panel.toggle();
				};
				const corners = called.map((name, corner) => button(name, () => go(corner % 2, Number(corner > 1))));
				place.append(make("div", { class: "row" }, ...corners, ...keyboard(panel, place, press, what.keys[0])));
				for (const key of place.querySelectorAll(".keys button")) if (Number(key.dataset.midi) > what.keys[1]) key.ariaDisabled = "true";
			}
			if (what.at) show(what.at, what.weights);
		};
		return { asks: "Where the next sample will lie", own };
	};
})();
