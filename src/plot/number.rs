//! Numbers as people write them, and the round ones to mark an axis with.

/// A number with this many decimals, a comma between thousands and a true minus sign; very large ones
/// and very small ones as a power of ten.
pub(super) fn number(value: f64, decimals: usize) -> String {
    let size = value.abs();
    if size >= 1e7 || (decimals > 6 && size > 0.0) {
        return scientific(value);
    }
    let text = format!("{size:.decimals$}");
    let (whole, fraction) = text.split_at(text.find('.').unwrap_or(text.len()));
    let sign = if value < 0.0 && text.bytes().any(|byte| (b'1'..=b'9').contains(&byte)) {
        "−"
    } else {
        ""
    };
    format!("{sign}{}{fraction}", grouped(whole))
}

/// A number as a power of ten, or as so many of them: 10⁻⁶, 2.5×10²⁰.
pub(super) fn scientific(value: f64) -> String {
    let text = format!("{value:.2e}").replace('-', "−");
    let Some((factor, power)) = text.split_once('e') else {
        return text; // it is no number
    };
    let raised = |letter: char| match letter {
        '−' => '⁻',
        digit => digit.to_digit(10).map_or(digit, |digit| {
            ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'][digit as usize]
        }),
    };
    let power: String = power.chars().map(raised).collect();
    match factor.trim_end_matches('0').trim_end_matches('.') {
        "1" => format!("10{power}"),
        "−1" => format!("−10{power}"),
        factor => format!("{factor}×10{power}"),
    }
}

/// The digits of a whole number with a comma between thousands.
fn grouped(digits: &str) -> String {
    let mut result = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            result.push(',');
        }
        result.push(digit);
    }
    result
}

/// A number with three significant digits, without needless zeros.
pub(super) fn short(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return "0".to_string();
    }
    let magnitude = value.abs().log10().floor() as i32;
    let text = number(value, usize::try_from(2 - magnitude).unwrap_or(0).min(8));
    if text.contains('.') && !text.contains('×') {
        return text.trim_end_matches('0').trim_end_matches('.').to_string();
    }
    text
}

/// About `wanted` round numbers (1, 2 or 5 times a power of ten apart) from `low` to `high`, each with its text.
pub(super) fn ticks(low: f64, high: f64, wanted: usize) -> Vec<(f64, String)> {
    let rough = (high - low) / wanted.max(1) as f64;
    if !(rough.is_finite() && rough > 0.0) {
        return Vec::new();
    }
    let power = 10f64.powf(rough.log10().floor());
    let factor = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .find(|factor| factor * power >= rough * 0.999);
    let step = factor.unwrap_or(10.0) * power;
    let decimals = (-(step * 1.001).log10().floor()).clamp(0.0, 20.0) as usize;
    let first = (low / step - 1e-6).ceil();
    let last = (high / step + 1e-6).floor();
    let count = (last - first).clamp(-1.0, 1000.0) as i32;
    (0..=count)
        .map(|i| (first + f64::from(i)) * step)
        .map(|value| (value, number(value, decimals)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_people_do() {
        assert_eq!(number(1_234_567.0, 0), "1,234,567");
        assert_eq!(number(-0.5, 1), "−0.5");
        assert_eq!(number(-0.001, 1), "0.0", "nothing is not negative");
        assert_eq!(number(3e20, 0), "3×10²⁰");
        assert_eq!(number(-1e-9, 9), "−10⁻⁹");
        assert_eq!(short(1.25e-12), "1.25×10⁻¹²");
        assert_eq!(short(0.25), "0.25");
        assert_eq!(short(2.0 / 3.0), "0.667");
        assert_eq!(short(1234.5), "1,234");
        assert_eq!(short(0.0), "0");
    }

    #[test]
    fn ticks_are_round_and_inside() {
        let texts =
            |low, high| -> Vec<String> { ticks(low, high, 5).into_iter().map(|tick| tick.1).collect() };
        assert_eq!(texts(0.0, 1.0), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(texts(-3.0, 21.0), ["0", "5", "10", "15", "20"]);
        assert_eq!(texts(0.0, 22_050.0), ["0", "5,000", "10,000", "15,000", "20,000"]);
        assert!(texts(1.0, 1.0).is_empty() && texts(f64::NAN, 1.0).is_empty());
        assert!(ticks(-1e300, 1e300, 5).len() > 2);
    }
}
