//! Wind chimes and the Aeolian harp (being built).
