//! The suikinkutsu (being built).
