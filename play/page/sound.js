// How pages sound: bytes that travel as scripts, one place where sound comes out, one thing that sounds at a time.
// These scripts are plain ones, not modules, since a page that was opened as a file may run nothing else.
window.aeolian = (() => {
	"use strict";
	const RATE = 44100; // that of the library

	// ---- Bytes: see press/src/live.rs.

	const asked = new Map();

	/** The bytes that the script at this address hands over, as a promise. */
	const load = (address) => {
		if (!asked.has(address)) {
			const bytes = {};
			bytes.promise = new Promise((resolve, reject) => Object.assign(bytes, { resolve, reject }));
			asked.set(address, bytes);
			script(address).catch(bytes.reject);
		}
		return asked.get(address).promise;
	};

	const ran = new Map();

	/** Runs the script at this address, once. */
	const script = (address) => {
		const run = (done, failed) => {
			const element = document.createElement("script");
			element.src = address;
			element.onload = done;
			element.onerror = () => failed(new Error(`${address} is not there`));
			document.head.append(element);
		};
		if (!ran.has(address)) ran.set(address, new Promise(run));
		return ran.get(address);
	};

	/** What such a script calls. */
	const bytes = (address, base64) => {
		const text = atob(base64);
		const bytes = new Uint8Array(text.length);
		for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
		asked.get(address)?.resolve(bytes);
	};

	/** The address of a script that is this function, for workers and worklets. A page that is a file takes no other for both. */
	const address = (work) => `data:text/javascript,${encodeURIComponent(`(${work})()`)}`;

	// ---- Sound.

	/** Plays chunks of samples (left, then right) one after the other; runs in the thread of sound. */
	const worklet = () => {
		const FADE = 1 / 256; // a stop takes so many samples, so that it does not click
		registerProcessor(
			"aeolian",
			class extends AudioWorkletProcessor {
				constructor() {
					super();
					this.chunks = [];
					this.at = 0; // in the first chunk
					this.heard = 0; // samples, in all
					this.gaps = 0; // samples that should have been heard and were not there
					this.gain = 0;
					this.going = false;
					this.quiet = 0;
					this.port.onmessage = ({ data }) => {
						if (data.source) {
							this.source = data.source;
							this.source.onmessage = (message) => this.chunks.push(message.data);
						}
						if ("going" in data) this.going = data.going;
					};
				}
				process(_, [[left, right]]) {
					const before = this.heard;
					for (let i = 0; i < left.length; i++) {
						if (!this.going && this.gain === 0) break;
						const chunk = this.chunks[0];
						if (!chunk) {
							if (this.heard > 0) this.gaps++;
							continue;
						}
						this.gain = Math.min(1, Math.max(0, this.gain + (this.going ? FADE : -FADE)));
						const length = chunk.length / 2;
						left[i] = this.gain * chunk[this.at];
						right[i] = this.gain * chunk[length + this.at];
						this.heard++;
						if (++this.at === length) {
							this.chunks.shift();
							this.at = 0;
							this.source.postMessage({ heard: this.heard, gaps: this.gaps });
						}
					}
					if (before === 0 || ++this.quiet > 8) {
						if (this.heard > before) this.port.postMessage({ heard: this.heard, gaps: this.gaps, time: currentTime });
						this.quiet = 0;
					}
					return true;
				}
			},
		);
	};

	let context, ready;

	/** The place where sound comes out. Only a press of the reader's may ask for it first. */
	const output = () => {
		if (!context) {
			context = new AudioContext({ sampleRate: RATE, latencyHint: "interactive" });
			aeolian.context = context;
			aeolian.master = new GainNode(context);
			aeolian.master.connect(context.destination);
			if (!context.audioWorklet)
				throw new Error("This browser plays it only over https, or from this machine");
			ready = context.audioWorklet.addModule(address(worklet));
		}
		const running = context.state === "running" ? null : context.resume();
		return Promise.all([ready, running]).then(() => context);
	};

	// ---- One at a time.

	let current;

	/** What sounds now is stopped by `stop`; what sounded before is stopped at once. */
	const alone = (stop) => {
		const before = current;
		current = stop;
		if (before && before !== stop) before();
	};

	const pauses = new WeakMap();
	document.addEventListener(
		"play",
		({ target }) => {
			if (!pauses.has(target)) pauses.set(target, () => target.pause());
			alone(pauses.get(target));
		},
		true,
	);

	return { RATE, load, script, bytes, address, output, alone };
})();
