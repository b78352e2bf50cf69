//! The pitch of a sound: its fundamental frequency, measured.
//!
//! Two rulers, used together. YIN looks for the delay at which a sound repeats itself, and so knows
//! whether there is a pitch at all (de Cheveigné and Kawahara, "YIN, a fundamental frequency
//! estimator for speech and music", Journal of the Acoustical Society of America 111, 2002). But the
//! partials of a struck bar or a stiff string are no multiples of the first, so nothing in them
//! repeats exactly, and YIN comes out up to two semitones off. The spectrum then says where the
//! first partial lies, to a small part of a cent.

use super::Sound;
use super::spectrum::{hann, local_maxima, magnitudes, weighted};
use realfft::RealFftPlanner;

/// The lowest pitch that is looked for, in hertz: a little below a piano's lowest string.
const LOWEST: f64 = 25.0;
/// The highest pitch that is looked for, in hertz: a little above a piano's highest string.
const HIGHEST: f64 = 5000.0;
/// The longest stretch that is measured at once, in seconds: five periods of the lowest pitch.
const FRAME_SECONDS: f64 = 0.2;
/// How many stretches are measured, from the beginning of the sound to its end.
const FRAMES: usize = 15;

/// The fundamental frequency of a sound of one pitch, in hertz, between 25 and 5,000.
///
/// For inharmonic tones (bars, stiff strings) it is the frequency of the first partial; where the
/// fundamental itself is missing, the frequency whose multiples the partials are. None for silence,
/// for noise, and for a sound of less than two periods. Of a tone with vibrato it is about the middle.
///
/// The error, measured on tones of 0.5 s from C2 to C7 at 44.1 kHz (the tests here): at most 0.01
/// cents for sines, harmonic tones, and struck strings and bars. Ten periods are
/// enough for a tenth of a cent; of only four it may be two cents off, and of vibrato a sixth of its
/// width.
pub fn fundamental(sound: &Sound) -> Option<f64> {
    let samples = sound.mono_samples();
    let rate = f64::from(sound.rate());
    let (from, to) = sounding_part(&samples, rate)?;
    let length = (to - from).min((FRAME_SECONDS * rate).round() as usize);
    let last = to - from - length;
    let pitches: Vec<f64> = (0..FRAMES)
        .filter_map(|i| {
            let start = from + last * i / (FRAMES - 1);
            pitch_of_frame(samples.get(start..start + length)?, rate)
        })
        .collect();
    agreed(pitches)
}

/// The frequency of the strongest partial within half a semitone of each one that is expected, in
/// hertz; none where nothing is there above -80 decibels of the strongest partial.
///
/// The whole sound is measured from its loudest moment on, so let it hold one tone, as it rings out.
/// Over a second or more the error is far below a cent.
pub fn partials(sound: &Sound, expected: &[f64]) -> Vec<Option<f64>> {
    let samples = sound.mono_samples();
    let rate = f64::from(sound.rate());
    let Some(ringing) = sounding_part(&samples, rate).and_then(|(from, _)| samples.get(from..)) else {
        return vec![None; expected.len()];
    };
    let length = (4 * ringing.len()).next_power_of_two();
    let spectrum = magnitudes(&weighted(ringing, &falling_window(ringing.len(), rate)), length);
    let peaks = local_maxima(&spectrum);
    let strongest = peaks.iter().fold(0.0, |most: f64, peak| most.max(peak.1));
    let nearest = |&hertz: &f64| {
        let near = peaks
            .iter()
            .map(|&(bin, height)| (bin * rate / length as f64, height));
        near.filter(|&(found, height)| cents(hertz, found).abs() <= 50.0 && height > strongest * 1e-4)
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .map(|(found, _)| found)
    };
    expected.iter().map(nearest).collect()
}

/// The frequency at which a breathy or noisy sound repeats itself, in hertz, between 25 and 5,000: where [`fundamental`] finds
/// no clear tone, this still says what an ear would sing back. None for silence, and for noise that never repeats.
///
/// YIN's difference, over the whole sound; the first dip that is nearly as deep as the deepest is the period, and up to eight
/// periods together say how long it is. So the sound must be short enough to hold one pitch, and of four periods or more.
pub fn repetition(sound: &Sound) -> Option<f64> {
    let samples = sound.mono_samples();
    let rate = f64::from(sound.rate());
    let longest = samples.len() / 2;
    let shortest = ((rate / HIGHEST).floor() as usize).max(2);
    let difference = normalised(&difference(&samples, longest));
    let candidates = difference
        .get(shortest..(rate / LOWEST) as usize)
        .or(difference.get(shortest..))?;
    let deepest = candidates.iter().copied().fold(f64::INFINITY, f64::min);
    // What never repeats stays near one.
    if deepest > 0.8 {
        return None;
    }
    let enough = deepest + 0.15 * (1.0 - deepest);
    let first = candidates
        .windows(2)
        .position(|pair| pair[0] < enough && pair[0] <= pair[1])?;
    let dip = |near: f64| {
        let middle = near.round() as usize;
        let around = middle.saturating_sub(2)..(middle + 3).min(difference.len());
        let delay = around.min_by(|&a, &b| difference[a].total_cmp(&difference[b]))?;
        (delay + 1 < difference.len()).then(|| delay as f64 + dip_offset(&difference, delay))
    };
    let mut period = dip((shortest + first) as f64)?;
    for periods in 2..=8 {
        match dip(f64::from(periods) * period) {
            Some(delay) => period = delay / f64::from(periods),
            None => break,
        }
    }
    Some(rate / period)
}

/// The distance from one frequency to another in cents, 1,200 to the octave.
pub fn cents(from: f64, to: f64) -> f64 {
    1200.0 * (to / from).log2()
}

/// Where the sound is at its loudest and where it falls 30 decibels below for good, in samples: at
/// least 50 milliseconds, if it has them. None for silence and for samples that are no numbers.
fn sounding_part(samples: &[f32], rate: f64) -> Option<(usize, usize)> {
    let block = ((0.01 * rate) as usize).max(1);
    let power = |piece: &[f32]| piece.iter().map(|&s| f64::from(s).powi(2)).sum::<f64>() / piece.len() as f64;
    let powers: Vec<f64> = samples.chunks(block).map(power).collect();
    let (loudest, &most) = powers.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1))?;
    if most <= 0.0 || !most.is_finite() {
        return None;
    }
    // A steady tone is loudest anywhere: begin where it first comes within 3 decibels.
    let first = powers.iter().position(|&p| p > most * 0.5).unwrap_or(loudest);
    let last = powers.iter().rposition(|&p| p > most * 1e-3).unwrap_or(loudest);
    let least = ((0.05 * rate) as usize).min(samples.len());
    let to = ((last + 1) * block).max(first * block + least).min(samples.len());
    Some(((first * block).min(to - least), to))
}

/// The mean of the pitches within half a semitone of the middle one, if these are most. A mean, since
/// under vibrato the stretches come out to both sides of the pitch that is heard.
fn agreed(mut pitches: Vec<f64>) -> Option<f64> {
    pitches.sort_by(f64::total_cmp);
    let middle = *pitches.get(pitches.len() / 2)?;
    pitches.retain(|&pitch| cents(middle, pitch).abs() < 50.0);
    let mean = pitches.iter().sum::<f64>() / pitches.len() as f64;
    (2 * pitches.len() > FRAMES).then_some(mean)
}

/// The pitch of one stretch of sound, if it has one.
fn pitch_of_frame(frame: &[f32], rate: f64) -> Option<f64> {
    let repeats = yin(frame, rate)?;
    let length = (4 * frame.len()).next_power_of_two();
    let spectrum = magnitudes(&weighted(frame, &hann(frame.len())), length);
    let peaks = local_maxima(&spectrum);
    let strongest = peaks.iter().fold(0.0, |most: f64, peak| most.max(peak.1));
    // A twentieth, -26 decibels: above the sidelobes of the Hann window (-31), below most partials.
    let strong = peaks.iter().filter(|peak| peak.1 > strongest / 20.0);
    let partials: Vec<(f64, f64)> = strong
        .map(|&(bin, height)| (bin * rate / length as f64, height))
        .collect();
    first_partial(&partials, repeats)
}

/// The lowest partial; or, if two neighbouring multiples of the frequency at which the sound repeats
/// are among the partials, the missing fundamental below them. Partials are (hertz, height).
fn first_partial(partials: &[(f64, f64)], repeats: f64) -> Option<f64> {
    let from = partials.first()?.0;
    // Vibrato splits a partial: the strongest peak within a semitone stands for it.
    let split = partials.iter().filter(|partial| partial.0 < from * 1.06);
    let lowest = split.max_by(|a, b| a.1.total_cmp(&b.1))?.0;
    let number = (lowest / repeats).round();
    let is_there = |n: f64| {
        partials
            .iter()
            .any(|partial| (partial.0 / repeats - n).abs() < 0.1)
    };
    let harmonic = (1..12).map(f64::from).any(|n| is_there(n) && is_there(n + 1.0));
    let pitch = if number >= 2.0 && harmonic {
        lowest / number
    } else {
        lowest
    };
    (LOWEST..=HIGHEST).contains(&pitch).then_some(pitch)
}

/// The frequency at which a stretch of sound repeats itself, in hertz, by YIN. None if it does not.
fn yin(frame: &[f32], rate: f64) -> Option<f64> {
    let longest = ((rate / LOWEST).ceil() as usize).min(frame.len() / 2);
    let shortest = ((rate / HIGHEST).floor() as usize).max(2);
    let difference = normalised(&difference(frame, longest));
    let candidates = difference.get(shortest..)?;
    // The first dip below a tenth, so that no multiple of the period is taken for it.
    let first_dip = candidates
        .windows(2)
        .position(|pair| pair[0] < 0.1 && pair[0] <= pair[1]);
    let lowest_dip = || (0..candidates.len()).min_by(|&a, &b| candidates[a].total_cmp(&candidates[b]));
    let delay = shortest + first_dip.or_else(lowest_dip)?;
    // Noise stays near one. A bar's partials, which never quite repeat, stay below this.
    (difference[delay] < 0.6).then(|| rate / (delay as f64 + dip_offset(&difference, delay)))
}

/// The mean square difference between the sound and itself so many samples later, for delays 0 to
/// `longest`: the paper's equation 6, by way of the correlation, which is a product of spectra.
fn difference(frame: &[f32], longest: usize) -> Vec<f64> {
    let mean = frame.iter().map(|&s| f64::from(s)).sum::<f64>() / frame.len().max(1) as f64;
    let sound: Vec<f64> = frame.iter().map(|&s| f64::from(s) - mean).collect();
    let window = sound.len() - longest;
    let correlation = correlation(&sound[..window], &sound);
    let energy_of = |piece: &[f64]| piece.iter().map(|s| s * s).sum::<f64>();
    let own = energy_of(&sound[..window]);
    let mut shifted = own;
    let mut differences = Vec::with_capacity(longest + 1);
    for delay in 0..=longest {
        if delay > 0 {
            shifted += sound[delay + window - 1].powi(2) - sound[delay - 1].powi(2);
        }
        differences.push((own + shifted - 2.0 * correlation[delay]).max(0.0));
    }
    differences
}

/// The sum of `short[i] * long[i + delay]` over `i`, for each delay.
fn correlation(short: &[f64], long: &[f64]) -> Vec<f64> {
    let length = (short.len() + long.len()).next_power_of_two().max(2);
    let mut planner = RealFftPlanner::<f64>::new();
    let (forward, backward) = (planner.plan_fft_forward(length), planner.plan_fft_inverse(length));
    let transform = |samples: &[f64]| {
        let mut input = samples.to_vec();
        input.resize(length, 0.0);
        let mut output = forward.make_output_vec();
        let _ = forward.process(&mut input, &mut output); // the lengths are the plan's own
        output
    };
    let mut product = transform(long);
    for (value, other) in product.iter_mut().zip(transform(short)) {
        *value *= other.conj() / length as f64;
    }
    let mut correlation = backward.make_output_vec();
    let _ = backward.process(&mut product, &mut correlation); // as above; rounding may leave i·1e-20 at 0 Hz
    correlation
}

/// Each difference over the mean of those up to it: the paper's equation 8, which starts at one.
fn normalised(differences: &[f64]) -> Vec<f64> {
    let mut sum = 0.0;
    let over_mean = |(delay, &difference): (usize, &f64)| {
        sum += difference;
        if sum > 0.0 {
            difference * delay as f64 / sum
        } else {
            1.0
        }
    };
    differences.iter().enumerate().map(over_mean).collect()
}

/// How far the bottom of the parabola through three neighbours lies from the middle one.
fn dip_offset(heights: &[f64], middle: usize) -> f64 {
    match heights.get(middle.saturating_sub(1)..middle + 2) {
        Some(&[left, middle, right]) if left - 2.0 * middle + right > 0.0 => {
            (0.5 * (left - right) / (left - 2.0 * middle + right)).clamp(-0.5, 0.5)
        }
        _ => 0.0,
    }
}

/// A window for a tone that rings out: up within 20 milliseconds, down over all the rest, so that
/// partials which die early still count. Any envelope leaves a partial's peak where it is.
fn falling_window(length: usize, rate: f64) -> Vec<f64> {
    let rise = ((0.02 * rate) as usize).min(length / 2);
    let half_cosine =
        |i: usize, n: usize| 0.5 - 0.5 * (std::f64::consts::PI * (i as f64 + 0.5) / n as f64).cos();
    let up = (0..rise).map(|i| half_cosine(i, rise));
    let down = (0..length - rise).rev().map(|i| half_cosine(i, length - rise));
    up.chain(down).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::RATE;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;
    use std::f64::consts::TAU;

    /// Partials as (frequency ratio, amplitude, seconds to fall by 60 decibels), up to half the rate.
    fn tone(hertz: f64, rate: u32, seconds: f64, partials: &[(f64, f64, f64)]) -> Sound {
        Sound::from_wave(rate, seconds, |t| {
            let below = partials.iter().filter(|p| p.0 * hertz < f64::from(rate) / 2.0);
            below
                .map(|(ratio, amplitude, fall)| {
                    amplitude * (TAU * hertz * ratio * t + ratio).sin() * (-6.9078 * t / fall).exp()
                })
                .sum()
        })
    }

    fn worst_error(partials: impl Fn(f64) -> Vec<(f64, f64, f64)>) -> f64 {
        let pitches = (0..=7).map(|i| 65.406 * 2f64.powf(f64::from(i) * 5.0 / 7.0)); // C2 to C7
        let errors = pitches.map(|hertz| {
            let partials = partials(hertz);
            let first = hertz * partials[0].0;
            let found = fundamental(&tone(hertz, RATE, 0.5, &partials));
            found.map_or(f64::INFINITY, |found| cents(first, found).abs())
        });
        errors.fold(0.0, f64::max)
    }

    fn harmonics(count: u32, step: u32, slope: f64) -> Vec<(f64, f64, f64)> {
        (1..=count)
            .step_by(step as usize)
            .map(|n| (f64::from(n), 0.3 * f64::from(n).powf(slope), 1e9))
            .collect()
    }

    #[test]
    fn harmonic_tones_are_measured_to_a_hundredth_of_a_cent() {
        for (name, count, step, slope) in [
            ("sine", 1, 1, 0.0),
            ("sawtooth", 30, 1, -1.0),
            ("square", 30, 2, -1.0),
            ("pulses", 12, 1, 0.0),
            ("rising", 4, 1, 1.0),
        ] {
            let error = worst_error(|_| harmonics(count, step, slope));
            println!("{name}: {error:.4} cents");
            assert!(error < 0.01, "{name}: {error}");
        }
    }

    #[test]
    fn struck_bars_are_measured_at_their_first_partial() {
        for loud in [0.1, 0.5, 1.0, 2.0] {
            let bar = |_| {
                vec![
                    (1.0, 0.3, 3.0),
                    (2.756, 0.3 * loud, 1.0),
                    (5.404, 0.2 * loud, 0.5),
                    (8.933, 0.1 * loud, 0.2),
                ]
            };
            let error = worst_error(bar);
            println!("bar {loud}: {error:.4} cents");
            assert!(error < 0.01, "{loud}: {error}");
        }
    }

    #[test]
    fn stiff_strings_are_measured_at_their_first_partial() {
        for stiffness in [1e-5, 1e-4, 1e-3] {
            let string = |_| {
                let ratio = |n: f64| n * (1.0 + stiffness * n * n).sqrt();
                (1..=20)
                    .map(f64::from)
                    .map(|n| (ratio(n), 0.2 / n, 4.0 / n))
                    .collect()
            };
            let error = worst_error(string);
            println!("string {stiffness}: {error:.4} cents");
            assert!(error < 0.01, "{stiffness}: {error}");
        }
    }

    #[test]
    fn a_missing_fundamental_is_heard_all_the_same() {
        let upper = |hertz| tone(hertz, RATE, 0.5, &harmonics(8, 1, 0.0)[2..]);
        for hertz in [65.4, 110.0, 440.0] {
            let found = fundamental(&upper(hertz)).unwrap();
            assert!(cents(hertz, found).abs() < 0.1, "{hertz}: {found}");
        }
    }

    #[test]
    fn any_rate_and_loudness_gives_the_same_pitch() {
        for rate in [4000, 8000, 22_050, 48_000, 96_000, 192_000] {
            for gain in [1e-6, 1.0, 100.0] {
                let sound = tone(220.0, rate, 0.4, &harmonics(6, 1, -1.0)).amplified(gain);
                let found = fundamental(&sound).unwrap();
                assert!(cents(220.0, found).abs() < 0.1, "{rate} Hz, gain {gain}: {found}");
            }
        }
    }

    #[test]
    fn a_short_tone_is_measured_less_exactly() {
        for (periods, limit) in [(4.0, 2.0), (10.0, 0.1)] {
            for hertz in [65.4, 261.6, 1046.5] {
                let sound = tone(hertz, RATE, periods / hertz, &harmonics(20, 1, -1.0));
                let error = cents(hertz, fundamental(&sound).unwrap());
                assert!(error.abs() < limit, "{periods} periods at {hertz} Hz: {error}");
            }
        }
    }

    #[test]
    fn vibrato_is_measured_at_its_middle() {
        let (width, speed) = (0.01, TAU * 5.5); // 17 cents up and down, 5.5 times a second
        for hertz in [196.0, 440.0, 1046.5] {
            let sound = Sound::from_wave(RATE, 2.0, |t| {
                let turn = TAU * hertz * (t + width / speed * (speed * t).sin());
                (1..6).map(f64::from).map(|n| 0.2 / n * (n * turn).sin()).sum()
            });
            let error = cents(hertz, fundamental(&sound).unwrap());
            println!("vibrato at {hertz} Hz: {error:.2} cents");
            assert!(error.abs() < 17.0 / 3.0, "{hertz}: {error}");
        }
    }

    #[test]
    fn the_limits_of_the_piano_and_an_offset_are_no_trouble() {
        for hertz in [27.5, 4186.0] {
            let sound = Sound::from_wave(RATE, 1.0, |t| 0.3 + 0.5 * (TAU * hertz * t).sin());
            let found = fundamental(&sound).unwrap();
            assert!(cents(hertz, found).abs() < 1.0, "{hertz}: {found}");
        }
    }

    #[test]
    fn silence_before_and_after_and_some_noise_do_not_disturb() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let noise = (0..RATE).map(|_| rng.random_range(-0.003..0.003)).collect();
        let mut sound = Sound::mono(RATE, noise);
        sound
            .mix(&Sound::sine(330.0, 0.3, 0.2).faded(0.01, 0.01), 0.5)
            .unwrap();
        let found = fundamental(&sound).unwrap();
        assert!(cents(330.0, found).abs() < 1.0, "{found}");
    }

    #[test]
    fn silence_noise_and_scraps_have_no_pitch() {
        let mut rng = ChaCha8Rng::seed_from_u64(2);
        for _ in 0..5 {
            let noise: Vec<f32> = (0..RATE).map(|_| rng.random_range(-1.0..1.0)).collect();
            assert_eq!(
                fundamental(&Sound::mono(RATE, noise.clone())),
                None,
                "white noise"
            );
            let mut level = 0.0;
            let brown = noise.iter().map(|sample| {
                level = 0.995 * level + sample;
                level
            });
            assert_eq!(
                fundamental(&Sound::mono(RATE, brown.collect())),
                None,
                "brown noise"
            );
        }
        for samples in [
            vec![],
            vec![0.0; 50_000],
            vec![1.0; 50_000],
            vec![0.5],
            vec![0.1, -0.2, 0.3],
        ] {
            assert_eq!(fundamental(&Sound::mono(RATE, samples)), None);
        }
        assert_eq!(
            fundamental(&Sound::sine(440.0, 1.0, 0.003)),
            None,
            "less than two periods"
        );
        assert_eq!(fundamental(&Sound::mono(RATE, vec![f32::NAN; 9000])), None);
        for (rate, frames) in [(1, 100), (60, 500), (u32::MAX, 1000)] {
            let _ = fundamental(&Sound::mono(
                rate,
                (0..frames).map(|i| (i as f32).sin()).collect(),
            ));
        }
    }

    #[test]
    fn the_partials_of_a_chime_are_found_where_they_are() {
        let ratios = [1.0, 2.756, 5.404, 8.933];
        let falls = [6.0, 2.0, 0.6, 0.2];
        let chime: Vec<_> = ratios
            .iter()
            .zip(falls)
            .map(|(&ratio, fall)| (ratio, 0.2, fall))
            .collect();
        let sound = tone(523.25, RATE, 4.0, &chime);
        let expected = ratios.map(|ratio| ratio * 523.25 * 1.01);
        for (found, ratio) in partials(&sound, &expected).iter().zip(ratios) {
            let error = cents(ratio * 523.25, found.unwrap());
            println!("partial {ratio}: {error:.4} cents");
            assert!(error.abs() < 0.01, "{ratio}: {error}");
        }
        assert_eq!(partials(&sound, &[1000.0, f64::NAN, 0.0, -1.0]), [None; 4]);
        assert_eq!(partials(&Sound::mono(RATE, vec![]), &[440.0]), [None]);
    }
}
