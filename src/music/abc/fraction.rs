//! Exact lengths and moments, in whole notes.

use super::cursor::Fault;
use std::cmp::Ordering;

/// The largest denominator; lengths that need a finer one are refused long before arithmetic could fail.
const FINEST: u64 = 1 << 24;
/// The largest number of whole notes: no tune lasts that long.
const LONGEST: u64 = 1 << 32;

/// A fraction of a whole note that is not negative, in lowest terms.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct Fraction {
    over: u64,
    /// At least 1.
    under: u64,
}

impl Fraction {
    pub(super) const ZERO: Fraction = Fraction { over: 0, under: 1 };
    pub(super) const ONE: Fraction = Fraction { over: 1, under: 1 };

    /// One of so many parts; the argument is never 0 here.
    pub(super) const fn part(of: u64) -> Fraction {
        Fraction { over: 1, under: of }
    }

    /// # Errors
    /// If the divisor is 0, or the fraction too large or too fine to be music.
    pub(super) fn new(over: u64, under: u64) -> Result<Fraction, Fault> {
        let shared = gcd(over, under).max(1);
        let (over, under) = (over / shared, under / shared);
        if under == 0 || under > FINEST || over / under > LONGEST {
            return Err(too_far(over, under));
        }
        Ok(Fraction { over, under })
    }

    pub(super) fn over(self) -> u64 {
        self.over
    }

    pub(super) fn under(self) -> u64 {
        self.under
    }

    pub(super) fn as_f64(self) -> f64 {
        self.over as f64 / self.under as f64
    }

    pub(super) fn times(self, other: Fraction) -> Result<Fraction, Fault> {
        let over = self.over.checked_mul(other.over);
        let under = self.under.checked_mul(other.under);
        Fraction::checked(over, under)
    }

    pub(super) fn plus(self, other: Fraction) -> Result<Fraction, Fault> {
        let left = self.over.checked_mul(other.under);
        let right = other.over.checked_mul(self.under);
        let over = left.zip(right).and_then(|(left, right)| left.checked_add(right));
        Fraction::checked(over, self.under.checked_mul(other.under))
    }

    fn checked(over: Option<u64>, under: Option<u64>) -> Result<Fraction, Fault> {
        let (over, under) = over.zip(under).ok_or_else(|| too_far(u64::MAX, 1))?;
        Fraction::new(over, under)
    }
}

impl Ord for Fraction {
    fn cmp(&self, other: &Fraction) -> Ordering {
        let cross = |a: u64, b: u64| u128::from(a) * u128::from(b);
        cross(self.over, other.under).cmp(&cross(other.over, self.under))
    }
}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Fraction) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn too_far(over: u64, under: u64) -> Fault {
    let what = match under {
        0 => "a division by zero".to_string(),
        1 => "a length or moment beyond any tune".to_string(),
        _ => format!("a length of {over}/{under} that is too fine or too long"),
    };
    Fault::new(what, "Write lengths as short fractions, such as 3/2 or /4")
}

/// The greatest common divisor (Euclid).
pub(super) fn gcd(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_add_and_multiply_in_lowest_terms() {
        let third = Fraction::part(3);
        let sixth = Fraction::new(2, 12).unwrap();
        assert_eq!(third.plus(sixth).unwrap(), Fraction::part(2));
        assert_eq!(
            third.times(Fraction::new(3, 2).unwrap()).unwrap(),
            Fraction::part(2)
        );
        assert!(sixth < third);
    }

    #[test]
    fn what_no_music_needs_is_refused() {
        assert!(Fraction::new(1, 0).is_err());
        assert!(Fraction::new(u64::MAX, 1).is_err());
        let fine = Fraction::part(FINEST);
        assert!(fine.times(Fraction::part(2)).is_err());
        assert!(fine.plus(Fraction::part(3)).is_err());
    }
}
