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

/// Brings the loudest eighth of the first second to the level, bends the ends to zero (1 ms and 5 ms), and
/// keeps peaks within 1.
pub fn finished(mut samples: Vec<f32>, loudness: f64, rate: u32) -> Vec<f32> {
    let frames = |seconds: f64| (seconds * f64::from(rate)) as usize;
    fade(samples.iter_mut(), frames(0.001));
    fade(samples.iter_mut().rev(), frames(0.005));
    let window = frames(WINDOW).max(1);
    let loudest = samples
        .chunks(window)
        .take(8)
        .map(|chunk| {
            chunk.iter().map(|sample| sample * sample).sum::<f32>() / window.min(samples.len()) as f32
        })
        .fold(0.0, f32::max)
        .sqrt();
    let peak = samples
        .iter()
        .fold(0.0, |peak: f32, sample| peak.max(sample.abs()));
    if loudest == 0.0 || !peak.is_finite() {
        samples.fill(0.0);
        return samples;
    }
    let gain = ((LEVEL * loudness) as f32 / loudest).min(1.0 / peak);
    samples.iter_mut().for_each(|sample| *sample *= gain);
    samples
}

/// From zero to full along half a cosine.
fn fade<'a>(samples: impl Iterator<Item = &'a mut f32>, length: usize) {
    for (i, sample) in samples.take(length.max(1)).enumerate() {
        let x = i as f32 / length.max(1) as f32;
        *sample *= 0.5 - 0.5 * (std::f32::consts::PI * x).cos();
    }
}
