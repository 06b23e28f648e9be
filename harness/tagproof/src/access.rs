//! What a policy grants, proved in a test.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use policy::{Document, Kind, Policy};
use prove::{Comparison, Options, Verdict};
use report::{Page, proof};
use source::{Source, Sources};

use crate::documents::{Documents, Unreadable};

/// A policy in a test: its JSON text, a [`Path`] to a file with it, or a [`serde_json::Value`].
///
/// A path starts at the package whose test this is. What the AWS CLI prints of policies will do as well.
pub trait PolicySource {
    /// What it is called in answers, if it has a name of its own, and its text.
    ///
    /// # Errors
    /// The file cannot be read.
    fn text(&self) -> Result<(Option<String>, String), String>;
}

impl PolicySource for str {
    fn text(&self) -> Result<(Option<String>, String), String> {
        Ok((None, self.to_owned()))
    }
}

impl PolicySource for String {
    fn text(&self) -> Result<(Option<String>, String), String> {
        self.as_str().text()
    }
}

impl PolicySource for Path {
    fn text(&self) -> Result<(Option<String>, String), String> {
        let at = crate::check::of_package(self);
        let text = matrix::read::document(self, &at, matrix::read::LARGEST).map_err(|error| error.to_string())?;
        Ok((Some(self.display().to_string()), text))
    }
}

impl PolicySource for PathBuf {
    fn text(&self) -> Result<(Option<String>, String), String> {
        self.as_path().text()
    }
}

impl PolicySource for serde_json::Value {
    fn text(&self) -> Result<(Option<String>, String), String> {
        Ok((None, self.to_string()))
    }
}

impl<S: PolicySource + ?Sized> PolicySource for &S {
    fn text(&self) -> Result<(Option<String>, String), String> {
        (**self).text()
    }
}

/// Compares what two policies allow: every request, not only those that somebody thought of.
///
/// ```
/// let old = r#"{"Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::reports/*"}}"#;
/// let new = r#"{"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}}"#;
/// let compared = tagproof::compare(old, new).unwrap();
/// assert_eq!(compared.relation(), tagproof::prove::Relation::Narrower);
/// ```
///
/// # Errors
/// Why a policy cannot be read, with the place in it.
pub fn compare(old: impl PolicySource, new: impl PolicySource) -> Result<Comparison, String> {
    let [old, new] = read([("the old policy", &old), ("the new policy", &new)])?;
    prove::compare(&old.policies, &new.policies, &Options::default()).map_err(|fault| fault.to_string())
}

/// Whether a policy allows nothing that another does not. [`assert_no_new_access!`](crate::assert_no_new_access) calls it.
///
/// # Errors
/// A request that is newly allowed, and by which statement; why it is undecided; or why a policy cannot be read.
pub fn no_new_access(old: impl PolicySource, new: impl PolicySource) -> Result<(), String> {
    let [old, new] = read([("the old policy", &old), ("the new policy", &new)])?;
    let verdict =
        prove::new_access(&old.policies, &new.policies, &Options::default()).map_err(|fault| fault.to_string())?;
    match verdict {
        Verdict::Proved { .. } => Ok(()),
        Verdict::Found { request, rows } => {
            let lines = proof::difference(&request, rows, &new.policies, &old.policies);
            Err(told(&format!("{} allows a request that {} does not", new.name, old.name), &lines))
        }
        Verdict::Undecided { reason } => Err(format!("whether {} allows more is undecided: {reason}", new.name)),
    }
}

/// Whether a policy never allows some actions on some resources, each written as in a policy.
/// [`assert_never!`](crate::assert_never) calls it.
///
/// # Errors
/// A request that is allowed, and by which statement; why it is undecided; or why something cannot be read.
pub fn never(policy: impl PolicySource, actions: &[&str], resources: &[&str]) -> Result<(), String> {
    let [policy] = read([("the policy", &policy)])?;
    let access = access(actions, resources)?;
    let verdict = prove::granted(&policy.policies, &access, &Options::default()).map_err(|fault| fault.to_string())?;
    match verdict {
        Verdict::Proved { .. } => Ok(()),
        Verdict::Found { request, rows } => {
            let lines = proof::difference(&request, rows, &policy.policies, &[]);
            Err(told(&format!("{} allows what it must never allow", policy.name), &lines))
        }
        Verdict::Undecided { reason } => Err(format!("what {} allows is undecided: {reason}", policy.name)),
    }
}

/// Actions on resources, as a policy.
///
/// # Errors
/// What is wrong with them.
#[doc(hidden)]
pub fn access(actions: &[impl AsRef<str>], resources: &[impl AsRef<str>]) -> Result<Arc<Policy>, String> {
    fn or_all(given: &[impl AsRef<str>]) -> Vec<&str> {
        if given.is_empty() { vec!["*"] } else { given.iter().map(AsRef::as_ref).collect() }
    }
    let statement = serde_json::json!({"Effect": "Allow", "Action": or_all(actions), "Resource": or_all(resources)});
    let text = serde_json::json!({"Version": "2012-10-17", "Statement": [statement]}).to_string();
    let (document, findings) = Document::read_json(&text, Kind::Identity);
    let wrong = || findings.iter().map(|finding| finding.message.as_str()).collect::<Vec<_>>().join("; ");
    document.map(|document| Arc::new(Policy::new("access", Kind::Identity, &document))).ok_or_else(wrong)
}

fn read<const N: usize>(policies: [(&str, &dyn PolicySource); N]) -> Result<[Documents; N], String> {
    let mut texts = Vec::new();
    for (name, policy) in policies {
        let (own, text) = policy.text()?;
        texts.push((own.unwrap_or_else(|| name.to_owned()), text));
    }
    let sides = std::array::from_fn(|at| {
        let (name, text) = &texts[at];
        (name.as_str(), Some(text.as_str()))
    });
    Documents::read(sides, None).map_err(|faults| {
        let shown = faults.iter().map(|fault| shown(fault, &texts)).collect::<Vec<_>>();
        format!("a policy cannot be read\n\n{}", shown.join("\n").trim_end())
    })
}

fn shown(Unreadable { at, findings }: &Unreadable, texts: &[(String, String)]) -> String {
    let (name, text) = &texts[*at];
    let mut sources = Sources::new();
    sources.add(Source::new(name.as_str(), text.as_str()));
    report::findings(findings, &sources, Page::FILE)
}

fn told(what: &str, lines: &[String]) -> String {
    let lines: String = lines.iter().map(|line| format!("\n  {line}")).collect();
    format!("{what}\n{lines}\n")
}

/// Fails a test where a policy allows a request that another does not, and shows that request.
///
/// ```
/// let old = r#"{"Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::reports/*"}}"#;
/// let new = r#"{"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/q3"}}"#;
/// tagproof::assert_no_new_access!(old, new);
/// ```
///
/// ```should_panic
/// # let new = r#"{"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/q3"}}"#;
/// let wider = r#"{"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}"#;
/// tagproof::assert_no_new_access!(new, wider);
/// ```
///
/// Each is a [`PolicySource`]: JSON text, or `Path::new("policies/reader.json")`.
#[macro_export]
macro_rules! assert_no_new_access {
    ($old:expr, $new:expr $(,)?) => {
        if let ::std::result::Result::Err(why) = $crate::no_new_access(&$old, &$new) {
            ::std::panic!("{why}");
        }
    };
}

/// Fails a test where a policy allows an action, on any resource or on the one that is named, and shows the request.
///
/// Action and resource are written as in a policy, wildcards and all.
///
/// ```
/// let policy = r#"{"Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::reports/*"}}"#;
/// tagproof::assert_never!(policy, "s3:Delete*");
/// tagproof::assert_never!(policy, "s3:*", "arn:aws:s3:::payroll/*");
/// ```
#[macro_export]
macro_rules! assert_never {
    ($policy:expr, $action:expr $(,)?) => {
        if let ::std::result::Result::Err(why) = $crate::never(&$policy, &[$action], &[]) {
            ::std::panic!("{why}");
        }
    };
    ($policy:expr, $action:expr, $resource:expr $(,)?) => {
        if let ::std::result::Result::Err(why) = $crate::never(&$policy, &[$action], &[$resource]) {
            ::std::panic!("{why}");
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    const READ: &str = r#"{"Statement": [{"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}]}"#;

    #[test]
    fn new_access_is_shown_with_its_statement() {
        let new = serde_json::json!({"Statement": [
            {"Sid": "Send", "Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:us-east-1:111122223333:q"}]});
        let told = no_new_access(READ, &new).unwrap_err();
        let expected = "\
the new policy allows a request that the old policy does not

  Caller    the role arn:aws:iam::111122223333:role/other, in a session `other`
  Action    sqs:SendMessage
  Resource  arn:aws:sqs:us-east-1:111122223333:q
  Allowed   by the new policy, statement 1 (Send)
  Refused   no statement of the old policy allows it
";
        assert_eq!(told, expected);
        assert_eq!(no_new_access(READ, READ), Ok(()));
    }

    #[test]
    fn what_must_never_be_allowed_is_shown_where_it_is() {
        assert_eq!(never(READ, &["s3:Put*", "s3:Delete*"], &[]), Ok(()));
        let told = never(READ, &["s3:*"], &["arn:aws:s3:::b/k"]).unwrap_err();
        assert!(told.starts_with("the policy allows what it must never allow\n"), "{told}");
        assert!(told.contains("Allowed   by the policy, statement 1 (Read)\n"), "{told}");
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_place() {
        for (told, expected) in [
            (no_new_access(READ, r#"{"Statement": {"Efect": "Allow"}}"#), vec!["the new policy:1:", "Efect"]),
            (no_new_access(READ, Path::new("none.json")), vec!["none.json"]),
            (never(READ, &["Put"], &[]), vec!["Put"]),
            (never("", &["s3:*"], &[]), vec!["the policy"]),
        ] {
            let told = told.unwrap_err();
            assert!(expected.iter().all(|text| told.contains(text)), "{told}");
        }
    }
}
