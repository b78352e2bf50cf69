// What panels.py asks inside a page. Everything is reached as a reader reaches it, or through `aeolian.panels`.
window.panels = (() => {
  const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
  const bytes = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const base64 = (array) => {
    const all = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    let text = "";
    for (let i = 0; i < all.length; i += 32768) text += String.fromCharCode(...all.subarray(i, i + 32768));
    return btoa(text);
  };

  /** Plays so many chunks of a panel in the module, as the worker does. */
  const module = async ({ code, name, model, seed, chunks }) => {
    const { instance } = await WebAssembly.instantiate(bytes(code), {});
    const wasm = instance.exports;
    const words = new TextEncoder().encode(name);
    const data = bytes(model);
    const at = wasm.inbox(words.length + data.length);
    new Uint8Array(wasm.memory.buffer, at).set(words);
    new Uint8Array(wasm.memory.buffer, at + words.length).set(data);
    const answer = (well) => {
      const text = new TextDecoder().decode(new Uint8Array(wasm.memory.buffer, wasm.outbox(), wasm.outbox_len()));
      if (!well) throw new Error(text);
      return JSON.parse(text);
    };
    const events = answer(wasm.open(words.length, seed));
    const samples = new Float32Array(2 * 2048 * chunks);
    const start = performance.now();
    for (let i = 0; i < chunks; i++) {
      events.push(...answer(wasm.play(2048)));
      samples.set(new Float32Array(wasm.memory.buffer, wasm.samples(), 4096), 4096 * i);
    }
    const seconds = (performance.now() - start) / 1000;
    return { events, samples: base64(samples), speed: (2048 * chunks) / 44100 / seconds };
  };

  const filled = (wasm, ...parts) => {
    let at = wasm.inbox(parts.reduce((sum, part) => sum + part.length, 0));
    for (const part of parts) {
      new Uint8Array(wasm.memory.buffer, at, part.length).set(part);
      at += part.length;
    }
  };

  /** Learns in the module, as the worker does, for so many steps. */
  const lesson = async ({ code, files, panel, model, steps }) => {
    const { instance } = await WebAssembly.instantiate(bytes(code), {});
    const wasm = instance.exports;
    const words = (text) => new TextEncoder().encode(text);
    const answer = (well) => {
      const text = new TextDecoder().decode(new Uint8Array(wasm.memory.buffer, wasm.outbox(), wasm.outbox_len()));
      if (!well) throw new Error(text);
      return JSON.parse(text);
    };
    const before = performance.now();
    for (const [path, content] of files) {
      const name = words(path);
      filled(wasm, name, bytes(content));
      wasm.file(name.length);
    }
    const name = words(panel);
    filled(wasm, name, bytes(model));
    const report = answer(wasm.begin(name.length, 7));
    const start = performance.now();
    let told = answer(wasm.go_on(steps < 0 ? 0 : steps));
    while (steps < 0 && told.goes_on) told = answer(wasm.go_on(20));
    return { report, told, reading: start - before, milliseconds: performance.now() - start };
  };

  /** Milliseconds that the module takes for the work of play/learn/src/speed.rs. */
  const speed = async ({ code, plays, units, count }) => {
    const { instance } = await WebAssembly.instantiate(bytes(code), {});
    instance.exports.speed(plays, units, 2); // compiled well by now
    const start = performance.now();
    const found = instance.exports.speed(plays, units, count);
    return [performance.now() - start, found];
  };

  /** Drops files on a panel: [name, content in base64] each. */
  const drop = (name, files) => {
    const dataTransfer = new DataTransfer();
    for (const [path, content] of files) dataTransfer.items.add(new File([bytes(content)], path));
    const what = { bubbles: true, cancelable: true, dataTransfer };
    of(name).box.dispatchEvent(new DragEvent("dragover", what));
    of(name).box.dispatchEvent(new DragEvent("drop", what));
  };

  /** What a panel's place for the reader's own music shows. */
  const learned = (name) => {
    const place = of(name).box.querySelector(".learn");
    const bar = place.querySelector("progress"); // comes with the first drop
    const lines = (selector) => [...place.querySelectorAll(selector)].map((element) => element.textContent);
    return {
      about: place.querySelector("[role=status]").textContent, skipped: lines(".skipped"), at: lines(".at")[0] ?? "", figures: lines("dd"),
      done: bar?.value ?? 0, hidden: !bar?.getClientRects().length,
      curve: place.querySelector(".curve polyline")?.getAttribute("points").split(" ").map((point) => Number(point.split(",")[1])) || [],
    };
  };

  /** Brings every panel into view and waits until it is open; gives their names. */
  const open = async () => {
    const names = [];
    for (const figure of document.querySelectorAll("figure.panel")) {
      for (let i = 0; i < 400 && !figure.classList.contains("open") && !figure.dataset.wrong; i++) {
        if (i % 20 === 0) figure.scrollIntoView(); // a page that is still laid out may move it away again
        await wait(50);
      }
      if (!figure.classList.contains("open")) throw new Error(`${figure.id} does not open: ${figure.dataset.wrong}`);
      names.push(figure.id.replace("shown-", ""));
    }
    return names;
  };

  const of = (name) => aeolian.panels[name];

  /** Begins to write down what a panel says, when it is heard, and how strongly each shown pitch sounds then. */
  const listen = (name) => {
    const panel = of(name);
    const heard = { notes: [], played: [], expects: [], owns: [], loudest: -200 };
    panel.listened = heard;
    const show = panel.show.bind(panel);
    panel.show = (event) => {
      show(event);
      if (event.note) heard.notes.push([event.note[0], event.note[1], performance.now()]);
      if (event.note) heard.played.push(`${event.note[0]}/${event.note[2]}`);
      if (event.expects) heard.expects.push(event.expects);
      if (event.own) heard.owns.push(event.own);
      if (event.own && "struck" in event.own) {
        const pitch = [67, 69, 71, 74, 76, 79][event.own.struck];
        if (event.own.velocity > 0.3) heard.notes.push([pitch, 2, performance.now()]);
      }
    };
    return true;
  };

  /** For some seconds of a playing panel: of the notes that it shows, how many an analyser finds in the sound. */
  const pitches = async ({ name, seconds }) => {
    const panel = of(name);
    const analyser = new AnalyserNode(aeolian.context, { fftSize: 8192, smoothingTimeConstant: 0 });
    aeolian.master.connect(analyser);
    const spectrum = new Float32Array(analyser.frequencyBinCount);
    const bin = aeolian.context.sampleRate / analyser.fftSize;
    const checked = new Set();
    const [found, missed] = [[], []];
    const end = performance.now() + 1000 * seconds;
    while (performance.now() < end) {
      await wait(20);
      analyser.getFloatFrequencyData(spectrum);
      const now = performance.now();
      const strongest = Math.max(...spectrum.subarray(8));
      panel.listened.loudest = Math.max(panel.listened.loudest, strongest);
      for (const note of panel.listened.notes) {
        const [midi, length, at] = note;
        const age = (now - at) / 1000;
        // The analyser hears the last 186 ms: by then the note must have filled half of them, and still sound.
        if (checked.has(note) || age < 0.14 || age > 0.14 + Math.max(0.06, length)) continue;
        checked.add(note);
        const place = (440 * 2 ** ((midi - 69) / 12)) / bin;
        const level = (at) => Math.max(...spectrum.subarray(Math.floor(at - 1), Math.ceil(at + 2)));
        // A fundamental or its octave stands out of what lies beside it.
        const strong = [place, 2 * place].some((at) => level(at) > strongest - 40);
        (strong ? found : missed).push(midi);
      }
    }
    aeolian.master.disconnect(analyser);
    return { found: found.length, missed, loudest: panel.listened.loudest };
  };

  const state = (name) => {
    const { going, heard, gaps, latency } = of(name);
    return { going, heard, gaps, latency, wrong: of(name).figure.dataset.wrong };
  };

  /** The notes that were shown, after so many of them, as "MIDI number/voice", without what accompanies. */
  const played = (name, after) => of(name).listened.played.filter((note) => !note.endsWith("/2")).slice(after);

  const expects = (name) => Object.fromEntries(of(name).expected);

  /** What in a panel takes the keyboard, and what the keyboard has reached. */
  const reachable = (name) =>
    [...of(name).box.querySelectorAll("button, input, select, [tabindex]")].filter((element) => element.getClientRects().length).map((element, i) => {
      element.dataset.number = i;
      return i;
    });
  const focused = () => document.activeElement?.dataset?.number;

  /** Where the sheet of notes is, looked at twenty times in two seconds of playing. */
  const sheets = async (name) => {
    const sheet = of(name).box.querySelector(".roll g");
    if (!sheet) return [];
    of(name).toggle();
    const places = [];
    for (let i = 0; i < 20; i++) {
      await wait(100);
      places.push(sheet.getAttribute("transform"));
    }
    of(name).toggle();
    return places.filter((place) => place !== null);
  };

  const axe = async (name) => {
    const result = await window.axe.run(of(name).figure, { resultTypes: ["violations"], preload: false });
    const serious = result.violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    return serious.map(({ id, nodes }) => `axe: ${id}: ${nodes[0].html.slice(0, 120)} (${nodes.length})`);
  };

  // ---- Players.

  /** Shown scores that are no panel. */
  const scores = () =>
    [...document.querySelectorAll("figure.shown:not(.panel)")].filter((figure) => figure.querySelector("audio") && figure.querySelector(".as-staves")).map((figure) => figure.id);

  const player = (id) => document.querySelector(`#${id} audio`);

  const startPlayer = async (id) => {
    player(id).muted = true;
    await player(id).play();
    await wait(300);
  };

  /** Where the line of a picture is, and where it is three seconds later; lines on staves stand still between notes. */
  const lines = async (id, picture) => {
    const line = document.querySelector(`#${id} ${picture} .now`);
    const place = () => Number(line.getAttribute("x1"));
    const before = place();
    await wait(3000);
    return [before, place()];
  };

  /** Clicks into the roll, and gives the second that was asked for and the one that came. */
  const seek = async (id, part) => {
    const svg = document.querySelector(`#${id} svg.seeks`);
    const [left, , right, , from, to] = svg.dataset.time.split(" ").map(Number);
    const box = svg.getBoundingClientRect();
    const x = box.left + ((left + part * (right - left)) / svg.viewBox.baseVal.width) * box.width;
    svg.dispatchEvent(new MouseEvent("click", { clientX: x, clientY: box.top + box.height / 2, bubbles: true }));
    await wait(200);
    return [from + part * (to - from), player(id).currentTime];
  };

  return { scores, startPlayer, lines, seek, module, lesson, speed, drop, learned, open, listen, pitches, state, played, expects, reachable, focused, sheets, axe, wait };
})();
