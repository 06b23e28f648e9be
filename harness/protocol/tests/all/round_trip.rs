#![expect(clippy::disallowed_methods, reason = "tests read their cases from files")]

use std::fs;
use std::path::Path;

use model::{Model, Operation, Protocol};
use protocol::{decode_answer, decode_request, encode_answer, encode_request, route};

use crate::samples;

/// Every model that there is.
fn models() -> Vec<Model> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../model/data");
    let mut models: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap();
            Model::read(name, &fs::read_to_string(&path).unwrap()).unwrap()
        })
        .collect();
    models.sort_by(|one, other| one.name.cmp(&other.name));
    models
}

/// An operation that a check leaves out, by service and name, and why.
pub(crate) type Exception = (&'static str, &'static str, &'static str);

/// S3's old way to set notifications, which AWS has replaced, asked for and answered.
pub(crate) const AMBIGUOUS_REQUEST: Exception = ("s3", "PutBucketNotification", "has two members of one element");
pub(crate) const AMBIGUOUS_ANSWER: Exception = ("s3", "GetBucketNotification", "has two members of one element");

/// Calls `check` for each operation in each protocol of its service, and tells what it finds, all at once: what is wrong,
/// and exceptions that are none.
pub(crate) fn each(
    exceptions: &[Exception],
    check: impl Fn(&Model, Protocol, &Operation) -> Result<(), String>,
) -> usize {
    let (mut pairs, mut wrong) = (0, Vec::new());
    for model in models() {
        for protocol in &model.protocols {
            for operation in model.operations() {
                pairs += 1;
                let is_exception = |(service, name, _): &Exception| *service == model.name && *name == operation.name;
                let exception = exceptions.iter().find(|one| is_exception(one));
                let why = match (check(&model, *protocol, operation), exception) {
                    (Ok(()), None) | (Err(_), Some(_)) => continue,
                    (Err(why), None) => why,
                    (Ok(()), Some((_, _, why))) => format!("is as the others, though it {why}"),
                };
                wrong.push(format!("{} {} in {protocol:?}: {why}", model.name, operation.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {pairs}:\n{}", wrong.len(), wrong.join("\n"));
    pairs
}

pub(crate) fn differ<T: std::fmt::Debug + PartialEq>(sent: &T, read: &T) -> Result<(), String> {
    if sent == read { Ok(()) } else { Err(format!("sent {sent:?}\n  read {read:?}")) }
}

#[test]
fn what_a_client_sends_is_what_a_service_reads() {
    let pairs = each(&[AMBIGUOUS_REQUEST], |model, protocol, operation| {
        let sent = samples::message(model, model.input(operation));
        let request = encode_request(model, protocol, operation, &sent).map_err(|error| error.to_string())?;
        let read = decode_request(model, protocol, operation, &request);
        differ(&sent, &read.map_err(|error| format!("{error} in {request:?}"))?)
    });
    assert_eq!(pairs, 4_027);
}

#[test]
fn what_a_service_answers_is_what_a_client_reads() {
    each(&[AMBIGUOUS_ANSWER], |model, protocol, operation| {
        let sent = samples::message(model, model.output(operation));
        let answer = encode_answer(model, protocol, operation, &sent, "id").map_err(|error| error.to_string())?;
        let read = decode_answer(model, protocol, operation, &answer);
        differ(&sent, &read.map_err(|error| format!("{error} in {answer:?}"))?)
    });
}

/// Four operations of S3 have replaced others that look the same, and another host tells ListDirectoryBuckets.
#[test]
fn a_rest_request_is_of_one_operation() {
    let is_here = |operation: &Operation| !operation.is_deprecated && operation.name != "ListDirectoryBuckets";
    each(&[], |model, protocol, operation| {
        if !matches!(protocol, Protocol::RestXml | Protocol::RestJson) || !is_here(operation) {
            return Ok(());
        }
        let sent = samples::message(model, model.input(operation));
        let request = encode_request(model, protocol, operation, &sent).map_err(|error| error.to_string())?;
        let found = route(model, &request, is_here).map(|found| found.operation.name.as_str());
        differ(&Some(operation.name.as_str()), &found)
    });
}
