//! A lossless coder, the other line to beat: what a file format for sound makes of the same codes.
//!
//! In the way of FLAC (J. Coalson, 2001): blocks of 4,096; each is predicted linearly, by the order that pays, and what is left over is
//! written in Rice's code (R. Rice, 1979), whose one number is chosen anew for every 256. It counts bits and writes none.

/// Codes in a block, and in the parts of it that share a Rice number.
const BLOCK: usize = 4096;
const PART: usize = 256;

/// Orders that are tried.
const ORDERS: [usize; 6] = [0, 1, 2, 4, 8, 16];

/// Bits in which a weight is written.
const WEIGHT_BITS: u32 = 12;

/// Bits a sample for codes, in the mean.
pub fn bits(codes: &[u8]) -> f64 {
    let all: u64 = codes.chunks(BLOCK).map(block).sum();
    all as f64 / codes.len().max(1) as f64
}

fn block(codes: &[u8]) -> u64 {
    let x: Vec<f64> = codes.iter().map(|code| f64::from(*code) - 128.0).collect();
    let correlation = |lag: usize| -> f64 { x.iter().zip(&x[lag.min(x.len())..]).map(|(a, b)| a * b).sum() };
    let correlations: Vec<f64> = (0..=ORDERS[ORDERS.len() - 1]).map(correlation).collect();
    let plain = 8 * codes.len() as u64;
    let predicted = ORDERS.iter().map(|&order| {
        let unit = f64::from(1 << (WEIGHT_BITS - 2));
        let weights: Vec<f64> = levinson(&correlations, order)
            .iter()
            .map(|weight| (weight * unit).round() / unit)
            .collect();
        let left: Vec<u32> = (order..x.len())
            .map(|t| {
                let guess: f64 = weights
                    .iter()
                    .zip(1..)
                    .map(|(weight, lag)| weight * x[t - lag])
                    .sum();
                let left = (x[t] - guess.round().clamp(-128.0, 127.0)) as i32;
                // Small numbers of either sign become small numbers.
                if left < 0 {
                    (-2 * left - 1) as u32
                } else {
                    (2 * left) as u32
                }
            })
            .collect();
        let head = 8 + order as u64 * u64::from(8 + WEIGHT_BITS);
        head + left.chunks(PART).map(rice).sum::<u64>()
    });
    8 + predicted.min().unwrap_or(plain).min(plain)
}

/// The bits of Rice's code for these, with its best number: so many of the lowest bits as they are, the rest counted out.
fn rice(values: &[u32]) -> u64 {
    let with = |low: u32| {
        values
            .iter()
            .map(|value| u64::from((value >> low) + 1 + low))
            .sum::<u64>()
    };
    4 + (0..10).map(with).min().unwrap_or(0)
}

/// The weights of the best prediction of this order (N. Levinson, 1946; J. Durbin, 1960).
fn levinson(correlations: &[f64], order: usize) -> Vec<f64> {
    let (mut weights, mut error) = (Vec::new(), correlations[0]);
    for n in 0..order {
        if error <= 0.0 {
            weights.push(0.0);
            continue;
        }
        let known: f64 = weights
            .iter()
            .enumerate()
            .map(|(i, weight)| weight * correlations[n - i])
            .sum();
        let reflection = (correlations[n + 1] - known) / error;
        let before = weights.clone();
        for (i, weight) in weights.iter_mut().enumerate() {
            *weight -= reflection * before[n - 1 - i];
        }
        weights.push(reflection);
        error *= 1.0 - reflection * reflection;
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::RngExt;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    #[test]
    fn silence_costs_next_to_nothing_and_noise_all_it_has() {
        assert!(bits(&[128; 10_000]) < 1.1);
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let noise: Vec<u8> = (0..10_000).map(|_| rng.random()).collect();
        assert!((8.0..8.02).contains(&bits(&noise)), "{}", bits(&noise));
        assert_eq!(bits(&[]), 0.0);
    }

    #[test]
    fn what_can_be_foretold_costs_less() {
        let wave = |t: usize| (128.0 + 80.0 * (0.2 * t as f64).sin()).round() as u8;
        let tone: Vec<u8> = (0..10_000).map(wave).collect();
        assert!(bits(&tone) < 2.5, "{}", bits(&tone));
    }

    #[test]
    fn levinson_solves_what_it_says() {
        let correlations = [2.0, 1.2, 0.5, 0.1];
        let weights = levinson(&correlations, 3);
        for row in 0..3usize {
            let sum: f64 = (0..3).map(|i| weights[i] * correlations[row.abs_diff(i)]).sum();
            assert!((sum - correlations[row + 1]).abs() < 1e-12);
        }
    }
}
