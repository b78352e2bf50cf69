(() => {
	"use strict";
	const { make, roll, stages, tapping } = aeolian;

	stages.plans = (panel, place) => {
		const notes = roll(place);
		const traces = make("div", { class: "lamps", role: "img", "aria-label": "How well each key is still in its ear" });
		const eighth = make("output", { class: "number" }, "0");
		place.append(
			make("div", { class: "row" }, make("span", {}, "in its ear"), traces, make("span", {}, "eighth"), eighth),
		);
		let tapped;
		const own = (what) => {
			if (what.keys) {
				traces.replaceChildren(...what.names.map((name) => make("span", { class: "lamp" }, name)));
				tapped ??= tapping(panel, place, { program: 73, knows: what.keys, stops: true });
			}
			if (what.trace) {
				what.trace.forEach((trace, i) => traces.children[i].style.setProperty("--light", Math.min(1, trace).toFixed(2)));
				eighth.textContent = what.eighth;
			}
			if (what.beginning) tapped.own(what);
		};
		return { asks: "Which key comes next", own, ...notes };
	};
})();
