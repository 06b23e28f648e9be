//! Users and roles as the dump has them, for those who compile the policies themselves.

use source::Span;

use super::{Details, Entity, Text};

/// A user or a role, with all that is attached to it.
#[derive(Clone, Debug)]
pub struct DetailedEntity<'a> {
    /// Its ARN.
    pub arn: &'a str,
    /// Its unique id, if the dump has it.
    pub id: Option<&'a str>,
    /// Its tags.
    pub tags: &'a [(String, String)],
    /// Inline and managed policies; of a user also those of its groups.
    pub identity: Vec<DetailedPolicy<'a>>,
    /// Its permissions boundary.
    pub boundary: Option<DetailedPolicy<'a>>,
    /// A role's trust policy.
    pub trust: Option<DetailedPolicy<'a>>,
    /// What is attached to it and not in the dump: ARNs of policies, names of groups.
    pub missing: Vec<String>,
    /// Where it stands in the dump.
    pub span: Span,
}

/// A policy as it is written.
#[derive(Clone, Copy, Debug)]
pub struct DetailedPolicy<'a> {
    /// The ARN of a managed policy; of others a label such as `role/NAME/POLICY`.
    pub name: &'a str,
    /// Its JSON.
    pub text: &'a str,
    /// Where it stands in the dump; one of AWS's own stands in none.
    pub span: Option<Span>,
}

impl Details {
    pub(super) fn detailed<'a>(&'a self, entity: &'a Entity) -> DetailedEntity<'a> {
        let mut missing = Vec::new();
        let mut groups = Vec::new();
        for name in &entity.groups {
            match self.groups.get(name) {
                Some(group) => groups.push(group),
                None => missing.push(format!("the group `{}`", policy::plain(name))),
            }
        }
        let mut managed = |arn: &String| {
            let found = self.managed.get(arn);
            if found.is_none() {
                missing.push(format!("the policy `{}`", policy::plain(arn)));
            }
            found
        };
        let mut identity: Vec<&Text> = Vec::new();
        for grants in std::iter::once(&entity.grants).chain(groups) {
            identity.extend(&grants.inline);
            identity.extend(grants.managed.iter().filter_map(&mut managed));
        }
        let boundary = entity.boundary.as_ref().and_then(managed).map(detailed);
        DetailedEntity {
            arn: &entity.arn,
            id: entity.id.as_deref(),
            tags: &entity.tags,
            identity: identity.into_iter().map(detailed).collect(),
            boundary,
            trust: entity.trust.as_ref().map(detailed),
            missing,
            span: entity.span,
        }
    }
}

fn detailed(text: &Text) -> DetailedPolicy<'_> {
    DetailedPolicy { name: &text.name, text: &text.text, span: text.span }
}
