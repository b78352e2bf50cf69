// A place on a panel for the reader's own music. What is dropped there, lesson.js learns, which comes with the first drop.
(() => {
	"use strict";
	const { button, make } = aeolian;

	/** Every file that was dropped, with its path; folders are entered. */
	const dropped = async (items) => {
		const files = [];
		const enter = async (entry) => {
			if (entry.isFile) files.push([entry.fullPath.slice(1), await new Promise((...done) => entry.file(...done))]);
			if (!entry.isDirectory) return;
			const reader = entry.createReader();
			for (;;) {
				const some = await new Promise((...done) => reader.readEntries(...done));
				if (!some.length) return;
				for (const one of some) await enter(one);
			}
		};
		// All are asked for at once: after the first wait the drop is over.
		const all = [...items].filter((item) => item.kind === "file").map((item) => [item.webkitGetAsEntry(), item.getAsFile()]);
		for (const [entry, file] of all) {
			if (entry) await enter(entry);
			else if (file) files.push([file.name, file]);
		}
		return files;
	};

	aeolian.learn = (panel) => {
		const { means, weights } = panel.stage.learns;
		let lesson;
		/** Hands files over: [path, file] each. */
		const hand = async (what, ...asked) => {
			try {
				place.about.textContent = "Reading…";
				await aeolian.script("live/lesson.js");
				lesson ??= aeolian.lesson(panel, place, weights);
				await lesson[what](...asked);
			} catch (error) {
				place.about.textContent = error.message;
			}
		};
		const pick = (words, attributes, take) => {
			const input = make("input", { type: "file", hidden: true, ...attributes });
			input.addEventListener("change", () => {
				const files = [...input.files];
				input.value = "";
				if (files.length) take(files);
			});
			return [button(words, () => input.click()), input];
		};
		const take = (files) => hand("take", files.map((file) => [file.webkitRelativePath || file.name, file]));
		const place = make(
			"div", { class: "learn", role: "group", "aria-label": "Your own music" },
			make("p", {}, `${means} Your files never leave this machine.`),
			make(
				"div", { class: "row" },
				...pick("Choose files", { multiple: true }, take), ...pick("Choose a folder", { webkitdirectory: true }, take),
				...(weights ? pick("Open weights", { accept: ".safetensors" }, ([file]) => hand("look", file)) : []),
			),
		);
		place.about = make("p", { role: "status" });
		place.append(place.about);
		panel.box.append(place);

		panel.figure.addEventListener("dragover", (event) => {
			event.preventDefault();
			place.classList.add("over");
		});
		for (const end of ["dragleave", "drop"]) panel.figure.addEventListener(end, () => place.classList.remove("over"));
		panel.figure.addEventListener("drop", (event) => {
			event.preventDefault();
			dropped(event.dataTransfer.items).then((files) => files.length && hand("take", files), (error) => (place.about.textContent = error.message));
		});
	};
})();
