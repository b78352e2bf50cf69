//! The small loops of a block: its gate and its two ways out.

#![allow(clippy::needless_range_loop)] // counted loops become vectors

use crate::nn::fast::{for_each_processor, sigmoid_of, tanh_of};

// ANCHOR: gate
for_each_processor! {
    /// `a` `[n][2 R]` and its bias become both factors, `tanh` of the first half and `sigmoid` of the second; their product is `z`
    /// `[n][R]`.
    pub(super) fn gate<const LANES: usize>(units: usize, a: &mut [f32], bias: &[f32], z: &mut [f32]) {
        let (say, much) = bias.split_at(units);
        for (a, z) in a.chunks_exact_mut(2 * units).zip(z.chunks_exact_mut(units)) {
            let (f, g) = a.split_at_mut(units);
            let (say, much, g) = (&say[..f.len()], &much[..f.len()], &mut g[..f.len()]);
            let z = &mut z[..f.len()];
            for k in 0..f.len() {
                f[k] = tanh_of::<LANES>(f[k] + say[k]);
                g[k] = sigmoid_of::<LANES>(g[k] + much[k]);
                z[k] = f[k] * g[k];
            }
        }
    }
}
// ANCHOR_END: gate

for_each_processor! {
    /// `z` once more, from its factors.
    pub(super) fn product_of_factors<const LANES: usize>(units: usize, factors: &[f32], z: &mut [f32]) {
        for (factors, z) in factors.chunks_exact(2 * units).zip(z.chunks_exact_mut(units)) {
            let (f, g) = factors.split_at(units);
            let (g, z) = (&g[..f.len()], &mut z[..f.len()]);
            for k in 0..f.len() {
                z[k] = f[k] * g[k];
            }
        }
    }
}

for_each_processor! {
    /// `dz` `[n][R]` turns the factors into `da` `[n][2 R]`: the slope of a curve can be told from what it gave.
    pub(super) fn gate_back<const LANES: usize>(units: usize, factors: &mut [f32], dz: &[f32]) {
        for (factors, dz) in factors.chunks_exact_mut(2 * units).zip(dz.chunks_exact(units)) {
            let (f, g) = factors.split_at_mut(units);
            let (g, dz) = (&mut g[..f.len()], &dz[..f.len()]);
            for k in 0..f.len() {
                let (say, much) = (f[k], g[k]);
                f[k] = dz[k] * much * (1.0 - say * say);
                g[k] = dz[k] * say * much * (1.0 - much);
            }
        }
    }
}

for_each_processor! {
    /// What came out of the block `[n][R + S]`, and its bias: `y = x + ` the first part, unless `y` is empty, and `skip +=` the second.
    pub(super) fn part_ways<const LANES: usize>(
        residual: usize, out: &[f32], bias: &[f32], x: &[f32], y: &mut [f32], skip: &mut [f32],
    ) {
        let both = bias.len();
        let skips = both - residual;
        for row in 0..out.len() / both {
            let (r, s) = out[row * both..][..both].split_at(residual);
            if !y.is_empty() {
                let (x, y) = (&x[row * residual..][..residual], &mut y[row * residual..][..residual]);
                let (r, p) = (&r[..residual], &bias[..residual]);
                for k in 0..residual {
                    y[k] = x[k] + r[k] + p[k];
                }
            }
            let (s, q, skip) = (&s[..skips], &bias[residual..], &mut skip[row * skips..][..skips]);
            for k in 0..skips {
                skip[k] += s[k] + q[k];
            }
        }
    }
}
