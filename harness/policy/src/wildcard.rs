//! `*` and `?` held against a text, where there are no variables.

/// Whether `pattern` stands for `text`: `*` for any run of characters, `?` for any one. Letter case counts.
///
/// ```
/// assert!(policy::wildcard::matches("arn:aws:s3:::logs-*/?", "arn:aws:s3:::logs-2024/é"));
/// assert!(!policy::wildcard::matches("*.TXT", "report.txt"));
/// ```
#[must_use]
pub fn matches(pattern: &str, text: &str) -> bool {
    let chars = |text: &str| text.chars().collect::<Vec<_>>();
    glob(&chars(pattern), &chars(text), |one| *one == '*', |one, other| *one == '?' || one == other)
}

/// Whether every text of the pattern `inner` is surely of `outer`.
///
/// ```
/// assert!(policy::wildcard::covers("*/*", "bucket/*"));
/// assert!(!policy::wildcard::covers("a?", "a*"));
/// ```
#[must_use]
pub fn covers(outer: &str, inner: &str) -> bool {
    let chars = |text: &str| text.chars().collect::<Vec<_>>();
    let is_one = |one: &char, other: &char| *other != '*' && (*one == '?' || one == other);
    glob(&chars(outer), &chars(inner), |one| *one == '*', is_one)
}

/// Whether `pattern` stands for the action `name`, with letter case ignored. A part of both, before the colon or after it,
/// will do.
///
/// "The prefix and the action name are case insensitive", with the wildcards `*` and `?`.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
///
/// ```
/// assert!(policy::wildcard::matches_action("S3:Get*", "s3:GetObject"));
/// assert!(!policy::wildcard::matches_action("s3:Get?Object", "s3:GetObject"));
/// ```
#[must_use]
pub fn matches_action(pattern: &str, name: &str) -> bool {
    is_action(pattern.as_bytes(), name.as_bytes())
}

/// The same for what is left of a pattern, in bytes: the names of actions are ASCII.
pub(crate) fn is_action(pattern: &[u8], name: &[u8]) -> bool {
    glob(pattern, name, |one| *one == b'*', |one, other| *one == b'?' || one.eq_ignore_ascii_case(other))
}

/// Whether a pattern of ASCII, with stars alone, stands for a text. It allocates nothing.
pub(crate) fn is_text(pattern: &str, text: &str) -> bool {
    glob(pattern.as_bytes(), text.as_bytes(), |one| *one == b'*', |one, other| one == other)
}

/// Goes back to the last star only, so in pattern × text steps.
fn glob<T>(pattern: &[T], text: &[T], is_star: impl Fn(&T) -> bool, is_one: impl Fn(&T, &T) -> bool) -> bool {
    let (mut p, mut t) = (0, 0);
    // Where to go on after the last star, should what is behind it not fit.
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(one) if is_star(one) => {
                p += 1;
                if p == pattern.len() {
                    return true;
                }
                star = Some((p, t));
            }
            Some(one) if is_one(one, &text[t]) => {
                p += 1;
                t += 1;
            }
            _ => {
                let Some((after, from)) = &mut star else { return false };
                *from += 1;
                (p, t) = (*after, *from);
            }
        }
    }
    pattern[p..].iter().all(is_star)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_stands_for_texts() {
        for (pattern, text, expected) in [
            ("", "", true),
            ("", "x", false),
            ("*", "", true),
            ("*", "s3:GetObject", true),
            ("a", "ab", false),
            ("a*c", "abbc", true),
            ("a*c", "abbd", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("*b*b", "abab", true),
            ("*a*b*", "xxaxxabxx", true),
            ("*a*b", "xxaxxabxx", false),
            ("get*Tagging", "getObjectTagging", true),
            ("get*Tagging", "getObjectTaggings", false),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} on {text}");
            assert_eq!(matches_action(pattern, text), expected, "{pattern} on action {text}");
        }
    }

    #[test]
    fn letter_case_counts_but_for_actions() {
        assert!(!matches("get*", "GetObject"));
        assert!(matches_action("get*", "GetObject"));
    }

    #[test]
    fn one_character_may_be_many_bytes() {
        assert!(matches("a?c", "aéc"));
        assert!(!matches("a??c", "aéc"));
    }

    #[test]
    fn many_stars_take_no_time() {
        assert!(!matches_action(&"*a".repeat(2_000), &"a".repeat(1_999)));
    }
}
