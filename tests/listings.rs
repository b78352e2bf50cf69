//! Every listing run for real (being written).
