//! What is seen inside of a recurrent model while it plays.

use aeolian::predict::{Predictor, Sampling};
use aeolian::recurrent::SequencePlayer;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use serde::Serialize;

/// One unit of the lowest layer: its gates, each from 0, shut, to 1, open, and its memory. Zeros, where a unit has none.
#[derive(Serialize, Default)]
pub struct Inside {
    input: f32,
    forget: f32,
    output: f32,
    pub memory: f32,
}

impl Inside {
    /// What this unit did with the latest symbol.
    pub fn of(player: &SequencePlayer, unit: usize) -> Inside {
        let mut inside = Inside::default();
        for (name, values) in player.inside().into_iter().rev() {
            let value = values.get(unit).copied().unwrap_or_default();
            match name {
                "input gate" => inside.input = value,
                "forget gate" => inside.forget = value,
                "output gate" => inside.output = value,
                "memory" => inside.memory = value,
                _ => {}
            }
        }
        inside
    }

    /// All units, those first whose memory, looked at so, changes most while the player writes so many symbols. It forgets before and after.
    /// There is at least one.
    pub fn units_by_change(
        player: &mut SequencePlayer,
        symbols: usize,
        look: impl Fn(f32) -> f32,
    ) -> Vec<usize> {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let sampling = Sampling {
            temperature: 0.5,
            ..Sampling::default()
        };
        let mut probabilities = vec![0.0; player.alphabet()];
        let mut sums: Vec<(f64, f64)> = Vec::new();
        player.forget();
        for _ in 0..symbols {
            player.predict(&mut probabilities);
            player.hear(sampling.draw(&probabilities, &mut rng).unwrap_or(0));
            let inside = player.inside();
            let memory = inside.iter().find(|one| one.0 == "memory");
            let memory = memory.map_or(&[][..], |one| one.1);
            sums.resize(memory.len(), (0.0, 0.0));
            for (sum, value) in sums.iter_mut().zip(memory) {
                let value = f64::from(look(*value));
                *sum = (sum.0 + value, sum.1 + value * value);
            }
        }
        player.forget();
        let count = symbols.max(1) as f64;
        let change = |unit: usize| {
            let (sum, squares): (f64, f64) = sums[unit];
            squares / count - (sum / count).powi(2)
        };
        let mut units: Vec<usize> = (0..sums.len()).collect();
        units.sort_by(|&a, &b| change(b).total_cmp(&change(a)));
        if units.is_empty() { vec![0] } else { units }
    }
}
