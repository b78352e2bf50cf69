// What a panel's worker does: it has the module (see play/src/interface.rs) to itself, and keeps ahead of what is heard.
aeolian.worker = () => {
	"use strict";
	const CHUNK = 2048; // samples that are made at a time
	let ahead = 6 * CHUNK; // samples that wait to be heard: what the reader moves is heard so much later
	let module, port;
	let [made, heard, missing, going] = [0, 0, 0, false];

	const put = (bytes) => {
		const at = module.inbox(bytes.length); // before the memory is looked at: it may have grown
		new Uint8Array(module.memory.buffer, at, bytes.length).set(bytes);
	};
	const words = (text) => new TextEncoder().encode(text);
	/** Puts a name, and a model after it; gives the length of the name. */
	const putNamed = (name, model) => {
		const letters = words(name);
		const all = new Uint8Array(letters.length + model.length);
		all.set(letters);
		all.set(model, letters.length);
		put(all);
		return letters.length;
	};
	const answer = () => new Uint8Array(module.memory.buffer, module.outbox(), module.outbox_len()).slice();
	const samples = (count) => new Float32Array(module.memory.buffer, module.samples(), count).slice();

	/** What the module answered: events, unless it failed. */
	const events = (well) => {
		const text = new TextDecoder().decode(answer());
		if (!well) throw new Error(text);
		return JSON.parse(text);
	};

	const pump = () => {
		while (going && made - heard < ahead) {
			const said = events(module.play(CHUNK));
			const sound = samples(2 * CHUNK);
			made += CHUNK;
			port.postMessage(sound, [sound.buffer]);
			if (said.length) postMessage({ said });
		}
	};

	const work = {
		async open({ code, panel, model, seed, controls }) {
			module = (await WebAssembly.instantiate(code, {})).instance.exports;
			const said = events(module.open(putNamed(panel, model), seed));
			for (const [control, value] of controls) {
				put(words(control));
				said.push(...events(module.set(value)));
			}
			return { said };
		},
		go(message) {
			if (message.port) {
				port = message.port;
				port.onmessage = ({ data }) => {
					heard = data.heard;
					// Where less than half is left, the machine is busy; then more has to wait, up to three seconds.
					if (going && made - heard < ahead / 2) ahead = Math.min(65 * CHUNK, ahead + (data.gaps > missing ? 8 : 2) * CHUNK);
					missing = data.gaps;
					pump();
				};
			}
			going = message.going;
			pump();
		},
		swap({ panel, model }) {
			// A model takes a while to open: what is heard meanwhile is made before.
			ahead = Math.max(ahead, 12 * CHUNK);
			pump();
			return { said: events(module.swap(putNamed(panel, model))) };
		},
		back: () => ({ said: events(module.back()) }),
		set({ control, value }) {
			put(words(control));
			return { said: events(module.set(value)) };
		},
		act({ gesture }) {
			put(words(gesture));
			return { said: events(module.act()) };
		},
		tone: ({ midi, program }) => ({ tone: samples(module.tone(midi, program)) }),
		file({ kind, heard }) {
			// A recording takes a moment to write, a whole piece a while to perform: what is heard meanwhile is made before.
			const usual = ahead;
			ahead = Math.max(ahead, [16, 0, 0, 48, 48][kind] * CHUNK);
			pump();
			ahead = usual;
			const well = module.file(kind, heard);
			if (!well) throw new Error(new TextDecoder().decode(answer()));
			return { file: answer(), kind };
		},
	};

	onmessage = async ({ data }) => {
		try {
			const result = await work[data.ask](data);
			if (result) postMessage({ ...result, answers: data.ask });
		} catch (error) {
			postMessage({ wrong: error.message || String(error), answers: data.ask });
		}
	};
};
