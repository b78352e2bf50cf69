//! A tile in WebAssembly. There the compiler finds no vectors in [`kernel`](super::kernel)'s loops, so they are called by name: four numbers each.

use super::kernel::{COLUMNS, PanelRow, ROWS, Tile};
use std::arch::wasm32::{f32x4_add, f32x4_extract_lane, f32x4_mul, f32x4_splat, v128, v128_load};

/// As `kernel::whole_tile`, with a column of the upper four rows and of the lower at each step: four rows by eight columns at a time, so that
/// the sums stay in the registers.
#[inline(always)]
pub(super) fn whole_tile(
    above: impl Fn(usize) -> [f32; ROWS / 2],
    below: impl Fn(usize) -> [f32; ROWS / 2],
    w: &[PanelRow],
    tile: &mut Tile,
) {
    let (upper, lower) = tile.split_at_mut(ROWS / 2);
    for part in 0..COLUMNS / 8 {
        half(&above, w, part, upper);
    }
    for part in 0..COLUMNS / 8 {
        half(&below, w, part, lower);
    }
}

#[inline(always)]
fn half(x: impl Fn(usize) -> [f32; ROWS / 2], w: &[PanelRow], part: usize, rows: &mut [[f32; COLUMNS]]) {
    let zero = f32x4_splat(0.0);
    let (mut a0, mut a1, mut a2, mut a3) = (zero, zero, zero, zero);
    let (mut b0, mut b1, mut b2, mut b3) = (zero, zero, zero, zero);
    for k in 0..w.len() {
        let ([x0, x1, x2, x3], PanelRow(w)) = (x(k), &w[k]);
        let fours = w.as_chunks::<4>().0;
        let (Some(left), Some(right)) = (fours.get(2 * part), fours.get(2 * part + 1)) else {
            break;
        };
        let (left, right) = (four(left), four(right));
        let [x0, x1, x2, x3] = [f32x4_splat(x0), f32x4_splat(x1), f32x4_splat(x2), f32x4_splat(x3)];
        (a0, b0) = (plus(a0, x0, left), plus(b0, x0, right));
        (a1, b1) = (plus(a1, x1, left), plus(b1, x1, right));
        (a2, b2) = (plus(a2, x2, left), plus(b2, x2, right));
        (a3, b3) = (plus(a3, x3, left), plus(b3, x3, right));
    }
    for (row, (left, right)) in rows.iter_mut().zip([(a0, b0), (a1, b1), (a2, b2), (a3, b3)]) {
        if let Some(to) = row.as_chunks_mut::<8>().0.get_mut(part) {
            to[..4].copy_from_slice(&numbers(left));
            to[4..].copy_from_slice(&numbers(right));
        }
    }
}

/// `sum + x w`.
#[inline(always)]
fn plus(sum: v128, x: v128, w: v128) -> v128 {
    f32x4_add(sum, f32x4_mul(x, w))
}

/// In one instruction: put together of four numbers, it would be four.
#[inline(always)]
#[allow(unsafe_code)]
fn four(numbers: &[f32; 4]) -> v128 {
    // SAFETY: these are 16 bytes that may be read, and any bits are a `v128`, at any address.
    unsafe { v128_load(numbers.as_ptr().cast()) }
}

#[inline(always)]
fn numbers(v: v128) -> [f32; 4] {
    [
        f32x4_extract_lane::<0>(v),
        f32x4_extract_lane::<1>(v),
        f32x4_extract_lane::<2>(v),
        f32x4_extract_lane::<3>(v),
    ]
}
