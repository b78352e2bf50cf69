//! How good forgeries are, where what is real is known.

/// The mean, and the standard deviation around it.
pub fn mean_and_deviation(numbers: &[f64]) -> (f64, f64) {
    let count = numbers.len().max(1) as f64;
    let mean = numbers.iter().sum::<f64>() / count;
    let squares: f64 = numbers.iter().map(|x| (x - mean).powi(2)).sum();
    (mean, (squares / count).sqrt())
}

/// The Wasserstein distance of two samples of one size: how far each grain of one heap has to be carried, in the mean, to make the other.
/// Of samples that are not of one size the first are taken.
pub fn wasserstein(a: &[f64], b: &[f64]) -> f64 {
    let count = a.len().min(b.len());
    let [a, b] = [a, b].map(|numbers| {
        let mut numbers = numbers[..count].to_vec();
        numbers.sort_by(f64::total_cmp);
        numbers
    });
    a.iter().zip(&b).map(|(a, b)| (a - b).abs()).sum::<f64>() / count.max(1) as f64
}

/// What was found around some centres.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Modes {
    /// How many centres have at least one point near.
    pub caught: usize,
    /// The share of points that are near one.
    pub good: f64,
    /// The standard deviation of those, along one axis, around their centres.
    pub spread: f64,
}

/// Counts which of the centres some points are near: not farther than `radius`.
pub fn modes(points: &[[f64; 2]], centres: &[[f64; 2]], radius: f64) -> Modes {
    let mut near = vec![0usize; centres.len()];
    let mut squares = 0.0;
    for point in points {
        let squared = |centre: &[f64; 2]| (point[0] - centre[0]).powi(2) + (point[1] - centre[1]).powi(2);
        let nearest = centres
            .iter()
            .map(squared)
            .enumerate()
            .min_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((centre, distance)) = nearest.filter(|(_, distance)| *distance <= radius * radius) {
            near[centre] += 1;
            squares += distance;
        }
    }
    let good: usize = near.iter().sum();
    Modes {
        caught: near.iter().filter(|count| **count > 0).count(),
        good: good as f64 / points.len().max(1) as f64,
        spread: (squares / (2 * good.max(1)) as f64).sqrt(),
    }
}
