//! What holds for whatever comes: properties of the library, tried on things drawn at random.
//!
//! They stand apart from its other tests, so that nobody who only reads the book compiles what draws them.

mod abc;
mod hidden;
mod melody;
mod midi;
mod played;
mod predict;
mod variable;
mod wav;

use aeolian::music::Score;

/// The same score in the coarsest resolution that keeps every tick.
fn reduced(mut score: Score) -> Score {
    let notes = score.voices.iter_mut().flat_map(|voice| &mut voice.notes);
    let mut times: Vec<&mut u32> = notes
        .flat_map(|note| [&mut note.onset, &mut note.duration])
        .collect();
    times.push(&mut score.pickup);
    times.extend(score.tempi.iter_mut().map(|(tick, _)| tick));
    times.extend(score.metres.iter_mut().map(|(tick, _)| tick));
    times.extend(score.keys.iter_mut().map(|(tick, _)| tick));
    let shared = times
        .iter()
        .fold(score.resolution, |shared, time| gcd(shared, **time));
    times.into_iter().for_each(|time| *time /= shared);
    score.resolution /= shared;
    score
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}
