use super::*;

#[test]
fn patterns_have_their_texts() {
    for (patterns, text, expected) in [
        (&["a*c"][..], "abbc", true),
        (&["a*c"], "abbd", false),
        (&["a*c", "abbd"], "abbd", true),
        (&["**"], "", true),
        (&[""], "", true),
        (&[""], "x", false),
        (&["*a*b*"], "xxaxxbx", true),
        (&["*a*b"], "xxaxxabxx", false),
        (&["*:*:*:*:*:*"], "a:b:c:d:e", false),
        (&["*:*:*:*:*:*"], "a:b:c:d:e:f:g", true),
    ] {
        let patterns: Vec<_> = patterns.iter().map(|pattern| glob(pattern)).collect();
        assert_eq!(Language::new(&patterns).has(text), expected, "{text}");
    }
}

/// Sets of positions go over many words.
#[test]
fn long_unions_are_read_as_short_ones() {
    let texts: Vec<String> = (0..200).map(|number| format!("arn:aws:s3:::bucket-{number}/*")).collect();
    let patterns: Vec<_> = texts.iter().map(|text| glob(text)).collect();
    let language = Language::new(&patterns);
    assert!(language.has("arn:aws:s3:::bucket-199/a/b"));
    assert!(!language.has("arn:aws:s3:::bucket-200/a"));
}
