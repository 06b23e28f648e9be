//! What a test may write, by insta's variable `INSTA_UPDATE`.

use std::env;

/// When a test writes a snapshot that is not as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Update {
    /// Never.
    No,
    /// A new snapshot is written, a changed one is left beside the old one for review. The default.
    Unseen,
    /// Both are left for review.
    New,
    /// Both are written.
    Always,
}

impl Update {
    /// What the environment says.
    ///
    /// # Errors
    /// `INSTA_UPDATE` has no value that insta knows.
    pub(crate) fn of_environment() -> Result<Self, String> {
        Self::of(|name| env::var(name).ok())
    }

    fn of(variable: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        // As insta tells it.
        let is_ci = match variable("CI").as_deref() {
            Some("false" | "0" | "") => false,
            None => variable("TF_BUILD").is_some(),
            Some(_) => true,
        };
        match variable("INSTA_UPDATE").as_deref() {
            None | Some("" | "auto") if is_ci => Ok(Self::No),
            None | Some("" | "auto" | "unseen") => Ok(Self::Unseen),
            Some("no") => Ok(Self::No),
            Some("new") => Ok(Self::New),
            Some("always") => Ok(Self::Always),
            Some(other) => Err(format!("INSTA_UPDATE is `{other}`; write auto, no, new, always or unseen")),
        }
    }

    /// Whether the test passes all the same where something was left for review, as `cargo insta test` has it.
    pub(crate) fn forces_pass() -> bool {
        env::var("INSTA_FORCE_PASS").is_ok_and(|value| value == "1")
    }
}

#[cfg(test)]
mod tests {
    use super::Update;

    #[test]
    fn nothing_is_written_in_ci_unless_told_to() {
        let check = |set: &[(&str, &str)], expected: Result<Update, &str>| {
            let variable =
                |name: &str| set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
            let told = Update::of(variable);
            assert_eq!(told.as_ref().map_err(|_| "INSTA_UPDATE"), expected.as_ref().map_err(|error| *error), "{set:?}");
        };
        check(&[], Ok(Update::Unseen));
        check(&[("CI", "true")], Ok(Update::No));
        check(&[("TF_BUILD", "True")], Ok(Update::No));
        check(&[("CI", "false")], Ok(Update::Unseen));
        check(&[("CI", "true"), ("INSTA_UPDATE", "auto")], Ok(Update::No));
        check(&[("CI", "true"), ("INSTA_UPDATE", "always")], Ok(Update::Always));
        check(&[("INSTA_UPDATE", "new")], Ok(Update::New));
        check(&[("INSTA_UPDATE", "unseen")], Ok(Update::Unseen));
        check(&[("INSTA_UPDATE", "no")], Ok(Update::No));
        check(&[("INSTA_UPDATE", "yes")], Err("INSTA_UPDATE"));
    }
}
