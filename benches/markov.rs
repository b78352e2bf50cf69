//! Learning and predicting: `cargo bench -p benches --bench markov`. Training every order of 0 to 6 notes and variable order on 1,000 tunes has to
//! take less than 5 seconds, and variable order has to predict 200,000 symbols a second.

use aeolian::chance::dice::Game;
use aeolian::chance::oracle::Hand;
use aeolian::markov::{Chain, LongAndShort, Settings, Variable};
use aeolian::music::Alphabet;
use aeolian::predict::{Predictor, TakingTurns, bits_per_symbol};
use divan::counter::ItemsCount;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

fn main() {
    divan::main()
}

/// So many melodies as symbols: each two waltzes for the right hand, one after the other, about as long as a jig.
fn tunes(number: usize) -> (Alphabet, Vec<Vec<usize>>) {
    let game = Game::printed().expect("the printed game");
    let waltzes = game.corpus(2 * number, &mut ChaCha8Rng::seed_from_u64(1));
    let melodies: Vec<_> = waltzes
        .chunks_exact(2)
        .map(|pair| {
            let mut melody = game.melody(&pair[0], Hand::Right);
            melody.steps.extend(game.melody(&pair[1], Hand::Right).steps);
            melody
        })
        .collect();
    let alphabet = Alphabet::of(&melodies);
    let pieces = melodies.iter().map(|melody| alphabet.encode(melody)).collect();
    (alphabet, pieces)
}

#[divan::bench(sample_count = 10)]
fn train_every_order_and_variable_order_on_a_thousand_tunes(bencher: divan::Bencher) {
    let (alphabet, pieces) = tunes(1_000);
    bencher.bench(|| {
        let chains: Vec<_> = (0..=6)
            .map(|order| Chain::trained(2 * order, alphabet.len(), &pieces).expect("a chain"))
            .collect();
        let variable = Variable::trained(Settings::LONG_TERM, alphabet.len(), &pieces).expect("a model");
        (chains, variable)
    });
}

/// Measures one model on 50 tunes.
fn predict(bencher: divan::Bencher, model: impl FnOnce(&Alphabet, &[Vec<usize>]) -> Box<dyn Model>) {
    let (alphabet, pieces) = tunes(1_050);
    let (test, train) = pieces.split_at(50);
    let mut model = model(&alphabet, train);
    let symbols: usize = test.iter().map(Vec::len).sum();
    bencher
        .counter(ItemsCount::new(symbols))
        .bench_local(|| model.bits(test));
}

trait Model {
    fn bits(&mut self, pieces: &[Vec<usize>]) -> f64;
}

impl<M: Predictor> Model for M {
    fn bits(&mut self, pieces: &[Vec<usize>]) -> f64 {
        bits_per_symbol(self, pieces).expect("symbols of the alphabet")
    }
}

#[divan::bench(sample_count = 20)]
fn predict_variable_order(bencher: divan::Bencher) {
    predict(bencher, |alphabet, train| {
        Box::new(Variable::trained(Settings::LONG_TERM, alphabet.len(), train).expect("a model"))
    });
}

#[divan::bench(sample_count = 20)]
fn predict_variable_order_with_exclusion(bencher: divan::Bencher) {
    predict(bencher, |alphabet, train| {
        Box::new(Variable::trained(Settings::CLASSIC, alphabet.len(), train).expect("a model"))
    });
}

#[divan::bench(sample_count = 20)]
fn predict_variable_order_long_and_short(bencher: divan::Bencher) {
    predict(bencher, |alphabet, train| {
        let long = Variable::trained(Settings::LONG_TERM, alphabet.len(), train).expect("a model");
        let short = Variable::short_term(Settings::SHORT_TERM, alphabet.len());
        let turns = |model| TakingTurns::new(model, alphabet.turns());
        Box::new(LongAndShort::new(turns(long), turns(short)))
    });
}
