//! Bars are filled in: what a model says, under the rules of the plan.

use super::ear::Ear;
use super::like::{InRhythm, unlike};
use super::mood::Features;
use super::plan::{Close, Plan};
use super::style::Style;
use super::writer::Writer;
use crate::Result;
use crate::bars::{HOLD, KEYS, REST, Request, SYMBOLS, Unit, is_chord_tone};
use crate::predict::{Predictor, Sampling};
use crate::sliders::noise;
use rand_chacha::ChaCha8Rng;

/// So many bars are tried for each that is wanted.
const TRIES: usize = 16;

/// To so many of them, the best by the rules, the composer's ear listens.
const HEARD: usize = 8;

/// What a bar shall be.
pub(super) struct Wish<'a> {
    pub style: &'a Style,
    /// The number of the style.
    pub kind: usize,
    pub chords: [usize; 2],
    /// How many notes, and so many times as many as the style has.
    pub notes: f64,
    pub denser: f64,
    /// A bar whose rhythm and register it shall have.
    pub like: Option<&'a Unit>,
}

/// The melody of a plan: what is new is written, after the bar before; what comes again is copied.
pub(super) fn melody(
    plan: &Plan,
    chords: &[[usize; 2]],
    (style, kind): (&Style, usize),
    features: &Features,
    (writer, ear): (&mut Writer, &mut Ear),
    rng: &mut ChaCha8Rng,
) -> Result<Vec<Unit>> {
    let mut melody: Vec<Unit> = Vec::with_capacity(plan.bars.len());
    let wish = |bar: usize| Wish {
        style,
        kind,
        chords: chords[bar],
        notes: style.notes * features.denser(),
        denser: features.denser(),
        like: None,
    };
    for (number, bar) in plan.bars.iter().enumerate() {
        let before = melody.last().filter(|unit| !unit.notes().is_empty());
        let key = before.and_then(|unit| unit.notes().last().map(|note| note.key));
        let mut unit = match (bar.again, bar.phrase) {
            (Some(again), _) => {
                let same = melody[again].clone();
                melody.push(same);
                continue;
            }
            (None, None) => silence(style),
            (None, Some(_)) => self::bar((&mut *writer, &mut *ear), &wish(number), before, rng)?,
        };
        if let Some(how) = bar.close {
            let held = plan.is_last(number) || style.beats == 3 || bar.phrase.is_none();
            let from = if held { 0 } else { style.bar / 2 };
            close(&mut unit, how, from, key);
        }
        melody.push(unit);
    }
    Ok(melody)
}

/// One bar: the best of some tries.
pub(super) fn bar(
    (writer, ear): (&mut Writer, &mut Ear),
    wish: &Wish,
    before: Option<&Unit>,
    rng: &mut ChaCha8Rng,
) -> Result<Unit> {
    let mut tried: Vec<Unit> = Vec::new();
    if let Writer::Gan(maker, kinds, scale) = writer {
        let mut request = Request::open(wish.style.bar, *kinds);
        request.kinds.fill(0.0);
        if let Some(weight) = request.kinds.get_mut(wish.kind) {
            *weight = 1.0;
        }
        request.chords = Some(wish.chords);
        let asked = wish.notes / wish.style.bar as f64;
        let (low, high) = (f64::from(scale.low[0]), f64::from(scale.high[0]));
        request.measures[0] = Some((2.0 * (asked - low) / (high - low) - 1.0).clamp(-1.0, 1.0) as f32);
        if let Some(like) = wish.like {
            request.measures = scale.measured(like).map(|measure| Some(measure.clamp(-1.0, 1.0)));
        }
        let rows = noise(TRIES, maker.noise(), rng);
        tried = maker.make(&vec![request; TRIES], &[before; TRIES], rows.view(), 1.5)?;
    }
    for _ in 0..TRIES {
        if let Some(model) = writer.step_by_step(wish.kind, wish.style.bar, before) {
            tried.push(match wish.like {
                Some(like) => stepped(&mut InRhythm::of(like, model), wish, rng),
                None => stepped(model, wish, rng),
            });
        }
    }
    let mut tried: Vec<(f64, Unit)> = tried
        .into_iter()
        .map(|unit| (wrong(&unit, wish, before) + unlike(&unit, wish.like), unit))
        .collect();
    tried.sort_by(|a, b| a.0.total_cmp(&b.0));
    tried.truncate(HEARD);
    let best = tried
        .into_iter()
        .map(|(wrong, unit)| (wrong - liked(&unit, wish, ear), unit))
        .min_by(|a, b| a.0.total_cmp(&b.0));
    Ok(best.map_or_else(|| silence(wish.style), |best| best.1))
}

// ANCHOR: stepped
/// A bar, step by step. The model's probabilities are weighted: on strong steps chord tones
/// are likelier, and everywhere notes are as likely as the mood wants them.
fn stepped(model: &mut dyn Predictor, wish: &Wish, rng: &mut ChaCha8Rng) -> Unit {
    let bar = wish.style.bar;
    let mut probabilities = vec![0.0; model.alphabet()];
    let mut symbols = Vec::with_capacity(bar);
    for step in 0..bar {
        model.predict(&mut probabilities);
        let steps = &mut probabilities[..SYMBOLS];
        for (symbol, probability) in steps.iter_mut().enumerate() {
            *probability *= match symbol {
                HOLD if step == 0 => 0.0, // bars are moved about: none begins within a note
                HOLD | REST => 1.0,
                key if is_chord_tone(key, wish.chords[2 * step / bar]) => wish.denser.powi(3),
                _ => wish.denser.powi(3) * off_chord(step, wish.style),
            };
        }
        let symbol = Sampling::default().draw(steps, rng).unwrap_or(REST);
        model.hear(symbol);
        symbols.push(symbol as u8);
    }
    Unit { bar, symbols }
}
// ANCHOR_END: stepped

/// How likely a note may be, at this step, that does not belong to the chord.
fn off_chord(step: usize, style: &Style) -> f64 {
    let slot = style.bar / style.chords();
    match step {
        _ if step.is_multiple_of(slot) => 0.02,
        _ if step.is_multiple_of(style.bar / style.beats) => 0.4,
        _ => 1.0,
    }
}

// ANCHOR: cost
/// What is wrong with a bar: notes off the chord on strong steps, leaps over the bar line, too
/// many notes or too few.
fn wrong(unit: &Unit, wish: &Wish, before: Option<&Unit>) -> f64 {
    let notes = unit.notes();
    let mut cost = 0.6 * (notes.len() as f64 - wish.notes).abs();
    for note in &notes {
        let chord = wish.chords[(2 * note.onset / unit.bar).min(1)];
        if !is_chord_tone(note.key, chord) {
            cost += 9.0 * (1.0 - off_chord(note.onset, wish.style));
        }
    }
    if notes.first().is_none_or(|note| note.onset > 0) {
        cost += 1.0;
    }
    let last = before.and_then(|unit| unit.notes().last().map(|note| note.key));
    if let (Some(last), Some(first)) = (last, notes.first()) {
        cost += 0.3 * (last.abs_diff(first.key) as f64 - 3.0).max(0.0);
    }
    cost
}

/// What an ear likes in a bar: that it is typical of its kind, and nobody's.
fn liked(unit: &Unit, wish: &Wish, ear: &mut Ear) -> f64 {
    let copied = f64::from(u8::from(ear.knows(unit)));
    0.5 * ear.typical(unit, wish.kind).clamp(-6.0, 6.0) - 1.5 * copied
}
// ANCHOR_END: cost

pub(super) fn silence(style: &Style) -> Unit {
    Unit {
        bar: style.bar,
        symbols: vec![REST as u8; style.bar],
    }
}

/// Ends a phrase: from a step on a note of the last chord, as near as can be to the one before, is held. A full close is on the tonic.
pub(super) fn close(unit: &mut Unit, how: Close, from: usize, before: Option<usize>) {
    let earlier = unit.notes().into_iter().rfind(|note| note.onset < from);
    let near = earlier.map(|note| note.key).or(before).unwrap_or(9);
    let may_end = |key: &usize| match how {
        Close::Full => (key + 5).is_multiple_of(7), // a C, as the lowest key is an A
        Close::Half => is_chord_tone(*key, 4),
    };
    let key = (0..KEYS.len())
        .filter(may_end)
        .min_by_key(|key| (key.abs_diff(near), *key));
    for (step, symbol) in unit.symbols.iter_mut().enumerate().skip(from) {
        *symbol = if step == from {
            key.unwrap_or(9) as u8
        } else {
            HOLD as u8
        };
    }
}

/// Bars as the model believes: nothing is weighted, and nothing is chosen.
pub(super) fn unplanned(
    (style, kind): (&Style, usize),
    bars: usize,
    writer: &mut Writer,
    rng: &mut ChaCha8Rng,
) -> Result<Vec<Unit>> {
    let mut melody: Vec<Unit> = Vec::with_capacity(bars);
    for _ in 0..bars {
        if let Writer::Gan(maker, kinds, _) = writer {
            let mut request = Request::open(style.bar, *kinds);
            request.kinds.fill(0.0);
            request.kinds[kind] = 1.0;
            let rows = noise(1, maker.noise(), rng);
            melody.extend(maker.make(&[request], &[None], rows.view(), 1.0)?);
            continue;
        }
        let before = melody.last();
        if let Some(model) = writer.step_by_step(kind, style.bar, before) {
            let mut probabilities = vec![0.0; model.alphabet()];
            let mut symbols = Vec::with_capacity(style.bar);
            for _ in 0..style.bar {
                model.predict(&mut probabilities);
                let steps = &probabilities[..SYMBOLS];
                let symbol = Sampling::default().draw(steps, rng).unwrap_or(HOLD);
                model.hear(symbol);
                symbols.push(symbol as u8);
            }
            melody.push(Unit {
                bar: style.bar,
                symbols,
            });
        }
    }
    Ok(melody)
}
