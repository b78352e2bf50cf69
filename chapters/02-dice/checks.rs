use super::grading;

#[test]
fn double_dice() {
    grading::close(
        "twice 220",
        super::double_dice(220.0),
        440.0,
        1e-9,
        "An octave up is twice the frequency.",
    );
}
