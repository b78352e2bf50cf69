(() => {
	"use strict";
	const { button, make, stages } = aeolian;

	// Two clips and a choice; after the last pair, who wrote what. Nothing leaves the page but what the reader saves.
	stages.blind = (panel, place) => {
		const words = make("p", { class: "tone", "aria-live": "polite" });
		const go = () => panel.going || panel.toggle();
		const clips = ["first", "second"].map((name, clip) => {
			const hear = button("Hear it", () => { panel.act(`hear ${clip}`); go(); }, { "aria-label": `Hear the ${name}` });
			const choose = button("This one is by a person", () => panel.act(`choose ${clip}`), { "aria-label": `The ${name} is by a person` });
			return make("div", { class: "row clip" }, make("span", {}, `The ${name}`), hear, choose);
		});
		const test = make("div", {}, ...clips);
		const result = make("div", { hidden: true });
		place.append(words, test, result);

		const cell = (content, tag = "td") => make(tag, tag === "th" ? { scope: "col" } : {}, content);
		const table = (heads, rows) => make("div", { class: "table-wrapper" }, make("table", {}, make("thead", {}, make("tr", {}, ...heads.map((head) => cell(head, "th")))), make("tbody", {}, ...rows.map((row) => make("tr", {}, ...row.map((content) => cell(content)))))));
		const csv = (pairs) => {
			const names = ["style", "tune", "model", "person", "chosen", "critic"];
			const quoted = (value) => `"${String(value).replaceAll('"', '""')}"`;
			return [names, ...pairs.map((pair) => names.map((name) => pair[name]))].map((row) => row.map(quoted).join(",")).join("\r\n") + "\r\n";
		};
		const reveal = ({ rows, pairs }) => {
			const save = button("Save the answers (CSV)", () => panel.save(csv(pairs), 5));
			const again = button("Take it again", () => panel.act("again"));
			const number = (clip) => ["first", "second"][clip - 1];
			const hear = (pair, clip) => button(clip === pairs[pair].person ? "person" : pairs[pair].model, () => { panel.act(`hear ${pair} ${clip - 1}`); go(); });
			result.replaceChildren(
				table(["written by", "you were right", "95 %", "the critic"], rows.map(([name, right, all, low, high, critic]) => [name, `${right} of ${all}`, `${low} to ${high} %`, `${critic} of ${all}`])),
				make("div", { class: "row" }, save, again),
				make("details", {}, make("summary", {}, "Pair by pair"),
					table(["the person's", "you", "hear"], pairs.map((pair, i) => [`the ${number(pair.person)}: ${pair.tune}`, pair.chosen === pair.person ? "right" : "wrong", make("span", { class: "row" }, hear(i, 1), hear(i, 2))]))),
			);
			const [, right, all] = rows.at(-1);
			words.textContent = `You found the person ${right} times of ${all}. By tossing a coin it would be ${all / 2}.`;
		};
		const own = (what) => {
			if ("playing" in what) clips.forEach((row, clip) => row.classList.toggle("on", clip === what.playing));
			if (!("of" in what)) return;
			[test.hidden, result.hidden] = [!("pair" in what), "pair" in what];
			if (what.pair) words.textContent = `Pair ${what.pair} of ${what.of}, ${what.style}. One of the two was written by a person. Which?`;
			else reveal(what);
		};
		return { own };
	};
})();
