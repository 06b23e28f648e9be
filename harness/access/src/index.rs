//! An inventory made ready for questions: each text of a policy is taken apart once.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use policy::{Kind, Policy};
use rustc_hash::FxHashMap;

use crate::prepared::Prepared;
use crate::solve::Solved;
use crate::{Account, Attached, Inventory};

/// So many proofs are remembered.
const MOST_KNOWN: usize = 100_000;

/// The number of a prepared policy.
pub(crate) type Number = u32;

/// An inventory made ready for questions.
///
/// Policies with the same text are taken apart once, and what is asked about the same statements is proved once, however many
/// principals they belong to.
pub struct Index<'i> {
    /// What it is made of.
    pub inventory: &'i Inventory,
    pub(crate) prepared: Vec<Prepared>,
    pub(crate) principals: Vec<IndexedPrincipal>,
    pub(crate) resources: Vec<Option<Number>>,
    pub(crate) accounts: FxHashMap<&'i str, IndexedAccount<'i>>,
    /// An identity policy that allows everything: of those whose own policies are not known.
    pub(crate) everything: Number,
    pub(crate) everything_policy: Arc<Policy>,
    /// The same as a service control policy: a level that lets everything through.
    pub(crate) open_level: Number,
    /// What has been proved, by all that it depends on.
    pub(crate) solved: Mutex<FxHashMap<String, Arc<Solved>>>,
}

/// The policies of a principal.
pub(crate) struct IndexedPrincipal {
    pub(crate) identity: Vec<Number>,
    pub(crate) boundary: Option<Number>,
    pub(crate) trust: Option<Number>,
}

/// The policies of an account.
pub(crate) struct IndexedAccount<'i> {
    pub(crate) account: &'i Account,
    pub(crate) service_control: Vec<Vec<Number>>,
    pub(crate) resource_control: Vec<Vec<Number>>,
}

struct Builder {
    prepared: Vec<Prepared>,
    numbers: FxHashMap<(Kind, Arc<str>), Number>,
}

impl Builder {
    fn text(&mut self, kind: Kind, text: &Arc<str>) -> Number {
        *self.numbers.entry((kind, Arc::clone(text))).or_insert_with(|| {
            self.prepared.push(Prepared::new(kind, text));
            self.prepared.len() as Number - 1
        })
    }

    fn one(&mut self, attached: &Attached) -> Number {
        self.text(attached.kind(), &attached.text)
    }

    fn levels(&mut self, levels: &[Vec<Attached>]) -> Vec<Vec<Number>> {
        levels.iter().map(|level| level.iter().map(|one| self.one(one)).collect()).collect()
    }
}

impl<'i> Index<'i> {
    /// Takes the policies apart.
    #[must_use]
    pub fn new(inventory: &'i Inventory) -> Self {
        let mut builder = Builder { prepared: Vec::new(), numbers: FxHashMap::default() };
        let everything =
            Arc::from(r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#);
        let open_level = builder.text(Kind::ServiceControl, &everything);
        let everything = builder.text(Kind::Identity, &everything);
        let principals = inventory.principals.iter().map(|one| IndexedPrincipal {
            identity: one.identity.iter().map(|attached| builder.one(attached)).collect(),
            boundary: one.boundary.as_ref().map(|attached| builder.one(attached)),
            trust: one.trust.as_ref().map(|attached| builder.one(attached)),
        });
        let principals = principals.collect();
        let resources = inventory.resources.iter().map(|one| one.policy.as_ref().map(|attached| builder.one(attached)));
        let resources = resources.collect();
        let accounts = inventory.accounts.iter().map(|(id, account)| {
            let service_control = builder.levels(&account.service_control);
            let resource_control = builder.levels(&account.resource_control);
            (id.as_str(), IndexedAccount { account, service_control, resource_control })
        });
        let accounts = accounts.collect();
        let (prepared, solved) = (builder.prepared, Mutex::default());
        let made = prepared[everything as usize].whole_policy("its own policies");
        let everything_policy = made.unwrap_or_else(|| Arc::new(Policy::silent("its own policies", Kind::Identity)));
        Self { inventory, prepared, principals, resources, accounts, everything, everything_policy, open_level, solved }
    }

    /// What has been proved.
    pub(crate) fn known(&self) -> MutexGuard<'_, FxHashMap<String, Arc<Solved>>> {
        self.solved.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers what has been proved; of very much, the latest.
    pub(crate) fn know(&self, key: String, solved: &Arc<Solved>) {
        let mut known = self.known();
        if known.len() >= MOST_KNOWN {
            known.clear();
        }
        known.insert(key, Arc::clone(solved));
    }
}
