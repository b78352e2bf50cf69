(() => {
	"use strict";
	const { button, make, roll, stages } = aeolian;

	// The roll, what was measured in the bar that sounds, and what can be done with it. A link carries how everything stands.
	stages.studio = (panel, place) => {
		const fragment = new URLSearchParams(location.hash.split("&").slice(1).join("&"));
		if (location.hash.startsWith(`#${panel.figure.id}&`)) {
			for (const control of panel.controls) {
				const value = Number(fragment.get(control.name));
				if (fragment.has(control.name) && value >= control.low && value <= control.high) control.value = value;
			}
			const seed = Number(fragment.get("seed"));
			if (Number.isSafeInteger(seed) && seed >= 0) panel.seed = seed;
		}
		const notes = roll(place);
		const words = make("p", { class: "tone", "aria-live": "off" });
		const measured = make("dl", { class: "measured" });
		const hold = button("Hold this bar", () => panel.act(held ? "on" : "hold"), { "aria-pressed": "false" });
		let held = false;
		const voices = ["melody", "chords", "bass"].map((name, voice) =>
			button(name, () => panel.act(`mute ${voice}`), { "aria-pressed": "true", "aria-label": `${name} sounds` }),
		);
		const link = button("Copy a link", async () => {
			const said = panel.controls.map(({ name }) => {
				const input = document.getElementById(`${panel.figure.id}-${name}`);
				return `${name}=${input.value}`;
			});
			const address = `${location.href.split("#")[0]}#${panel.figure.id}&${said.join("&")}&seed=${panel.seed}`;
			history.replaceState(null, "", address);
			try {
				await navigator.clipboard.writeText(address);
				panel.say("The link is copied");
			} catch {
				panel.say("The link is in the address bar");
			}
		});
		place.append(
			words,
			make("div", { class: "row" }, hold, button("Vary it", () => panel.act("vary")), button("Go back", () => panel.act("back")), button("Go on", () => panel.act("on")), link),
			make("div", { class: "row" }, make("span", {}, "Voices"), ...voices),
			make("p", {}, "Counted in the bar that sounds, on the scale of the sliders"),
			measured,
		);
		let values = [];
		const own = (what) => {
			if (what.measures) {
				values = what.measures.map((name) => {
					const value = make("dd", { "data-measure": name }, "–");
					measured.append(make("div", {}, make("dt", {}, name), value));
					return value;
				});
			}
			if (what.measured) {
				// As on the sliders: from 1 to 10.
				what.measured.forEach((value, i) => (values[i].textContent = (5.5 + 4.5 * value).toFixed(1)));
				words.textContent = `Bar ${what.bar}, of ${what.steps} sixteenths: ${what.chords.join(" ")}`;
			}
			if (what.muted) {
				held = what.hold;
				hold.ariaPressed = String(held);
				voices.forEach((voice, i) => (voice.ariaPressed = String(!what.muted[i])));
			}
		};
		return { asks: "Which chord comes next", own, ...notes };
	};
})();
