//! The grading of chapter 10's exercises.

use super::grading::{close, equal};

#[test]
fn best_expert() {
    let meaning = "Of all numbers that fall here, p are real and q are forged: it cannot know more than their shares.";
    for (p, q, expected) in
        [(1.0, 0.0, 1.0), (0.0, 0.3, 0.0), (0.4, 0.4, 0.5), (0.6, 0.2, 0.75)]
    {
        close(
            &format!("p {p}, q {q}"),
            super::best_expert(p, q),
            expected,
            1e-9,
            meaning,
        );
    }
    let nothing = "Where nothing falls there is nothing to know: a coin.";
    close("p 0, q 0", super::best_expert(0.0, 0.0), 0.5, 1e-9, nothing);
}

#[test]
fn judge_right() {
    let meaning = "Of each kind the judge says what it is more often, real or forged, and half of all are real.";
    let same = [0.5, 0.3, 0.2];
    close("equal shares", super::judge_right(&same, &same), 0.5, 1e-9, meaning);
    let apart = super::judge_right(&[1.0, 0.0], &[0.0, 1.0]);
    close("no kind in common", apart, 1.0, 1e-9, meaning);
    let other = super::judge_right(&[0.5, 0.3, 0.2], &[0.2, 0.3, 0.5]);
    close("a little apart", other, 0.65, 1e-9, meaning);
    let copies = "A forger that makes one real kind again and again is found out by how often it comes.";
    close(
        "one kind only",
        super::judge_right(&same, &[1.0, 0.0, 0.0]),
        0.75,
        1e-9,
        copies,
    );
}

#[test]
fn one_step() {
    let meaning = "The slope of -ln D(real) by the score is D - 1, that of -ln(1 - D(fake)) is D; the score is w x + c, and the forgery z + b.";
    for (now, real, z, rate) in [
        ([0.0, 0.0, 0.0], 4.0, 0.3, 0.1),
        ([1.0, 0.5, -1.0], 4.2, -0.7, 0.05),
        ([5.0, -0.4, 0.8], 3.6, 0.2, 0.2),
    ] {
        let found = super::one_step(now, real, z, rate);
        // By moving each weight a little.
        let sure = |[_, w, c]: [f64; 3], x: f64| 1.0 / (1.0 + (-(w * x + c)).exp());
        let fake = |b: f64| z + b;
        let expert =
            |at: [f64; 3]| -sure(at, real).ln() - (1.0 - sure(at, fake(at[0]))).ln();
        let forger = |at: [f64; 3]| -sure(at, fake(at[0])).ln();
        let slope = |of: &dyn Fn([f64; 3]) -> f64, at: [f64; 3], place: usize| {
            let (mut up, mut down) = (at, at);
            up[place] += 1e-5;
            down[place] -= 1e-5;
            (of(up) - of(down)) / 2e-5
        };
        let mut expected = now;
        for place in [1, 2] {
            expected[place] -= rate * slope(&expert, now, place);
        }
        expected[0] -= rate * slope(&forger, expected, 0);
        for (place, name) in ["b", "w", "c"].into_iter().enumerate() {
            let what = format!("{name} after a step from {now:?}");
            close(&what, found[place], expected[place], 1e-6, meaning);
        }
    }
    let first = super::one_step([0.0, 0.0, 0.0], 4.0, 0.0, 0.1);
    let towards =
        "The forger moves to where the expert has just learned that real numbers are.";
    equal("the forger moves up", first[0] > 0.0, true, towards);
}

#[test]
fn gumbel() {
    let meaning = "Add -ln(-ln u) to each logit and give the place of the largest.";
    equal("equal luck", super::gumbel(&[0.0, 2.0, 1.0], &[0.5; 3]), 1, meaning);
    equal("great luck", super::gumbel(&[0.0, 2.0, 1.0], &[0.999, 0.1, 0.1]), 0, meaning);
    let logits = [1f64.ln(), 2f64.ln(), 5f64.ln()];
    let (mut counts, mut state) = ([0.0; 3], 12_345_u64);
    for _ in 0..20_000 {
        let mut u = [0.0; 3];
        for u in &mut u {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            *u = ((state >> 11) as f64 + 0.5) / (1u64 << 53) as f64;
        }
        counts[super::gumbel(&logits, &u)] += 1.0 / 20_000.0;
    }
    for (count, expected) in counts.into_iter().zip([0.125, 0.25, 0.625]) {
        let often =
            "As often as the softmax says: then a melody keeps its less likely notes.";
        close("how often it is drawn", count, expected, 0.015, often);
    }
}

#[test]
fn caught() {
    let centres = [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]];
    let meaning = "A centre is caught if any point is near it; a point is good if it is near any centre.";
    let points = [[0.05, 0.0], [0.0, -0.05], [0.5, 0.5], [1.0, 0.1]];
    let (count, good) = super::caught(&points, &centres, 0.11);
    equal("centres caught", count, 2, meaning);
    close("share of good points", good, 0.75, 1e-9, meaning);
    equal("of nothing", super::caught(&[], &centres, 0.1), (0, 0.0), meaning);
    let collapsed = super::caught(&[[0.0, 0.0]; 9], &centres, 0.1);
    equal(
        "one point nine times",
        collapsed,
        (1, 1.0),
        "All good, and one crowd: that is a collapse.",
    );
}
