//! What a step model hears before it says the next step.

use crate::bars::{BAR, HOLD, KEYS, Request, SYMBOLS, Scale, Unit, UnitNote, count};

/// So many steps back it hears.
const HISTORY: usize = 12;

/// How many numbers say what was heard: the last steps, the place in the bar, the keys that the bar has had, the last of them, and whether it
/// sounds.
const HEARD: usize = HISTORY * SYMBOLS + BAR + 2 * KEYS.len() + 1;

/// A moment in a bar that is being made.
#[derive(Clone, Debug)]
pub(super) struct Moment {
    bar: usize,
    step: usize,
    /// The latest symbol last.
    heard: Vec<u8>,
    /// Those of this bar.
    notes: Vec<UnitNote>,
    last_key: Option<usize>,
    sounds: bool,
}

impl Moment {
    /// The begin of a bar, after another or after nothing.
    pub(super) fn after(before: Option<&Unit>, bar: usize) -> Moment {
        let mut moment = Moment {
            bar,
            step: 0,
            heard: Vec::new(),
            notes: Vec::new(),
            last_key: None,
            sounds: false,
        };
        for symbol in before.iter().flat_map(|unit| &unit.symbols) {
            moment.hear(*symbol);
        }
        moment.step = 0;
        moment.notes.clear();
        moment
    }

    /// How many numbers [`Moment::write`] writes for so many kinds.
    pub(super) fn width(kinds: usize) -> usize {
        HEARD + Request::width(kinds) + 13
    }

    pub(super) fn hear(&mut self, symbol: u8) {
        let key = usize::from(symbol);
        if key < KEYS.len() {
            self.notes.push(UnitNote {
                onset: self.step,
                steps: 1,
                key,
            });
            self.last_key = Some(key);
        }
        self.sounds = key < HOLD || (key == HOLD && self.sounds);
        self.heard.push(symbol);
        self.step += 1;
    }

    /// Writes all that the model is told at this moment.
    pub(super) fn write(&self, request: &Request, scale: &Scale, row: &mut [f32]) {
        row.fill(0.0);
        for (ago, symbol) in self.heard.iter().rev().take(HISTORY).enumerate() {
            row[ago * SYMBOLS + usize::from(*symbol) % SYMBOLS] = 1.0;
        }
        let (place, keys) = row[HISTORY * SYMBOLS..HEARD].split_at_mut(BAR);
        place[self.step.min(BAR - 1)] = 1.0;
        self.notes.iter().for_each(|note| keys[note.key] = 1.0);
        if let Some(key) = self.last_key {
            keys[KEYS.len() + key] = 1.0;
        }
        keys[2 * KEYS.len()] = if self.sounds { 1.0 } else { 0.0 };
        let conditions = request.conditions();
        let (told, counted) = row[HEARD..].split_at_mut(conditions.len());
        told.copy_from_slice(&conditions);
        let asked = request.measures.map(|asked| asked.is_some());
        let until_now = scale.scaled(count(&self.notes, self.bar, self.step));
        let owed = scale.scaled(self.owed(request, scale));
        for measure in 0..6 {
            counted[measure] = until_now[measure];
            counted[6 + measure] = if asked[measure] { owed[measure] } else { 0.0 };
        }
        counted[12] = self.notes.len() as f32 / 8.0;
    }

    // ANCHOR: owed
    /// What the rest of the bar has to be like, so that the whole will be as asked: every measure is a mean over notes or steps, so what is missing in
    /// its sum is shared among those still to come.
    fn owed(&self, request: &Request, scale: &Scale) -> [f32; 6] {
        let [density, register, spread, leaps, syncopation, repetition] =
            scale.counts(request.measures.map(|asked| asked.unwrap_or(0.0)));
        let [_, until_now, _, moved, weak, again] = count(&self.notes, self.bar, self.step);
        let had = self.notes.len() as f32;
        // Where no register is asked for, keys spread around that of the bar itself.
        let asked = request.measures[1].is_some() || self.notes.is_empty();
        let register = if asked { register } else { until_now };
        let all = (density * self.bar as f32).max(1.0);
        let all = if request.measures[0].is_some() {
            all
        } else {
            all.max(had + 1.0)
        };
        let left = (all - had).max(0.5);
        let keys = || self.notes.iter().map(|note| note.key as f32);
        let squares: f32 = keys().map(|key| (key - register).powi(2)).sum();
        [
            (all - had) / (self.bar.saturating_sub(self.step)).max(1) as f32,
            (register * all - keys().sum::<f32>()) / left,
            ((spread * spread * all - squares) / left).max(0.0).sqrt(),
            (leaps * (all - 1.0) - moved * (had - 1.0).max(0.0)) / left,
            (syncopation * all - weak * had) / left,
            (repetition * all - again * had) / left,
        ]
    }
    // ANCHOR_END: owed
}
