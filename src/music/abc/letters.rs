//! Text as it was meant: the letters that plain keyboards lack, as section 8.2 of the standard spells them.
//!
//! `\"u` or `&uuml;` is ü, `\u00fc` too; `\%`, `\&` and `\\` are the signs themselves.

/// Accents by the sign after a backslash and by the end of an HTML name, each with letters and, after each, its accented form.
const ACCENTS: [(char, &str, &str); 12] = [
    ('`', "grave", "AÀaàEÈeèIÌiìOÒoòUÙuùNǸnǹ"),
    ('\'', "acute", "AÁaáEÉeéIÍiíOÓoóUÚuúYÝyýCĆcćLĹlĺNŃnńRŔrŕSŚsśZŹzź"),
    ('^', "circ", "AÂaâEÊeêIÎiîOÔoôUÛuûYŶyŷCĈcĉGĜgĝHĤhĥJĴjĵSŜsŝWŴwŵ"),
    ('~', "tilde", "AÃaãNÑnñOÕoõIĨiĩUŨuũ"),
    ('"', "uml", "AÄaäEËeëIÏiïOÖoöUÜuüYŸyÿ"),
    ('c', "cedil", "CÇcçSŞsşTŢtţ"),
    (',', "cedil", "CÇcçSŞsşTŢtţ"),
    ('o', "ring", "AÅaåUŮuů"),
    ('/', "slash", "OØoø"),
    ('u', "breve", "AĂaăEĔeĕGĞgğIĬiĭOŎoŏUŬuŭ"),
    ('v', "caron", "SŠsšZŽzžCČcčDĎdďEĚeěNŇnňRŘrřTŤtť"),
    ('H', "dblac", "OŐoőUŰuű"),
];

/// Other letters by their mnemonic and by their HTML name.
const LETTERS: [(&str, &str, char); 11] = [
    ("AA", "Aring", 'Å'),
    ("aa", "aring", 'å'),
    ("AE", "AElig", 'Æ'),
    ("ae", "aelig", 'æ'),
    ("OE", "OElig", 'Œ'),
    ("oe", "oelig", 'œ'),
    ("ss", "szlig", 'ß'),
    ("DH", "ETH", 'Ð'),
    ("dh", "eth", 'ð'),
    ("TH", "THORN", 'Þ'),
    ("th", "thorn", 'þ'),
];

/// HTML names of signs.
const SIGNS: [(&str, char); 14] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", ' '),
    ("copy", '©'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("hellip", '…'),
];

/// The longest entity, in bytes without its `&` and `;`.
const LONGEST_ENTITY: usize = 10;

/// Words as they were meant. What is no spelling of a letter stays as it is written; control characters become spaces.
pub(super) fn unescaped(value: &str) -> String {
    let mut meant = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find(['\\', '&']) {
        meant.push_str(&rest[..at]);
        let (sign, after) = rest[at..].split_at(1);
        let read = if sign == "&" { entity(after) } else { escape(after) };
        let (character, length) = read.unwrap_or((char::from(sign.as_bytes()[0]), 0));
        meant.push(if character.is_control() { ' ' } else { character });
        rest = &after[length..];
    }
    meant + rest
}

/// The character that stands behind a backslash, and how many bytes spell it.
fn escape(after: &str) -> Option<(char, usize)> {
    let sign = after.chars().next()?;
    if "\\%&".contains(sign) {
        return Some((sign, 1));
    }
    let digits = match sign {
        'u' => 4,
        'U' => 8,
        _ => 0,
    };
    if digits > 0
        && let Some(character) = after.get(1..=digits).and_then(|code| number(code, 16))
    {
        return Some((character, 1 + digits));
    }
    if let Some((mnemonic, _, letter)) = LETTERS.iter().find(|(mnemonic, ..)| after.starts_with(mnemonic)) {
        return Some((*letter, mnemonic.len()));
    }
    let (_, _, letters) = ACCENTS.iter().find(|(accent, ..)| *accent == sign)?;
    let letter = after.chars().nth(1)?;
    Some((accented(letter, letters)?, 1 + letter.len_utf8()))
}

/// The character that an HTML entity names, without its `&`, and how many bytes spell it.
fn entity(after: &str) -> Option<(char, usize)> {
    let length = after
        .bytes()
        .take(LONGEST_ENTITY + 1)
        .position(|byte| byte == b';')?;
    let name = &after[..length];
    let character = if let Some(code) = name.strip_prefix('#') {
        match code.strip_prefix(['x', 'X']) {
            Some(code) => number(code, 16)?,
            None => number(code, 10)?,
        }
    } else if let Some((_, sign)) = SIGNS.iter().find(|(sign, _)| *sign == name) {
        *sign
    } else if let Some((_, _, letter)) = LETTERS.iter().find(|(_, letter, _)| *letter == name) {
        *letter
    } else {
        let letter = name.chars().next()?;
        let ending = &name[letter.len_utf8()..];
        let (_, _, letters) = ACCENTS.iter().find(|(_, accent, _)| *accent == ending)?;
        accented(letter, letters)?
    };
    Some((character, length + 1))
}

/// A character by its number; signs before the digits make it none.
fn number(digits: &str, radix: u32) -> Option<char> {
    let plain = digits.chars().all(|digit| digit.is_digit(radix));
    let number = u32::from_str_radix(digits, radix).ok().filter(|_| plain);
    number.and_then(char::from_u32)
}

/// The letter with the accent of this row.
fn accented(letter: char, row: &str) -> Option<char> {
    let plain = row.chars().step_by(2);
    let accented = row.chars().skip(1).step_by(2);
    let mut pairs = plain.zip(accented);
    pairs
        .find(|(plain, _)| *plain == letter)
        .map(|(_, accented)| accented)
}

/// Text that reads back as it is: on one line, without comment, accent or entity.
pub(super) fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let entity = characters
            .peek()
            .is_some_and(|next| next.is_alphanumeric() || *next == '#');
        if matches!(character, '\\' | '%') || (character == '&' && entity) {
            written.push('\\');
        }
        written.push(if character.is_control() { ' ' } else { character });
    }
    written.trim().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_stand_behind_a_backslash() {
        assert_eq!(
            unescaped(r"100\% \\ \. gin & tonic, G\&T\"),
            r"100% \ \. gin & tonic, G&T\"
        );
    }

    #[test]
    fn accents_have_mnemonics_and_entities() {
        let mnemonics = r#"\`a \'e \^o \~n \"u \cc \,C \AA \oa \/o \ue \vs \HO \ss \AE \oe \TH \dh"#;
        assert_eq!(unescaped(mnemonics), "à é ô ñ ü ç Ç Å å ø ĕ š Ő ß Æ œ Þ ð");
        let entities = "&agrave;&Eacute;&ocirc;&ntilde;&uuml;&ccedil;&Aring;&oslash;&abreve;&Scaron;&szlig;&AElig;&THORN;";
        assert_eq!(unescaped(entities), "àÉôñüçÅøăŠßÆÞ");
        assert_eq!(unescaped("&lt;R&amp;B&gt; &quot;&rsquo;&quot;"), "<R&B> \"’\"");
    }

    #[test]
    fn characters_have_numbers() {
        assert_eq!(
            unescaped(r"\u00e9 \u266D \U0001D11E &#233; &#xE9; \uEx"),
            "é ♭ 𝄞 é é Ĕx"
        );
        assert_eq!(unescaped(r"a\u000ab&#0;c"), "a b c", "a title has one line");
    }

    #[test]
    fn what_spells_no_letter_stays() {
        for text in [
            r"\",
            r"\q",
            r"\'",
            r"\'q",
            "&",
            "&;",
            "&é;",
            "&unknown;",
            "&#xD800;",
            r"\ud83d",
            "&#+65;",
            "&a very long word;",
        ] {
            assert_eq!(unescaped(text), text);
        }
    }

    #[test]
    fn what_is_written_reads_back() {
        for text in [r"100% \'e \\", "R&B &amp; &#65; & co", r"\u00e9", "&", "AT&T"] {
            assert_eq!(unescaped(&escaped(text)), text);
        }
        assert_eq!(escaped(" a\nb & c "), "a b & c");
    }
}
