//! Policy documents as they come in and go out.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use account::Fault;
use account::identities::Inline;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use policy::{Document, Element, Policy, Problem};
use serde_json::Value;
use source::{Finding, Span};

use super::fault;

/// RFC 3986's unreserved characters stay as they are.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The most non-whitespace characters of a managed policy.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
pub(crate) const MANAGED_SIZE: usize = 6_144;

/// The most characters of a trust policy.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const TRUST_SIZE: usize = 2_048;

/// A document as responses show it: URL-encoded.
pub(crate) fn encode(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

/// How much of its quota a document uses: white space is not counted.
pub(crate) fn size(text: &str) -> usize {
    text.chars().filter(|c| !c.is_whitespace()).count()
}

/// The document of a managed policy, which must be of the current version.
pub(crate) fn managed(text: &str) -> Result<Document, Fault> {
    let document = read(text, policy::Kind::Identity)?;
    if document.version() != Some("2012-10-17") {
        return Err(fault::malformed("Policy document must be version 2012-10-17 or greater."));
    }
    if size(text) > MANAGED_SIZE {
        return Err(fault::quota("PolicySize", MANAGED_SIZE));
    }
    Ok(document)
}

/// An inline policy or a trust policy, compiled.
pub(crate) fn inline(label: String, kind: policy::Kind, text: String) -> Result<Inline, Fault> {
    let document = read(&text, kind)?;
    Ok(Inline { policy: Arc::new(Policy::new(label, kind, &document)), text })
}

/// A role's trust policy, compiled.
pub(crate) fn trust(role: &str, text: String) -> Result<Inline, Fault> {
    let trust = kept_trust(role, text)?;
    if size(&trust.text) > TRUST_SIZE {
        return Err(fault::quota("ACLSizePerRole", TRUST_SIZE));
    }
    Ok(trust)
}

/// The same of a trust policy that has been let in before: a name put in place of another may make it longer.
pub(crate) fn kept_trust(role: &str, text: String) -> Result<Inline, Fault> {
    inline(format!("role/{role}/AssumeRolePolicyDocument"), policy::Kind::Trust, text)
}

/// A document of any kind.
///
/// # Errors
/// `MalformedPolicyDocument`, with all that is wrong with it.
pub fn read(text: &str, kind: policy::Kind) -> Result<Document, Fault> {
    let (document, findings) = Document::read_json(text, kind);
    document.ok_or_else(|| malformed(text, kind, &findings))
}

/// The first error by type; `None` for an error of JSON, which comes before all others.
fn first_problem(text: &str, kind: policy::Kind) -> Option<Problem> {
    let (node, said) = source::json::read(source::FileId(0), text);
    let (_, problems) = Document::problems(&node.filter(|_| !said.iter().any(Finding::is_error))?, kind);
    problems.into_iter().map(|(_, problem)| problem).find(Problem::is_error)
}

/// AWS's words for the first error; where those do not say all, every error after them.
fn malformed(text: &str, kind: policy::Kind, findings: &[Finding]) -> Fault {
    let errors: Vec<_> = findings.iter().filter(|finding| finding.is_error()).collect();
    let problem = first_problem(text, kind);
    let said = errors.first().and_then(|first| match &problem {
        Some(problem) => words(kind, problem, written(text, first.span)),
        None if kind == policy::Kind::Trust && first.code.starts_with("JSON_") => {
            Some("This policy contains invalid Json".to_owned())
        }
        None => None,
    });
    match (said, errors.as_slice()) {
        (Some(words), [_]) => fault::malformed(words),
        (_, []) => fault::malformed("Syntax errors in policy."),
        (said, errors) => {
            let words = said.unwrap_or_else(|| "Syntax errors in policy.".to_owned());
            let all: Vec<_> = errors.iter().map(|error| describe(text, error)).collect();
            fault::malformed(format!("{words} ({})", all.join("; ")))
        }
    }
}

/// What AWS prints for an error about a text; `None` where it only speaks of syntax errors.
fn words(kind: policy::Kind, problem: &Problem, written: &str) -> Option<String> {
    let trust = kind == policy::Kind::Trust;
    Some(match problem {
        Problem::ProhibitedElement(element) if trust => format!("Has prohibited field {}", element.name()),
        Problem::ProhibitedElement(_) => "Policy document should not specify a principal.".to_owned(),
        Problem::MissingElement(element) if trust => format!("Missing required field {}", element.name()),
        Problem::MissingElement(Element::Resource) => "Policy statement must contain resources.".to_owned(),
        Problem::MissingElement(Element::Action) => "Policy statement must contain actions.".to_owned(),
        Problem::InvalidSid(_) => "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the \
                                   regular expression [0-9A-Za-z]*"
            .to_owned(),
        Problem::DuplicateSid(_) => "Statement IDs (SID) in a single policy must be unique.".to_owned(),
        Problem::ActionNotOfSts(_) | Problem::ActionWithoutPrefix(_) if trust => {
            "AssumeRole policy may only specify STS AssumeRole actions.".to_owned()
        }
        Problem::ActionWithoutPrefix(_) | Problem::InvalidConditionKey(_) => {
            "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.".to_owned()
        }
        Problem::InvalidResource(_) | Problem::IncompleteResource(_) => {
            format!("Resource {written} must be in ARN format or \"*\".")
        }
        Problem::PrincipalShape(_) | Problem::PrincipalWildcard(_) | Problem::PrincipalFormat(_) if trust => {
            invalid_principal(written)
        }
        Problem::InvalidVersion(_) => "Policy document must be version 2012-10-17 or greater.".to_owned(),
        _ => return None,
    })
}

/// What AWS prints for a principal that is none, or a name that is nobody's.
pub(crate) fn invalid_principal(name: &str) -> String {
    format!("Invalid principal in policy: \"AWS\":\"{name}\"")
}

fn describe(text: &str, finding: &Finding) -> String {
    let (line, column) = place(text, finding.span.start as usize);
    let help = finding.help.as_deref().map(|help| format!(", {help}")).unwrap_or_default();
    format!("{line}:{column} {}{help}", finding.message)
}

/// Line and column of a byte, both from 1.
pub(crate) fn place(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// The text of a span, without quotes.
fn written(text: &str, span: Span) -> &str {
    let written = text.get(span.start as usize..span.end as usize).unwrap_or_default();
    written.trim_matches('"')
}

/// The statements of a document's JSON.
pub(super) fn statements_mut(document: &mut Value) -> impl Iterator<Item = &mut Value> {
    let statements = match document.get_mut("Statement") {
        Some(Value::Array(many)) => many.iter_mut().collect(),
        Some(one) => vec![one],
        None => Vec::new(),
    };
    statements.into_iter()
}
