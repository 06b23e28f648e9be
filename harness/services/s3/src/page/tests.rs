use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::{Last, Query, page, read_token, token_after, url};

/// What a page holds, told apart by whether it is a common prefix.
type Listed = Vec<(String, bool)>;

/// The slow and obvious way: everything that is behind `after`, in order.
fn naive(keys: &BTreeSet<String>, prefix: &str, delimiter: &str, after: &str) -> Listed {
    let mut all: BTreeMap<String, bool> = BTreeMap::new();
    for key in keys {
        let Some(rest) = key.strip_prefix(prefix) else { continue };
        match rest.split_once(delimiter).filter(|_| !delimiter.is_empty()) {
            Some((head, _)) => all.insert(format!("{prefix}{head}{delimiter}"), true),
            None => all.insert(key.clone(), false),
        };
    }
    all.into_iter().filter(|(name, _)| name.as_str() > after).collect()
}

/// A page, whether more is to come, and what it ends with.
type Paged = (Listed, bool, Option<String>);

fn listed(keys: &BTreeSet<String>, prefix: &str, delimiter: &str, after: &str, max: usize) -> Paged {
    let query = Query { prefix: Some(prefix.into()), delimiter: Some(delimiter.into()), ..Query::default() };
    let sorted =
        keys.range::<str, _>((query.beginning(after), std::ops::Bound::Unbounded)).map(|key| (key.as_str(), ()));
    let page = page(sorted, &query, after, max);
    let mut all: Listed = page.entries.iter().map(|(key, ())| ((*key).to_owned(), false)).collect();
    all.extend(page.prefixes.iter().map(|prefix| ((*prefix).to_owned(), true)));
    all.sort();
    let last = page.last.map(|last| match last {
        Last::Entry(name) | Last::Prefix(name) => name.to_owned(),
    });
    (all, page.truncated, last)
}

proptest! {
    /// Pages joined are the whole list, each as long as it may be, whatever the prefix, the delimiter and the start.
    #[test]
    fn pages_join_to_the_whole_list(
        keys in prop::collection::btree_set("[ab/é]{1,6}", 0..40),
        prefix in "[ab/é]{0,2}",
        delimiter in prop::sample::select(vec!["", "/", "a", "é", "b/", "//"]),
        start in "[ab/é]{0,3}",
        max in 1_usize..6,
    ) {
        let whole = naive(&keys, &prefix, delimiter, &start);
        let mut after = start;
        let mut rest = &whole[..];
        loop {
            let (page, truncated, last) = listed(&keys, &prefix, delimiter, &after, max);
            let (expected, left) = rest.split_at(max.min(rest.len()));
            prop_assert_eq!(&page, expected);
            prop_assert_eq!(truncated, !left.is_empty());
            prop_assert_eq!(&last, &expected.last().map(|(name, _)| name.clone()));
            if !truncated {
                break;
            }
            rest = left;
            after = last.expect("a page that is not the last holds something");
        }
    }

    #[test]
    fn a_token_leads_back_to_its_key(key in any::<String>()) {
        prop_assert_eq!(read_token(&token_after(&key)).expect("our own token"), key);
    }
}

/// As recorded from AWS.
#[test]
fn keys_in_url_encoding() {
    let cases = [
        ("date=2026-01-01/", "date%3D2026-01-01/"),
        ("a b", "a+b"),
        ("a+b", "a%2Bb"),
        ("a%2F", "a%252F"),
        ("a~b", "a%7Eb"),
        ("A-z_0.9*", "A-z_0.9*"),
        ("😀", "%F0%9F%98%80"),
    ];
    for (text, expected) in cases {
        assert_eq!(url(text), expected);
    }
}
