//! The reader, feature by feature.
use super::*;
#[test]
fn a() {
    let s = decode(b"X:1\nT:x\nM:4/4\nL:1/4\nK:C\nCDEF|^G2 A>B|[CE]4|]\n").unwrap();
    println!("{s:?}");
}
