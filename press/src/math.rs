//! Mathematics, from TeX to MathML.

use math_core::{LatexToMathML, MathCoreConfig, MathDisplay};

/// The formula as MathML that stands within Markdown: what Markdown would take for its own is escaped.
///
/// # Errors
/// What is wrong with the formula.
pub fn mathml(tex: &str, display: bool) -> Result<String, String> {
    let converter = LatexToMathML::new(MathCoreConfig::default())
        .map_err(|_| "the converter cannot be set up".to_string())?;
    let display = if display {
        MathDisplay::Block
    } else {
        MathDisplay::Inline
    };
    let converted = converter.convert_with_local_state(tex, display);
    converted
        .map(|result| escaped_for_markdown(&result.mathml))
        .map_err(|error| error.to_string())
}

/// HTML whose text no Markdown parser changes: every active character outside of tags becomes an entity.
fn escaped_for_markdown(html: &str) -> String {
    let mut result = String::new();
    let mut in_tag = false;
    for c in html.chars() {
        match c {
            '<' => in_tag = true,
            '>' => in_tag = false,
            _ => {}
        }
        if !in_tag && is_active(c) {
            result += &format!("&#{};", u32::from(c));
        } else if c == '\n' {
            result.push(' ');
        } else {
            result.push(c);
        }
    }
    result
}

/// Plain text that neither Markdown nor HTML changes.
pub fn escaped_text(text: &str) -> String {
    let mut result = String::new();
    for c in text.chars() {
        if is_active(c) || matches!(c, '<' | '>' | '&') {
            result += &format!("&#{};", u32::from(c));
        } else {
            result.push(if c == '\n' { ' ' } else { c });
        }
    }
    result
}

/// Characters that mean something to Markdown, apart from those of HTML.
fn is_active(c: char) -> bool {
    matches!(
        c,
        '\\' | '`' | '*' | '_' | '[' | ']' | '{' | '}' | '|' | '~' | '$' | '#' | '"' | '\'' | '!' | ':'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_book_writes_becomes_mathml() {
        for (tex, part) in [
            (r"\frac{a+1}{b}", "<mfrac>"),
            (r"\sum_{i=1}^{n} x_i^2", "<msubsup>"),
            (r"\sqrt{x}", "<msqrt>"),
            (r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}", "<mtable"),
            (r"\text{bits per symbol}", "<mtext>bits"),
            (r"\alpha\,\mu\,\mathrm{Hz}", "<mi>Hz</mi>"),
            (r"x_{<t}", "&lt;"),
            (r"\text{a*b}", "a&#42;b"),
            (r"|x|", "&#124;"),
        ] {
            let html = mathml(tex, true).unwrap();
            assert!(
                html.starts_with("<math display=\"block\">") && html.contains(part),
                "{html}"
            );
        }
        assert!(mathml("x", false).unwrap().starts_with("<math>"));
    }

    #[test]
    fn a_wrong_formula_says_what_is_wrong() {
        assert!(mathml(r"\nosuch x", false).unwrap_err().contains("nosuch"));
        for wrong in [r"\frac{a", r"\begin{pmatrix}", "}", r"\"] {
            assert!(mathml(wrong, false).is_err(), "{wrong}");
        }
    }
}
