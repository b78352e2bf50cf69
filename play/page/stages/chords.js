(() => {
	"use strict";
	const { button, COLOURS, make, stages, still } = aeolian;

	/** Keys from C4 to E5, and those of a computer's keyboard that stand where they do. */
	const [LOWEST, KEYS] = [60, "awsedftgyhujkolp;"];

	stages.chords = (panel, place) => {
		const sheet = make("svg", { class: "roll sheet", viewBox: "0 0 640 150", role: "img", "aria-label": "The tune and its chords" });
		const names = make("p", { class: "chords", "aria-live": "polite" });
		const lengths = make("select", { "aria-label": "Length of the next note" });
		for (const [eighths, name] of [[2, "quarter"], [1, "eighth"], [3, "dotted quarter"], [4, "half"], [6, "dotted half"]])
			lengths.append(make("option", { value: eighths }, name));
		const press = (midi) => {
			panel.ask("tone", { midi, program: 0 });
			panel.act(`note ${midi} ${lengths.value}`);
		};
		const keys = make("div", { class: "keys", role: "group", "aria-label": "Keyboard" });
		for (let midi = LOWEST; midi < LOWEST + KEYS.length; midi++) {
			const name = ["C", "C sharp", "D", "E flat", "E", "F", "F sharp", "G", "A flat", "A", "B flat", "B"][midi % 12];
			const key = make("button", { type: "button", class: name.length > 1 ? "black" : "white", "aria-label": `${name}${Math.floor(midi / 12) - 1}` });
			key.append(make("kbd", { "aria-hidden": "true" }, KEYS[midi - LOWEST]));
			// A press sounds at once, not when it is let go; Enter and the space bar only click.
			key.addEventListener("pointerdown", () => press(midi));
			key.addEventListener("click", (event) => event.detail === 0 && press(midi));
			keys.append(key);
		}
		const midiKeyboard = button("Use a MIDI keyboard", async () => {
			try {
				const access = await navigator.requestMIDIAccess();
				const listen = (input) => (input.onmidimessage = ({ data }) => (data[0] & 0xf0) === 0x90 && data[2] > 0 && press(data[1]));
				access.inputs.forEach(listen);
				access.onstatechange = ({ port }) => port.type === "input" && listen(port);
				midiKeyboard.textContent = access.inputs.size ? "MIDI keyboard: play" : "MIDI: no keyboard yet";
			} catch {
				midiKeyboard.textContent = "MIDI is not allowed here";
			}
		});
		const rest = () => panel.act(`rest ${lengths.value}`);
		place.append(
			sheet, names, keys,
			make(
				"div", { class: "row" },
				lengths, button("Rest", rest), button("Take back", () => panel.act("back")), button("Clear", () => panel.act("clear")),
				...(navigator.requestMIDIAccess ? [midiKeyboard] : []),
			),
		);
		panel.box.addEventListener("keydown", (event) => {
			if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.target === lengths) return;
			const key = KEYS.indexOf(event.key.toLowerCase());
			if (key >= 0 && event.key.length === 1) press(LOWEST + key);
			else if (event.key === "Backspace") panel.act("back");
			else if (event.key === "r") rest();
			else return;
			event.preventDefault();
		});
		let [scale, line] = [0, null];
		const draw = ({ notes, chords, end, bar, pickup }) => {
			const shown = Math.max(end, 4 * bar);
			scale = 620 / shown;
			const x = (quarter) => (10 + quarter * scale).toFixed(1);
			const midis = notes.map((note) => note[2]);
			const [low, high] = [Math.min(60, ...midis), Math.max(72, ...midis)];
			const row = 104 / (high - low + 1);
			const parts = [];
			for (let at = pickup; at <= shown + 0.01; at += bar) parts.push(make("line", { x1: x(at), x2: x(at), y1: 4, y2: 116, class: "bar-line" }));
			for (const [at, length, midi] of notes)
				parts.push(make("rect", { x: x(at), width: Math.max(2, length * scale - 1).toFixed(1), y: (6 + (high - midi) * row).toFixed(1), height: Math.max(3, row - 1).toFixed(1), rx: 1.5, fill: COLOURS[0] }));
			let free = 0;
			for (const [at, name] of chords) {
				if (at * scale < free) continue;
				parts.push(make("text", { x: x(at), y: 138 }, name));
				free = at * scale + 10 + 12 * name.length;
			}
			line = make("line", { class: "now", x1: -9, x2: -9, y1: 0, y2: 120 });
			sheet.replaceChildren(...parts, line);
		};
		let going = null;
		const own = (what, second) => {
			if (what.notes) {
				draw(what);
				names.textContent = what.notes.length ? `${what.title}: ${what.chords.map((chord) => chord[1]).join(" ")}` : "Press keys: a tune begins";
			}
			if ("quarter" in what) going = { ...what, second };
		};
		const move = (second) => {
			if (!going || !line) return;
			const part = still.matches ? 0 : Math.min(1, Math.max(0, (second - going.second) / going.seconds));
			const x = 10 + (going.quarter + part) * scale;
			line.setAttribute("x1", x);
			line.setAttribute("x2", x);
		};
		const learns = { means: "Drop MIDI or ABC files here, or a folder of them: their chords are counted, and hidden states learn their tunes and write some." };
		return { asks: "Which chord comes next, if the tune goes on", own, learns, draw: move };
	};
})();
