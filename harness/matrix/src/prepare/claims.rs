//! What an option is asked for each claim.

use policy::arn::Arn;
use source::Finding;

use super::OptionDraft;
use super::named::ASKER;
use crate::claim::{Asker, Target};
use crate::directory::Directory;
use crate::operations::NamedResource;
use crate::question::QuestionBuilder;
use crate::scenario::{Claim, Name, Scenario, SessionTags};

impl OptionDraft<'_> {
    /// What each claim is about here; with errors among the findings, fewer.
    pub(super) fn targets(&mut self, directory: &Directory<'_>, builder: &mut QuestionBuilder<'_>) -> Vec<Target> {
        let scenario = self.scenario;
        let target = |claim: &Claim| {
            let (by, resources) = (self.askers(directory, claim), builder.claimed(claim));
            Some(Target { by: by?, resources: resources? })
        };
        scenario.claims.iter().filter_map(target).collect()
    }

    fn askers(&mut self, directory: &Directory<'_>, claim: &Claim) -> Option<Vec<Asker>> {
        let askers: Vec<_> = claim.by.iter().map(|name| self.asker(directory, claim, name)).collect();
        askers.into_iter().collect()
    }

    /// A caller, else a role or a user.
    fn asker(&mut self, directory: &Directory<'_>, claim: &Claim, name: &Name) -> Option<Asker> {
        let caller = caller_named(self.scenario, &name.text);
        let (role, user) = (role(directory, &name.text), user(directory, &name.text));
        let asker = match (caller, role, user) {
            (Some(caller), ..) => Asker::Caller(caller),
            (None, Some(role), None) => Asker::Role(role),
            (None, None, Some(user)) => Asker::User(user),
            (None, Some(_), Some(_)) => {
                let message = format!("`{name}` is a role and a user");
                let finding = Finding::error("AMBIGUOUS_NAME", name.span, message);
                self.findings.push(finding.help("write the ARN of the one that is meant"));
                return None;
            }
            (None, None, None) => {
                let mut known: Vec<&str> = self.scenario.callers.iter().map(|caller| caller.name.as_str()).collect();
                let others = [NamedResource::Role, NamedResource::User].map(|of| directory.known(of)).concat();
                known.extend(others.into_iter().filter(|other| caller_named(self.scenario, other).is_none()));
                self.absent(ASKER, name, &known);
                return None;
            }
        };
        match (&claim.session_tags, &asker) {
            (SessionTags::Given(_, span), Asker::Caller(_) | Asker::User(_)) => {
                let message = format!("`session-tags` are for roles, and `{name}` is none");
                let help =
                    "a caller has the session tags that `callers` gives it: take `session-tags` away, or name the role";
                self.findings.push(Finding::error("SESSION_TAGS_OF_CALLER", *span, message).help(help));
                None
            }
            _ => Some(asker),
        }
    }
}

fn caller_named(scenario: &Scenario, name: &str) -> Option<usize> {
    scenario.callers.iter().position(|caller| caller.name == name)
}

/// The ARN of a role that is there.
fn role(directory: &Directory<'_>, wanted: &str) -> Option<String> {
    match of_iam(wanted, "role/") {
        Some((name, _)) => directory.role(name).filter(|arn| arn == wanted),
        None => directory.role(wanted).filter(|_| !wanted.starts_with("arn:")),
    }
}

fn user(directory: &Directory<'_>, wanted: &str) -> Option<crate::directory::User> {
    match of_iam(wanted, "user/") {
        Some((name, account)) => directory.user(name).filter(|user| user.account == account),
        None => directory.user(wanted),
    }
}

/// The name in an ARN of IAM's, and the account.
fn of_iam<'w>(wanted: &'w str, kind: &str) -> Option<(&'w str, &'w str)> {
    let arn = Arn::parse(wanted).filter(|arn| arn.service == "iam" && arn.resource.starts_with(kind))?;
    Some((arn.resource.rsplit('/').next()?, arn.account))
}
