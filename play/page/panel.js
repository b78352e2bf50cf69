// A live panel: what every one has. Its own picture is in stages/, its music in play/src/panels.
(() => {
	"use strict";
	const { RATE } = aeolian;

	/** An element, with attributes and content. What begins with "on" is a listener. */
	const make = (tag, attributes = {}, ...content) => {
		const svg = ["svg", "g", "rect", "path", "line", "circle", "text", "polyline"].includes(tag);
		const element = svg ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
		for (const [name, value] of Object.entries(attributes)) {
			if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
			else if (value === true) element.setAttribute(name, "");
			else if (value !== false && value != null) element.setAttribute(name, value);
		}
		element.append(...content);
		return element;
	};

	/** Whether the reader wants as little motion as can be. */
	const still = matchMedia("(prefers-reduced-motion: reduce)");

	class Panel {
		constructor(figure) {
			this.figure = figure;
			this.name = figure.id.replace(/^shown-/, "");
			Object.assign(this, JSON.parse(figure.dataset.panel)); // panel, seed, controls
			this.events = []; // what was said of moments that are not heard yet
			[this.heard, this.gaps, this.going] = [0, 0, false];
		}

		/** Brings the module and the model, and shows how the panel begins. */
		async open() {
			const [code, model] = await Promise.all([
				aeolian.load("live/module.js"),
				aeolian.load(this.figure.dataset.model),
				aeolian.script(`live/${this.panel}.js`),
			]);
			this.worker = new Worker(aeolian.address(aeolian.worker));
			this.worker.onmessage = ({ data }) => this.answered(data);
			this.worker.onerror = (event) => this.fail(event.message);
			this.build();
			const controls = this.controls.map(({ name, value }) => [name, value]);
			const { panel, seed } = this;
			this.ask("open", { code, model, panel, seed, controls });
			if (!this.stage.learns) return;
			await aeolian.script("live/learn.js");
			aeolian.learn(this);
		}

		ask(what, details = {}, moved = []) {
			this.worker.postMessage({ ask: what, ...details }, moved);
		}

		act(gesture) {
			this.ask("act", { gesture });
		}

		answered({ said, tone, file, kind, wrong, answers }) {
			if (wrong) return answers === "file" || answers === "swap" ? this.say(wrong) : this.fail(wrong);
			// What speaks of sound that is still to be heard waits for it; while nothing sounds, the answer to a press is shown at once.
			if (said && (this.going || answers === undefined)) this.events = [...this.events, ...said].sort((a, b) => a.at - b.at);
			else said?.forEach((event) => this.show(event));
			if (tone) this.sound(tone);
			if (file) this.save(file, kind);
			if (answers === "open") {
				this.shown();
				this.figure.classList.add("open");
			}
		}

		// ---- What is seen.

		build() {
			this.box = make("div", { class: "live", role: "group", "aria-label": this.name.replaceAll("-", " ") + ", live" });
			this.place = make("div", { class: "stage" });
			this.stage = aeolian.stages[this.panel](this, this.place);
			this.bars = make("ol", { class: "bars" });
			this.bars.items = new Map();
			const asks = make("p", { class: "asks", id: `${this.figure.id}-asks`, hidden: !this.stage.asks }, this.stage.asks ?? "");
			this.bars.setAttribute("aria-labelledby", asks.id);
			this.box.append(this.place, this.deck(), this.knobs(), asks, this.bars);
			// The arrows turn the book's pages, letters search: not while a panel has them.
			this.box.addEventListener("keydown", (event) => event.stopPropagation());
			const before = this.figure.querySelector(".still");
			before.replaceWith(this.box);
			this.figure.insertBefore(
				make("details", { class: "as-made" }, make("summary", {}, "As it was when the book was made"), before),
				this.figure.querySelector("figcaption"),
			);
		}

		/** Start and stop, volume, files. */
		deck() {
			this.button = make("button", { type: "button", class: "go", onclick: () => this.toggle() }, "Play");
			const volume = make("input", {
				type: "range", min: 0, max: 1, step: 0.01, value: 0.8, "aria-label": "Volume",
				oninput: () => this.setVolume(),
			});
			this.volume = volume;
			const save = (kind, name) =>
				make("button", { type: "button", "aria-label": `Save what was heard as ${name}`, onclick: () => this.ask("file", { kind, heard: this.heard }) }, name);
			this.status = make("span", { role: "status" });
			return make(
				"div", { class: "deck" },
				this.button,
				make("label", { class: "volume" }, make("span", {}, "Volume"), volume),
				make("span", { class: "files" }, "Save", save(0, "WAV"), save(1, "MIDI")),
				this.status,
			);
		}

		knobs() {
			const knob = (control) => {
				const id = `${this.figure.id}-${control.name}`;
				const means = make("label", { for: id }, control.means);
				if (control.options.length) {
					const options = control.options.map((option, i) => make("option", { value: i }, option));
					const select = make("select", { id, onchange: () => this.set(control, Number(select.value)) }, ...options);
					return make("div", { class: "knob" }, means, select);
				}
				const { low: min, high: max, step, value } = control;
				const shown = make("output", { for: id }, String(value));
				const input = make("input", {
					id, type: "range", min, max, step, value,
					oninput: () => {
						shown.textContent = input.value;
						this.set(control, input.valueAsNumber);
					},
				});
				return make("div", { class: "knob" }, means, input, shown);
			};
			return make("div", { class: "knobs" }, ...this.controls.map(knob));
		}

		set({ name }, value) {
			this.ask("set", { control: name, value });
		}

		say(words) {
			this.status.textContent = words;
		}

		fail(words) {
			this.stop();
			this.figure.dataset.wrong = words;
			if (!this.status) {
				this.status = make("p", { role: "status" });
				this.figure.prepend(this.status);
			}
			this.say(`It does not play: ${words}`);
		}

		// ---- Events.

		/** How many samples have been heard by now. */
		position() {
			if (!this.going || !this.time) return this.heard;
			const late = aeolian.context.outputLatency || aeolian.context.baseLatency || 0;
			const since = aeolian.context.currentTime - this.time - late;
			return this.heard + Math.max(-late, Math.min(0.1, since)) * RATE;
		}

		/** Shows what is true by now. */
		shown() {
			const now = this.position();
			let count = 0;
			while (count < this.events.length && this.events[count].at <= now) this.show(this.events[count++]);
			this.events.splice(0, count);
			this.stage.draw?.(now / RATE);
		}

		show(event) {
			if (event.expects) this.expect(event.expects);
			if (event.came) this.came(event.came);
			if (event.note) this.stage.note?.(...event.note, event.at / RATE);
			if (event.own) this.stage.own?.(event.own, event.at / RATE);
		}

		expect(bars) {
			const names = bars.map((bar) => bar[0]);
			const items = this.bars.items;
			if (names.join("\n") !== [...items.keys()].join("\n")) {
				items.clear();
				for (const name of names) {
					const value = make("span", { class: "value" });
					const item = make("li", {}, make("span", { class: "name" }, name), make("span", { class: "bar" }), value);
					items.set(name, { item, value });
				}
				this.bars.replaceChildren(...[...items.values()].map(({ item }) => item));
			}
			for (const [name, chance] of bars) {
				const { item, value } = items.get(name);
				item.style.setProperty("--part", chance.toFixed(4));
				item.classList.remove("came");
				const percent = 100 * chance;
				value.textContent = `${percent > 0 && percent < 1 ? percent.toFixed(1) : Math.round(percent)} %`;
			}
			this.expected = bars;
		}

		came(name) {
			const known = this.bars.items.get(name) || this.bars.items.get("others");
			known?.item.classList.add("came");
		}

		// ---- Sound.

		toggle() {
			if (this.going) this.stop();
			else this.start().catch((error) => this.fail(error.message));
		}

		/** Whatever else sounds is stopped. */
		alone() {
			this.quiet ??= () => this.stop();
			aeolian.alone(this.quiet);
		}

		async start() {
			this.pressed = performance.now();
			this.alone();
			[this.going, this.time] = [true, 0];
			this.face();
			const context = await aeolian.output();
			if (!this.going) return;
			if (!this.node) {
				this.node = new AudioWorkletNode(context, "aeolian", { numberOfInputs: 0, outputChannelCount: [2] });
				this.gain = new GainNode(context);
				this.node.connect(this.gain).connect(aeolian.master);
				this.setVolume();
				this.node.port.onmessage = ({ data }) => this.clock(data);
				const { port1, port2 } = new MessageChannel();
				this.node.port.postMessage({ source: port1 }, [port1]);
				this.ask("go", { going: true, port: port2 }, [port2]);
			} else {
				this.ask("go", { going: true });
			}
			this.node.port.postMessage({ going: true });
			const frame = () => {
				this.shown();
				if (this.going) requestAnimationFrame(frame);
			};
			requestAnimationFrame(frame);
		}

		stop() {
			if (!this.going) return;
			this.going = false;
			this.face();
			this.node?.port.postMessage({ going: false });
			if (this.node) this.ask("go", { going: false });
		}

		face() {
			this.button.textContent = this.going ? "Stop" : "Play";
			this.figure.classList.toggle("going", this.going);
			this.say(this.going ? "Playing" : "Stopped");
		}

		/** The thread of sound says how many samples were heard, how many were missing, and when that was. */
		clock({ heard, gaps, time }) {
			[this.heard, this.gaps, this.time] = [heard, gaps, time];
			this.latency ??= performance.now() - this.pressed;
		}

		setVolume() {
			if (this.gain) this.gain.gain.value = this.volume.valueAsNumber ** 2;
		}

		/** Plays samples that the module made for a key just pressed. */
		async sound(samples) {
			this.alone();
			const context = await aeolian.output();
			if (!samples.length) return;
			const buffer = new AudioBuffer({ length: samples.length, sampleRate: RATE });
			buffer.copyToChannel(samples, 0);
			const source = new AudioBufferSourceNode(context, { buffer });
			const gain = new GainNode(context, { gain: this.volume.valueAsNumber ** 2 });
			source.connect(gain).connect(aeolian.master);
			source.start();
		}

		save(bytes, kind) {
			const [wav, midi] = [["wav", "audio/wav"], ["mid", "audio/midi"]];
			const [ending, type] = [wav, midi, ["safetensors", ""], wav, midi, ["csv", "text/csv"]][kind];
			const link = make("a", { download: `${this.name}.${ending}`, href: URL.createObjectURL(new Blob([bytes], { type })) });
			link.click();
			setTimeout(() => URL.revokeObjectURL(link.href), 10000);
			this.say("Saved");
		}
	}

	Object.assign(aeolian, { make, still, Panel, panels: {}, stages: {} });

	/** Opens the panels that come near, unless the page is for print. */
	addEventListener("load", () => {
		if (location.pathname.endsWith("print.html")) return;
		const watch = new IntersectionObserver(
			(seen) => {
				for (const { target } of seen.filter((entry) => entry.isIntersecting)) {
					watch.unobserve(target);
					const panel = new Panel(target);
					aeolian.panels[panel.name] = panel;
					panel.open().catch((error) => panel.fail(error.message));
				}
			},
			{ rootMargin: "300px" },
		);
		document.querySelectorAll("figure.panel").forEach((figure) => {
			// A link may lead to a panel and say how it stands.
			if (location.hash.startsWith(`#${figure.id}&`)) figure.scrollIntoView();
			watch.observe(figure);
		});
	});
})();
