(() => {
	"use strict";
	const { COLOURS, RATE, button, keyboard, make, roll, stages } = aeolian;

	// Both voices on a sheet, whose turn it is and on which beat, and a keyboard.
	stages.duet = (panel, place) => {
		const { note: put, draw: move, last, bar: barLine } = roll(place);
		const turn = make("span", { role: "status" }, "Your turn");
		const bar = make("span");
		const who = make("p", { class: "tone turn" }, turn, bar);
		const lamps = make("span", { class: "beats", "aria-hidden": "true" });
		const heard = make("p", { class: "beginning", "aria-live": "polite" }, "Play a phrase: with the mouse, with a finger, on the keys a to ; or on a MIDI keyboard. Your first key begins.");
		const voices = ["you", "the model", "what goes under"].map((name, voice) => make("span", { class: "key", style: `border-color: ${COLOURS[voice]}` }, name));
		place.append(make("div", { class: "row" }, who, lamps), heard);

		// What is held, and since when; drawn once the panel has said the note.
		const held = new Map();
		const second = () => Math.max(0, panel.position() / RATE).toFixed(4);
		const press = (midi) => {
			held.set(midi, null);
			panel.ask("tone", { midi, program: 0 });
			panel.act(`down ${midi} ${second()}`);
			if (!panel.going) panel.toggle();
		};
		const release = (midi) => {
			if (!held.has(midi)) return;
			held.delete(midi);
			panel.act(`up ${midi} ${second()}`);
		};
		const midi = keyboard(panel, place, press, 60, { release, count: 25 });
		const show = button("Show me", () => {
			panel.act("show");
			if (!panel.going) panel.toggle();
		});
		place.append(make("div", { class: "row" }, show, ...midi, ...voices));

		const note = (midi, seconds, voice, at) => {
			const one = put(midi, seconds, Math.min(voice, 2), at);
			if (voice === 0 && held.has(midi)) held.set(midi, one);
			if (voice > 1) return;
			// Keys that a model plays are seen, too.
			const key = place.querySelector(`[data-midi="${midi}"]`);
			if (!key || held.has(midi)) return;
			key.classList.add(voice ? "model" : "down");
			setTimeout(() => held.has(midi) || key.classList.remove("model", "down"), 1000 * seconds);
		};
		const draw = (now) => {
			for (const one of held.values()) if (one) last(one, Math.max(0.1, now - one.at));
			move(now);
		};
		const own = (what, at) => {
			if (what.turn) {
				if (turn.textContent !== what.turn) turn.textContent = what.turn;
				bar.textContent = what.place;
				who.dataset.who = what.who;
			}
			if (what.beats) lamps.replaceChildren(...Array.from({ length: what.beats }, () => make("span")));
			if ("beat" in what) [...lamps.children].forEach((lamp, beat) => lamp.classList.toggle("on", beat === what.beat));
			if (what.beat === 0) barLine(at);
			if (what.heard) heard.textContent = what.heard;
			if (what.under) bar.textContent = `. ${what.under}`;
		};
		return { asks: "What comes next, as the model believes", own, note, draw };
	};
})();
