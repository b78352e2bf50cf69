use super::grading;

#[test]
fn double_wind() {
    grading::close(
        "twice 220",
        super::double_wind(220.0),
        440.0,
        1e-9,
        "An octave up is twice the frequency.",
    );
}
