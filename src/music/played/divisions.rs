//! In how many equal parts each beat is divided.

use crate::music::Score;
use crate::music::score::Clock;

/// A beat may have so many parts.
const PARTS: [u32; 6] = [1, 2, 3, 4, 6, 8];

/// Each of [`PARTS`] divides it.
const RESOLUTION: u32 = 24;

/// How surprising each of [`PARTS`] is in nats, before anything of the piece is known.
const SURPRISE: [f64; 6] = [0.4, 1.2, 2.5, 2.0, 4.0, 5.0];

/// What it costs if two notes fall on one place that did not begin together.
const COLLISION: f64 = 6.0;

/// Beats and their parts.
pub(super) struct Grid {
    /// Ticks to a beat of what is moved there.
    pub resolution: u32,
    /// Whether the beats are those of the file.
    pub own_beat: bool,
    /// The tick at which each beat begins in what was played, in order; two at least.
    beats: Vec<f64>,
    /// How many parts each beat has, but the last.
    parts: Vec<u32>,
    /// How badly the grid fits, in nats: the surprise of its parts, and of how far the moments lie from it.
    pub cost: f64,
}

impl Grid {
    /// So many steps to each quarter note of the score.
    pub fn even(score: &Score, steps: u32) -> Grid {
        let beats = own_beats(score);
        Grid {
            resolution: steps,
            own_beat: true,
            parts: vec![steps; beats.len() - 1],
            beats,
            cost: 0.0,
        }
    }

    /// Divides each beat as its moments like it best; they lie between the first and the last beat. Two rounds: the second
    /// knows from the first how common each division is in this piece, and how exactly it was played.
    pub fn divided(moments: &[f64], beats: Vec<f64>, own_beat: bool) -> Grid {
        let mut surprise = SURPRISE;
        let mut spread: f64 = 0.05; // of a beat
        let mut grid = Grid {
            resolution: RESOLUTION,
            own_beat,
            parts: Vec::new(),
            beats,
            cost: 0.0,
        };
        for _ in 0..2 {
            let (mut uses, mut squares) = ([0.5; PARTS.len()], 0.0);
            (grid.parts, grid.cost) = (Vec::new(), 0.0);
            let mut rest = moments;
            for beat in grid.beats.windows(2) {
                let (from, to) = (beat[0], beat[1]);
                let within: Vec<f64> = rest
                    .iter()
                    .take_while(|&&moment| moment < to)
                    .map(|moment| (moment - from) / (to - from))
                    .collect();
                rest = &rest[within.len()..];
                let mut best = (f64::INFINITY, 0, 0.0);
                for (choice, surprise) in surprise.iter().enumerate() {
                    let (off, collisions) = off(&within, f64::from(PARTS[choice]));
                    let cost = surprise + COLLISION * f64::from(collisions) + off / (2.0 * spread * spread);
                    if cost < best.0 {
                        best = (cost, choice, off);
                    }
                }
                grid.cost += best.0;
                grid.parts.push(PARTS[best.1]);
                if !within.is_empty() {
                    uses[best.1] += 1.0;
                    squares += best.2;
                }
            }
            let all: f64 = uses.iter().sum();
            surprise = uses.map(|uses| -f64::ln(uses / all));
            // The density of a moment in time: a wide spread, or a long beat, says less of when it comes.
            let beat = (grid.beats[grid.beats.len() - 1] - grid.beats[0]) / grid.parts.len() as f64;
            grid.cost += moments.len() as f64 * (spread * beat).ln();
            spread = (squares / moments.len().max(1) as f64).sqrt().clamp(0.005, 0.08);
        }
        grid
    }

    /// Where a moment of the playing comes to lie.
    pub fn place(&self, tick: f64) -> u32 {
        let exactly = self.exactly(tick).max(0.0);
        let beat = (exactly as u32 / self.resolution).min(self.parts.len() as u32 - 1);
        let part = f64::from(self.resolution / self.parts[beat as usize]);
        ((exactly / part).round() * part) as u32
    }

    /// When a place comes in the playing: the other way.
    pub fn tick(&self, place: u32) -> f64 {
        let beat = ((place / self.resolution) as usize).min(self.parts.len() - 1);
        let within = f64::from(place) / f64::from(self.resolution) - beat as f64;
        self.beats[beat] + within * (self.beats[beat + 1] - self.beats[beat])
    }

    /// Where a note ends that begins at this place and was played until this tick: on a part of a beat, but on half a beat if it
    /// has one part only; and one part after its beginning at least.
    pub fn end(&self, onset: u32, tick: f64) -> u32 {
        let parts =
            |beat: u32| self.parts[(beat as usize).min(self.parts.len() - 1)].max(2.min(self.resolution));
        let exactly = self.exactly(tick).max(0.0);
        let part = f64::from(self.resolution / parts(exactly as u32 / self.resolution));
        let end = ((exactly / part).round() * part) as u32;
        end.max(onset + self.resolution / parts(onset / self.resolution))
    }

    /// As [`Grid::place`], but not moved to a part of the beat.
    pub fn exactly(&self, tick: f64) -> f64 {
        let after = self.beats.partition_point(|&beat| beat <= tick);
        let beat = after.clamp(1, self.parts.len()) - 1;
        let (from, to) = (self.beats[beat], self.beats[beat + 1]);
        (beat as f64 + (tick - from) / (to - from)) * f64::from(self.resolution)
    }

    /// How many beats there are in a minute, on the whole.
    pub fn per_minute(&self, clock: &Clock) -> f64 {
        let second = |beat: f64| clock.seconds(beat.max(0.0) as u32);
        let seconds = second(self.beats[self.parts.len()]) - second(self.beats[0]);
        60.0 * self.parts.len() as f64 / seconds.max(1e-3)
    }
}

/// The beats of the file itself: its quarter notes, until its last note has ended.
pub(super) fn own_beats(score: &Score) -> Vec<f64> {
    let resolution = score.resolution.max(1);
    let count = score.end() / resolution + 2;
    (0..=count)
        .map(|beat| f64::from(beat) * f64::from(resolution))
        .collect()
}

/// How far moments within a beat lie from the nearest of so many parts: the sum of squares; and how often two share one.
fn off(within: &[f64], parts: f64) -> (f64, u32) {
    let (mut sum, mut collisions, mut last) = (0.0, 0, -1.0);
    for moment in within {
        let place = (moment * parts).round();
        sum += (moment - place / parts).powi(2);
        collisions += u32::from(place == last);
        last = place;
    }
    (sum, collisions)
}
