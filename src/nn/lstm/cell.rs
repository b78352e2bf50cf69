//! The formulas of the LSTM, for one step: there, and back by the chain rule.
//!
//! Shapes: `B` sequences, `H` units; `i f g o` are the gates, `a` the sums that they were made from.

use crate::nn::fast::{for_each_processor, sigmoid_of, tanh_of};

/// One step of all sequences: what the units hear of the input, a slice `a` `[4 H]` for each sequence, and of the step before, in `gates`
/// `[B][4 H]`; everything else `[B][H]`.
pub(super) fn cells<'a>(
    units: usize,
    a: impl IntoIterator<Item = &'a [f32]>,
    gates: &mut [f32],
    c_before: &[f32],
    c: &mut [f32],
    tanh_c: &mut [f32],
    h: &mut [f32],
) {
    for (b, a) in a.into_iter().enumerate() {
        let one = b * units..(b + 1) * units;
        let (i, f, g, o) = four(&mut gates[4 * one.start..4 * one.end], units);
        let (c_before, c) = (&c_before[one.clone()], &mut c[one.clone()]);
        cell(a, i, f, g, o, c_before, c, &mut tanh_c[one.clone()], &mut h[one]);
    }
}

pub(super) fn cells_back(
    units: usize,
    gates: &mut [f32],
    c_before: &[f32],
    tanh_c: &[f32],
    dh: &[f32],
    dc: &mut [f32],
) {
    for b in 0..dh.len() / units.max(1) {
        let one = b * units..(b + 1) * units;
        let (i, f, g, o) = four(&mut gates[4 * one.start..4 * one.end], units);
        let (c_before, tanh_c) = (&c_before[one.clone()], &tanh_c[one.clone()]);
        cell_back(i, f, g, o, c_before, tanh_c, &dh[one.clone()], &mut dc[one]);
    }
}

fn four(gates: &mut [f32], units: usize) -> (&mut [f32], &mut [f32], &mut [f32], &mut [f32]) {
    let (i, rest) = gates.split_at_mut(units);
    let (f, rest) = rest.split_at_mut(units);
    let (g, o) = rest.split_at_mut(units);
    (i, f, g, o)
}

for_each_processor! {
    /// One step of one sequence, `[H]` each but `a` `[4 H]`: from the sums to the gates, the memory and the output.
    fn cell<const LANES: usize>(
        a: &[f32], i: &mut [f32], f: &mut [f32], g: &mut [f32], o: &mut [f32],
        c_before: &[f32], c: &mut [f32], tanh_c: &mut [f32], h: &mut [f32],
    ) {
        // Cut to one length, so that the compiler knows that no place is outside.
        let n = i.len();
        let (f, g, o) = (&mut f[..n], &mut g[..n], &mut o[..n]);
        let (c_before, c, tanh_c, h) = (&c_before[..n], &mut c[..n], &mut tanh_c[..n], &mut h[..n]);
        let (a_i, a_f, a_g, a_o) = (&a[..n], &a[n..][..n], &a[2 * n..][..n], &a[3 * n..][..n]);
        // ANCHOR: forward
        // What each unit hears of the input is in `a`; what it hears of the others is, at first, where its gates will be.
        for k in 0..n {
            i[k] = sigmoid_of::<LANES>(a_i[k] + i[k]);
            f[k] = sigmoid_of::<LANES>(a_f[k] + f[k]);
            g[k] = tanh_of::<LANES>(a_g[k] + g[k]);
            o[k] = sigmoid_of::<LANES>(a_o[k] + o[k]);
            c[k] = f[k] * c_before[k] + i[k] * g[k];
            tanh_c[k] = tanh_of::<LANES>(c[k]);
            h[k] = o[k] * tanh_c[k];
        }
        // ANCHOR_END: forward
    }
}

for_each_processor! {
    /// The way back of `cell`: the gates become `da`, and `dc` that of the step before.
    fn cell_back<const LANES: usize>(
        i: &mut [f32], f: &mut [f32], g: &mut [f32], o: &mut [f32],
        c_before: &[f32], tanh_c: &[f32], dh: &[f32], dc: &mut [f32],
    ) {
        let n = i.len();
        let (f, g, o) = (&mut f[..n], &mut g[..n], &mut o[..n]);
        let (c_before, tanh_c, dh, dc) = (&c_before[..n], &tanh_c[..n], &dh[..n], &mut dc[..n]);
        // ANCHOR: backward
        for k in 0..n {
            let d = dc[k] + dh[k] * o[k] * (1.0 - tanh_c[k] * tanh_c[k]);
            let (di, df, dg, d_o) = (d * g[k], d * c_before[k], d * i[k], dh[k] * tanh_c[k]);
            let before = d * f[k];
            i[k] = di * i[k] * (1.0 - i[k]);
            f[k] = df * f[k] * (1.0 - f[k]);
            g[k] = dg * (1.0 - g[k] * g[k]);
            o[k] = d_o * o[k] * (1.0 - o[k]);
            // What has faded to nothing is set to nothing: numbers that small make a processor crawl.
            dc[k] = if before.abs() < 1e-30 { 0.0 } else { before };
        }
        // ANCHOR_END: backward
    }
}
