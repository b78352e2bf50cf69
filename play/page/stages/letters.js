(() => {
	"use strict";
	const { button, make, stages } = aeolian;
	const MOST = 600; // letters that are seen

	stages.letters = (panel, place) => {
		const page = make("p", { class: "typed" });
		const cell = make("output", { class: "number" }, "–");
		const words = make("input", { type: "text", maxlength: 200, "aria-label": "Your beginning", placeholder: "Your beginning, such as: A chord" });
		const told = make("p", { class: "beginning", role: "status" });
		const begin = () => panel.act(`begin ${[...words.value].map((letter) => letter.codePointAt(0)).join(" ")}`);
		words.addEventListener("keydown", (event) => event.key === "Enter" && begin());
		place.append(
			page,
			make("div", { class: "row" }, make("span", {}, "coloured, and heard, by what memory cell"), cell, make("span", {}, "holds: orange above zero, blue below")),
			make("div", { class: "row" }, words, button("Begin with this", begin)), told,
		);
		const own = (what) => {
			if ("unit" in what) cell.textContent = what.unit;
			if ("unknown" in what) told.textContent = what.unknown ? `It has never read ${[...new Set(what.unknown)].join(" ")}, and leaves that out.` : "";
			if ("begin" in what) page.replaceChildren();
			if (!what.letter) return;
			const colour = what.holds > 0 ? "213 94 0" : "42 136 208";
			page.append(make("span", { class: what.given ? "given" : "", style: `background: rgb(${colour} / ${(0.4 * Math.abs(what.holds)).toFixed(2)})` }, what.letter));
			// Whole lines go, so that what stays does not move.
			if (page.childElementCount > MOST) for (let i = 0; i < MOST / 2; i++) page.firstChild.remove();
		};
		return { asks: "Which letter comes next", own };
	};
})();
