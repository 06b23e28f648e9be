//! What of two inventories allows more or less: owner by owner, kind by kind.

use std::sync::Arc;

use policy::{Document, Kind, Policy};
use prove::{Comparison, Disagreement, Options, Verdict};
use serde::Serialize;

use crate::{Attached, Inventory};

#[cfg(test)]
mod tests;

/// The policies of one kind that belong to one owner, compared.
#[derive(Clone, Debug)]
pub struct Change {
    /// The name of the principal or the resource, or the id of the account.
    pub owner: String,
    /// What the policies are attached to.
    pub kind: Kind,
    /// Of an account's service and resource control policies, the level: 0 is the root.
    pub level: Option<usize>,
    /// Whether the owner had such policies before, and has any now.
    pub became: Became,
    /// The policies before. Where none limits the owner, one that allows everything.
    pub old: Vec<Arc<Policy>>,
    /// The policies now.
    pub new: Vec<Arc<Policy>>,
    /// What they allow together.
    pub comparison: Comparison,
}

/// What became of an owner's policies of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Became {
    /// There were none.
    Added,
    /// There are none any more.
    Removed,
    /// They say something else.
    Changed,
}

/// What changed from one inventory to another.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// What says something else than before, in the order of the inventories.
    pub changes: Vec<Change>,
    /// How many owners have the same policies as before, of each kind.
    pub unchanged: usize,
}

/// Compares the policies of each owner, by name and kind. A policy that only limits, such as a permissions boundary, lets
/// everything through where there is none.
///
/// # Errors
///
/// If the engine contradicts a request that was found, or a proof.
pub fn changes(old: &Inventory, new: &Inventory, options: &Options) -> Result<Changes, Disagreement> {
    let (before, after) = (groups(old), groups(new));
    let mut found = Changes::default();
    let added = after.iter().filter(|group| !before.iter().any(|other| other.is_of(group)));
    for group in before.iter().chain(added) {
        let [had, has] = [&before, &after].map(|all| all.iter().find(|other| other.is_of(group)));
        if had.is_some_and(|had| has.is_some_and(|has| had.says_the_same(has))) {
            found.unchanged += 1;
            continue;
        }
        let became = match (had, has) {
            (None, _) => Became::Added,
            (_, None) => Became::Removed,
            _ => Became::Changed,
        };
        let [old, new] = [had, has].map(|group_of| policies(group, group_of));
        let unknown = had.into_iter().chain(has).find_map(|group| group.missing.first());
        let comparison = match unknown {
            None => prove::compare(&old, &new, options)?,
            Some(what) => undecided(what),
        };
        let Group { owner, kind, level, .. } = group;
        found.changes.push(Change {
            owner: (*owner).to_owned(),
            kind: *kind,
            level: *level,
            became,
            old,
            new,
            comparison,
        });
    }
    Ok(found)
}

/// The policies of one kind that belong to one owner.
struct Group<'a> {
    owner: &'a str,
    kind: Kind,
    level: Option<usize>,
    attached: Vec<&'a Attached>,
    /// What counts as well, and is not in the source.
    missing: &'a [String],
}

impl Group<'_> {
    fn is_of(&self, other: &Group<'_>) -> bool {
        (self.owner, self.kind, self.level) == (other.owner, other.kind, other.level)
    }

    fn says_the_same(&self, other: &Group<'_>) -> bool {
        let texts = |group: &Group<'_>| {
            let mut texts: Vec<_> = group.attached.iter().map(|one| Arc::clone(&one.text)).collect();
            texts.sort_unstable();
            texts
        };
        self.missing == other.missing && texts(self) == texts(other)
    }
}

fn groups<'a>(inventory: &'a Inventory) -> Vec<Group<'a>> {
    let mut all = Vec::new();
    for one in &inventory.principals {
        if !one.missing.is_empty() || !one.identity.is_empty() {
            let attached = one.identity.iter().collect();
            all.push(Group { owner: &one.name, kind: Kind::Identity, level: None, attached, missing: &one.missing });
        }
    }
    let mut add = |owner, level, attached: Vec<&'a Attached>| {
        if let Some(kind) = attached.first().map(|one| one.kind()) {
            all.push(Group { owner, kind, level, attached, missing: &[] });
        }
    };
    for one in &inventory.principals {
        add(one.name.as_str(), None, one.boundary.iter().collect());
        add(&one.name, None, one.trust.iter().collect());
    }
    for one in &inventory.resources {
        add(&one.name, None, one.policy.iter().collect());
    }
    for (id, one) in &inventory.accounts {
        for levels in [&one.service_control, &one.resource_control] {
            for (level, policies) in levels.iter().enumerate() {
                add(id, Some(level), policies.iter().collect());
            }
        }
    }
    all
}

/// The policies of one side. `RCPFullAWSAccess` is attached to each level and cannot be detached.
/// docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_evaluation.html
fn policies(group: &Group<'_>, of: Option<&Group<'_>>) -> Vec<Arc<Policy>> {
    let mut policies: Vec<_> =
        of.into_iter().flat_map(|group| &group.attached).map(|one| Arc::clone(&one.policy)).collect();
    let limits = matches!(group.kind, Kind::Boundary | Kind::Session | Kind::ServiceControl | Kind::Endpoint);
    if group.kind == Kind::ResourceControl || limits && of.is_none() {
        policies.extend(everything(group.kind));
    }
    policies
}

/// A policy that lets everything through.
fn everything(kind: Kind) -> Option<Arc<Policy>> {
    let principal = if kind == Kind::Endpoint { r#""Principal": "*", "# } else { "" };
    let text = format!(r#"{{"Statement": {{"Effect": "Allow", {principal}"Action": "*", "Resource": "*"}}}}"#);
    // What lets everything through is written as a policy of the caller's own where the kind itself cannot allow.
    let kind = if kind == Kind::ResourceControl { Kind::Identity } else { kind };
    let document = Document::read_json(&text, kind).0?;
    Some(Arc::new(Policy::new("no limit", kind, &document)))
}

fn undecided(what: &str) -> Comparison {
    let verdict = || Verdict::Undecided { reason: format!("{what} counts as well, and is not in what was read") };
    Comparison { gained: verdict(), lost: verdict() }
}
