//! The innermost loops. Everything here is plain Rust; its shape is what makes it fast: arrays of known size, slices that were cut
//! to one length, and counted loops (an iterator's adapter may be a call that the compiler does not see through).
//!
//! Shapes: `K` inner size, 8 rows to a tile, 32 columns to a panel.

#![allow(clippy::needless_range_loop)]

use super::processor::{for_each_processor, multiply_add};

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
    for column in 0..WIDTH {
        sums[column] = multiply_add::<LANES>(x, w[column], sums[column]);
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
    let (mut s0, mut s1, mut s2, mut s3) = ([0.0; WIDTH], [0.0; WIDTH], [0.0; WIDTH], [0.0; WIDTH]);
    let (mut s4, mut s5, mut s6, mut s7) = ([0.0; WIDTH], [0.0; WIDTH], [0.0; WIDTH], [0.0; WIDTH]);
    let steps = x.len().min(w.len());
    let (x, w) = (&x[..steps], &w[..steps]);
    for k in 0..steps {
        let ([x0, x1, x2, x3, x4, x5, x6, x7], PanelRow(w)) = (x[k], &w[k]);
        let Some(w) = w.as_chunks::<WIDTH>().0.get(part) else {
            break;
        };
        add_scaled::<WIDTH, LANES>(x0, w, &mut s0);
        add_scaled::<WIDTH, LANES>(x1, w, &mut s1);
        add_scaled::<WIDTH, LANES>(x2, w, &mut s2);
        add_scaled::<WIDTH, LANES>(x3, w, &mut s3);
        add_scaled::<WIDTH, LANES>(x4, w, &mut s4);
        add_scaled::<WIDTH, LANES>(x5, w, &mut s5);
        add_scaled::<WIDTH, LANES>(x6, w, &mut s6);
        add_scaled::<WIDTH, LANES>(x7, w, &mut s7);
    }
    let sums = [s0, s1, s2, s3, s4, s5, s6, s7];
    for row in 0..ROWS {
        if let Some(to) = tile[row].as_chunks_mut::<WIDTH>().0.get_mut(part) {
            *to = sums[row];
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
        8 => {
            for part in 0..COLUMNS / 8 {
                part_of_tile::<8, LANES>(x, w, part, tile);
            }
        }
        _ => {
            for part in 0..COLUMNS / 4 {
                part_of_tile::<4, LANES>(x, w, part, tile);
            }
        }
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
        for (row, y) in y.chunks_mut(stride).take(ROWS).enumerate() {
            let (sums, y) = (&tile[row], &mut y[left..left + width]);
            if let Some(y) = y.first_chunk_mut::<COLUMNS>() {
                for column in 0..COLUMNS {
                    y[column] += sums[column];
                }
            } else {
                for column in 0..width.min(COLUMNS) {
                    y[column] += sums[column];
                }
            }
        }
    }
}

for_each_processor! {
    /// Adds the product of one row `x` `[K]` and a panel `w` `[K][32]` to `y`, at most 32 columns.
    pub(super) fn add_row<const LANES: usize>(x: &[f32], w: &[PanelRow], y: &mut [f32]) {
        // Four sums of each column in turn: one would wait for itself at every step.
        let (mut s0, mut s1) = ([0.0; COLUMNS], [0.0; COLUMNS]);
        let (mut s2, mut s3) = ([0.0; COLUMNS], [0.0; COLUMNS]);
        let steps = x.len().min(w.len());
        let ((x, rest), (w, rest_of_panel)) = (x[..steps].as_chunks::<4>(), w[..steps].as_chunks::<4>());
        let fours = x.len().min(w.len());
        let (x, w) = (&x[..fours], &w[..fours]);
        for k in 0..fours {
            let ([x0, x1, x2, x3], [w0, w1, w2, w3]) = (x[k], &w[k]);
            add_scaled::<COLUMNS, LANES>(x0, &w0.0, &mut s0);
            add_scaled::<COLUMNS, LANES>(x1, &w1.0, &mut s1);
            add_scaled::<COLUMNS, LANES>(x2, &w2.0, &mut s2);
            add_scaled::<COLUMNS, LANES>(x3, &w3.0, &mut s3);
        }
        let steps = rest.len().min(rest_of_panel.len());
        for k in 0..steps {
            add_scaled::<COLUMNS, LANES>(rest[k], &rest_of_panel[k].0, &mut s0);
        }
        for column in 0..COLUMNS {
            s0[column] = (s0[column] + s1[column]) + (s2[column] + s3[column]);
        }
        let width = y.len().min(COLUMNS);
        let y = &mut y[..width];
        for column in 0..width {
            y[column] += s0[column];
        }
    }
}
