//! The two laws of the telephone (ITU-T G.711, 1988): a sample in 8 bits, in fine steps near zero and in coarse ones
//! far out. A byte is a sign, an exponent of 3 bits and a mantissa of 4, some of them inverted for the line's sake.

/// The sample that a byte stands for by the μ-law of North America and Japan.
pub(super) fn mu(byte: u8) -> f32 {
    let bits = !byte;
    let (exponent, mantissa) = (bits >> 4 & 7, f32::from(bits & 15));
    let size = (2.0 * mantissa + 33.0) * f32::from(1u8 << exponent) - 33.0;
    signed(size / 8192.0, bits < 128)
}

/// The sample that a byte stands for by the A-law of the rest of the world.
pub(super) fn a(byte: u8) -> f32 {
    let bits = byte ^ 0x55;
    let mantissa = f32::from(bits & 15);
    let size = match bits >> 4 & 7 {
        0 => 2.0 * mantissa + 1.0,
        exponent => (2.0 * mantissa + 33.0) * f32::from(1u8 << (exponent - 1)),
    };
    signed(size / 4096.0, bits >= 128)
}

fn signed(size: f32, positive: bool) -> f32 {
    if positive { size } else { -size }
}
