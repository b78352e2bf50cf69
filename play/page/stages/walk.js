(() => {
	"use strict";
	const { COLOURS, make, roll, stages, still } = aeolian;

	stages.walk = (panel, place) => {
		const [WIDTH, HEIGHT, RADIUS] = [640, 240, 34];
		const ways = make("g", { fill: "none", stroke: "currentColor" });
		const dot = make("circle", { class: "dot", r: 11, cx: -50, cy: -50 });
		const nodes = make("g");
		place.append(
			make("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "group", "aria-label": "States, and the ways between them; press one to go there next" }, ways, nodes, dot),
		);
		let [names, paths, walk] = [[], {}, null];
		const centre = (i) => {
			const turn = (2 * Math.PI * i) / names.length - Math.PI / 2;
			return [WIDTH / 2 + 190 * Math.cos(turn), HEIGHT / 2 + 14 + 82 * Math.sin(turn)];
		};
		const way = (from, to) => {
			const [[x, y], [u, v]] = [centre(from), centre(to)];
			if (from === to) {
				const side = Math.sign(x - WIDTH / 2 + 0.01);
				return `M${x + side * 20},${y - 20} C${x + side * 110},${y - 62} ${x + side * 110},${y + 62} ${x + side * 20},${y + 20}`;
			}
			const [a, b] = [(x + u) / 2 - (v - y) * 0.14, (y + v) / 2 + (u - x) * 0.14];
			return `M${x},${y} Q${a},${b} ${u},${v}`;
		};
		const build = ({ names: called, rows }) => {
			names = called;
			rows.forEach((row, from) =>
				row.forEach((chance, to) => {
					if (chance < 0.005) return;
					const path = make("path", { d: way(from, to), "stroke-width": 1 + 9 * chance, stroke: COLOURS[from % COLOURS.length], "stroke-opacity": 0.55 });
					paths[`${from} ${to}`] = path;
					ways.append(path);
				}),
			);
			names.forEach((name, i) => {
				const [x, y] = centre(i);
				const go = () => panel.act(`go ${i}`);
				nodes.append(
					make(
						"g", {
							class: "node", role: "button", tabindex: 0, "aria-label": `Go to ${name} next`, onclick: go,
							onkeydown: (event) => {
								if (event.key !== "Enter" && event.key !== " ") return;
								event.preventDefault();
								go();
							},
						},
						make("circle", { cx: x, cy: y, r: RADIUS }), make("text", { x, y: y + 6, "text-anchor": "middle" }, name),
					),
				);
			});
		};
		const notes = roll(place);
		const at = (x, y) => {
			dot.setAttribute("cx", x.toFixed(1));
			dot.setAttribute("cy", (y - RADIUS).toFixed(1));
		};
		const own = (what, second) => {
			if (what.names) build(what);
			if (!("at" in what)) return;
			[...nodes.children].forEach((node, i) => node.classList.toggle("on", i === what.at));
			walk = { path: what.from == null || what.chosen ? null : paths[`${what.from} ${what.at}`], second, seconds: Math.min(0.35, (what.seconds || 1) / 3) };
			if (!walk.path || still.matches) {
				at(...centre(what.at));
				walk.path = null;
			}
		};
		const draw = (second) => {
			notes.draw(second);
			if (!walk?.path) return;
			const part = Math.min(1, (second - walk.second) / walk.seconds);
			const { x, y } = walk.path.getPointAtLength(part * walk.path.getTotalLength());
			at(x, y);
		};
		return { asks: "What comes tomorrow", own, note: notes.note, draw };
	};
})();
