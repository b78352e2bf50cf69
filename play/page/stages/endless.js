(() => {
	"use strict";
	const { roll, stages } = aeolian;

	stages.endless = (panel, place) => {
		const learns = { means: "Drop MIDI, ABC or text files here, or a folder of them: an LSTM learns them while you listen.", weights: true };
		return { asks: "Which note, or how long, comes next", learns, ...roll(place) };
	};
})();
