//! What does a unit hold?

/// How closely two rows of numbers go together, from -1 to 1: Pearson's r. 0 if one of them never moves. What stands in one row alone,
/// beyond the end of the other, does not count.
pub fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let length = a.len().min(b.len());
    let centred = |row: &[f64]| -> Vec<f64> {
        let mean = row[..length].iter().sum::<f64>() / length.max(1) as f64;
        row[..length].iter().map(|value| value - mean).collect()
    };
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let (a, b) = (centred(a), centred(b));
    let spread = (product(&a, &a) * product(&b, &b)).sqrt();
    if spread > 0.0 {
        product(&a, &b) / spread
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::correlation;

    #[test]
    fn it_is_one_for_what_moves_together_and_zero_for_what_stands_still() {
        let rising = [1.0, 2.0, 3.0, 4.0];
        assert!((correlation(&rising, &[-10.0, 0.0, 10.0, 20.0]) - 1.0).abs() < 1e-12);
        assert!((correlation(&rising, &[8.0, 6.0, 4.0, 2.0, 99.0]) + 1.0).abs() < 1e-12);
        assert!(correlation(&rising, &[1.0, -1.0, -1.0, 1.0]).abs() < 1e-12);
        assert_eq!(correlation(&rising, &[5.0; 4]), 0.0);
        assert_eq!(correlation(&[], &rising), 0.0);
    }
}
