//! The room around the players: sound that goes round between walls and comes back from everywhere.
//!
//! A feedback delay network (Jot & Chaigne, "Digital delay networks for designing artificial reverberators", 1991):
//! eight delay lines whose ends are mixed by a matrix that loses nothing (Householder's) and fed back, each
//! through a filter that wears high sounds away faster, as air and curtains do.

/// Lengths of the eight ways through the room in metres: 3 to 10 m there and back, no two in step.
const WAYS: [f32; 8] = [9.11, 10.37, 11.83, 13.19, 14.57, 16.03, 17.39, 19.21];

/// Metres a second.
const SPEED_OF_SOUND: f32 = 343.0;

/// Seconds in which the room falls silent by 60 dB.
pub const DECAY: f32 = 1.1;

/// How much of what comes back round is heard beside the direct sound.
const LEVEL: f32 = 0.16;

/// A room, and what goes round in it at this moment.
#[derive(Clone, Debug)]
pub struct Room {
    lines: [Vec<f32>; 8],
    /// What of each way's sound is left when it comes back.
    kept: [f32; 8],
    /// Where in each line the sound comes back now.
    at: [usize; 8],
    dull: [f32; 8],
}

impl Room {
    /// A silent room, for sound at this rate.
    pub fn new(rate: u32) -> Room {
        Room {
            lines: WAYS.map(|way| vec![0f32; (way / SPEED_OF_SOUND * rate as f32).max(1.0) as usize]),
            kept: WAYS.map(|way| 1000f32.powf(-way / SPEED_OF_SOUND / DECAY)),
            at: [0; 8],
            dull: [0.0; 8],
        }
    }

    /// Adds what comes back to the next stretch of two channels of equal length, in place.
    pub fn reverberate(&mut self, left: &mut [f32], right: &mut [f32]) {
        // Of its own, so that the processor keeps it in registers.
        let (mut at, mut dull) = (self.at, self.dull);
        let (lines, kept) = (&mut self.lines, self.kept);
        for (left, right) in left.iter_mut().zip(right) {
            let mut ends = [0f32; 8];
            for way in 0..8 {
                ends[way] = lines[way][at[way]];
            }
            for way in 0..8 {
                dull[way] += 0.65 * (kept[way] * ends[way] - dull[way]);
            }
            // Householder's matrix: from each what it brings, less a quarter of the sum of all eight.
            // The whisper of an offset keeps silence from turning into numbers too small to be computed quickly.
            let common = dull.iter().sum::<f32>() / 4.0 + 1e-18;
            let inputs = [*left, *right];
            for way in 0..8 {
                lines[way][at[way]] = inputs[way % 2] + dull[way] - common;
                at[way] += 1;
                if at[way] == lines[way].len() {
                    at[way] = 0;
                }
            }
            *left += LEVEL * (ends[0] - ends[3] + ends[4] - ends[7]);
            *right += LEVEL * (ends[1] - ends[2] + ends[5] - ends[6]);
        }
        (self.at, self.dull) = (at, dull);
    }
}

/// Adds the room to two channels of equal length: in place, so lengthen them by [`DECAY`] first.
pub fn reverberate(left: &mut [f32], right: &mut [f32], rate: u32) {
    Room::new(rate).reverberate(left, right);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::decibels;

    /// What comes back from a clap on the left.
    fn clap(seconds: f32) -> [Vec<f32>; 2] {
        let frames = (seconds * 44_100.0) as usize;
        let (mut left, mut right) = (vec![0.0; frames], vec![0.0; frames]);
        left[0] = 1.0;
        reverberate(&mut left, &mut right, 44_100);
        [left, right]
    }

    #[test]
    fn a_clap_is_heard_as_it_was_and_comes_back_on_both_sides() {
        let [left, right] = clap(0.5);
        assert!((left[0] - 1.0).abs() < 1e-6);
        assert!(
            left[1..1000].iter().all(|sample| sample.abs() < 1e-9),
            "no wall is so near"
        );
        assert!(
            left[1000..]
                .iter()
                .chain(&right)
                .any(|sample| sample.abs() > 0.01)
        );
    }

    #[test]
    fn the_room_falls_silent_in_its_time() {
        let [left, right] = clap(3.0);
        let level = |from: f32| {
            let from = (from * 44_100.0) as usize;
            let both = left[from..from + 4410].iter().chain(&right[from..from + 4410]);
            decibels(f64::from(both.map(|sample| sample * sample).sum::<f32>()).sqrt())
        };
        let fallen = level(0.1) - level(0.1 + DECAY);
        assert!((50.0..90.0).contains(&fallen), "{fallen:.0} dB");
        assert!(level(0.1) - level(0.3) < 25.0, "it rings");
        assert!(level(2.8) < -100.0, "and is stable");
    }
}
