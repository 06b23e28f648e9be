//! What GetAccountAuthorizationDetails tells of an account.
//!
//! docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html

mod entities;
mod read;

use std::sync::OnceLock;

use policy::arn::Arn;
use policy::{Kind, Principal};
use rustc_hash::FxHashMap;
use source::{Finding, Span};

use crate::Fault;
use crate::compiled::Compiled;
pub use entities::{DetailedEntity, DetailedPolicy};

/// What is told of a policy that cannot be read; `lint` tells the rest.
const MOST_ERRORS: usize = 3;

/// An account's users and roles, with what is attached to them. Policies are compiled when they are first needed.
#[derive(Debug, Default)]
pub struct Details {
    /// By ARN; roles also by the start of their sessions' ARNs.
    entities: FxHashMap<String, Entity>,
    roles: FxHashMap<String, String>,
    /// By name.
    groups: FxHashMap<String, Grants>,
    /// Managed policies by ARN.
    managed: FxHashMap<String, Text>,
}

/// A user or a role.
#[derive(Debug)]
pub(crate) struct Entity {
    arn: String,
    id: Option<String>,
    tags: Vec<(String, String)>,
    grants: Grants,
    groups: Vec<String>,
    boundary: Option<String>,
    trust: Option<Text>,
    span: Span,
    identity: OnceLock<Result<Vec<Compiled>, Vec<Fault>>>,
}

/// What is attached to a user, a group or a role.
#[derive(Debug, Default)]
struct Grants {
    inline: Vec<Text>,
    /// ARNs.
    managed: Vec<String>,
}

/// A policy's text, compiled when it is first needed, once for each kind.
#[derive(Debug)]
struct Text {
    name: String,
    text: String,
    is_managed: bool,
    /// Where it stands in the dump; AWS's own policies stand in none.
    span: Option<Span>,
    identity: OnceLock<Result<Compiled, Fault>>,
    boundary: OnceLock<Result<Compiled, Fault>>,
}

impl Details {
    /// Reads a dump in JSON, as the AWS CLI prints it or as the API sends it.
    ///
    /// # Errors
    /// Everything that is wrong with its form. What is wrong with a policy in it is told when a question needs it.
    pub fn read(text: &str) -> Result<Self, Vec<Finding>> {
        read::details(text)
    }

    /// Every user and role, by ARN, with what is attached to them as it is written.
    #[must_use]
    pub fn entities(&self) -> Vec<DetailedEntity<'_>> {
        let mut all: Vec<_> = self.entities.values().map(|entity| self.detailed(entity)).collect();
        all.sort_unstable_by_key(|entity| entity.arn);
        all
    }

    /// The ARNs of its users and roles, in the order of their letters.
    #[must_use]
    pub fn principals(&self) -> Vec<&str> {
        let mut all: Vec<&str> = self.entities.keys().map(String::as_str).collect();
        all.sort_unstable();
        all
    }

    pub(crate) fn entity(&self, principal: &Principal) -> Option<&Entity> {
        match principal {
            Principal::User { arn } => self.entities.get(arn),
            Principal::RoleSession { role, session } => {
                let role = role.as_ref().or_else(|| self.roles.get(session.rsplit_once('/')?.0))?;
                self.entities.get(role)
            }
            _ => None,
        }
    }

    pub(crate) fn unknown(&self, principal: &Principal) -> Fault {
        let arn = principal.principal_arn().unwrap_or_default();
        let fault = Fault::new(format!("`{}` is not in the account details", policy::plain(&arn)));
        match source::suggest(&arn, self.entities.keys().map(String::as_str)) {
            Some(near) => fault.help(format!("did you mean `{near}`?")),
            None => fault.help("give its policies with the question"),
        }
    }

    /// Its own policies and its groups'.
    pub(crate) fn identity<'a>(&'a self, entity: &'a Entity) -> Result<&'a [Compiled], Vec<Fault>> {
        let compiled = entity.identity.get_or_init(|| {
            let groups = entity.groups.iter().map(|name| self.groups.get(name).ok_or(name));
            let mut faults = Vec::new();
            let mut found = Vec::new();
            for grants in std::iter::once(Ok(&entity.grants)).chain(groups) {
                match grants {
                    Ok(grants) => self.collect(grants, &mut found, &mut faults),
                    Err(name) => faults.push(self.lacks(&format!("the group `{}`", policy::plain(name)), entity)),
                }
            }
            if faults.is_empty() { Ok(found) } else { Err(faults) }
        });
        compiled.as_deref().map_err(Clone::clone)
    }

    pub(crate) fn boundary(&self, entity: &Entity) -> Result<Option<&Compiled>, Vec<Fault>> {
        let Some(arn) = &entity.boundary else { return Ok(None) };
        let text = self.managed.get(arn).ok_or_else(|| vec![missing(arn)])?;
        text.boundary().map(Some).map_err(|fault| vec![fault])
    }

    /// The trust policy of a role.
    pub(crate) fn trust(&self, role: &str) -> Result<Option<Compiled>, Fault> {
        let trust = self.entities.get(role).and_then(|entity| entity.trust.as_ref());
        trust.map(|trust| trust.compiled(Kind::Trust)).transpose()
    }

    fn collect(&self, grants: &Grants, found: &mut Vec<Compiled>, faults: &mut Vec<Fault>) {
        let inline = grants.inline.iter().map(Ok);
        let managed = grants.managed.iter().map(|arn| self.managed.get(arn).ok_or_else(|| missing(arn)));
        for text in inline.chain(managed) {
            match text.and_then(Text::identity) {
                Ok(compiled) => found.push(compiled.clone()),
                Err(fault) => faults.push(fault),
            }
        }
    }

    fn lacks(&self, what: &str, entity: &Entity) -> Fault {
        Fault::new(format!("{what} of `{}` is not in the account details", policy::plain(&entity.arn)))
            .help("ask for the details without a filter")
    }
}

fn missing(arn: &str) -> Fault {
    Fault::new(format!("the policy `{}` is not in the account details", policy::plain(arn)))
        .help("ask for the details without a filter")
}

impl Entity {
    pub(crate) fn arn(&self) -> &str {
        &self.arn
    }

    pub(crate) fn tags(&self) -> impl Iterator<Item = (&str, &str)> {
        self.tags.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// `arn:aws:sts::111122223333:assumed-role/name`
    fn sessions(&self) -> Option<String> {
        let Arn { partition, account, resource, .. } = Arn::parse(&self.arn)?;
        let name = resource.strip_prefix("role/")?.rsplit('/').next()?;
        Some(format!("arn:{partition}:sts::{account}:assumed-role/{name}"))
    }
}

impl Text {
    fn identity(&self) -> Result<&Compiled, Fault> {
        self.identity.get_or_init(|| self.compiled(Kind::Identity)).as_ref().map_err(Clone::clone)
    }

    fn boundary(&self) -> Result<&Compiled, Fault> {
        self.boundary.get_or_init(|| self.compiled(Kind::Boundary)).as_ref().map_err(Clone::clone)
    }

    fn compiled(&self, kind: Kind) -> Result<Compiled, Fault> {
        let compile = if self.is_managed { Compiled::managed } else { Compiled::read };
        compile(&self.name, kind, &self.text).map_err(|findings| {
            let errors: Vec<_> = findings.iter().filter(|finding| finding.is_error()).collect();
            let mut said: Vec<_> = errors.iter().take(MOST_ERRORS).map(|finding| finding.message.clone()).collect();
            if errors.len() > said.len() {
                said.push("…".to_owned());
            }
            Fault::new(format!("the policy `{}` cannot be read: {}", policy::plain(&self.name), said.join("; ")))
        })
    }
}
