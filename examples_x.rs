//! experiments (not committed)
use aeolian::chance::coded_string::CodedString;
use aeolian::music::Pitch;
use aeolian::nn::*;
use aeolian::predict::Predictor;
use aeolian::sound::{Sound, cents, mu_law, repetition, wav};
use aeolian::wavenet::*;
use rand::{Rng, RngExt};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use std::time::Instant;

fn walk(seconds: f64, low: i32, high: i32, rng: &mut impl Rng) -> Vec<(u8, u32)> {
    let (mut p, mut t, mut out) = ((low + high) / 2, 0.0, vec![]);
    while t < seconds {
        let s: f64 = rng.random_range(0.12..0.6);
        out.push((p as u8, (s * 8000.0) as u32));
        t += s;
        p = if rng.random_bool(0.1) {
            rng.random_range(low..=high)
        } else {
            (p + rng.random_range(-7..=7)).clamp(low, high)
        };
    }
    out
}
fn cues(notes: &[(u8, u32)]) -> Vec<Cue> {
    notes
        .iter()
        .flat_map(|&(p, n)| (0..n).map(move |age| Cue { pitch: Some(p), age }))
        .collect()
}
fn harp(notes: &[(u8, u32)], rng: &mut impl Rng) -> Vec<u8> {
    let mut s = CodedString::default().at_rest();
    let mut out = vec![];
    for &(p, n) in notes {
        s.tune(Pitch::from_midi(p).unwrap().hertz());
        out.extend((0..n).map(|_| s.draw(rng)));
    }
    out
}
fn floor(notes: &[(u8, u32)], codes: &[u8]) -> f64 {
    let mut s = CodedString::default().at_rest();
    let (mut bits, mut i, mut p) = (0.0, 0, vec![0.0; 256]);
    for &(m, n) in notes {
        s.tune(Pitch::from_midi(m).unwrap().hertz());
        for _ in 0..n {
            s.predict(&mut p);
            bits -= p[codes[i] as usize].log2();
            s.hear(codes[i] as usize);
            i += 1;
        }
    }
    bits / i as f64
}
pub fn in_tune(notes: &[(u8, u32)], x: &[f32]) -> (f64, f64, f64) {
    let (mut at, mut all, mut c) = (0usize, 0, vec![]);
    for &(m, n) in notes {
        if n >= 800 {
            all += 1;
            let from = at + 240;
            let to = (at + n as usize).min(at + 2240);
            if let Some(f) = repetition(&Sound::mono(8000, x[from..to].to_vec())) {
                c.push(cents(Pitch::from_midi(m).unwrap().hertz(), f).abs());
            }
        }
        at += n as usize;
    }
    c.sort_by(f64::total_cmp);
    let within = |k: f64| c.iter().filter(|x| **x < k).count() as f64 / all as f64;
    (
        within(20.0),
        within(50.0),
        c.get(c.len() / 2).copied().unwrap_or(9999.0),
    )
}
fn moments(notes: &[(u8, u32)], codes: &[u8]) -> Vec<Moment> {
    cues(notes)
        .into_iter()
        .zip(codes)
        .map(|(cue, &code)| Moment { cue, code })
        .collect()
}
fn pluck(notes: &[(u8, u32)], rng: &mut impl Rng) -> Vec<u8> {
    use aeolian::sound::Instrument;
    let total: usize = notes.iter().map(|n| n.1 as usize).sum();
    let mut x = vec![0f32; total + 400];
    let mut at = 0;
    for &(p, n) in notes {
        let v = [64, 90, 116][rng.random_range(0..3)];
        let d = [-3.0, 0.0, 3.0f64][rng.random_range(0..3)];
        let hz = Pitch::from_midi(p).unwrap().hertz() * 2f64.powf(d / 1200.0);
        let tone = Instrument::PluckedString.tone(hz, n as f64 / 8000.0 + 0.03, v, 8000);
        for (i, s) in tone.iter().take(n as usize + 240).enumerate() {
            let fade = if i < n as usize {
                1.0
            } else {
                1.0 - (i - n as usize) as f32 / 240.0
            };
            x[at + i] += s * fade;
        }
        at += n as usize;
    }
    x.truncate(total);
    let peak = x.iter().fold(0f32, |p, x| p.max(x.abs()));
    eprintln!("peak {peak}");
    let g = std::env::var("GAIN")
        .ok()
        .and_then(|g| g.parse().ok())
        .unwrap_or(1.0f32);
    x.iter().map(|&x| mu_law::encode(x * g)).collect()
}
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let get = |k: &str, d: f64| {
        a.iter()
            .find_map(|x| x.strip_prefix(&format!("{k}=")).and_then(|v| v.parse().ok()))
            .unwrap_or(d)
    };
    let kind = a[1].clone();
    let millions = get("m", 2.0);
    let win = get("win", 1024.0) as usize;
    let batch = get("b", 1.0) as usize;
    let piece = get("piece", 4096.0) as usize;
    let rate = get("rate", 6e-3) as f32;
    let fork = get("fork", 0.0) as usize;
    let noise = get("noise", 0.0) as f32;
    let (d, o) = (get("d", 7.0) as u32, get("o", 2.0) as usize);
    let (low, high) = (get("low", 55.0) as i32, get("high", 79.0) as i32);
    let secs = get("secs", 240.0);
    let mut rng = ChaCha8Rng::seed_from_u64(get("seed", 8.0) as u64);
    let (train_n, test_n) = (walk(secs, low, high, &mut rng), walk(10.0, low, high, &mut rng));
    let make = |n: &[(u8, u32)], rng: &mut ChaCha8Rng| {
        if kind == "harp" {
            harp(n, rng)
        } else {
            pluck(n, rng)
        }
    };
    let (c, tc) = (make(&train_n, &mut rng), make(&test_n, &mut rng));
    let dec = |c: &[u8]| c.iter().map(|&c| mu_law::decode(c)).collect::<Vec<_>>();
    println!("{a:?}");
    println!(
        "own in tune {:?} rms {:.3}",
        in_tune(&test_n, &dec(&tc)),
        Sound::mono(8000, dec(&tc)).rms()
    );
    if kind == "harp" {
        println!("floor {:.3}", floor(&test_n, &tc));
    }
    let shape = WaveNetShape {
        net: NetShape {
            residual: get("r", 32.0) as usize,
            skip: get("s", 64.0) as usize,
            hidden: get("h", 64.0) as usize,
            ..NetShape::doubling(d, o)
        },
        conditioning: Some(Conditioning {
            rate: 8000,
            lowest: low as u8,
            pitches: (high - low + 1) as usize,
            fork,
        }),
    };
    let mut model = WaveNet::new(&shape, &mut rng).unwrap().roughened(noise);
    model.net().expect(c.iter().copied());
    let m = moments(&train_n, &c);
    let pieces: Vec<Vec<Moment>> = m.chunks_exact(piece).map(<[_]>::to_vec).collect();
    let epochs = (millions * 1e6 / (pieces.len() * piece) as f64).round().max(1.0) as usize;
    let n = ((millions * 1e6 / piece as f64 / epochs as f64) as usize).min(pieces.len());
    let settings = Training {
        batch,
        parts: batch,
        window: win,
        epochs,
        patience: 99,
        rate,
        warm_up: (0.03 * millions * 1e6 / (win * batch) as f64) as u64,
        longest: 1.0,
        ..Training::default()
    };
    let start = Instant::now();
    train(&mut model, &pieces[..n], &[], &settings, |p| {
        if p.validation.is_some() {
            println!(
                "  epoch {} {:.3} {:.0}s",
                p.epoch,
                p.bits,
                start.elapsed().as_secs_f64()
            );
        }
    })
    .unwrap();
    let secs = start.elapsed().as_secs_f64();
    let test = moments(&test_n, &tc);
    let bits = surprise(
        &model,
        &[test],
        &Training {
            parts: 1,
            window: 4096,
            ..Training::default()
        },
    )
    .unwrap()
        / std::f64::consts::LN_2;
    println!(
        "{:.2} M samples {secs:.0} s  bits {bits:.3}",
        (n * piece * epochs) as f64 / 1e6
    );
    for t in [1.0, 0.8, 0.6, 0.4] {
        let mut p = model.player().unwrap();
        p.forget();
        let x: Vec<f32> = cues(&test_n)
            .into_iter()
            .map(|cue| {
                p.cue(cue);
                mu_law::decode(p.draw(t, &mut rng))
            })
            .collect();
        println!(
            "  t {t} in tune {:?} rms {:.3}",
            in_tune(&test_n, &x),
            Sound::mono(8000, x.clone()).rms()
        );
        wav::write(
            std::path::Path::new(&format!("/tmp/x/{kind}-{t}.wav")),
            &Sound::mono(8000, x),
        )
        .unwrap();
    }
}
