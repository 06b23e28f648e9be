//! Uploads in parts that are under way where the objects are kept. Whoever is asked there may know an upload by its id
//! alone, and write the key that it was begun for.

use account::{Fault, World};

use super::bucket::{self, Initiated};
use super::elsewhere::Unknown;
use super::fault;
use super::request::Request;

/// Refuses a request about an upload that is not under way for its key, as far as is known.
pub(super) fn check(world: &World, request: &Request) -> Result<(), Fault> {
    let (Some(bucket), Some((key, id))) = (request.bucket(), request.upload()) else { return Ok(()) };
    let is_it = bucket::named(world, bucket)?.initiators.get(id).is_some_and(|began| began.key == key);
    if is_it { Ok(()) } else { Err(fault::no_such_upload(id)) }
}

/// An upload that was begun through here is known, and what it is for.
pub(super) fn unknown(world: &World, request: &Request) -> Option<Unknown> {
    let (bucket, (key, id)) = (request.bucket()?, request.upload()?);
    let is_known = bucket::known(world, bucket)?.initiators.contains_key(id);
    let unknown = || Unknown::Upload { bucket: bucket.to_owned(), key: key.to_owned(), id: id.to_owned() };
    (!is_known && !id.is_empty()).then(unknown)
}

/// Takes in an upload that was begun for a key past this world.
pub(super) fn found(world: &mut World, bucket: &str, key: &str, upload_id: &str) {
    if let Ok(bucket) = bucket::named_mut(world, bucket) {
        bucket.initiators.insert(upload_id.to_owned(), Initiated { key: key.to_owned(), by: None });
    }
}
