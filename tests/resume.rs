//! Training that is killed at any moment, and started again, ends bit for bit as if it had not been killed.

use aeolian::nn::{Saved, Training, train};
use aeolian::recurrent::{Architecture, SequenceModel};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// Set where this program is to train: the folder for checkpoint and weights.
const FOLDER: &str = "AEOLIAN_RESUME";

/// Trains a small model, with a checkpoint, and writes its weights when it is done.
fn trained(folder: &Path) -> aeolian::Result<()> {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut pieces = |count| -> Vec<Vec<usize>> {
        let mut piece = || {
            (0..rng.random_range(5..40))
                .map(|_| rng.random_range(0..6))
                .collect()
        };
        (0..count).map(|_| piece()).collect()
    };
    let (training, validation) = (pieces(60), pieces(10));
    let size = Architecture {
        embedding: 4,
        units: 24,
        dropout: 0.2,
        ..Architecture::default()
    };
    let mut model = SequenceModel::new(6, &size, &mut rng)?;
    let settings = Training {
        batch: 8,
        window: 16,
        epochs: 300,
        patience: 300,
        checkpoint: Some(folder.join("checkpoint.safetensors")),
        ..Training::default()
    };
    train(&mut model, &training, &validation, &settings, |_| {})?;
    model.save(&folder.join("weights.safetensors"))
}

/// This program once more, to train in a folder.
fn training_in(folder: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([
        "--exact",
        "training_that_is_killed_at_any_moment_goes_on_bit_for_bit",
    ]);
    command.env(FOLDER, folder).stdout(Stdio::null());
    command
}

fn read(folder: &Path) -> [Vec<u8>; 2] {
    ["checkpoint.safetensors", "weights.safetensors"].map(|name| std::fs::read(folder.join(name)).unwrap())
}

#[test]
fn training_that_is_killed_at_any_moment_goes_on_bit_for_bit() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        trained(&PathBuf::from(folder)).unwrap();
        return;
    }
    let (whole, killed) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let start = Instant::now();
    assert!(training_in(whole.path()).status().unwrap().success());
    let taken = start.elapsed();

    let mut rng = ChaCha8Rng::seed_from_u64(2);
    let (mut kills, mut on_the_way) = (0, 0);
    while kills < 20 {
        let mut process = training_in(killed.path()).spawn().unwrap();
        std::thread::sleep(taken.mul_f64(rng.random_range(0.0..0.25)));
        if process.try_wait().unwrap().is_some() {
            // It has come to the end: once more from the beginning.
            for entry in std::fs::read_dir(killed.path()).unwrap() {
                std::fs::remove_file(entry.unwrap().path()).unwrap();
            }
            continue;
        }
        process.kill().unwrap();
        process.wait().unwrap();
        kills += 1;
        on_the_way += i32::from(killed.path().join("checkpoint.safetensors").exists());
    }
    assert!(
        on_the_way > 5,
        "only {on_the_way} of 20 were killed after the first epoch"
    );
    assert!(training_in(killed.path()).status().unwrap().success());
    assert_eq!(read(killed.path()), read(whole.path()));
}
