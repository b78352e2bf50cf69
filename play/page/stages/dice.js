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
		const own = (what) => {
			if (what.sums)
				what.sums.forEach((sum, bar) => {
					const held = what.held[bar];
					cells[bar].replaceChildren(make("b", {}, String(sum)), make("small", {}, `no. ${what.numbers[bar]}`));
					cells[bar].ariaPressed = String(held);
					cells[bar].ariaLabel = `Bar ${bar + 1}: dice ${sum}, measure ${what.numbers[bar]}${held ? ", held" : ""}`;
				});
			if ("bar" in what) cells.forEach((cell, bar) => cell.classList.toggle("on", bar === what.bar));
			if ("bits" in what) bits.textContent = what.bits.toFixed(1);
		};
		return { asks: "What the dice of this bar may have said", own, ...notes };
	};
})();
