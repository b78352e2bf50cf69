// What the panels' own pictures share. Each is a script in stages/, brought by the page that has the panel: it is made of a panel and a
// place in it, and has, as it needs them: `own(what was said, second)`,
// `note(MIDI number, seconds, voice, second)` and `draw(second)`, which is called for every frame while it plays. `asks` is the question
// that the bars answer.
(() => {
	"use strict";
	const { make, still } = aeolian;
	const COLOURS = ["#2a88d0", "#d55e00", "#009e73"]; // as in src/plot/theme.rs
	const button = (words, onclick, attributes = {}) => make("button", { type: "button", onclick, ...attributes }, words);

	/** Notes that pass by: eight seconds of them. With little motion wanted, the sheet is turned instead. */
	const roll = (place) => {
		const [WIDTH, HEIGHT, SECOND, NOW] = [640, 110, 80, 480];
		const notes = make("g");
		const line = make("line", { class: "now", x1: NOW, x2: NOW, y1: 0, y2: HEIGHT });
		place.append(
			make("svg", { class: "roll", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": "The notes as they sound" }, notes, line),
		);
		let [low, high, shown, lines] = [60, 72, [], []];
		const put = ({ rect, midi }) => {
			const row = HEIGHT / (high - low + 3);
			rect.setAttribute("y", ((high + 1 - midi) * row).toFixed(1));
			rect.setAttribute("height", Math.max(3, row - 1).toFixed(1));
		};
		const draw = (second) => {
			const turned = Math.floor((second * SECOND) / WIDTH) * WIDTH;
			const left = still.matches ? turned : second * SECOND - NOW;
			notes.setAttribute("transform", `translate(${-left.toFixed(1)})`);
			const x = second * SECOND - left;
			line.setAttribute("x1", x);
			line.setAttribute("x2", x);
			const seen = ({ rect, end }) => end * SECOND >= left || rect.remove();
			[shown, lines] = [shown.filter(seen), lines.filter(seen)];
		};
		/** Says that a note of the sheet lasts so long. */
		const last = (shown, seconds) => {
			shown.end = shown.at + seconds;
			shown.rect.setAttribute("width", Math.max(3, seconds * SECOND - 1).toFixed(1));
		};
		const note = (midi, seconds, voice, at) => {
			const rect = make("rect", { x: (at * SECOND).toFixed(1), rx: 1.5, fill: COLOURS[voice % COLOURS.length] });
			const one = { rect, midi, at };
			last(one, seconds);
			notes.append(rect);
			shown.push(one);
			const wider = midi < low || midi > high;
			[low, high] = [Math.min(low, midi), Math.max(high, midi)];
			if (wider) shown.forEach(put);
			else put(one);
			return one;
		};
		/** A bar line. */
		const bar = (at) => {
			const x = (at * SECOND).toFixed(1);
			const rect = make("line", { class: "bar-line", x1: x, x2: x, y1: 0, y2: HEIGHT });
			notes.prepend(rect);
			lines.push({ rect, end: at });
		};
		return { note, draw, last, bar };
	};

	/** A computer's keys that stand as those of a keyboard do, from C on. */
	const KEYS = "awsedftgyhujkolp;";
	const NAMES = ["C", "C sharp", "D", "E flat", "E", "F", "F sharp", "G", "A flat", "A", "B flat", "B"];

	/**
	 * A keyboard from a C up, for mouse, touch and computer keys. `press(MIDI number)` is called as a key goes down, and `release`, if it is wanted, as it
	 * comes up; then pressed keys are seen. Gives what lets a MIDI keyboard in.
	 */
	const keyboard = (panel, place, press, lowest = 60, { release, count = KEYS.length } = {}) => {
		const keys = make("div", { class: "keys", role: "group", "aria-label": "Keyboard" });
		const key = (midi) => keys.children[midi - lowest];
		const down = (midi) => {
			if (release) key(midi)?.classList.add("down");
			press(midi);
		};
		const up = (midi) => {
			if (!release) return;
			key(midi)?.classList.remove("down");
			release(midi);
		};
		for (let i = 0; i < count; i++) {
			const midi = lowest + i;
			const name = NAMES[midi % 12];
			const one = make("button", { type: "button", class: name.length > 1 ? "black" : "white", "aria-label": `${name}${Math.floor(midi / 12) - 1}`, "data-midi": midi });
			if (KEYS[i]) one.append(make("kbd", { "aria-hidden": "true" }, KEYS[i]));
			// A press sounds at once, not when it is let go; Enter and the space bar only click.
			one.addEventListener("pointerdown", ({ pointerId }) => {
				if (release) one.setPointerCapture(pointerId);
				down(midi);
			});
			for (const end of ["pointerup", "pointercancel"]) one.addEventListener(end, () => up(midi));
			one.addEventListener("click", ({ detail }) => {
				if (detail !== 0) return;
				down(midi);
				setTimeout(() => up(midi), 300);
			});
			keys.append(one);
		}
		place.append(keys);
		const typed = ({ key }) => (key.length === 1 ? KEYS.indexOf(key.toLowerCase()) : -1);
		panel.box.addEventListener("keydown", (event) => {
			if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || typed(event) < 0 || event.target.matches("select, input:not([type=range])")) return;
			down(lowest + typed(event));
			event.preventDefault();
		});
		if (release) addEventListener("keyup", (event) => key(lowest + typed(event))?.matches(".down") && up(lowest + typed(event)));
		if (!navigator.requestMIDIAccess) return [];
		const midi = button("Use a MIDI keyboard", async () => {
			try {
				const access = await navigator.requestMIDIAccess();
				const listen = (input) =>
					(input.onmidimessage = ({ data: [status, midi, velocity] }) => {
						const kind = status & 0xf0;
						if (kind === 0x90 && velocity > 0) down(midi);
						else if (kind === 0x90 || kind === 0x80) up(midi);
					});
				access.inputs.forEach(listen);
				access.onstatechange = ({ port }) => port.type === "input" && listen(port);
				midi.textContent = access.inputs.size ? "MIDI keyboard: play" : "MIDI: no keyboard yet";
			} catch {
				midi.textContent = "MIDI is not allowed here";
			}
		});
		return [midi];
	};

	/**
	 * Notes that the reader taps, each with a length in eighths: the panel is told `note MIDI EIGHTHS`, `back` and `clear`, and `rest EIGHTHS` if
	 * `rests`. With `knows`, the pitches that its model has, they are a beginning from which music goes on: it stops for them.
	 */
	const tapping = (panel, place, { program = 0, rests = false, knows } = {}) => {
		const lengths = make("select", { "aria-label": "Length of the next note" });
		for (const [eighths, name] of [[2, "quarter"], [1, "eighth"], [3, "dotted quarter"], [4, "half"], [6, "dotted half"]])
			lengths.append(make("option", { value: eighths }, name));
		const act = (gesture) => {
			if (knows) panel.stop();
			panel.act(gesture);
		};
		const press = (midi) => {
			if (!knows || knows.includes(midi)) panel.ask("tone", { midi, program });
			act(`note ${midi} ${lengths.value}`);
		};
		const rest = () => act(`rest ${lengths.value}`);
		const back = () => act("back");
		const words = make("p", { class: "beginning", "aria-live": "polite" }, "Press keys, then Play: the music begins with your notes and goes on from there.");
		if (knows) place.append(words);
		const midi = keyboard(panel, place, press, knows && 12 * Math.floor(Math.min(...knows) / 12));
		if (knows) for (const key of place.querySelectorAll(".keys button")) if (!knows.includes(Number(key.dataset.midi))) key.ariaDisabled = "true";
		place.append(
			make("div", { class: "row" }, lengths, ...(rests ? [button("Rest", rest)] : []), button("Take back", back), button("Clear", () => act("clear")), ...midi),
		);
		panel.box.addEventListener("keydown", (event) => {
			if (event.target.matches("select, input:not([type=range])")) return;
			if (event.key === "Backspace") back();
			else if (event.key === "r" && rests) rest();
			else return;
			event.preventDefault();
		});
		const own = ({ beginning, unknown }) => {
			words.textContent = unknown ? `It has never heard ${unknown}.` : beginning.length ? `Your beginning: ${beginning.join(" ")}. Play goes on from there.` : "The music begins by itself.";
		};
		return { own };
	};

	Object.assign(aeolian, { COLOURS, button, roll, keyboard, tapping });
})();
