//! Products of matrices as they are defined: three loops, one inside the other. All else in this room computes the same, faster.
//!
//! They are slow because each multiplication fetches two numbers from memory, and a processor multiplies much faster than it fetches.

/// `y += x · w`, with `x` `[n][rows]`, `w` `[rows][columns]` and `y` `[n][columns]`: forward through a layer.
///
/// # Panics
/// If a slice is shorter than that; and so for the others.
pub fn add_product(n: usize, rows: usize, columns: usize, x: &[f32], w: &[f32], y: &mut [f32]) {
    for example in 0..n {
        for row in 0..rows {
            for column in 0..columns {
                y[example * columns + column] += x[example * rows + row] * w[row * columns + column];
            }
        }
    }
}

/// `dx += dy · wᵀ`: backward, towards the input.
pub fn add_product_transposed(n: usize, rows: usize, columns: usize, dy: &[f32], w: &[f32], dx: &mut [f32]) {
    for example in 0..n {
        for row in 0..rows {
            for column in 0..columns {
                dx[example * rows + row] += dy[example * columns + column] * w[row * columns + column];
            }
        }
    }
}

/// `dw += xᵀ · dy`: backward, towards the weights.
pub fn add_gradient(n: usize, rows: usize, columns: usize, x: &[f32], dy: &[f32], dw: &mut [f32]) {
    for example in 0..n {
        for row in 0..rows {
            for column in 0..columns {
                dw[row * columns + column] += x[example * rows + row] * dy[example * columns + column];
            }
        }
    }
}
