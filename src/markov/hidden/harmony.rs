//! stub
pub struct Chord; pub struct Harmoniser;
