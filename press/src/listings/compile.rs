//! Compiling listings, and telling of each as soon as it is there.

use super::board::{Board, Task};
use crate::children;
use anyhow::{Context, Result};
use indicatif::{MultiProgress, ProgressBar};
use serde_json::Value;
use std::collections::HashMap;
use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// Compiles these listings with the profile that the press itself was compiled with; `sparing` on one core, while others
/// are used for what is read first.
///
/// # Errors
/// If cargo cannot be started. What does not compile is told to the board.
pub fn compile(
    root: &Path,
    board: &Board,
    bars: &MultiProgress,
    tasks: &[Task],
    sparing: bool,
) -> Result<()> {
    let known = examples(root)?;
    let (tasks, unknown): (Vec<&Task>, Vec<&Task>) =
        tasks.iter().partition(|task| known.contains(&task.chapter));
    for task in unknown {
        let chapter = &task.chapter;
        let reason = format!(
            "chapters/{chapter}/listing.rs is no example yet. Add to Cargo.toml:\n\n\
             [[example]]\nname = \"{chapter}\"\npath = \"chapters/{chapter}/listing.rs\""
        );
        board.compiled(task, Err(reason));
    }
    if tasks.is_empty() {
        return Ok(());
    }
    let waiting = bars.add(ProgressBar::new_spinner().with_message(match tasks[..] {
        [task] => format!("compiling {}", task.chapter),
        _ => "compiling the listings".to_string(),
    }));
    waiting.enable_steady_tick(Duration::from_millis(200));
    let said = cargo(root, &tasks, sparing, |chapter, program| {
        if let Some(task) = tasks.iter().find(|task| task.chapter == chapter) {
            board.compiled(task, Ok(program));
        }
    });
    waiting.finish_and_clear();
    let said = said?;
    for task in tasks.iter().filter(|task| !said.built.contains(&task.chapter)) {
        board.compiled(task, Err(said.reason(&task.chapter)));
    }
    Ok(())
}

/// The names of the examples in Cargo.toml.
fn examples(root: &Path) -> Result<Vec<String>> {
    let path = root.join("Cargo.toml");
    let text = fs::read_to_string(&path).with_context(|| format!("{}: cannot be read", path.display()))?;
    let manifest: toml::Table = text
        .parse()
        .with_context(|| format!("{}: is damaged", path.display()))?;
    let examples = manifest.get("example").and_then(toml::Value::as_array);
    let name = |example: &toml::Value| Some(example.get("name")?.as_str()?.to_string());
    Ok(examples.into_iter().flatten().filter_map(name).collect())
}

/// What cargo said.
#[derive(Default)]
struct Said {
    built: Vec<String>,
    /// The errors of each target.
    errors: HashMap<String, String>,
    rest: String,
}

impl Said {
    /// Why a listing is not built: its own errors, else those of what it needs, else all that cargo said.
    fn reason(&self, chapter: &str) -> String {
        let all: String = self
            .errors
            .iter()
            .filter(|(target, _)| !self.built.contains(target))
            .map(|(_, errors)| errors.as_str())
            .collect();
        let errors = self.errors.get(chapter).unwrap_or(&all);
        let errors = if errors.is_empty() { &self.rest } else { errors };
        format!(
            "chapters/{chapter}/listing.rs does not compile:\n\n{}",
            errors.trim_end()
        )
    }
}

fn cargo(root: &Path, tasks: &[&Task], sparing: bool, built: impl Fn(&str, PathBuf)) -> Result<Said> {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .args(["build", "--keep-going", "--message-format=json"])
        .current_dir(root);
    for task in tasks {
        command.args(["--example", &task.chapter]);
    }
    if !cfg!(debug_assertions) {
        command.arg("--release");
    }
    if sparing {
        command.args(["--jobs", "1"]);
    }
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let child =
        children::start(&mut command).context("cargo cannot be started. Install Rust: https://rustup.rs")?;
    let (stdout, stderr) = match child.lock() {
        Ok(mut child) => (child.stdout.take(), child.stderr.take()),
        Err(_) => (None, None),
    };
    // Both at once: a full pipe that nobody reads would stop cargo.
    let rest = std::thread::spawn(move || {
        let mut rest = Vec::new();
        if let Some(mut stderr) = stderr {
            let _ = stderr.read_to_end(&mut rest); // what was read up to then is shown
        }
        String::from_utf8_lossy(&rest).into_owned()
    });
    let mut said = Said::default();
    for line in stdout
        .into_iter()
        .flat_map(|stdout| BufReader::new(stdout).split(b'\n'))
    {
        let Ok(message) = serde_json::from_slice::<Value>(&line?) else {
            continue; // a build script's own words
        };
        let Some(target) = message["target"]["name"].as_str() else {
            continue;
        };
        if let (Some("example"), Some(program)) = (
            message["target"]["kind"][0].as_str(),
            message["executable"].as_str(),
        ) {
            said.built.push(target.to_string());
            built(target, PathBuf::from(program));
        }
        if let (Some("error"), Some(error)) = (
            message["message"]["level"].as_str(),
            message["message"]["rendered"].as_str(),
        ) {
            *said.errors.entry(target.to_string()).or_default() += error;
        }
    }
    children::wait(&child)?;
    said.rest = rest.join().unwrap_or_default();
    Ok(said)
}
