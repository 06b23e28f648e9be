//! Names for what a scenario has along its axes.

/// `ECSTestTaskRole` as `ecs-test-task-role`: what may stand in a name of a scenario.
#[must_use]
pub fn slug(text: &str) -> String {
    let mut out = String::new();
    let chars: Vec<char> = text.chars().collect();
    for (at, &c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| chars[at]);
        let next_is_small = chars.get(at + 1).is_some_and(|c| c.is_ascii_lowercase());
        let begins = c.is_ascii_uppercase()
            && before.is_some_and(|b| {
                b.is_ascii_lowercase() || b.is_ascii_digit() || (b.is_ascii_uppercase() && next_is_small)
            });
        if (begins || !c.is_ascii_alphanumeric()) && !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        }
    }
    let out = out.trim_matches('-');
    out.chars().take(48).collect::<String>().trim_end_matches('-').to_owned()
}

/// A name that is not taken yet: the name itself, or with a number behind it.
pub(crate) fn free(wanted: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let wanted = if wanted.is_empty() || wanted == "all" || wanted == "every-option" { "one" } else { wanted };
    let wanted: String = wanted.chars().take(60).collect();
    let numbered = (2..).map(|number| format!("{wanted}-{number}"));
    std::iter::once(wanted.clone()).chain(numbered).find(|name| !is_taken(name)).unwrap_or(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logical_id_becomes_a_name() {
        for (text, name) in [
            ("ECSTestTaskRole", "ecs-test-task-role"),
            ("GetObject", "get-object"),
            ("ListObjectsV2", "list-objects-v2"),
            ("a b/c", "a-b-c"),
            ("--", ""),
        ] {
            assert_eq!(slug(text), name);
        }
    }

    #[test]
    fn a_name_is_given_once() {
        let taken = ["a", "a-2"];
        assert_eq!(free("a", |name| taken.contains(&name)), "a-3");
        assert_eq!(free("all", |_| false), "one");
    }
}
