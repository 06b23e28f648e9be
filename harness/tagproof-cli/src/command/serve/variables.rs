//! The variables by which AWS clients find the account, and act as somebody in it.

use std::ffi::OsStr;

use runner::Access;

/// Settings that concern neither where requests go nor who makes them.
const HARMLESS: [&str; 4] = ["AWS_DEFAULT_OUTPUT", "AWS_MAX_ATTEMPTS", "AWS_PAGER", "AWS_RETRY_MODE"];

/// Variables with their values; `None` where a variable must not be set.
pub(super) struct Variables(Vec<(&'static str, Option<String>)>);

impl Variables {
    /// Where the account is. Older clients know the region by its second name only.
    pub(super) fn place(url: &str, region: &str) -> Self {
        let set = |text: &str| Some(text.to_owned());
        Self(vec![("AWS_ENDPOINT_URL", set(url)), ("AWS_REGION", set(region)), ("AWS_DEFAULT_REGION", set(region))])
    }

    /// Who makes the requests. Clients look for an access key first, and then ask the container's endpoint.
    ///
    /// # Errors
    /// Why nobody can act as this caller.
    pub(super) fn of(access: &Access) -> Result<Self, &str> {
        let (key, token, task) = match access {
            Access::Key { key, token } => (Some(key), token.clone(), None),
            Access::Task(task) => (None, None, Some(task)),
            Access::Nobody(why) => return Err(why),
        };
        let mut all = vec![
            ("AWS_ACCESS_KEY_ID", key.map(|key| key.id.clone())),
            ("AWS_SECRET_ACCESS_KEY", key.map(|key| key.secret.clone())),
            ("AWS_SESSION_TOKEN", token),
            ("AWS_PROFILE", None),
        ];
        if let Some(task) = task {
            all.push(("AWS_CONTAINER_CREDENTIALS_FULL_URI", Some(task.uri.clone())));
            all.push(("AWS_CONTAINER_AUTHORIZATION_TOKEN", Some(task.token.clone())));
        }
        Ok(Self(all))
    }

    /// These, and others.
    pub(super) fn and(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
    }

    /// Those that are set.
    pub(super) fn set(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?)))
    }

    /// As a shell takes them, each on a line of its own.
    pub(super) fn lines(&self) -> String {
        let set: String = self.set().map(|(name, value)| format!("export {name}={}\n", shell_word(value))).collect();
        format!("{set}{}\n", self.unset())
    }

    /// As a shell takes them, on one line.
    pub(super) fn line(&self) -> String {
        let set: String = self.set().map(|(name, value)| format!(" {name}={}", shell_word(value))).collect();
        format!("{}; export{set}", self.unset())
    }

    fn unset(&self) -> String {
        let names = self.0.iter().filter(|(_, value)| value.is_none()).map(|(name, _)| *name);
        format!("unset {}", names.collect::<Vec<_>>().join(" "))
    }
}

/// Whether a variable is the user's own setting of AWS clients: it could send requests to AWS itself, or in the name of
/// somebody else.
pub(super) fn is_of_aws(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| name.starts_with("AWS_") && !HARMLESS.contains(&name))
}

/// A value as a shell reads it back.
fn shell_word(value: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/:.+=_-".contains(&byte);
    match value.bytes().all(plain) {
        true => value.to_owned(),
        false => format!("'{}'", value.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_shell_would_read_otherwise_is_quoted() {
        for (value, word) in [("a/b+c=", "a/b+c="), ("a b", "'a b'"), ("a'$(b)", r"'a'\''$(b)'"), ("é", "'é'")] {
            assert_eq!(shell_word(value), word);
        }
    }

    #[test]
    fn what_could_lead_to_aws_is_not_handed_on() {
        for (name, is) in [
            ("AWS_PROFILE", true),
            ("AWS_SESSION_TOKEN", true),
            ("AWS_ENDPOINT_URL_S3", true),
            ("AWS_WEB_IDENTITY_TOKEN_FILE", true),
            ("AWS_PAGER", false),
            ("PATH", false),
            ("AWSOME", false),
        ] {
            assert_eq!(is_of_aws(OsStr::new(name)), is, "{name}");
        }
    }
}
