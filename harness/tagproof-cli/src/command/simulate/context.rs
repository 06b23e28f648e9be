//! Condition keys as `--context` and `--context-of` give them.

use std::borrow::Cow;

use policy::{ContextValue, plain};
use simulate::{Fault, is_multivalued};

/// Keys with their values.
pub(in crate::command) type Context<'a> = Vec<(Cow<'a, str>, ContextValue)>;

/// One value, and which `--context` gives it, from 1.
struct GivenValue<'a> {
    key: &'a str,
    value: &'a str,
    by: usize,
}

/// What some options give; `option` is their name.
///
/// # Errors
/// What is no key with a value, and each key that has a single value and is given several.
pub(in crate::command) fn context<'a>(option: &str, all: &[&'a [String]]) -> Result<Context<'a>, Vec<Fault>> {
    let (mut given, mut faults) = (Vec::new(), Vec::new());
    for (at, words) in all.iter().enumerate() {
        match pairs(option, words) {
            Ok(pairs) => given.extend(pairs.into_iter().map(|(key, value)| GivenValue { key, value, by: at + 1 })),
            Err(fault) => faults.push(fault),
        }
    }
    let mut keys: Vec<(&str, Vec<GivenValue<'_>>)> = Vec::new();
    for one in given {
        // Letter case does not count.
        // docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
        match keys.iter_mut().find(|(key, _)| key.to_lowercase() == one.key.to_lowercase()) {
            Some((_, before)) => before.push(one),
            None => keys.push((one.key, vec![one])),
        }
    }
    let several = keys.iter().filter(|(key, values)| values.len() > 1 && is_multivalued(key) == Some(false));
    faults.extend(several.map(|(key, values)| one_too_many(option, key, values)));
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(keys.into_iter().map(|(key, values)| (Cow::Borrowed(key), value(key, &values))).collect())
}

/// `KEY=VALUE …`, or `KEY VALUE`.
fn pairs<'a>(option: &str, words: &'a [String]) -> Result<Vec<(&'a str, &'a str)>, Fault> {
    let pairs = match words {
        [key, value] if !key.contains('=') => vec![(key.as_str(), value.as_str())],
        words => {
            let no_value = |word: &str| {
                let fault = Fault::new(format!("{option}: `{}` is not KEY=VALUE", plain(word)));
                fault.help(format!("write `{option} KEY=VALUE`, in quotes if there are spaces in it"))
            };
            words.iter().map(|word| word.split_once('=').ok_or_else(|| no_value(word))).collect::<Result<_, _>>()?
        }
    };
    match pairs.iter().find(|(key, _)| !key.contains(':')) {
        None => Ok(pairs),
        Some((key, _)) => {
            let key = plain(key);
            let fault = Fault::new(format!("{option}: the condition key `{key}` has no service prefix"));
            Err(fault.help(format!(
                "a tag of the caller is `aws:PrincipalTag/{key}`, of the resource `aws:ResourceTag/{key}`, and one that the \
                 request passes `aws:RequestTag/{key}`"
            )))
        }
    }
}

fn one_too_many(option: &str, key: &str, values: &[GivenValue<'_>]) -> Fault {
    let told: Vec<_> = values.iter().map(|one| format!("`{}` ({} {option})", plain(one.value), nth(one.by))).collect();
    let message = format!("{} has a single value in AWS's requests, and is given {}", plain(key), told.join(" and "));
    Fault::new(message).help("give it once")
}

fn nth(number: usize) -> String {
    let end = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{end}")
}

/// Of a key with several values commas part them; a value of any other may hold commas.
fn value(key: &str, given: &[GivenValue<'_>]) -> ContextValue {
    match (is_multivalued(key), given) {
        (Some(true), given) => {
            let values = given.iter().flat_map(|one| one.value.split(',')).filter(|value| !value.is_empty());
            ContextValue::Many(values.map(str::to_owned).collect())
        }
        (_, [one]) => ContextValue::One(one.value.to_owned()),
        (_, given) => ContextValue::Many(given.iter().map(|one| one.value.to_owned()).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_values_are_read_in_both_forms() {
        let one = |value: &str| Ok(ContextValue::One(value.to_owned()));
        let many = |values: &[&str]| Ok(ContextValue::Many(values.iter().map(|&value| value.to_owned()).collect()));
        let no = |message: &str| Err(message.to_owned());
        for (options, expected) in [
            (&[&["aws:PrincipalTag/a=1,2"][..]][..], one("1,2")),
            (&[&["aws:PrincipalTag/a", "1,2"]], one("1,2")),
            (&[&["aws:PrincipalTag/a=1=2"]], one("1=2")),
            (&[&["aws:PrincipalTag/a="]], one("")),
            (&[&["aws:SourceArn", "arn:aws:s3:::a=b"]], one("arn:aws:s3:::a=b")),
            (&[&["aws:TagKeys=1,2"]], many(&["1", "2"])),
            (&[&["aws:TagKeys", "1"]], many(&["1"])),
            (&[&["aws:TagKeys="]], many(&[])),
            (&[&["aws:TagKeys=1,2"], &["aws:tagkeys", "3"]], many(&["1", "2", "3"])),
            (&[&["aws:TagKeys=1", "aws:TagKeys=2"]], many(&["1", "2"])),
            (&[&["my:Key", "1"], &["my:Key=2,3"]], many(&["1", "2,3"])),
            (
                &[&["aws:PrincipalTag/a=1"], &["aws:TagKeys=x"], &["aws:principaltag/A", "2"]],
                no(
                    "aws:PrincipalTag/a has a single value in AWS's requests, and is given `1` (1st --context) and `2` (3rd \
                    --context)",
                ),
            ),
            (&[&["aws:PrincipalTag/a"]], no("--context: `aws:PrincipalTag/a` is not KEY=VALUE")),
            (&[&["aws:PrincipalTag/a=big", "team"]], no("--context: `team` is not KEY=VALUE")),
            (&[&["Team=a"]], no("--context: the condition key `Team` has no service prefix")),
        ] {
            let owned: Vec<Vec<String>> =
                options.iter().map(|words| words.iter().map(|&word| word.to_owned()).collect()).collect();
            let words: Vec<&[String]> = owned.iter().map(Vec::as_slice).collect();
            let found = match context("--context", &words) {
                Ok(found) => found.into_iter().next().map(|(_, value)| value).ok_or_else(|| "nothing".to_owned()),
                Err(faults) => Err(faults.into_iter().map(|fault| fault.message).collect::<Vec<_>>().join("; ")),
            };
            assert_eq!(found, expected, "{options:?}");
        }
    }
}
