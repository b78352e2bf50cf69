//! What each of the two wants.

/// `ln(1 + e^x)`: nothing far below zero, and `x` itself far above.
pub fn softplus(x: f32) -> f32 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

/// The losses of a game. Scores are high for what looks real.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Loss {
    /// Each forgery by itself (I. Goodfellow and others, 2014, in the form that does not run flat where the expert is sure).
    ///
    /// ```text
    /// expert   softplus(-real) + softplus(fake)
    /// forger   softplus(-fake)
    /// ```
    NonSaturating,
    /// Each forgery beside a real one: it is enough to look *more* real (A. Jolicoeur-Martineau, 2018).
    ///
    /// ```text
    /// expert   softplus(fake - real)
    /// forger   softplus(real - fake)
    /// ```
    Relativistic,
}

impl Loss {
    // ANCHOR: expert
    /// The expert's loss, summed. The scores become its gradients.
    pub fn expert(self, real: &mut [f32], fake: &mut [f32]) -> f64 {
        let mut sum = 0.0;
        for (real, fake) in real.iter_mut().zip(fake) {
            let (r, f) = (*real, *fake);
            match self {
                Loss::NonSaturating => {
                    sum += f64::from(softplus(-r) + softplus(f));
                    (*real, *fake) = (-sigmoid(-r), sigmoid(f));
                }
                Loss::Relativistic => {
                    sum += f64::from(softplus(f - r));
                    (*real, *fake) = (-sigmoid(f - r), sigmoid(f - r));
                }
            }
        }
        sum
    }
    // ANCHOR_END: expert

    // ANCHOR: forger
    /// The forger's loss, summed. The scores of the forgeries become its gradients; the real ones do not move.
    pub fn forger(self, real: &[f32], fake: &mut [f32]) -> f64 {
        let mut sum = 0.0;
        for (number, fake) in fake.iter_mut().enumerate() {
            let real = match self {
                Loss::NonSaturating => 0.0,
                Loss::Relativistic => real[number],
            };
            sum += f64::from(softplus(real - *fake));
            *fake = -sigmoid(real - *fake);
        }
        sum
    }
    // ANCHOR_END: forger
}
