//! What every tone gets at last: ends without a click, and its level.

/// The highest partial that a rate can carry: nine tenths of half of it (Nyquist's limit is the half itself).
pub fn highest(rate: u32) -> f64 {
    0.45 * f64::from(rate)
}

/// The loudness of a stroke, 0 to 1, as General MIDI Level 2 (1999) has it: half the velocity is a quarter of
/// the amplitude, 12 dB less.
pub fn loudness(force: f64) -> f64 {
    force * force
}

/// Lets the tone go after `seconds`: it dies away in `release` seconds along (1 - x)³, much as under a damper.
pub fn release(samples: &mut [f32], seconds: f64, release: f64, rate: u32) {
    let from = ((seconds * f64::from(rate)) as usize).min(samples.len());
    let length = (release * f64::from(rate)) as f32;
    for (i, sample) in samples[from..].iter_mut().enumerate() {
        *sample *= (1.0 - i as f32 / length).max(0.0).powi(3);
    }
}

/// The root of the mean square at full velocity, taken over [`WINDOW`].
const LEVEL: f64 = 0.16;

/// Seconds over which loudness is taken: what a sound level meter calls "fast" (IEC 61672).
const WINDOW: f64 = 0.125;

/// Bends the ends to zero (1 ms and 5 ms), takes away what pushes the air to one side for good, and brings the
/// loudest eighth of the first second to its level, but no peak beyond 1.
pub fn finished(mut samples: Vec<f32>, loudness: f64, rate: u32) -> Vec<f32> {
    let frames = |seconds: f64| (seconds * f64::from(rate)) as usize;
    fade(samples.iter_mut(), frames(0.001));
    fade(samples.iter_mut().rev(), frames(0.005));
    let (peak, sum) = peak_and_sum(&samples);
    let offset = take_back(&mut samples, sum, frames(0.05));
    let window = frames(WINDOW).clamp(1, samples.len().max(1));
    let energy = |part: &[f32]| part.iter().map(|sample| sample * sample).sum::<f32>();
    let loudest = samples.chunks(window).take(8).map(energy).fold(0.0, f32::max) / window as f32;
    let target = (LEVEL * loudness) as f32;
    let gain = (target / loudest.sqrt()).min(1.0 / (peak + offset));
    if !gain.is_finite() {
        return vec![0.0; samples.len()]; // silence has no level
    }
    samples.iter_mut().for_each(|sample| *sample *= gain);
    samples
}

/// Subtracts a slow swell, too low to hear, that has the same sum as the tone, so that the mean of the tone is zero.
/// Returns the height of the swell.
fn take_back(samples: &mut [f32], sum: f32, length: usize) -> f32 {
    let length = length.min(samples.len());
    let height = 1.5 * sum / length.max(1) as f32;
    for (i, sample) in samples.iter_mut().take(length).enumerate() {
        let x = i as f32 / length as f32;
        *sample -= height * 4.0 * x * (1.0 - x); // the sum of 4x(1 - x) is two thirds of its length
    }
    height.abs()
}

/// The largest distance from zero and the sum, eight samples side by side.
fn peak_and_sum(samples: &[f32]) -> (f32, f32) {
    let (eights, rest) = samples.as_chunks::<8>();
    let (mut peaks, mut sums) = ([0f32; 8], [0f32; 8]);
    for eight in eights {
        for i in 0..8 {
            peaks[i] = peaks[i].max(eight[i].abs());
            sums[i] += eight[i];
        }
    }
    let peak = peaks
        .iter()
        .chain(rest)
        .fold(0f32, |peak, sample| peak.max(sample.abs()));
    (peak, sums.iter().chain(rest).sum())
}

/// From zero to full along half a cosine.
fn fade<'a>(samples: impl Iterator<Item = &'a mut f32>, length: usize) {
    for (i, sample) in samples.take(length.max(1)).enumerate() {
        let x = i as f32 / length.max(1) as f32;
        *sample *= 0.5 - 0.5 * (std::f32::consts::PI * x).cos();
    }
}
