//! One decision in one line, as it is made.

use matrix::RecordedDecision;
use policy::{Principal, Verdict};
use source::escaped;

/// As much of a resource as is shown: the longest key of S3 would fill the screen.
const RESOURCE: usize = 200;
/// As much of a reason as is shown. It names two statements at most.
const REASON: usize = 600;

/// What was asked, by whom, and why it came out so: `denied  s3:GetObject ARN  CALLER  implicitly: …`.
#[must_use]
pub fn decided(RecordedDecision { request, decision }: &RecordedDecision) -> String {
    let who = match &request.principal {
        Principal::Service { name } => name.clone(),
        Principal::Federated { provider } => provider.clone(),
        principal => principal.arn().map_or_else(|| "anonymous".to_owned(), |arn| arn.into_owned()),
    };
    let reason = decision.reason(request);
    let (verdict, how) = match decision.verdict {
        Verdict::Allowed => ("allowed", ""),
        Verdict::ImplicitlyDenied => ("denied", "implicitly: "),
        Verdict::ExplicitlyDenied => ("denied", "explicitly: "),
    };
    let (resource, who) = (shortened(&request.resource, RESOURCE), shortened(&who, RESOURCE));
    format!("{verdict}  {} {resource}  {who}  {how}{}", escaped(&request.action), shortened(&reason, REASON))
}

/// The beginning of a text, harmless for a terminal.
fn shortened(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", escaped(&text[..end])),
        None => escaped(text).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use policy::{Context, NoVocabulary, Policies, Request};

    use super::*;

    fn line(key: &str) -> String {
        let request = Request {
            principal: Principal::User { arn: "arn:aws:iam::111122223333:user/ann".to_owned() },
            action: "s3:GetObject".to_owned(),
            resource: format!("arn:aws:s3:::box/{key}"),
            resource_account: Some("111122223333".to_owned()),
            context: Context::new(),
        };
        let decision = policy::explain(&Policies::default(), &request, &NoVocabulary);
        decided(&RecordedDecision { request, decision })
    }

    #[test]
    fn a_denial_is_one_line_with_its_reason() {
        let expected = "denied  s3:GetObject arn:aws:s3:::box/a\\nb\\u001b[31m  arn:aws:iam::111122223333:user/ann  \
                        implicitly: no statement allows s3:GetObject: the caller has no identity-based policy";
        assert_eq!(line("a\nb\u{1b}[31m"), expected);
    }

    #[test]
    fn a_line_is_no_longer_than_anybody_reads() {
        assert!(line(&"ü".repeat(2000)).chars().count() < 500);
    }
}
