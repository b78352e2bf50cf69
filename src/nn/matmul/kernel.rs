//! The innermost loops. Everything here is plain Rust; its shape is what makes it fast.
//!
//! Shapes: `K` inner size, 8 rows to a tile, 32 columns to a panel.

use crate::nn::processor::{for_each_processor, multiply_add};

/// Rows that are handled together: each number of a panel that is fetched serves eight times.
pub(super) const ROWS: usize = 8;

/// Columns of a panel: two of the widest vectors, so that a tile's 8 x 32 sums fill 16 of the 32 registers.
pub(super) const COLUMNS: usize = 32;

/// One row of a panel, at an address that is a multiple of 64 bytes: the processor fetches so many at once.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub(super) struct PanelRow(pub [f32; COLUMNS]);

impl PanelRow {
    pub(super) const ZERO: PanelRow = PanelRow([0.0; COLUMNS]);
}

/// `sums += x · w`.
#[inline(always)]
fn add_scaled<const WIDTH: usize, const LANES: usize>(x: f32, w: &[f32; WIDTH], sums: &mut [f32; WIDTH]) {
    for (w, sum) in w.iter().zip(sums) {
        *sum = multiply_add::<LANES>(x, *w, *sum);
    }
}

/// `WIDTH` columns of a tile, the first of them number `part * WIDTH`: `x` `[K][8]` times a panel `w` `[K][32]`.
#[inline(always)]
fn part_of_tile<const WIDTH: usize, const LANES: usize>(
    x: &[[f32; ROWS]],
    w: &[PanelRow],
    part: usize,
    tile: &mut [[f32; COLUMNS]; ROWS],
) {
    // Eight arrays with names, not one of eight: only so does the compiler keep them in registers from the first step to
    // the last, twenty times as fast.
    let [mut s0, mut s1, mut s2, mut s3] = [[0.0; WIDTH]; 4];
    let [mut s4, mut s5, mut s6, mut s7] = [[0.0; WIDTH]; 4];
    for ([x0, x1, x2, x3, x4, x5, x6, x7], PanelRow(w)) in x.iter().zip(w) {
        let Some(w) = w.as_chunks::<WIDTH>().0.get(part) else {
            break;
        };
        add_scaled::<WIDTH, LANES>(*x0, w, &mut s0);
        add_scaled::<WIDTH, LANES>(*x1, w, &mut s1);
        add_scaled::<WIDTH, LANES>(*x2, w, &mut s2);
        add_scaled::<WIDTH, LANES>(*x3, w, &mut s3);
        add_scaled::<WIDTH, LANES>(*x4, w, &mut s4);
        add_scaled::<WIDTH, LANES>(*x5, w, &mut s5);
        add_scaled::<WIDTH, LANES>(*x6, w, &mut s6);
        add_scaled::<WIDTH, LANES>(*x7, w, &mut s7);
    }
    for (row, sums) in tile.iter_mut().zip([s0, s1, s2, s3, s4, s5, s6, s7]) {
        if let Some(row) = row.as_chunks_mut::<WIDTH>().0.get_mut(part) {
            *row = sums;
        }
    }
}

/// [`tile`] for a processor that handles so many numbers at once: as many columns at a time as its registers hold.
#[inline(always)]
pub(super) fn tile_with<const LANES: usize>(
    x: &[[f32; ROWS]],
    w: &[PanelRow],
    tile: &mut [[f32; COLUMNS]; ROWS],
) {
    match LANES {
        16 => part_of_tile::<32, LANES>(x, w, 0, tile),
        8 => (0..COLUMNS / 8).for_each(|part| part_of_tile::<8, LANES>(x, w, part, tile)),
        _ => (0..COLUMNS / 4).for_each(|part| part_of_tile::<4, LANES>(x, w, part, tile)),
    }
}

for_each_processor! {
    /// A tile: `x` `[K][8]` times a panel `w` `[K][32]`.
    pub(super) fn tile<const LANES: usize>(
        x: &[[f32; ROWS]], w: &[PanelRow], tile: &mut [[f32; COLUMNS]; ROWS],
    ) {
        tile_with::<LANES>(x, w, tile);
    }
}

for_each_processor! {
    /// Adds a tile to columns `left..left + width` of `y`, at most 8 rows that are `stride` long.
    pub(super) fn add_tile<const LANES: usize>(
        tile: &[[f32; COLUMNS]; ROWS], y: &mut [f32], stride: usize, left: usize, width: usize,
    ) {
        for (y, sums) in y.chunks_mut(stride).zip(tile) {
            let y = &mut y[left..left + width];
            match y.as_mut_array::<COLUMNS>() {
                Some(y) => y.iter_mut().zip(sums).for_each(|(y, sum)| *y += sum),
                None => y.iter_mut().zip(sums).for_each(|(y, sum)| *y += sum),
            }
        }
    }
}

for_each_processor! {
    /// Adds the product of one row `x` `[K]` and a panel `w` `[K][32]` to `y`, at most 32 columns.
    pub(super) fn add_row<const LANES: usize>(x: &[f32], w: &[PanelRow], y: &mut [f32]) {
        // Four sums of each column in turn: one would wait for itself at every step.
        let mut sums = [[0.0; COLUMNS]; 4];
        let (fours, rest) = x.as_chunks::<4>();
        let (panels, rest_of_panel) = w.as_chunks::<4>();
        for (x, w) in fours.iter().zip(panels) {
            for ((x, PanelRow(w)), sums) in x.iter().zip(w).zip(&mut sums) {
                for (w, sum) in w.iter().zip(sums) {
                    *sum = multiply_add::<LANES>(*x, *w, *sum);
                }
            }
        }
        for (x, PanelRow(w)) in rest.iter().zip(rest_of_panel) {
            for (w, sum) in w.iter().zip(&mut sums[0]) {
                *sum = multiply_add::<LANES>(*x, *w, *sum);
            }
        }
        let [a, b, c, d] = &sums;
        for ((((y, a), b), c), d) in y.iter_mut().zip(a).zip(b).zip(c).zip(d) {
            *y += (a + b) + (c + d);
        }
    }
}
