//! From a score to an ABC tune.

use super::fraction::gcd;
use super::grid::{Grid, SCALE};
use super::layers::{Piece, layers, pieces};
use super::letters::escaped;
use super::spell::{Speller, key_name};
use crate::music::{Key, Metre, Score, Tempo};
use crate::{Error, Result};
use std::collections::BTreeMap;

/// The unit note lengths to choose from, the usual ones first.
const UNITS: [u64; 5] = [8, 4, 16, 2, 32];
const BARS_A_LINE: usize = 4;

/// The score as one ABC tune.
///
/// Notes of one voice that start and end together become chords; those that overlap otherwise become
/// overlays (`&`), which read back into the same voice. Notes are tied across bar lines, the last bar is
/// filled with rests. Programs and drums become directives (`%%MIDI program`, `%%MIDI channel 10`). Not written:
/// loudness, notes of no length, doubled notes, and changes after the last note. Two notes of one voice that
/// sound the same pitch at the same time may not read back as two.
///
/// # Errors
/// If the resolution, a metre or a key is invalid, the score has over a million bars, or a voice has more
/// than 64 notes that overlap without being a chord.
pub fn encode(score: &Score) -> Result<String> {
    let sheet = Sheet::new(score)?;
    let mut voices = Vec::with_capacity(score.voices.len());
    for voice in &score.voices {
        voices.push(layers(&voice.notes)?);
    }
    let cuts = sheet.cuts();
    let voices: Vec<Vec<Vec<Piece>>> = voices
        .iter()
        .map(|layers| layers.iter().map(|layer| pieces(layer, &cuts)).collect())
        .collect();
    let unit = shortest_unit(&voices, sheet.grid.whole);
    let mut text = sheet.header(score, unit);
    let bars: Vec<Vec<String>> = (voices.iter().enumerate())
        .map(|(index, layers)| sheet.bars(layers, unit, index == 0))
        .collect();
    lay_out(&mut text, &bars, sheet.upbeat);
    Ok(text)
}

/// The unit note length, one of so many parts of a whole note, that makes the lengths shortest to write.
fn shortest_unit(voices: &[Vec<Vec<Piece>>], whole: u64) -> u64 {
    let written = |unit: &u64| -> usize {
        let pieces = voices.iter().flatten().flatten();
        let lengths = pieces.map(|piece| length(piece.to - piece.from, whole, *unit).len());
        lengths.sum()
    };
    UNITS.into_iter().min_by_key(written).unwrap_or(8)
}

/// A duration as a multiple of the unit note length: nothing, `3`, `/`, `3/2`.
fn length(duration: u64, whole: u64, unit: u64) -> String {
    let over = duration * unit;
    let shared = gcd(over, whole).max(1);
    match (over / shared, whole / shared) {
        (1, 1) => String::new(),
        (over, 1) => over.to_string(),
        (1, 2) => "/".to_string(),
        (1, under) => format!("/{under}"),
        (over, under) => format!("{over}/{under}"),
    }
}

/// What all voices share: bars, and the changes of key, metre and tempo, in grid units.
struct Sheet {
    grid: Grid,
    upbeat: bool,
    keys: BTreeMap<u64, Key>,
    metres: BTreeMap<u64, Metre>,
    tempi: BTreeMap<u64, Tempo>,
}

impl Sheet {
    fn new(score: &Score) -> Result<Sheet> {
        let wrong = |(_, key): &&(u32, Key)| !(-7..=7).contains(&key.sharps);
        if let Some((_, key)) = score.keys.iter().find(wrong) {
            return Err(Error::value(
                format!("a key of {} sharps", key.sharps),
                "A key has from 7 flats (-7) to 7 sharps",
            ));
        }
        Ok(Sheet {
            grid: Grid::new(score)?,
            upbeat: score.pickup > 0,
            keys: timed(&score.keys),
            metres: timed(&score.metres),
            tempi: timed(&score.tempi),
        })
    }

    /// Where notes have to be cut: at bar lines and changes, up to the last bar line.
    fn cuts(&self) -> Vec<u64> {
        let lines = &self.grid.lines;
        let end = lines.last().copied().unwrap_or(0);
        let changes = (self.keys.keys())
            .chain(self.metres.keys())
            .chain(self.tempi.keys());
        let mut cuts: Vec<u64> = changes.chain(lines).copied().collect();
        cuts.retain(|&cut| cut <= end);
        cuts.sort_unstable();
        cuts.dedup();
        cuts
    }

    fn header(&self, score: &Score, unit: u64) -> String {
        let metre = self.metres.get(&0).map_or("none".to_string(), metre_name);
        let key = self.keys.get(&0).map_or("none".to_string(), |key| key_name(*key));
        let title = escaped(&score.title);
        let mut text = format!("X:1\nT:{title}\nM:{metre}\nL:1/{unit}\n");
        if let Some(tempo) = self.tempi.get(&0) {
            text.push_str(&format!("Q:{}\n", tempo_name(*tempo)));
        }
        let alone = matches!(score.voices.as_slice(), [voice] if voice.name.is_empty());
        for (number, voice) in (1..).zip(&score.voices) {
            if !alone {
                let name = escaped(&voice.name).replace('"', "'");
                text.push_str(&format!("V:{number} name=\"{name}\"\n"));
            }
            if voice.program > 0 {
                text.push_str(&format!("%%MIDI program {}\n", voice.program));
            }
            if voice.percussion {
                text.push_str("%%MIDI channel 10\n");
            }
        }
        text.push_str(&format!("K:{key}\n"));
        text
    }

    /// The bars of one voice, without their bar lines.
    fn bars(&self, layers: &[Vec<Piece>], unit: u64, first_voice: bool) -> Vec<String> {
        let mut bars = vec![String::new(); self.grid.lines.len()];
        for (depth, layer) in layers.iter().enumerate() {
            let mut rest = layer.as_slice();
            for (bar, &line) in bars.iter_mut().zip(&self.grid.lines) {
                let within = rest.partition_point(|piece| piece.to <= line);
                let (pieces, after) = rest.split_at(within);
                rest = after;
                if depth > 0 && pieces.iter().all(|piece| piece.pitches.is_empty()) {
                    continue;
                }
                if depth > 0 {
                    bar.push_str(" & ");
                }
                self.bar(bar, pieces, line, unit, depth > 0, first_voice);
            }
        }
        bars
    }

    /// Writes the pieces of one bar. Where changes fall into it, they stand before their note, in each
    /// layer anew; tempi, which all voices share, only once.
    fn bar(
        &self,
        text: &mut String,
        pieces: &[Piece],
        line: u64,
        unit: u64,
        overlay: bool,
        first_voice: bool,
    ) {
        let sharps = |time| {
            self.keys
                .range(..=time)
                .next_back()
                .map_or(0, |(_, key)| key.sharps)
        };
        let mut speller = Speller::new(pieces.first().map_or(0, |piece| sharps(piece.from)));
        for (index, piece) in pieces.iter().enumerate() {
            let beat = self.grid.beat(self.grid.metre(piece.from));
            if index > 0 && (line - piece.from).is_multiple_of(beat) {
                text.push(' ');
            }
            self.changes(text, piece.from, first_voice && !overlay);
            speller.set_key(sharps(piece.from));
            let spelled: Vec<String> = piece.pitches.iter().map(|&pitch| speller.spell(pitch)).collect();
            match spelled.as_slice() {
                [] => text.push(if overlay { 'x' } else { 'z' }),
                [note] => text.push_str(note),
                notes => text.push_str(&format!("[{}]", notes.concat())),
            }
            text.push_str(&length(piece.to - piece.from, self.grid.whole, unit));
            text.push_str(if piece.tied { "-" } else { "" });
        }
    }

    /// Writes what changes at this time; what holds from the start stands in the header.
    fn changes(&self, text: &mut String, time: u64, with_tempo: bool) {
        if time == 0 {
            return;
        }
        if let Some(metre) = self.metres.get(&time) {
            text.push_str(&format!("[M:{}]", metre_name(metre)));
        }
        if let Some(key) = self.keys.get(&time) {
            text.push_str(&format!("[K:{}]", key_name(*key)));
        }
        if let (true, Some(tempo)) = (with_tempo, self.tempi.get(&time)) {
            text.push_str(&format!("[Q:{}]", tempo_name(*tempo)));
        }
    }
}

/// Changes by their time in grid units; of several at one time the last one holds.
fn timed<T: Copy>(changes: &[(u32, T)]) -> BTreeMap<u64, T> {
    let timed = changes
        .iter()
        .map(|&(tick, value)| (u64::from(tick) * SCALE, value));
    timed.collect()
}

/// Writes the bars of all voices, four to a line, the voices in turn.
fn lay_out(text: &mut String, voices: &[Vec<String>], upbeat: bool) {
    let count = voices.first().map_or(0, Vec::len);
    let mut from = 0;
    while from < count {
        let upbeat = usize::from(upbeat && from == 0);
        let to = (from + BARS_A_LINE + upbeat).min(count);
        for (number, bars) in (1..).zip(voices) {
            if voices.len() > 1 {
                text.push_str(&format!("[V:{number}] "));
            }
            let end = if to == count { "|]" } else { "|" };
            text.push_str(&format!("{}{end}\n", bars[from..to].join("|")));
        }
        from = to;
    }
}

fn metre_name(metre: &Metre) -> String {
    format!("{}/{}", metre.beats, metre.unit)
}

/// Quarter notes a minute, with as few decimals as read back to the same tempo.
fn tempo_name(tempo: Tempo) -> String {
    let quarters = 60e6 / f64::from(tempo.micros_per_quarter.max(1));
    let quarters = quarters.clamp(4.0, 6000.0);
    let written = (0..9).map(|decimals| format!("{quarters:.decimals$}"));
    let exact = |text: &String| text.parse().is_ok_and(|read| Tempo::per_minute(read) == tempo);
    let shortest = written.into_iter().find(exact);
    format!("1/4={}", shortest.unwrap_or_else(|| format!("{quarters:.9}")))
}
