//! AWS's own text for a denial.
//!
//! docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use crate::{Decision, Kind, Principal, Request, Verdict};

/// How the text encloses the resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quoting {
    /// Bare, as most services do.
    None,
    /// In double quotes, as S3 does.
    Double,
}

impl Decision {
    /// AWS's text for the denial. "If multiple policy types deny an authorization request, AWS includes only one of
    /// those policy types"; here it is the first in the order of [`Kind::ALL`], but for the trust policy, which comes last:
    /// whoever may assume no role at all is told the same of all, of a role that is not there as well.
    #[must_use]
    pub fn denial(&self, request: &Request, quoting: Quoting) -> String {
        let Request { action, resource, .. } = request;
        let who = caller(&request.principal);
        let resource = match quoting {
            Quoting::None => Cow::Borrowed(resource.as_str()),
            Quoting::Double => Cow::Owned(format!("\"{resource}\"")),
        };
        let mut text = format!("User: {who} is not authorized to perform: {action} on resource: {resource}");
        let first = self.by.iter().find(|kind| *kind != Kind::Trust).or_else(|| self.by.iter().next());
        if let Some(kind) = first {
            text.push(' ');
            text.push_str(&match self.verdict {
                Verdict::ExplicitlyDenied => self.explicit(kind),
                _ => format!("because no {} allows the {action} action", kind.words()),
            });
        }
        text
    }

    /// The ARN follows for policies of the caller's side and of the organisation.
    /// aws.amazon.com/blogs/security/enhanced-access-denied-error-messages-with-policy-arns
    fn explicit(&self, kind: Kind) -> String {
        let article = kind.article();
        let shows_arn = !matches!(kind, Kind::Resource | Kind::Trust | Kind::Endpoint);
        let arn = self.denier.as_ref().and_then(|policy| policy.arn()).filter(|_| shows_arn);
        let arn = arn.map(|arn| format!(": {arn}")).unwrap_or_default();
        format!("with an explicit deny in {article} {}{arn}", kind.words())
    }
}

fn caller(principal: &Principal) -> Cow<'_, str> {
    match principal {
        Principal::Service { name } => Cow::Borrowed(name),
        Principal::Federated { provider } => Cow::Borrowed(provider),
        _ => principal.arn().unwrap_or(Cow::Borrowed("anonymous")),
    }
}
