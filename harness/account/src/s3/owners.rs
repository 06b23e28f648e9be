//! Accounts by their canonical user ids.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use super::bucket::canonical;
use super::public_access::many;
use crate::World;

/// The accounts that canonical user ids stand for.
pub(super) struct Owners(Vec<String>);

impl Owners {
    pub(super) fn of(world: &World) -> Self {
        Self(world.accounts.keys().cloned().collect())
    }

    /// A bucket policy with accounts in place of their canonical user ids: "both of these IDs identify the same account".
    /// An id that is of no account here stays, and stands for nobody.
    /// docs.aws.amazon.com/AmazonS3/latest/userguide/s3-bucket-user-policy-specifying-principal-intro.html
    pub(super) fn as_accounts<'t>(&self, text: &'t str, tree: &Value) -> Cow<'t, str> {
        let mut tree = tree.clone();
        let mut changed = false;
        let statements = match tree.get_mut("Statement") {
            Some(Value::Array(many)) => many.iter_mut().collect(),
            one => one.into_iter().collect::<Vec<_>>(),
        };
        for statement in statements {
            for element in ["Principal", "NotPrincipal"] {
                if let Some(Value::Object(principal)) = statement.get_mut(element) {
                    changed |= self.name_accounts(principal);
                }
            }
        }
        if changed { Cow::Owned(tree.to_string()) } else { Cow::Borrowed(text) }
    }

    /// Whether there were such ids.
    fn name_accounts(&self, principal: &mut Map<String, Value>) -> bool {
        let ids = principal.get("CanonicalUser").cloned().unwrap_or_default();
        let (known, unknown): (Vec<&Value>, Vec<&Value>) = many(&ids).partition(|id| self.account(id).is_some());
        if known.is_empty() {
            return false;
        }
        let named: Vec<Value> = principal.get("AWS").into_iter().flat_map(many).cloned().collect();
        let accounts = known.into_iter().filter_map(|id| self.account(id)).map(|account| json!(account));
        principal.insert("AWS".to_owned(), named.into_iter().chain(accounts).collect());
        principal.shift_remove("CanonicalUser");
        if !unknown.is_empty() {
            principal.insert("CanonicalUser".to_owned(), unknown.into_iter().cloned().collect());
        }
        true
    }

    fn account(&self, id: &Value) -> Option<&str> {
        let id = id.as_str()?;
        self.0.iter().map(String::as_str).find(|account| canonical(account).id == id)
    }
}
