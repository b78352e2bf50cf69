// The panels' own pictures. Each is made of a panel and a place in it, and has, as it needs them: `own(what was said, second)`,
// `note(MIDI number, seconds, voice, second)` and `draw(second)`, which is called for every frame while it plays. `asks` is the question
// that the bars answer.
(() => {
  "use strict";
  const { make, still, stages } = aeolian;
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
    let [low, high, shown] = [60, 72, []];
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
      for (const { rect, end } of shown) if (end * SECOND < left) rect.remove();
      shown = shown.filter(({ rect }) => rect.isConnected);
    };
    const note = (midi, seconds, voice, at) => {
      const rect = make("rect", {
        x: (at * SECOND).toFixed(1), width: Math.max(3, seconds * SECOND - 1).toFixed(1), rx: 1.5,
        fill: COLOURS[voice % COLOURS.length],
      });
      notes.append(rect);
      shown.push({ rect, midi, end: at + seconds });
      const wider = midi < low || midi > high;
      [low, high] = [Math.min(low, midi), Math.max(high, midi)];
      if (wider) shown.forEach(put);
      else put(shown[shown.length - 1]);
    };
    return { note, draw };
  };

  // ---- 01

  stages.wind = (panel, place) => {
    const [WIDTH, HEIGHT, SECONDS, FASTEST] = [640, 90, 8, 16];
    const curve = make("polyline", { class: "trace", fill: "none" });
    const speed = make("output", { class: "number" }, "–");
    const lamps = (name, label) => make("div", { class: `lamps ${name}`, role: "img", "aria-label": label });
    const tubes = lamps("tubes", "The six tubes; one lights up when it is struck");
    const strings = lamps("strings", "The six strings, and the harmonic that each one sounds");
    place.append(
      make("div", { class: "row" }, make("span", {}, "wind now"), speed, make("span", {}, "m/s")),
      make("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": "The speed of the wind in the last eight seconds" }, curve),
      make("div", { class: "row" }, make("span", {}, "tubes"), tubes),
      make("div", { class: "row" }, make("span", {}, "strings"), strings),
    );
    let points = [];
    const light = (lamp, strength) => {
      lamp.style.setProperty("--light", strength);
      lamp.classList.remove("struck");
      lamp.getBoundingClientRect(); // so that the light goes out anew
      lamp.classList.add("struck");
    };
    const own = (what, at) => {
      if (what.tubes) {
        tubes.replaceChildren(...what.tubes.map((name) => make("span", { class: "lamp" }, name)));
        strings.replaceChildren(...Array.from({ length: what.strings }, () => make("span", { class: "lamp" }, "–")));
      }
      if ("struck" in what) light(tubes.children[what.struck], what.velocity);
      if (!("speed" in what)) return;
      speed.textContent = what.speed.toFixed(1);
      what.held.forEach((harmonic, i) => {
        strings.children[i].textContent = harmonic ?? "–";
        strings.children[i].classList.toggle("on", harmonic !== null);
      });
      points.push([at, what.speed]);
      points = points.filter((point) => point[0] > at - SECONDS);
      const across = (time) => WIDTH - ((at - time) / SECONDS) * WIDTH;
      const up = (value) => HEIGHT - 4 - (Math.min(value, FASTEST) / FASTEST) * (HEIGHT - 8);
      const places = points.map(([time, value]) => `${across(time).toFixed(1)},${up(value).toFixed(1)}`);
      curve.setAttribute("points", places.join(" "));
    };
    return { asks: "What the next second brings first", own };
  };

  // ---- 02

  stages.dice = (panel, place) => {
    const cells = Array.from({ length: 16 }, (_, bar) =>
      button("", () => panel.act(`${cells[bar].ariaPressed === "true" ? "free" : "hold"} ${bar}`), { "aria-pressed": "false" }),
    );
    const bits = make("output", { class: "number" }, "0.0");
    place.append(
      make("div", { class: "cells", role: "group", "aria-label": "The sixteen bars: press one to hold it" }, ...cells),
      make(
        "div", { class: "row" },
        button("Throw again", () => panel.act("throw")),
        make("span", {}, "bits of this waltz so far"), bits,
      ),
    );
    const notes = roll(place);
    const own = (what) => {
      if (what.sums)
        what.sums.forEach((sum, bar) => {
          const held = what.held[bar];
          cells[bar].replaceChildren(make("b", {}, String(sum)), make("small", {}, `no. ${what.numbers[bar]}`));
          cells[bar].ariaPressed = String(held);
          cells[bar].ariaLabel = `Bar ${bar + 1}: dice ${sum}, measure ${what.numbers[bar]}${held ? ", held" : ""}`;
        });
      if ("bar" in what) cells.forEach((cell, bar) => cell.classList.toggle("on", bar === what.bar));
      if ("bits" in what) bits.textContent = what.bits.toFixed(1);
    };
    return { asks: "What the dice of this bar may have said", own, ...notes };
  };

  // ---- 03

  stages.walk = (panel, place) => {
    const [WIDTH, HEIGHT, RADIUS] = [640, 240, 34];
    const ways = make("g", { fill: "none", stroke: "currentColor" });
    const dot = make("circle", { class: "dot", r: 11, cx: -50, cy: -50 });
    const nodes = make("g");
    place.append(
      make("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "group", "aria-label": "States, and the ways between them; press one to go there next" }, ways, nodes, dot),
    );
    let [names, paths, walk] = [[], {}, null];
    const centre = (i) => {
      const turn = (2 * Math.PI * i) / names.length - Math.PI / 2;
      return [WIDTH / 2 + 190 * Math.cos(turn), HEIGHT / 2 + 14 + 82 * Math.sin(turn)];
    };
    const way = (from, to) => {
      const [[x, y], [u, v]] = [centre(from), centre(to)];
      if (from === to) {
        const side = Math.sign(x - WIDTH / 2 + 0.01);
        return `M${x + side * 20},${y - 20} C${x + side * 110},${y - 62} ${x + side * 110},${y + 62} ${x + side * 20},${y + 20}`;
      }
      const [a, b] = [(x + u) / 2 - (v - y) * 0.14, (y + v) / 2 + (u - x) * 0.14];
      return `M${x},${y} Q${a},${b} ${u},${v}`;
    };
    const build = ({ names: called, rows }) => {
      names = called;
      rows.forEach((row, from) =>
        row.forEach((chance, to) => {
          if (chance < 0.005) return;
          const path = make("path", { d: way(from, to), "stroke-width": 1 + 9 * chance, stroke: COLOURS[from % COLOURS.length], "stroke-opacity": 0.55 });
          paths[`${from} ${to}`] = path;
          ways.append(path);
        }),
      );
      names.forEach((name, i) => {
        const [x, y] = centre(i);
        const go = () => panel.act(`go ${i}`);
        nodes.append(
          make(
            "g", {
              class: "node", role: "button", tabindex: 0, "aria-label": `Go to ${name} next`, onclick: go,
              onkeydown: (event) => {
                if (event.key !== "Enter" && event.key !== " ") return;
                event.preventDefault();
                go();
              },
            },
            make("circle", { cx: x, cy: y, r: RADIUS }), make("text", { x, y: y + 6, "text-anchor": "middle" }, name),
          ),
        );
      });
    };
    const notes = roll(place);
    const at = (x, y) => {
      dot.setAttribute("cx", x.toFixed(1));
      dot.setAttribute("cy", (y - RADIUS).toFixed(1));
    };
    const own = (what, second) => {
      if (what.names) build(what);
      if (!("at" in what)) return;
      [...nodes.children].forEach((node, i) => node.classList.toggle("on", i === what.at));
      walk = { path: what.from == null || what.chosen ? null : paths[`${what.from} ${what.at}`], second, seconds: Math.min(0.35, (what.seconds || 1) / 3) };
      if (!walk.path || still.matches) {
        at(...centre(what.at));
        walk.path = null;
      }
    };
    const draw = (second) => {
      notes.draw(second);
      if (!walk?.path) return;
      const part = Math.min(1, (second - walk.second) / walk.seconds);
      const { x, y } = walk.path.getPointAtLength(part * walk.path.getTotalLength());
      at(x, y);
    };
    return { asks: "What comes tomorrow", own, note: notes.note, draw };
  };

  stages.tune = (panel, place) => {
    const notes = roll(place);
    const words = make("p", { class: "copy" }, "copies nothing");
    const source = make("svg", { class: "roll source", viewBox: "0 0 640 70", role: "img", "aria-label": "The tune that is being copied" });
    place.append(words, source, make("div", { class: "row" }, button("Begin another tune", () => panel.act("new"))));
    const draw = (steps) => {
      const sounding = steps.map((step) => step[0]).filter((midi) => midi !== null);
      const [low, high] = [Math.min(...sounding), Math.max(...sounding)];
      const total = steps.reduce((sum, step) => sum + step[1], 0);
      let now = 0;
      source.replaceChildren(
        ...steps.map(([midi, ticks]) => {
          const [x, width] = [(now / total) * 640, (ticks / total) * 640];
          now += ticks;
          const y = midi === null ? -20 : 4 + ((high - midi) / Math.max(1, high - low)) * 54;
          return make("rect", { x: x.toFixed(1), width: Math.max(1, width - 0.7).toFixed(1), y: y.toFixed(1), height: 7 });
        }),
      );
    };
    const own = (what) => {
      if (!("copy" in what)) return;
      const copy = what.copy;
      place.classList.toggle("copies", copy !== null);
      words.textContent = copy ? `copies ${copy.notes} notes of “${copy.title}”` : "copies nothing of four notes or more";
      if (copy?.steps.length) draw(copy.steps);
      [...source.children].forEach((rect, i) => rect.classList.toggle("on", copy !== null && i >= copy.first && i < copy.first + copy.notes));
    };
    return { asks: "Which note comes next", own, ...notes };
  };

  // ---- 04

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
    return { asks: "Which chord comes next, if the tune goes on", own, draw: move };
  };
})();
