(() => {
	"use strict";
	const { button, make, roll, stages } = aeolian;

	stages.dice = (panel, place) => {
		const cells = Array.from({ length: 16 }, (_, bar) =>
			button("", () => panel.act(`${cells[bar].ariaPressed === "true" ? "free" : "hold"} ${bar}`), { "aria-pressed": "false" }),
		);
		const bits = make("output", { class: "number" }, "0.0");
		place.append(
			make("div", { class: "cells", role: "group", "aria-label": "The sixteen bars: press one to hold it" }, ...cells),
			make(
				"div", { class: "row" },
				button("Throw again", () => panel.act("throw")),
				make("span", {}, "bits of this waltz so far"), bits,
			),
		);
		const notes = roll(place);
		let [sums, numbers, held] = [[], [], []];
		const own = (what) => {
			if (what.sums) [sums, numbers] = [what.sums, what.numbers];
			if (what.held) held = what.held;
			if (what.sums || what.held)
				cells.forEach((cell, bar) => {
					cell.replaceChildren(make("b", {}, String(sums[bar])), make("small", {}, `no. ${numbers[bar]}`));
					cell.ariaPressed = String(held[bar]);
					cell.ariaLabel = `Bar ${bar + 1}: dice ${sums[bar]}, measure ${numbers[bar]}${held[bar] ? ", held" : ""}`;
				});
			if ("bar" in what) cells.forEach((cell, bar) => cell.classList.toggle("on", bar === what.bar));
			if ("bits" in what) bits.textContent = what.bits.toFixed(1);
		};
		return { asks: "What the dice of this bar may have said", own, ...notes };
	};
})();
