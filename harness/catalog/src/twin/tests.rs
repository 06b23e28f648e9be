use std::collections::HashSet;

use super::{REQUEST_TAGS, RESOURCE_TAGS};
use crate::{Row, keys, services};

/// Keys of the same form that are about something else than the resource's own tags.
const OTHER: &[&str] = &[
    "account:AccountResourceOrgTags", // the member account's
    "aws:PrincipalTag",
    "aws:RequestTag",
    "aws:ResourceTag",
    "connect:SearchTag",               // what is searched for
    "datapipeline:Tag",                // without aws:ResourceTag on the same row
    "imagebuilder:CreatedResourceTag", // those of what Image Builder makes
    "s3-outposts:ExistingObjectTag",   // an object's
    "s3-outposts:RequestObjectTag",
    "s3:AccessPointTag",    // the access point's, where aws:ResourceTag may be the bucket's
    "s3:ExistingObjectTag", // an object's
    "s3:RequestObjectTag",
    "s3express:AccessPointTag",
];

#[test]
fn every_key_of_tags_is_a_twin_or_known_to_be_none() {
    let twins = RESOURCE_TAGS.iter().map(|&(_, _, twin)| twin).chain(REQUEST_TAGS.iter().map(|&(_, twin)| twin));
    let known: HashSet<_> = twins.chain(OTHER.iter().copied()).collect();
    let of_catalogue: HashSet<_> = keys()
        .filter_map(|key| key.pattern().strip_suffix("/${TagKey}"))
        .filter(|head| head.to_ascii_lowercase().contains("tag"))
        .collect();
    assert_eq!(of_catalogue.difference(&known).collect::<Vec<_>>(), Vec::<&&str>::new(), "say what these are");
    assert_eq!(known.difference(&of_catalogue).collect::<Vec<_>>(), Vec::<&&str>::new(), "AWS has no such keys");
}

#[test]
fn every_twin_is_on_some_row() {
    let rows: Vec<Row> = services().flat_map(|service| service.actions()).flat_map(|action| action.rows()).collect();
    let on_rows: HashSet<_> = rows.iter().filter_map(|row| row.resource_tag_twin()).collect();
    for (service, resource_type, twin) in RESOURCE_TAGS {
        assert!(on_rows.contains(twin), "{service} {resource_type:?} {twin}");
    }
    let on_rows: HashSet<_> = rows.iter().filter_map(|row| row.request_tag_twin()).collect();
    for (service, twin) in REQUEST_TAGS {
        assert!(on_rows.contains(twin), "{service} {twin}");
    }
}

#[test]
fn keys_of_tags_tell_of_a_set() {
    use super::{TagSet, tag};
    for (name, expected) in [
        ("aws:RequestTag/team", Some((TagSet::Request, "team"))),
        ("AWS:requesttag/a/b", Some((TagSet::Request, "a/b"))),
        ("rds:req-tag/x", Some((TagSet::Request, "x"))),
        ("s3:RequestObjectTag/x", Some((TagSet::Object, "x"))),
        ("aws:ResourceTag/x", Some((TagSet::Resource, "x"))),
        ("iam:ResourceTag/x", Some((TagSet::Resource, "x"))),
        ("s3:ExistingObjectTag/x", None),
        ("aws:PrincipalTag/x", None),
        ("aws:TagKeys", None),
    ] {
        assert_eq!(tag(name), expected, "{name}");
    }
}

#[test]
fn every_key_of_tags_tells_whose_they_are() {
    use policy::TagsOf::{Caller, Request, Resource};
    for (name, expected) in [
        ("aws:RequestTag/team", Some(Request)),
        ("AWS:tagkeys", Some(Request)),
        ("aws:TagKeys/x", None),
        ("s3:RequestObjectTagKeys", Some(Request)),
        ("s3-outposts:RequestObjectTag/x", Some(Request)),
        ("dms:req-tag/x", Some(Request)),
        ("elasticmapreduce:RequestTag/x", Some(Request)),
        ("aws:PrincipalTag/x", Some(Caller)),
        ("aws:ResourceTag/x", Some(Resource)),
        ("rds:CLUSTER-tag/x", Some(Resource)),
        ("dms:endpoint-tag/x", Some(Resource)),
        ("s3vectors:VectorBucketTag/x", Some(Resource)),
        ("ssm:resourceTag/x", Some(Resource)),
        ("s3:ExistingObjectTag/x", Some(Resource)),
        ("s3:AccessPointTag/x", Some(Resource)),
        // What is searched for, what Image Builder makes, and what a scenario made up.
        ("connect:SearchTag/x", None),
        ("imagebuilder:CreatedResourceTag/x", None),
        ("rds:made-up-tag/x", None),
        ("s3:prefix", None),
    ] {
        assert_eq!(super::tags_of(name), expected, "{name}");
    }
}
