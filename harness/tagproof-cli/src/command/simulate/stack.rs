//! What a template says of who asks, and of what is asked about.

use std::borrow::Cow;
use std::path::Path;

use matrix::deployment::Deployment;
use policy::arn::Arn;
use policy::{ContextValue, Kind, plain};
use simulate::{Attached, Compiled, Fault};
use source::{Finding, Node, Sources, Span};
use template::attached::{self, Boundary, Guarded, Principal};
use template::{Resource, Stack, terraform};

use super::super::inventory::{ask_for_parameters, deployed, open};
use super::context::Context;
use super::told;
use crate::args::GivenPolicies;
use crate::output;

/// A template, worked out.
pub(in crate::command) struct Deployed<'a> {
    path: &'a Path,
    sources: Sources,
    stack: Stack,
    account: String,
}

/// Who asks, as the command line says.
pub(in crate::command) struct Asking<'a> {
    pub(in crate::command) given: &'a GivenPolicies,
    /// `--principal`
    pub(in crate::command) principal: Option<&'a str>,
}

/// Who asks, as the template makes them.
pub(super) struct Asker {
    /// A role's session has its own, which `--principal` may name.
    pub(super) arn: String,
    /// What follows from the template about their requests.
    pub(super) context: Context<'static>,
}

/// What the template says of a resource.
#[derive(Default)]
pub(super) struct OfResource {
    pub(super) policy: Option<Compiled>,
    pub(super) account: Option<String>,
    pub(super) context: Context<'static>,
}

impl<'a> Deployed<'a> {
    /// Reads the template, and tells what is wrong with it; `None`: it cannot be worked out.
    pub(super) fn read(path: &'a Path, asking: &Asking<'_>) -> anyhow::Result<Option<Self>> {
        let mut sources = Sources::new();
        let (opened, findings) = open(path, asking.given.stack.as_deref(), &mut sources)?;
        let parameters = parameters(asking, opened.as_ref());
        let (worked_out, mut findings) = deployed(opened.as_ref(), findings, &parameters);
        let (stack, account) = worked_out.unwrap_or_default();
        findings.extend(attached::resources(&stack).1);
        // What stands for values that nobody knows yet may be what decides.
        for finding in findings.iter().filter(|finding| !finding.is_error() && finding.code.starts_with("TERRAFORM_")) {
            output::note(&format!("warning: {}", finding.message));
        }
        findings.retain(Finding::is_error);
        if findings.is_empty() {
            let unattached = attached::unattached(&stack).into_iter().map(|(_, finding)| finding);
            let lost: Vec<_> = unattached.chain(stack.lacking_policies()).collect();
            if !lost.is_empty() {
                refused(&lost, &sources);
            }
            tell_account(asking, &account);
            return Ok(Some(Self { path, sources, stack, account }));
        }
        ask_for_parameters(&mut findings);
        // What is wrong with a --parameter stands nowhere in the template.
        let (nowhere, placed): (Vec<_>, Vec<_>) = findings.into_iter().partition(|finding| finding.span.end == 0);
        for Finding { message, help, .. } in nowhere {
            output::note(&told(&Fault { help, ..Fault::new(message) }));
        }
        refused(&placed, &sources);
        Ok(None)
    }

    /// The role or user that asks, with their policies attached.
    pub(super) fn asker(&self, asking: &Asking<'_>, attached: &mut Attached) -> Result<Option<Asker>, Vec<Fault>> {
        let named = match (&asking.given.role, &asking.given.user) {
            (Some(role), _) => self.principal(role, true),
            (None, Some(user)) => self.principal(user, false),
            (None, None) => match asking.principal.and_then(|arn| self.made(arn)) {
                Some(made) => Ok(made),
                None => return Ok(None),
            },
        };
        let principal = named.map_err(|fault| vec![fault])?;
        let mut faults = Vec::new();
        for policy in &principal.policies {
            self.attach(Kind::Identity, policy, attached, &mut faults);
        }
        for arn in &principal.managed_policy_arns {
            match catalog::managed::get(&arn.value) {
                Some(policy) => add_managed(&arn.value, Kind::Identity, policy.document, attached, &mut faults),
                // What is given beside the template may be that policy.
                None if !asking.given.identity.is_empty() => {
                    let arn = plain(&arn.value);
                    output::note(&format!(
                        "the template does not have the policy `{arn}`: one --identity should hold it"
                    ));
                }
                None => faults.push(elsewhere(&arn.value, "--identity FILE")),
            }
        }
        for group in &principal.groups_elsewhere {
            let group = plain(&group.value);
            let message = format!("the template does not make the group `{group}`: its policies are not known");
            match asking.given.identity.is_empty() {
                true => faults.push(Fault::new(message).help("give them as `--identity FILE`")),
                false => output::note(&format!("{message}; --identity should hold them")),
            }
        }
        match principal.boundary.as_ref().filter(|_| asking.given.boundary.is_none()) {
            Some(Boundary::Made(policy)) => self.attach(Kind::Boundary, policy, attached, &mut faults),
            Some(Boundary::Elsewhere(arn)) => match catalog::managed::get(&arn.value) {
                Some(policy) => add_managed(&arn.value, Kind::Boundary, policy.document, attached, &mut faults),
                None => faults.push(elsewhere(&arn.value, "--boundary FILE")),
            },
            None => {}
        }
        let arn = principal.resource.arn.clone().unwrap_or_default();
        let mut context: Context<'static> = Vec::new();
        for tag in principal.tags {
            let key = Cow::Owned(format!("aws:PrincipalTag/{}", tag.key.value));
            context.push((key, ContextValue::One(tag.value.value.clone())));
        }
        let asker = match asking.principal {
            None => Asker { arn, context },
            Some(session) if is_session(session, &arn) => {
                // A session's ARN has no path; the role's has.
                context.push((Cow::Borrowed("aws:PrincipalArn"), ContextValue::One(arn)));
                Asker { arn: session.to_owned(), context }
            }
            Some(other) => {
                faults.push(other_principal(other, &arn));
                Asker { arn, context }
            }
        };
        if faults.is_empty() { Ok(Some(asker)) } else { Err(faults) }
    }

    /// The logical ids of its roles and users, and whether each is a role.
    pub(in crate::command) fn principals(&self) -> Vec<(String, bool)> {
        let all = attached::principals(&self.stack).into_iter();
        all.map(|one| (one.resource.logical_id.clone(), one.trust.is_some())).collect()
    }

    /// Whether it tells all tags of the resource with an ARN.
    pub(in crate::command) fn tells_tags_of(&self, arn: &str) -> bool {
        let all = attached::resources(&self.stack).0;
        all.iter().any(|one| one.holds(arn) && one.tags.is_some())
    }

    /// That a pattern may cover a resource whose policy would be overlooked, since it is not that of all that is covered.
    pub(in crate::command) fn overlooked(&self, pattern: &str) -> Option<Fault> {
        let all = attached::resources(&self.stack).0;
        if pattern == "*" || !pattern.contains(['*', '?']) || all.iter().any(|one| one.holds(pattern)) {
            return None;
        }
        let one = all.iter().find(|one| one.policy.is_some() && attached::may_cover(pattern, one.arn))?;
        let name = plain(one.logical_id.unwrap_or(one.arn));
        let fault = Fault::new(format!("`{}` may cover `{name}`, which has a policy of its own", plain(pattern)));
        Some(fault.help(format!("name each resource by itself: `--resource {name}`")))
    }

    fn principal(&self, wanted: &str, is_role: bool) -> Result<Principal<'_>, Fault> {
        let all = attached::principals(&self.stack);
        let is_meant = |one: &Principal<'_>| (one.resource.resource_type == "AWS::IAM::Role") == is_role;
        let (all, others): (Vec<_>, Vec<_>) = all.into_iter().partition(is_meant);
        let is_named = |one: &Principal<'_>| one.resource.is_called(wanted) || one.name == wanted;
        let names: Vec<_> = all.iter().map(|one| one.resource.logical_id.as_str()).collect();
        let (what, option) = if is_role { ("role", "--user") } else { ("user", "--role") };
        let shown = plain(wanted);
        let fault = Fault::new(format!("the template `{}` has no {what} `{shown}`", self.path.display()));
        let fault = match source::suggest(wanted, names.iter().copied()) {
            _ if others.iter().any(is_named) => fault.help(format!("give it as `{option} {shown}`")),
            Some(near) => fault.help(format!("did you mean `{near}`?")),
            None if names.is_empty() => fault.help(format!("it makes no {what}s")),
            None => fault.help(format!("it has {}", names.join(", "))),
        };
        all.into_iter().find(is_named).ok_or(fault)
    }

    /// The role or user with this ARN, or the role of this session.
    fn made(&self, arn: &str) -> Option<Principal<'_>> {
        attached::principals(&self.stack).into_iter().find(|one| {
            let own = one.resource.arn.as_deref().unwrap_or_default();
            own == arn || one.trust.is_some() && is_session(arn, own)
        })
    }

    fn attach(&self, kind: Kind, policy: &attached::Policy<'_>, to: &mut Attached, faults: &mut Vec<Fault>) {
        match Compiled::of(policy.name, kind, policy.document, self.source(policy.document.span)) {
            Ok(compiled) => faults.extend(to.add(compiled.of_template(), 0).err()),
            Err(findings) => faults.extend(self.faults(&findings)),
        }
    }

    /// The file in which something of the template stands, and its text.
    fn source(&self, span: Span) -> (&str, &str) {
        self.sources.get(span.file).map_or(("", ""), |source| (source.name(), source.text()))
    }

    /// What is wrong with a policy of the template.
    fn faults(&self, findings: &[Finding]) -> Vec<Fault> {
        findings.iter().filter(|finding| finding.is_error()).map(|finding| self.fault(finding)).collect()
    }

    fn fault(&self, finding: &Finding) -> Fault {
        let message = format!("{}: {}", self.sources.locate(finding.span), finding.message);
        finding.help.iter().fold(Fault::new(message), |fault, help| fault.help(help.clone()))
    }

    /// The ARN of what is written: as it is, or behind a logical id, as in `Bucket/key`.
    pub(in crate::command) fn arn<'w>(&self, written: &'w str) -> Result<Cow<'w, str>, Fault> {
        if written == "*" || Arn::parse(written).is_some() {
            return Ok(Cow::Borrowed(written));
        }
        let all = attached::resources(&self.stack).0;
        let named = attached::named(&all, written);
        match &named[..] {
            [] => {}
            [(one, rest)] => return Ok(Cow::Owned(format!("{}{rest}", one.arn))),
            [(one, _), (other, _), ..] => {
                let [one, other] = [one, other].map(|one| one.logical_id.unwrap_or_default());
                let message = format!("`{}` means `{one}` and `{other}`", plain(written));
                return Err(Fault::new(message).help(format!("write `!Ref {one}` or `!Ref {other}`")));
            }
        }
        let (id, rest) = attached::split(written);
        let ids: Vec<_> = all.iter().filter_map(|one| one.logical_id).collect();
        let message =
            format!("`{}` is neither an ARN nor the logical id of a resource of the template", plain(written));
        Err(match source::suggest(id, ids.iter().copied()) {
            Some(near) => Fault::new(message).help(format!("did you mean `{near}{}`?", plain(rest))),
            None => Fault::new(message).help(format!("resources with an ARN here are {}", ids.join(", "))),
        })
    }

    /// What the template says of the resource with an ARN; tags only where requests for the action carry them. A role's
    /// policy is its trust policy, which counts where the action, or the whole call, is to assume it.
    pub(super) fn of_resource(
        &self,
        arn: &str,
        action: Option<&str>,
        call: Option<&str>,
    ) -> Result<OfResource, Vec<Fault>> {
        let all = attached::resources(&self.stack).0;
        let Some(one) = all.iter().find(|one| one.holds(arn)) else {
            return self.unattached(arn).map_or_else(|| Ok(OfResource::default()), |fault| Err(vec![fault]));
        };
        let name = one.logical_id.unwrap_or(one.arn);
        let is_role = self.is_role(one);
        let kind = if is_role { Kind::Trust } else { Kind::Resource };
        let counts = !is_role || action.or(call).is_some_and(simulate::is_about_trust);
        let policy = one.policy.as_ref().filter(|_| counts);
        let compile = |node: &Node| Compiled::of(name, kind, node, self.source(node.span));
        let policy = policy.map(|node| compile(node).map(Compiled::of_template)).transpose();
        // Only the account that owns a bucket gives it a policy.
        // docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
        let account = Arn::parse(one.arn).filter(|arn| arn.account.is_empty());
        Ok(OfResource {
            policy: policy.map_err(|findings| self.faults(&findings))?,
            account: account.map(|_| self.account.clone()),
            context: tags(one).into_iter().filter(|(key, _)| carries(action, arn, key)).collect(),
        })
    }

    /// That a policy may be about a resource that the template does not make, and cannot be attached.
    fn unattached(&self, arn: &str) -> Option<Fault> {
        let arn = Arn::parse(arn)?;
        let lost = attached::unattached(&self.stack);
        let (_, finding) = lost.iter().find(|(service, _)| *service == arn.service)?;
        Some(self.fault(finding))
    }

    fn is_role(&self, one: &Guarded<'_>) -> bool {
        let is_it = |resource: &&Resource| Some(resource.logical_id.as_str()) == one.logical_id;
        self.stack.resources.iter().find(is_it).is_some_and(|resource| resource.resource_type == "AWS::IAM::Role")
    }
}

/// The parameters that are given. A role or user of the stack is in its account, unless the CDK or Terraform tells another; anyone
/// else may be in another.
fn parameters(asking: &Asking<'_>, opened: Option<&Deployment>) -> Vec<(String, String)> {
    let is_told = |opened: &Deployment| opened.account.is_some() || terraform::account(&opened.tree).is_some();
    let of_principal = account_of_principal(asking).filter(|_| asks_as_made(asking) && !opened.is_some_and(is_told));
    let of_principal = of_principal.map(|account| ("AWS::AccountId".to_owned(), account.to_owned()));
    of_principal.into_iter().chain(asking.given.parameter.iter().cloned()).collect()
}

fn refused(findings: &[Finding], sources: &Sources) {
    output::note_findings(&report::findings(findings, sources, output::page_of_notes()));
}

fn account_of_principal<'a>(asking: &Asking<'a>) -> Option<&'a str> {
    let principal = asking.principal?;
    let account = Arn::parse(principal).map_or(principal, |arn| arn.account);
    (account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit())).then_some(account)
}

const fn asks_as_made(asking: &Asking<'_>) -> bool {
    asking.given.role.is_some() || asking.given.user.is_some()
}

/// Says in which account the stack is, where that was not given and the principal is in another.
fn tell_account(asking: &Asking<'_>, account: &str) {
    let is_given = asks_as_made(asking) || asking.given.parameter.iter().any(|(name, _)| name == "AWS::AccountId");
    if let Some(other) = account_of_principal(asking).filter(|other| !is_given && *other != account) {
        output::note(&format!(
            "the template is taken to be in the account {account}, and the principal is in {other}; if they share one, add \
             `--parameter AWS::AccountId={other}`"
        ));
    }
}

fn add_managed(arn: &str, kind: Kind, document: &str, to: &mut Attached, faults: &mut Vec<Fault>) {
    match Compiled::managed(arn, kind, document) {
        Ok(compiled) => faults.extend(to.add(compiled, 0).err()),
        Err(findings) => faults.extend(findings.into_iter().map(|finding| Fault::new(finding.message))),
    }
}

fn elsewhere(arn: &str, option: &str) -> Fault {
    let fault = Fault::new(format!("the template does not have the policy `{}`, only its ARN", plain(arn)));
    fault.help(format!("give its document as `{option}`"))
}

/// Whether it is a session of the role, or the role itself.
fn is_session(principal: &str, role: &str) -> bool {
    let (Some(session), Some(role_arn)) = (Arn::parse(principal), Arn::parse(role)) else { return false };
    let name = role_arn.resource.rsplit('/').next().unwrap_or_default();
    let of_role = session.resource.strip_prefix("assumed-role/").and_then(|rest| rest.split_once('/'));
    principal == role || of_role.is_some_and(|(of, _)| of == name) && session.account == role_arn.account
}

fn other_principal(given: &str, role: &str) -> Fault {
    let fault = Fault::new(format!("--principal `{}` is not a session of the role `{role}`", plain(given)));
    fault.help("leave --principal out, or give the ARN of a session of that role")
}

fn tags(one: &Guarded<'_>) -> Context<'static> {
    let tags = one.tags.iter().flat_map(|tags| tags.iter());
    let key = |key: &str| Cow::Owned(format!("aws:ResourceTag/{key}"));
    tags.map(|tag| (key(&tag.key.value), ContextValue::One(tag.value.value.clone()))).collect()
}

/// Whether a request for the action on the resource has a key; of a whole call each question takes those that it has.
fn carries(action: Option<&str>, arn: &str, key: &str) -> bool {
    let Some(action) = action.and_then(catalog::action) else { return true };
    catalog::key(key).is_none_or(|key| action.rows_on(arn).iter().any(|row| row.carries(key)))
}
