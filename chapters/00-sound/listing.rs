//! 00 Numbers you can hear: sound and music as data.

// ANCHOR: imports
use aeolian::music::{Pitch, abc, midi};
use aeolian::page::{Page, Show, Table, Takes};
use aeolian::plot;
use aeolian::sound::{
    Instrument, RATE, Sound, cents, decibels, fundamental, perform, wav,
};
use std::f64::consts::TAU;
// ANCHOR_END: imports

// ANCHOR: abc
const GREENSLEEVES: &str = r#"
X:1
T:Greensleeves
M:6/8
L:1/8
Q:3/8=54
K:Am
V:1 name="flute"
A | c2 d e>fe | d2 B G>AB | c2 A A>^GA | B2 ^G E2 A |
c2 d e>fe | d2 B G>AB | c>BA ^G>^F^G | A3 A3 |
g3 g>fe | d2 B G>AB | c2 A A>^GA | B2 ^G E3 |
g3 g>fe | d2 B G>AB | c>BA ^G>^F^G | A3 A3 |]
V:2 name="lute" clef=bass
z | A,,E,A, CA,E, | G,,D,G, B,G,D, | A,,E,A, CA,E, | E,,B,,E, ^G,E,B,, |
A,,E,A, CA,E, | G,,D,G, B,G,D, | A,,E,A, E,,B,,E, | A,,E,A, C3 |
C,G,C ECG, | G,,D,G, B,G,D, | A,,E,A, CA,E, | E,,B,,E, ^G,E,B,, |
C,G,C ECG, | G,,D,G, B,G,D, | A,,E,A, E,,B,,E, | A,,E,A, A,,3 |]
"#;
// ANCHOR_END: abc

fn main() -> aeolian::Result<()> {
    // ANCHOR: tune
    let mut page = Page::open_with("00-sound", &[Takes::Sounds])?;
    let (mut score, _) = abc::decode(GREENSLEEVES.as_bytes())?.swap_remove(0);
    // MIDI program 73 is a flute, 24 a guitar, the nearest thing to a lute.
    score.voices[0].program = 73;
    score.voices[1].program = 24;
    // Your own music, if you gave some: notes, or a sound.
    let score = page.piece(score)?;
    let heard = page.sound_of(&score)?;
    let caption = format!("{} as notes, and performed", score.title);
    page.show("tune", &score.captioned(&caption))?;
    // ANCHOR_END: tune

    // ANCHOR: sine
    let sine = Sound::sine(440.0, 0.2, 2.0).faded(0.01, 0.05);
    page.show("sine", &sine.captioned("A sine of 440 Hz, the A of orchestras"))?;
    // ANCHOR_END: sine

    // ANCHOR: samples
    let moment = Sound::sine(440.0, 0.2, 0.004);
    let figure = plot::waveform("The first samples of a sine", &moment);
    page.show("samples", &figure.captioned("Four milliseconds: every dot is a number"))?;
    // ANCHOR_END: samples

    // ANCHOR: quieter
    let mut quieter = Sound::mono(RATE, vec![]);
    for step in 0..6 {
        let amplitude = 0.4 * 0.5f64.powi(step);
        let tone = Sound::sine(440.0, amplitude, 0.5).faded(0.01, 0.01);
        quieter.mix(&tone, 0.6 * f64::from(step))?;
    }
    page.show("quieter", &quieter.captioned("Six tones, each half as high as the last"))?;
    // ANCHOR_END: quieter

    // ANCHOR: levels
    let mut levels = Table::new(&["amplitude", "peak (dB)", "RMS (dB)"]);
    for amplitude in [1.0, 0.5, 0.1, 0.01, 0.001] {
        let tone = Sound::sine(441.0, amplitude, 1.0);
        let (peak, rms) = (decibels(tone.peak().into()), decibels(tone.rms()));
        levels.row(&[&amplitude, &format!("{peak:.1}"), &format!("{rms:.1}")]);
    }
    page.show("levels", &levels.captioned("Levels of sines, measured in their samples"))?;
    // ANCHOR_END: levels

    // ANCHOR: pitches
    let mut table =
        Table::new(&["pitch", "MIDI number", "frequency (Hz)", "cents above A4"]);
    for name in ["A4", "Bb4", "B4", "C5", "E5", "A5"] {
        let pitch: Pitch = name.parse()?;
        let hertz = pitch.hertz();
        let above = cents(Pitch::A4.hertz(), hertz);
        let (hertz, above) = (format!("{hertz:.2}"), format!("{above:.0}"));
        table.row(&[&pitch, &pitch.midi(), &hertz, &above]);
    }
    page.show("pitches", &table.captioned("Some pitches and their frequencies"))?;
    // ANCHOR_END: pitches

    // ANCHOR: beats
    let mut beats = Sound::sine(440.0, 0.4, 4.0);
    beats.mix(&Sound::sine(443.0, 0.4, 4.0), 0.0)?;
    let beats = beats.faded(0.01, 0.05).levelled();
    page.show("beats", &beats.captioned("440 Hz and 443 Hz at the same time"))?;
    // ANCHOR_END: beats

    // ANCHOR: beats-seen
    let figure = plot::waveform("440 Hz and 443 Hz", &beats.part(0.0, 2.0));
    page.show("beats-seen", &figure.captioned("It swells three times a second"))?;
    // ANCHOR_END: beats-seen

    // ANCHOR: timbre
    fn partial(n: i32, t: f64) -> f64 {
        (TAU * 220.0 * f64::from(n) * t).sin() / f64::from(n)
    }
    let mut timbre = Sound::mono(RATE, vec![]);
    for count in 1..=8 {
        let tone = Sound::from_wave(RATE, 0.6, |t| {
            0.4 * (1..=count).map(|n| partial(n, t)).sum::<f64>()
        });
        timbre.mix(&tone.faded(0.01, 0.05), 0.65 * f64::from(count - 1))?;
    }
    let timbre = timbre.levelled();
    page.show("timbre", &timbre.captioned("220 Hz, each time with one more partial"))?;
    // ANCHOR_END: timbre

    // ANCHOR: instruments
    let mut instruments = Sound::mono(RATE, vec![]);
    for instrument in Instrument::ALL.into_iter().filter(|each| each.pitched()) {
        let tone = Sound::mono(RATE, instrument.tone(220.0, 0.9, 90, RATE));
        let after = instruments.seconds();
        instruments.mix(&tone.levelled(), after)?;
    }
    let instruments = instruments.levelled();
    page.show("instruments", &instruments.captioned("220 Hz on five instruments"))?;
    // ANCHOR_END: instruments

    // ANCHOR: aliasing
    // It rises by 2,000 Hz a second: after t seconds 1,000 t² waves have passed.
    let rising = Sound::from_wave(8000, 8.0, |t| 0.5 * (TAU * 1000.0 * t * t).sin());
    let rising = rising.faded(0.05, 0.05).levelled();
    page.show("aliasing", &rising.captioned("Asked to rise, at 8,000 samples a second"))?;
    // ANCHOR_END: aliasing

    // ANCHOR: aliasing-seen
    let figure = plot::spectrogram_linear("A rising tone, sampled too slowly", &rising);
    page.show("aliasing-seen", &figure.captioned("It turns back at half the rate"))?;
    // ANCHOR_END: aliasing-seen

    // ANCHOR: waveform
    let figure = plot::waveform("What was heard, as a waveform", &heard);
    page.show("waveform", &figure.captioned("All of it, left and right"))?;
    // ANCHOR_END: waveform

    // ANCHOR: spectrogram
    let figure = plot::spectrogram("What was heard, as a spectrogram", &heard);
    page.show("spectrogram", &figure.captioned("Each note a stack of partials"))?;
    // ANCHOR_END: spectrogram

    // ANCHOR: midi-opened
    let bytes = midi::encode(&score)?;
    let mut opened = Table::new(&["bytes", "read as", "what they say"]);
    for (from, to, says) in [
        (0, 4, "a header begins"),
        (4, 8, "its length in bytes"),
        (8, 10, "format 1: tracks that sound together"),
        (10, 12, "how many tracks"),
        (12, 14, "ticks to a quarter note"),
        (14, 18, "the first track begins"),
        (18, 22, "its length in bytes"),
    ] {
        let mut hex = vec![];
        let (mut letters, mut number) = (String::new(), 0);
        for &byte in &bytes[from..to] {
            hex.push(format!("{byte:02x}"));
            letters.push(char::from(byte));
            number = number * 256 + u64::from(byte);
        }
        let read = if letters.starts_with("MT") { letters } else { number.to_string() };
        opened.row(&[&hex.join(" "), &read, &says]);
    }
    page.show(
        "midi-opened",
        &opened.captioned(&format!("How the MIDI file of {} begins", score.title)),
    )?;
    // ANCHOR_END: midi-opened

    // ANCHOR: sizes
    let samples = wav::encode(&perform(&score)?, wav::Format::Int16)?;
    let mut sizes = Table::new(&["file", "bytes", "holds"]);
    sizes.row(&[&"MIDI", &bytes.len(), &"which notes, when"]);
    sizes.row(&[&"WAV", &samples.len(), &"every sample, left and right"]);
    page.show(
        "sizes",
        &sizes.captioned(&format!("{} as notes and as sound", score.title)),
    )?;
    // ANCHOR_END: sizes

    // ANCHOR: pitch-error
    let mut worst: f64 = 0.0;
    for instrument in Instrument::ALL.into_iter().filter(|each| each.pitched()) {
        for number in 48..=84 {
            let asked = Pitch::new(number)?.hertz();
            let tone = Sound::mono(RATE, instrument.tone(asked, 1.0, 90, RATE));
            let measured = fundamental(&tone).unwrap_or(0.0);
            worst = worst.max(cents(asked, measured).abs());
        }
    }
    let worst = format!("{worst:.2}");
    page.show("pitch-error-cents", &worst.captioned("cents, the worst of 185 tones"))?;
    // ANCHOR_END: pitch-error
    Ok(())
}
