//! What a page says while it is being made, and the script by which it then appears. Only the server adds them: the
//! book in `book/` holds nothing of them.

use serde_json::json;

/// What a page says of itself.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Notice {
    /// How the page stands, in a sentence. It is read aloud when it changes.
    pub words: String,
    /// How far it is and how long it will take.
    pub left: String,
    /// How much is done, of one; none where that cannot be said.
    pub part: Option<f64>,
    /// What a compiler, a program or the weaver said.
    pub reason: Option<String>,
}

/// Where pages ask how they stand.
pub const ASKED: &str = "being-made/";

/// The style and script of a notice.
const LOOKS: &str = include_str!("notice.html");

/// What the script is answered: the version that the page would have now, and its notice.
pub fn answer(version: &str, notice: Option<&Notice>) -> String {
    let notice = notice.map(|notice| {
        json!({
            "words": notice.words,
            "left": notice.left,
            "part": notice.part,
            "reason": notice.reason,
        })
    });
    json!({ "version": version, "notice": notice }).to_string()
}

/// The page with its notice, and with the script that asks for news.
pub fn with_notice(html: &str, page: &str, version: &str, notice: Option<&Notice>) -> String {
    let refresh = r#"<noscript><meta http-equiv="refresh" content="10"></noscript>"#;
    let looks = LOOKS
        .replace("{hidden}", if notice.is_some() { "" } else { "hidden" })
        .replace("{refresh}", if notice.is_some() { refresh } else { "" })
        .replace("{page}", &escaped(page))
        .replace("{version}", &escaped(version))
        .replace("{words}", &escaped(notice.map_or("", |notice| &notice.words)))
        .replace("{left}", &escaped(notice.map_or("", |notice| &notice.left)))
        .replace("{notice}", &escaped(&answer(version, notice))); // last: a compiler's words may hold anything
    match html.split_once("<main>") {
        Some((before, after)) => format!("{before}<main>{looks}{after}"),
        None => html.to_string(),
    }
}

/// Text that stands in HTML as it is.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_reason_holds_the_page_stays_whole() {
        let notice = Notice {
            words: "It failed.".to_string(),
            reason: Some("\"</aside>\" {words} {notice} & <main>".to_string()),
            ..Notice::default()
        };
        let page = with_notice("<body><main>text</main></body>", "a.html", "1-0", Some(&notice));
        let held = page
            .split_once("data-notice=\"")
            .unwrap()
            .1
            .split_once('"')
            .unwrap()
            .0;
        let held = held
            .replace("&quot;", "\"")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&");
        assert_eq!(held, answer("1-0", Some(&notice)));
        assert!(
            page.starts_with("<body><main><aside id=\"being-made\"")
                && page.ends_with("</aside>\ntext</main></body>")
        );
        assert!(page.contains("<p role=\"status\">It failed.</p>") && page.contains("http-equiv"));
        let quiet = with_notice("<main></main>", "a.html", "1-0", None);
        assert!(quiet.contains("hidden>") && !quiet.contains("http-equiv"));
    }
}
