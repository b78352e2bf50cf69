(() => {
	"use strict";
	const { make, stages } = aeolian;

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
})();
