//! Policies from files.

use std::path::{Path, PathBuf};

use policy::{Kind, plain};
use simulate::{Attached, Compiled, Fault};
use source::{FileId, Finding, Node};

use super::super::text;
use super::{LARGEST_POLICY, refused, told};
use crate::args::GivenPolicies;
use crate::output;

/// Policies of files: attached to what they belong to, or the resource's own. Tells what is wrong with them; `None`: some
/// cannot be read.
pub(super) fn read(given: &GivenPolicies) -> anyhow::Result<Option<(Attached, Option<Compiled>)>> {
    let (mut attached, mut of_resource, mut is_readable) = (Attached::default(), None, true);
    for (kind, path, level) in files(given) {
        let text = text::document(&path, LARGEST_POLICY)?;
        match compiled(&path, kind, &text) {
            Ok(compiled) if matches!(kind, Kind::Resource | Kind::Trust) => of_resource = Some(compiled),
            Ok(compiled) => {
                if let Err(fault) = attached.add(compiled, level) {
                    output::note(&told(&fault));
                    is_readable = false;
                }
            }
            Err(Refused { findings, fault }) => {
                is_readable = false;
                // A text that is no JSON says little of what was meant by it.
                let (syntax, others): (Vec<_>, Vec<_>) =
                    findings.into_iter().partition(|finding| finding.code.starts_with("JSON_"));
                refused(&path, &syntax)?;
                refused(&path, &others)?;
                fault.iter().for_each(|fault| output::note(&told(fault)));
            }
        }
    }
    Ok(is_readable.then_some((attached, of_resource)))
}

/// Why a file gives no policy.
#[derive(Default)]
struct Refused {
    findings: Vec<Finding>,
    fault: Option<Fault>,
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Self { fault: Some(fault), ..Self::default() }
    }
}

fn compiled(path: &Path, kind: Kind, text: &str) -> Result<Compiled, Refused> {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let tree = lint::read(FileId(0), text).0;
    match tree.as_ref().filter(|tree| tree.get("Statement").is_none()) {
        Some(tree) => inside(path, &name, kind, tree, text),
        None => Compiled::read(&name, kind, text).map_err(|findings| {
            let fault = tree.and_then(|tree| other_option(path, kind, lint::guess(&tree)));
            Refused { findings, fault }
        }),
    }
}

/// The policy inside what is no policy itself.
fn inside(path: &Path, name: &str, kind: Kind, tree: &Node, text: &str) -> Result<Compiled, Refused> {
    let shown = plain(&path.display().to_string());
    if tree.get("Resources").is_some() || tree.get("AWSTemplateFormatVersion").is_some() {
        return Err(template(&shown, kind, tree).into());
    }
    if ["UserDetailList", "RoleDetailList", "GroupDetailList"].iter().any(|list| tree.get(list).is_some()) {
        let fault = Fault::new(format!("`{shown}` has the policies of a whole account, not one"));
        return Err(fault.help(format!("give it as `--account-details {shown}`")).into());
    }
    let (found, findings) = lint::printed(tree, text, None);
    if !findings.is_empty() {
        return Err(Refused { findings, fault: None });
    }
    let mut fitting = found.iter().filter(|(of, _)| fits(kind, *of));
    match (fitting.next(), fitting.next(), found.first()) {
        (Some((_, node)), None, _) => {
            Compiled::of(name, kind, node, (name, text)).map_err(|findings| Refused { findings, fault: None })
        }
        (Some(_), Some(_), _) => {
            let fault = Fault::new(format!("`{shown}` has several policies, and one file gives one"));
            Err(fault.help("write each document into a file of its own").into())
        }
        (None, _, Some((other, _))) => Err(Refused { fault: other_option(path, kind, *other), ..Refused::default() }),
        // docs.aws.amazon.com/cli/latest/reference/iam/get-policy.html: what it prints has no document.
        (None, ..) if tree.get("Policy").is_some_and(|policy| policy.get("DefaultVersionId").is_some()) => {
            let fault = Fault::new(format!("`{shown}` says which version the policy has, and not the policy itself"));
            let help = "write that with `aws iam get-policy-version --policy-arn ARN --version-id VERSION`";
            Err(fault.help(help).into())
        }
        _ => match Compiled::read(name, kind, text) {
            Err(findings) => Err(Refused { findings, fault: None }),
            Ok(compiled) => Ok(compiled),
        },
    }
}

/// That a file is a template, and how to ask by it.
fn template(shown: &str, kind: Kind, tree: &Node) -> Fault {
    let fault = Fault::new(format!("`{shown}` is a CloudFormation template, not a policy"));
    let resources = tree.get("Resources").map(Node::entries).unwrap_or_default();
    let of_type = |wanted: &str| {
        let is_meant = |node: &Node| node.get("Type").and_then(Node::text) == Some(wanted);
        let names = resources.iter().filter(|entry| is_meant(&entry.value)).map(|entry| plain(&entry.key));
        names.collect::<Vec<_>>()
    };
    let (roles, users) = (of_type("AWS::IAM::Role"), of_type("AWS::IAM::User"));
    fault.help(match (kind, roles.first(), users.first()) {
        (Kind::Identity | Kind::Boundary, Some(role), _) if roles.len() == 1 => {
            format!("ask as its role: `--template {shown} --role {role}`")
        }
        (Kind::Identity | Kind::Boundary, Some(role), _) => {
            format!("ask as one of its roles ({}): `--template {shown} --role {role}`", roles.join(", "))
        }
        (Kind::Identity | Kind::Boundary, None, Some(user)) => {
            format!("ask as its user: `--template {shown} --user {user}`")
        }
        (Kind::Resource | Kind::Trust, ..) => {
            format!("give it as `--template {shown}`, and name the resource by its logical id: `--resource LOGICAL_ID`")
        }
        _ => "write the policy's document into a file of its own".to_owned(),
    })
}

/// Whether a policy that stands in such a place can be meant.
const fn fits(wanted: Kind, found: Kind) -> bool {
    match wanted {
        Kind::Identity | Kind::Boundary | Kind::Session => matches!(found, Kind::Identity),
        Kind::Trust => matches!(found, Kind::Trust),
        // By itself a policy of a resource may look like a trust policy.
        Kind::Resource => matches!(found, Kind::Resource | Kind::Trust),
        _ => true,
    }
}

/// That another option is for a policy that looks like this.
fn other_option(path: &Path, kind: Kind, found: Kind) -> Option<Fault> {
    let option = match found {
        // A trust policy with a Resource looks like the policy of a resource.
        _ if fits(kind, found) || (kind, found) == (Kind::Trust, Kind::Resource) => return None,
        Kind::Resource => "--resource-policy",
        Kind::Trust => "--trust",
        Kind::Identity => "--identity",
        Kind::ServiceControl => "--scp",
        Kind::ResourceControl => "--rcp",
        Kind::Endpoint => "--endpoint",
        Kind::Boundary | Kind::Session => return None,
    };
    let shown = plain(&path.display().to_string());
    let fault = Fault::new(format!("`{shown}` looks like {} {}", found.article(), found.words()));
    Some(fault.help(format!("give it as `{option} {shown}`")))
}

/// Every file with what it is attached to, and its level in the organisation.
fn files(given: &GivenPolicies) -> Vec<(Kind, PathBuf, usize)> {
    let mut all = Vec::new();
    let single = [
        (Kind::Resource, &given.resource_policy),
        (Kind::Trust, &given.trust),
        (Kind::Boundary, &given.boundary),
        (Kind::Endpoint, &given.endpoint),
    ];
    all.extend(given.identity.iter().map(|path| (Kind::Identity, path.clone(), 0)));
    all.extend(given.session.iter().map(|path| (Kind::Session, path.clone(), 0)));
    all.extend(single.into_iter().filter_map(|(kind, path)| Some((kind, path.clone()?, 0))));
    for (kind, levels) in [(Kind::ServiceControl, &given.scp), (Kind::ResourceControl, &given.rcp)] {
        for (level, files) in levels.iter().enumerate() {
            all.extend(files.split(',').map(|file| (kind, PathBuf::from(file), level)));
        }
    }
    all
}
