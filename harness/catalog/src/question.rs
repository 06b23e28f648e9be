//! Every question that there is about the tag keys of requests, for tests that hold all who answer it to one answer.

use crate::key::key;
use crate::row::Row;
use crate::service::{Service, services};
use crate::twin;

/// Whether a request on one row carries one tag key.
#[derive(Clone, Debug)]
pub struct TagQuestion {
    /// The row.
    pub row: Row,
    /// A resource of it: an ARN, made up, or `*` for an action without resource types.
    pub resource: String,
    /// The key: `aws:RequestTag/team`, `aws:TagKeys`, `aws:ResourceTag/team`, or the service's own name for one.
    pub key: String,
    /// The answer of the catalogue.
    pub carries: bool,
}

/// All of them: each action, each of its rows, each tag key that some action of its service carries.
pub fn tag_questions() -> impl Iterator<Item = TagQuestion> {
    services().flat_map(|service| {
        let keys = keys(service);
        service.actions().flat_map(crate::Action::rows).flat_map(move |row| ask(row, &keys))
    })
}

fn keys(service: Service) -> Vec<String> {
    let mut keys: Vec<_> = ["aws:RequestTag/team", "aws:TagKeys", "aws:ResourceTag/team"].map(str::to_owned).into();
    keys.extend(twin::of_service(service.prefix()).map(|twin| [twin, "/team"].concat()));
    keys.sort();
    keys.dedup();
    keys
}

fn ask(row: Row, keys: &[String]) -> Vec<TagQuestion> {
    let samples = row.resource_type().and_then(|of| of.samples().next());
    let resource = samples.unwrap_or_else(|| "*".to_owned());
    let answer = |name: &String| {
        let carries = row.action().carries_on(&resource, key(name)?);
        Some(TagQuestion { row, resource: resource.clone(), key: name.clone(), carries })
    };
    keys.iter().filter_map(answer).collect()
}
