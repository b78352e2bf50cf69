//! Links between pages: where they lead in the book and in a notebook.

use std::path::{Component, Path, PathBuf};

/// Where a link on a page of this chapter leads: in the book, whose pages all lie at its top, and in
/// a notebook, in `notebooks/`. None if it is not a link to a file.
///
/// # Errors
/// If the file is not there, or is none that the book holds.
pub fn resolve(root: &Path, chapter: &str, target: &str) -> Result<Option<(String, String)>, String> {
    let (path, fragment) = target
        .split_once('#')
        .map_or((target, ""), |(path, id)| (path, id));
    let has_scheme = path
        .split_once(':')
        .is_some_and(|(scheme, _)| !scheme.contains('/'));
    if path.is_empty() || has_scheme || path.starts_with("//") {
        return Ok(None);
    }
    let chapters = root.join("chapters");
    let file = normal(&chapters.join(chapter).join(path));
    if !file.is_file() {
        return Err(format!(
            "the link to {target} leads nowhere: {} is not there. Mend the path",
            file.display()
        ));
    }
    let Ok(inside) = file.strip_prefix(&chapters) else {
        return Err(format!(
            "the link to {target} leads out of chapters/, and so out of the book. Name the file as code instead"
        ));
    };
    let inside_text = inside.to_string_lossy().replace('\\', "/");
    let fragment = if fragment.is_empty() {
        String::new()
    } else {
        format!("#{fragment}")
    };
    let book = match page_path(inside) {
        Some(page) => format!("{}{fragment}", page.with_extension("html").to_string_lossy()),
        None => format!("{inside_text}{fragment}"),
    };
    let folder = inside.parent().map(Path::to_string_lossy).unwrap_or_default();
    let is_chapter = inside.ends_with("README.md") && file.with_file_name("listing.rs").is_file();
    let notebook = if is_chapter {
        format!("{folder}.ipynb")
    } else {
        format!("../chapters/{inside_text}{fragment}")
    };
    Ok(Some((book, notebook)))
}

/// Where a page stands in the book: `02-dice/README.md` becomes `02-dice.md`, at the top, so that
/// links to sounds are the same from the page itself and from the print page. None for other files.
pub fn page_path(path: &Path) -> Option<PathBuf> {
    path.extension().filter(|extension| *extension == "md")?;
    if path.file_name()? != "README.md" {
        return Some(path.to_path_buf());
    }
    match path.parent() {
        Some(folder) if folder != Path::new("") => Some(folder.with_extension("md")),
        _ => Some(PathBuf::from("index.md")),
    }
}

/// The same path without `.` and `..`.
pub fn normal(path: &Path) -> PathBuf {
    let mut result = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                result.pop();
            }
            Component::CurDir => {}
            other => result.push(other),
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn links_lead_to_the_same_thing_from_page_and_notebook() {
        let root = tempfile::tempdir().unwrap();
        let chapters = root.path().join("chapters");
        for file in ["README.md", "a/README.md", "a/listing.rs", "b/README.md"] {
            let path = chapters.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        fs::write(root.path().join("out-of-it.md"), "").unwrap();
        let resolve = |target| resolve(root.path(), "b", target);
        let pair = |book: &str, notebook: &str| Ok(Some((book.to_string(), notebook.to_string())));
        assert_eq!(resolve("../a/README.md#x"), pair("a.html#x", "a.ipynb"));
        assert_eq!(
            resolve("../a/listing.rs"),
            pair("a/listing.rs", "../chapters/a/listing.rs")
        );
        assert_eq!(
            resolve("../README.md"),
            pair("index.html", "../chapters/README.md")
        );
        for outside in ["https://example.org/a.md", "#here", "mailto:a@b.c"] {
            assert_eq!(resolve(outside), Ok(None));
        }
        assert!(resolve("../c/README.md").unwrap_err().contains("leads nowhere"));
        assert!(
            resolve("../../out-of-it.md")
                .unwrap_err()
                .contains("out of the book")
        );
    }
}
