// What the reader drops on a panel is learned: in a worker of its own, by a module of its own (see play/learn).
(() => {
	"use strict";
	const { button, COLOURS, make } = aeolian;
	const LARGEST = 1 << 26; // bytes of a file that are read here

	/** The worker: takes step after step, and looks between whether it is to stop. */
	const lessons = () => {
		const SLICE = 200; // milliseconds
		let module, going;
		let steps = 1;
		const words = (text) => new TextEncoder().encode(text);
		const put = (...parts) => {
			const length = parts.reduce((sum, part) => sum + part.length, 0);
			let at = module.inbox(length);
			for (const part of parts) {
				new Uint8Array(module.memory.buffer, at, part.length).set(part);
				at += part.length;
			}
		};
		const answer = (well = 1) => {
			const bytes = new Uint8Array(module.memory.buffer, module.outbox(), module.outbox_len()).slice();
			if (!well) throw new Error(new TextDecoder().decode(bytes));
			return bytes;
		};
		const json = (well) => JSON.parse(new TextDecoder().decode(answer(well)));
		/** What was told, and the model that is to play, if there is a new one. */
		const withModel = (told) => (told.plays ? { model: answer(module.model()) } : {});

		const slice = () => {
			if (!going) return;
			try {
				const start = performance.now();
				const told = json(module.go_on(steps));
				const took = performance.now() - start;
				postMessage({ told, pace: took / steps, ...withModel(told) });
				steps = Math.max(1, Math.min(1000, 2 * steps, Math.round((steps * SLICE) / Math.max(1, took))));
				going = told.goes_on;
				setTimeout(slice);
			} catch (error) {
				going = false;
				postMessage({ wrong: error.message });
			}
		};

		const work = {
			async open({ code }) {
				module = (await WebAssembly.instantiate(code, {})).instance.exports;
			},
			file({ path, bytes }) {
				const name = words(path);
				put(name, new Uint8Array(bytes));
				module.file(name.length);
				return { read: path };
			},
			begin({ panel, model, seed }) {
				const name = words(panel);
				put(name, model);
				const report = json(module.begin(name.length, seed));
				steps = 1;
				return { report, ...withModel(report) };
			},
			go(message) {
				if (message.going && !going) setTimeout(slice);
				going = message.going;
			},
			weights: () => ({ file: answer(module.weights()) }),
			look({ bytes, seed }) {
				put(bytes);
				const told = json(module.look(seed));
				return { told, model: bytes };
			},
		};
		let before = Promise.resolve(); // one after the other
		onmessage = ({ data }) => {
			before = before.then(async () => {
				try {
					const result = await work[data.ask](data);
					if (result) postMessage(result);
				} catch (error) {
					postMessage({ wrong: error.message || String(error) });
				}
			});
		};
	};

	const time = (milliseconds) => {
		const seconds = Math.ceil(milliseconds / 1000);
		return seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
	};

	/** What learns, in a panel's place for the reader's own music. */
	aeolian.lesson = (panel, place, weights) => {
		let worker, pace, learning;
		const { about } = place;
		const skipped = [];
		const bar = make("progress", { "aria-label": "How far it has learned", max: 1, value: 0 });
		const at = make("span", { class: "at" });
		const stop = button("Stop learning", () => go(!learning));
		const keep = button("Save weights", () => worker.postMessage({ ask: "weights" }));
		const back = button("Back to the book's music", () => forget());
		const curve = make("svg", { viewBox: "0 0 640 90", role: "img", class: "roll curve" });
		const figures = make("dl");
		const text = make("p", { class: "written" });
		const list = make("details", { hidden: true }, make("summary"), make("ul", { tabindex: 0 }));
		const lesson = make("div", { hidden: true }, make("div", { class: "row" }, bar, at), make("div", { class: "row" }, stop, ...(weights ? [keep] : []), back), curve, text, figures);
		place.append(list, lesson);

		const go = (going) => {
			learning = going;
			stop.textContent = going ? "Stop learning" : "Go on learning";
			worker.postMessage({ ask: "go", going });
		};

		/** A new worker: what the one before has learned is gone. */
		const begin = async () => {
			worker?.terminate();
			const code = await aeolian.load("live/learning.js");
			worker = new Worker(aeolian.address(lessons));
			worker.onmessage = ({ data }) => answered(data);
			worker.onerror = (event) => wrong(event.message);
			worker.postMessage({ ask: "open", code });
			pace = 0;
			skipped.length = 0;
			[lesson.hidden, list.hidden, learning] = [true, true, false];
		};

		const take = async (all) => {
			await begin();
			for (const [path, file] of all) {
				if (file.size > LARGEST) {
					skipped.push(`${path}: ${file.size} bytes are more than the ${LARGEST} that are read here. Give a smaller file`);
					continue;
				}
				const bytes = await file.arrayBuffer();
				worker.postMessage({ ask: "file", path, bytes }, [bytes]);
			}
			const model = await aeolian.load(panel.figure.dataset.model);
			worker.postMessage({ ask: "begin", panel: panel.panel, model, seed: panel.seed });
		};

		const look = async (file) => {
			await begin();
			worker.postMessage({ ask: "look", bytes: new Uint8Array(await file.arrayBuffer()), seed: panel.seed });
			about.textContent = file.name;
		};

		const forget = () => {
			worker?.terminate();
			panel.ask("back");
			[lesson.hidden, list.hidden, about.textContent] = [true, true, ""];
		};

		const wrong = (words) => {
			[about.textContent, learning] = [words, false];
		};

		const answered = ({ report, told, pace: now, model, file, wrong: words }) => {
			if (words) wrong(words);
			if (file) panel.save(file, 2);
			if (report) reported(report);
			if (now) pace = pace ? 0.9 * pace + 0.1 * now : now;
			if (told) tell(told);
			const plays = (report || told)?.plays;
			if (plays) panel.ask("swap", { panel: plays, model });
		};

		const reported = (report) => {
			skipped.push(...report.skipped);
			about.textContent = report.wrong || [report.about, ...report.notes].join(". ");
			const lines = [...skipped.map((line) => ["skipped", line]), ...report.warnings.map((line) => ["mended", line])];
			list.hidden = !lines.length;
			const count = (kind) => lines.filter((line) => line[0] === kind).length;
			list.firstChild.textContent = `${count("skipped")} skipped, ${count("mended")} warnings`;
			list.lastChild.replaceChildren(...lines.map(([kind, line]) => make("li", { class: kind }, line)));
			lesson.hidden = Boolean(report.wrong);
			if (!report.wrong) go(true);
		};

		const tell = (told) => {
			lesson.hidden = false;
			[bar.max, bar.value] = [told.of || 1, told.of ? told.done : 1];
			const bits = told.bits == null ? "" : `, ${told.bits.toFixed(2)} bits a symbol`;
			const left = told.goes_on ? `, ${time((told.of - told.done) * pace)} left` : "";
			at.textContent = told.at + bits + left;
			[stop.hidden, keep.hidden] = [!told.goes_on, !told.of];
			if (!told.goes_on) learning = false;
			text.textContent = told.text;
			figures.replaceChildren(...told.figures.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));
			draw(told.curve);
		};

		/** Bits a symbol after each round: while learning and, from another line, on what was held out. */
		const draw = (points) => {
			curve.style.display = points.length < 2 ? "none" : "";
			if (points.length < 2) return;
			const all = points.flat().filter((bits) => bits !== null);
			const [low, high] = [Math.min(...all), Math.max(...all)];
			const line = (which) => {
				const places = points.map((bits, i) => [10 + (620 * i) / (points.length - 1), 8 + (64 * (high - bits[which])) / (high - low || 1)]);
				return make("polyline", { fill: "none", "stroke-width": 2, stroke: COLOURS[which], points: places.map((place) => place.map((x) => x.toFixed(1)).join()).join(" ") });
			};
			const held = points[0][1] !== null;
			const said = held ? "while learning (blue), and on what was held out (red)" : "after each round";
			curve.setAttribute("aria-label", `Bits a symbol, ${said}: from ${high.toFixed(2)} to ${low.toFixed(2)}`);
			curve.replaceChildren(line(0), ...(held ? [line(1)] : []), make("text", { x: 10, y: 87 }, `bits a symbol, ${said}`));
		};

		return { take, look };
	};
})();
