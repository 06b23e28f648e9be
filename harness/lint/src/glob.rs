//! Patterns of `*` and `?` held against each other.

use std::borrow::Cow;

/// Stands in a text for what is not known before a template is deployed. No policy can hold it: IAM takes characters up
/// to U+00FF only.
pub(crate) const UNKNOWN: char = '\u{fffc}';

/// Whether some text is of both patterns.
pub(crate) fn overlap(a: &str, b: &str) -> bool {
    // Nearly all pairs differ before the first wildcard of either.
    let both = literal(a).min(literal(b));
    if a.as_bytes()[..both] != b.as_bytes()[..both] {
        return false;
    }
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    // below[j]: whether what is left of `a` and `b[j..]` overlap.
    let mut below = vec![false; b.len() + 1];
    for i in (0..=a.len()).rev() {
        let mut row = vec![false; b.len() + 1];
        for j in (0..=b.len()).rev() {
            row[j] = match (a.get(i), b.get(j)) {
                (None, None) => true,
                (Some('*'), None) => below[j],
                (None, Some('*')) => row[j + 1],
                (Some('*'), Some(_)) | (Some(_), Some('*')) => below[j] || row[j + 1],
                (Some(x), Some(y)) => (x == y || *x == '?' || *y == '?') && below[j + 1],
                _ => false,
            };
        }
        below = row;
    }
    below[0]
}

/// How many bytes stand before the first wildcard.
pub(crate) fn literal(pattern: &str) -> usize {
    pattern.bytes().position(|byte| matches!(byte, b'*' | b'?')).unwrap_or(pattern.len())
}

/// An ARN with a `*` for each missing field, as IAM reads it in an identity-based policy; elsewhere it may be read so. One
/// whose fields end in a `*`, or have a variable, may be of as many fields as it is.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
pub(crate) fn completed(arn: &str) -> Cow<'_, str> {
    let missing = 6_usize.saturating_sub(arn.split(':').count());
    let is_open = arn.contains("${") || arn.split(':').any(|field| field.ends_with(['*', UNKNOWN]));
    if missing == 0 || is_open || !arn.starts_with("arn:") {
        return Cow::Borrowed(arn);
    }
    Cow::Owned(arn.to_owned() + &":*".repeat(missing))
}

/// A text with variables, or a pattern with placeholders, as a pattern: what stands for other text is a `*`.
pub(crate) fn glob(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        out.push_str(&rest[..at]);
        out.push('*');
        rest = rest[at..].find('}').map_or("", |end| &rest[at + end + 1..]);
    }
    out.push_str(rest);
    out.replace(UNKNOWN, "*")
}

#[cfg(test)]
mod tests {
    use policy::wildcard::covers;

    use super::*;

    #[test]
    fn patterns_overlap_where_one_text_is_of_both() {
        for (a, b, expected) in [
            ("", "", true),
            ("*", "", true),
            ("a", "a", true),
            ("a", "b", false),
            ("a*", "*b", true),
            ("a*c", "ab*", true),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("a*b*c", "ac", false),
            ("bucket", "*/*", false),
            ("bucket*", "*/*", true),
            ("*x*", "*y*", true),
        ] {
            assert_eq!(overlap(a, b), expected, "{a} {b}");
            assert_eq!(overlap(b, a), expected, "{b} {a}");
        }
    }

    #[test]
    fn a_pattern_covers_narrower_ones() {
        for (outer, inner, expected) in [
            ("*", "a*b?", true),
            ("*/*", "bucket/*", true),
            ("*/*", "bucket*", false),
            ("a?", "ab", true),
            ("a?", "a*", false),
            ("a*", "a*", true),
            ("a*", "*", false),
            ("*ab", "*aab", true),
        ] {
            assert_eq!(covers(outer, inner), expected, "{outer} {inner}");
        }
    }

    #[test]
    fn missing_fields_of_arns_are_stars() {
        for (arn, expected) in [
            ("*", "*"),
            ("arn:aws:sqs", "arn:aws:sqs:*:*:*"),
            ("arn:aws:s?s:us-east-1", "arn:aws:s?s:us-east-1:*:*"),
            ("arn:aws:s3::", "arn:aws:s3:::*"),
            ("arn:aws:s3:::", "arn:aws:s3:::"),
            ("arn:aws:s*3", "arn:aws:s*3:*:*:*"),
            ("arn:aws:s3*", "arn:aws:s3*"),
            ("arn:aws:*:q", "arn:aws:*:q"),
            ("arn:aws:${aws:username}", "arn:aws:${aws:username}"),
        ] {
            assert_eq!(completed(arn), expected);
        }
    }

    #[test]
    fn what_is_not_known_is_a_star() {
        assert_eq!(glob("arn:${Partition}:s3:::${BucketName}/x"), "arn:*:s3:::*/x");
        assert_eq!(glob("a${b"), "a*");
        assert_eq!(glob("a\u{fffc}b"), "a*b");
    }
}
