//! Texts with wildcards and variables.

use serde_json::{Map, Value};

/// One sign of a policy's text, once its variables are replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// A character of the policy.
    Written(char),
    /// A character that came out of a variable: never a wildcard.
    Given(char),
    /// Where a variable ended: what stands before it is not the last of its segment, even if no characters came.
    End,
    /// `?`
    One,
    /// `*`
    Many,
}

/// A context key by its name, letter case aside; the one set last counts.
pub fn look_up<'a>(context: &'a Map<String, Value>, key: &str) -> Option<&'a Value> {
    let mut found = None;
    for (name, value) in context {
        if name.to_lowercase() == key.to_lowercase() {
            found = Some(value);
        }
    }
    found
}

/// Replaces the variables of a text; nothing if one has no value.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
pub fn expand(text: &str, variables: bool, context: &Map<String, Value>) -> Option<Vec<Sign>> {
    let mut signs = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if variables && rest.starts_with("${") {
            let end = rest.find('}').expect("the generators close every brace");
            signs.extend(replaced(&rest[2..end], context)?.chars().map(Sign::Given));
            signs.push(Sign::End);
            rest = &rest[end + 1..];
            continue;
        }
        signs.push(match first {
            '*' => Sign::Many,
            '?' => Sign::One,
            other => Sign::Written(other),
        });
        rest = &rest[first.len_utf8()..];
    }
    Some(signs)
}

fn replaced(inside: &str, context: &Map<String, Value>) -> Option<String> {
    if ["*", "?", "$"].contains(&inside) {
        return Some(inside.to_owned());
    }
    let (key, default) = match inside.split_once(',') {
        Some((key, default)) => (key, Some(default.trim().trim_matches('\'').to_owned())),
        None => (inside, None),
    };
    match look_up(context, key.trim()) {
        Some(Value::String(value)) => Some(value.clone()),
        // Variables stand for single-valued keys only; a default is for missing ones.
        Some(_) => None,
        None => default,
    }
}

/// The text that the signs spell, wildcards as they are written.
pub fn spelled(signs: &[Sign]) -> String {
    let letter = |sign: &Sign| match sign {
        Sign::Written(letter) | Sign::Given(letter) => Some(*letter),
        Sign::One => Some('?'),
        Sign::Many => Some('*'),
        Sign::End => None,
    };
    signs.iter().filter_map(letter).collect()
}

/// Whether a pattern covers a whole text. `crosses` says of a wildcard, by its place, whether it may stand for a colon.
pub fn covers(pattern: &[Sign], text: &str, crosses: &dyn Fn(usize) -> bool) -> bool {
    let text: Vec<char> = text.chars().collect();
    // reached[i]: the signs so far cover the first i characters.
    let mut reached = vec![false; text.len() + 1];
    reached[0] = true;
    for (place, sign) in pattern.iter().enumerate() {
        if *sign == Sign::End {
            continue;
        }
        let fits = |letter: char| match sign {
            Sign::Written(wanted) | Sign::Given(wanted) => letter == *wanted,
            _ => letter != ':' || crosses(place),
        };
        let mut next = vec![false; text.len() + 1];
        for i in 0..=text.len() {
            let stays = *sign == Sign::Many && reached[i];
            let goes = i > 0 && fits(text[i - 1]) && (reached[i - 1] || (*sign == Sign::Many && next[i - 1]));
            next[i] = stays || goes;
        }
        reached = next;
    }
    reached[text.len()]
}

/// The pattern of a StringLike: a wildcard covers anything.
pub fn like(pattern: &[Sign], text: &str) -> bool {
    covers(pattern, text, &|_| true)
}

/// A pattern of Resource. In the first five segments only a `*` at a segment's end goes beyond a colon.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
pub fn covers_resource(pattern: &[Sign], resource: &str) -> bool {
    let crosses = |place: usize| {
        let segment = pattern[..place].iter().filter(|sign| **sign == Sign::Written(':')).count();
        let last = matches!(pattern.get(place + 1), None | Some(Sign::Written(':')));
        segment >= 5 || (pattern[place] == Sign::Many && last)
    };
    covers(pattern, resource, &crosses)
}

/// A pattern of ArnLike: six parts, one by one; nothing if one of the two is no ARN. Colons that came out of a variable
/// count only where the policy itself does not write an ARN.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
pub fn covers_arn(pattern: &[Sign], value: &str) -> Option<bool> {
    let mut parts = six_parts(pattern, &[Sign::Written(':')]);
    if parts.len() < 6 {
        parts = six_parts(pattern, &[Sign::Written(':'), Sign::Given(':')]);
    }
    let values: Vec<&str> = value.splitn(6, ':').collect();
    if parts.len() < 6 || values.len() < 6 {
        return None;
    }
    Some(parts.iter().zip(values).all(|(part, value)| like(part, value)))
}

fn six_parts(pattern: &[Sign], colons: &[Sign]) -> Vec<Vec<Sign>> {
    let mut parts = vec![Vec::new()];
    for sign in pattern {
        if parts.len() < 6 && colons.contains(sign) {
            parts.push(Vec::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(*sign);
        }
    }
    parts
}
