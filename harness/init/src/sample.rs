//! Texts that a pattern allows.

use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};

/// So often at most is repeated what may be repeated without end.
const LONGEST: u32 = 128;

/// Texts that match a pattern as a whole, the shortest first; none if it is no pattern that can be read.
pub(crate) fn matching(pattern: &str) -> impl Iterator<Item = String> {
    // Java's patterns are of letters; what is made up is of ASCII.
    let hir = ParserBuilder::new().unicode(false).utf8(false).build().parse(pattern).ok();
    let lengths = [0, 1, 2, 4, 8, 12, 16, 24, 32, 48, 64, LONGEST];
    let ways = lengths.into_iter().flat_map(|length| (0..3).map(move |branch| Way { length, branch }));
    ways.filter_map(move |way| {
        let mut text = String::new();
        way.write(hir.as_ref()?, &mut text)?;
        Some(text)
    })
}

/// How to choose where a pattern leaves a choice.
#[derive(Clone, Copy)]
struct Way {
    /// How often to repeat.
    length: u32,
    /// Which alternative to take.
    branch: usize,
}

impl Way {
    fn write(self, hir: &Hir, text: &mut String) -> Option<()> {
        // What is repeated may be repeated itself.
        if text.len() > 4 * LONGEST as usize {
            return None;
        }
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => Some(()),
            HirKind::Literal(literal) => {
                text.push_str(std::str::from_utf8(&literal.0).ok()?);
                Some(())
            }
            HirKind::Class(class) => {
                text.push(any(class)?);
                Some(())
            }
            HirKind::Repetition(repeated) => {
                let most = repeated.max.unwrap_or(LONGEST).min(LONGEST.max(repeated.min));
                (0..self.length.clamp(repeated.min, most)).try_for_each(|_| self.write(&repeated.sub, text))
            }
            HirKind::Capture(capture) => self.write(&capture.sub, text),
            HirKind::Concat(all) => all.iter().try_for_each(|one| self.write(one, text)),
            HirKind::Alternation(all) => self.write(all.get(self.branch.min(all.len() - 1))?, text),
        }
    }
}

/// A character of a class: a letter or a digit, if it has any.
fn any(class: &Class) -> Option<char> {
    let Class::Bytes(class) = class else { return None };
    let has = |c: char| class.ranges().iter().any(|range| (range.start()..=range.end()).contains(&(c as u8)));
    let first = "a1A".chars().chain('b'..='z').chain('0'..='9').chain('A'..='Z').chain(' '..='~');
    first.into_iter().find(|&c| has(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_up_matches() {
        for (pattern, longer_than) in [
            ("^(fsvol-[0-9a-f]{17,})$", 0),
            ("https://github.com/.*", 0),
            ("arn:aws:sns:[a-z0-9-]*:[0-9]{12}:.+", 0),
            (r"[a-z]\w*", 20),
            ("^$|^k-[0-9]{9}$", 3),
            (r"(\d{1,3}\.){3}\d{1,3}/(1[6-9]|2[0-8])", 0),
            ("[^\\s]+@[^\\s]+\\.[a-z]{2,}", 0),
        ] {
            let is_match = regex_lite::Regex::new(&format!("^(?:{pattern})$")).unwrap();
            let mut found = matching(pattern).filter(|text| text.len() >= longer_than);
            assert!(found.any(|text| is_match.is_match(&text)), "{pattern}");
        }
        assert_eq!(matching("(?!x)").count() + matching("(").count(), 0);
    }

    #[test]
    fn what_is_repeated_without_end_is_bounded() {
        assert!(matching("((((a{1000}){1000}){1000})*)*").all(|text| text.len() < 100_000));
    }
}
