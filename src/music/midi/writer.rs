//! From a score to the bytes of a MIDI file.

use super::resolution::finer;
use super::{LONGEST, PERCUSSION, pickup};
use crate::music::{Key, Metre, Mode, Score, Tempo, Voice};
use crate::{Error, Result};
use midly::num::{u4, u7, u15, u24, u28};
use midly::{Format, Header, MetaMessage, MidiMessage, Smf, Timing, TrackEvent, TrackEventKind};

/// The longest step between two events that MIDI can write, in ticks.
const LONGEST_STEP: u32 = (1 << 28) - 1;

type Events<'a> = Vec<(u32, TrackEventKind<'a>)>;

pub(super) fn bytes(score: &Score) -> Result<Vec<u8>> {
    check(score)?;
    let score = &*finer(score);
    let timing = Timing::Metrical(u15::new(score.resolution as u16)); // checked to fit
    let mut file = Smf::new(Header::new(Format::Parallel, timing));
    file.tracks.push(track(conductor(score)));
    for (voice, channel) in score.voices.iter().zip(channels(&score.voices)) {
        file.tracks.push(track(events(voice, channel)));
    }
    let mut bytes = Vec::new();
    file.write(&mut bytes).map_err(|why| {
        Error::value(
            format!("The score cannot be a MIDI file: {why}"),
            "Give it fewer voices or shorter names",
        )
    })?;
    Ok(bytes)
}

/// Refuses what MIDI cannot hold.
fn check(score: &Score) -> Result<()> {
    let wrong = |what: String, remedy: &str| Err(Error::value(what, remedy));
    if !(1..=32_767).contains(&score.resolution) {
        let what = format!(
            "A resolution of {} ticks cannot be written as MIDI",
            score.resolution
        );
        return wrong(what, "Take 1 to 32,767 ticks to a quarter note");
    }
    for (tick, tempo) in &score.tempi {
        let micros = tempo.micros_per_quarter;
        if !(1..1 << 24).contains(&micros) {
            let what =
                format!("A quarter note of {micros} microseconds (tick {tick}) cannot be written as MIDI");
            return wrong(what, "Take 1 to 16,777,215 microseconds");
        }
    }
    for (tick, Metre { beats, unit }) in &score.metres {
        if *beats == 0 || !unit.is_power_of_two() {
            let what = format!("A metre of {beats}/{unit} (tick {tick}) cannot be written as MIDI");
            return wrong(
                what,
                "Take at least one beat, of a unit 1, 2, 4, 8, 16, 32, 64 or 128",
            );
        }
    }
    for (tick, key) in &score.keys {
        if !(-7..=7).contains(&key.sharps) {
            let what = format!(
                "A key of {} sharps (tick {tick}) cannot be written as MIDI",
                key.sharps
            );
            return wrong(what, "Take -7 (seven flats) to 7 (seven sharps)");
        }
    }
    for (i, voice) in score.voices.iter().enumerate() {
        let name = format!("Voice {} (\"{}\")", i + 1, voice.name);
        if voice.program > 127 {
            return wrong(format!("{name} has program {}", voice.program), "Take 0 to 127");
        }
        for note in &voice.notes {
            if !(1..=127).contains(&note.velocity) {
                let what = format!(
                    "{name}: the note at tick {} has velocity {}",
                    note.onset, note.velocity
                );
                return wrong(what, "Take 1 to 127");
            }
            if note
                .onset
                .checked_add(note.duration.max(1))
                .is_none_or(|end| end == u32::MAX)
            {
                let what = format!("{name}: the note at tick {} ends beyond all ticks", note.onset);
                return wrong(what, "Make the piece shorter, or its resolution lower");
            }
        }
    }
    if score.seconds() > LONGEST {
        let what = format!("The score lasts {:.0} hours", score.seconds() / 3600.0);
        return wrong(
            what,
            "A MIDI file of more than 24 hours would not be read again: make it shorter",
        );
    }
    Ok(())
}

/// A channel for each voice. MIDI has 15 for those that are not percussion: if there are more such voices,
/// those with the same program share one, and then those whose programs come 15 apart.
fn channels(voices: &[Voice]) -> Vec<u8> {
    let pitched = |voice: &&Voice| !voice.percussion;
    let crowded = voices.iter().filter(pitched).count() > 15;
    let mut programs: Vec<u8> = voices.iter().filter(pitched).map(|voice| voice.program).collect();
    programs.sort_unstable();
    programs.dedup();
    let mut before = 0;
    let channel = |voice: &Voice| {
        if voice.percussion {
            return PERCUSSION;
        }
        let place = if crowded {
            programs
                .iter()
                .position(|&program| program == voice.program)
                .unwrap_or(0)
        } else {
            before += 1;
            before - 1
        };
        let channel = (place % 15) as u8;
        if channel < PERCUSSION {
            channel
        } else {
            channel + 1
        }
    };
    voices.iter().map(channel).collect()
}

/// The first track: title, tempo, metre, key.
fn conductor(score: &Score) -> Events<'_> {
    let mut events = named(&score.title);
    let mut add = |tick: u32, meta| events.push((tick, TrackEventKind::Meta(meta)));
    for &(tick, Tempo { micros_per_quarter }) in &score.tempi {
        add(tick, MetaMessage::Tempo(u24::new(micros_per_quarter)));
    }
    for (tick, Metre { beats, unit }) in pickup::spelled(score) {
        // The metronome clicks once a beat; a quarter note has 24 MIDI clocks and 8 thirty-second notes.
        let power = unit.trailing_zeros() as u8;
        add(
            tick,
            MetaMessage::TimeSignature(beats, power, (96 / unit).max(1), 8),
        );
    }
    for &(tick, key) in &score.keys {
        add(tick, MetaMessage::KeySignature(key.sharps, minor(key)));
    }
    events
}

/// Whether the key's mode has a minor third.
fn minor(key: Key) -> bool {
    match key.mode {
        Mode::Minor | Mode::Dorian | Mode::Phrygian | Mode::Locrian => true,
        Mode::Major | Mode::Lydian | Mode::Mixolydian => false,
    }
}

/// The track of a voice: name, program, notes. The end of a note is a note of velocity 0, which lets
/// midly leave out most status bytes.
fn events(voice: &Voice, channel: u8) -> Events<'_> {
    let mut events = named(&voice.name);
    let message = |message| TrackEventKind::Midi {
        channel: u4::new(channel),
        message,
    };
    let program = u7::new(voice.program);
    events.push((0, message(MidiMessage::ProgramChange { program })));
    let strike = |key: u8, velocity: u8| {
        message(MidiMessage::NoteOn {
            key: u7::new(key),
            vel: u7::new(velocity),
        })
    };
    let mut notes = voice.notes.clone();
    notes.sort();
    // Ends first, so that after sorting by tick a note ends before the next of its pitch begins.
    for note in &notes {
        let end = note.onset.saturating_add(note.duration.max(1));
        events.push((end, strike(note.pitch.midi(), 0)));
    }
    for note in &notes {
        events.push((note.onset, strike(note.pitch.midi(), note.velocity)));
    }
    events
}

fn named(name: &str) -> Events<'_> {
    if name.is_empty() {
        return Vec::new();
    }
    vec![(0, TrackEventKind::Meta(MetaMessage::TrackName(name.as_bytes())))]
}

/// Puts events in order and counts from each to the next.
fn track(mut events: Events) -> Vec<TrackEvent> {
    events.sort_by_key(|event| event.0); // stable: what was first at a tick stays first
    let mut track = Vec::with_capacity(events.len() + 1);
    let mut add = |delta: u32, kind| {
        let delta = u28::new(delta);
        track.push(TrackEvent { delta, kind });
    };
    let mut now = 0;
    for (tick, kind) in events {
        while tick - now > LONGEST_STEP {
            add(LONGEST_STEP, TrackEventKind::Meta(MetaMessage::Text(b""))); // a stepping stone
            now += LONGEST_STEP;
        }
        add(tick - now, kind);
        now = tick;
    }
    add(0, TrackEventKind::Meta(MetaMessage::EndOfTrack));
    track
}
