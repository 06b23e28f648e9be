#![expect(clippy::disallowed_methods, reason = "tests read their cases from files")]

use std::fs;
use std::path::Path;

use crate::{MemberLocation, Model, NAMES, Protocol, ShapeKind, TimestampFormat, of};

#[test]
fn every_model_in_the_folder_can_be_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let mut read = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let name = path.file_stem().unwrap().to_str().unwrap();
            let model = Model::read(name, &fs::read_to_string(&path).unwrap()).unwrap();
            assert!(model.operations().count() > 8, "{name}");
            assert_eq!(model.protocols.first(), Some(&model.protocol), "{name}");
            read += 1;
        }
    }
    assert_eq!(read, 37);
}

#[test]
fn every_name_that_is_built_in_has_its_model() {
    for name in NAMES {
        let model = of(name).expect(name);
        assert_eq!(model.name, *name);
        assert!(model.operations().count() > 0, "{name}");
    }
    assert!(of("nothing").is_none());
}

/// docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
#[test]
fn an_operation_of_s3_has_its_places() {
    let s3 = of("s3").unwrap();
    assert_eq!((s3.protocol, s3.signing_name.as_str()), (Protocol::RestXml, "s3"));
    let operation = s3.operation("GetObject").unwrap();
    let input = s3.input(operation).unwrap();
    let place = |name: &str| {
        let member = input.member(name).unwrap();
        (member.place, member.wire_name.as_deref().unwrap_or(name).to_owned(), member.is_required)
    };
    assert_eq!(place("Key"), (MemberLocation::Path, "Key".to_owned(), true));
    assert_eq!(place("VersionId"), (MemberLocation::Query, "versionId".to_owned(), false));
    assert_eq!(place("IfModifiedSince"), (MemberLocation::Header, "If-Modified-Since".to_owned(), false));
    let output = s3.output(operation).unwrap();
    assert_eq!(output.payload.as_deref(), Some("Body"));
    assert_eq!(output.member("Metadata").unwrap().place, MemberLocation::Headers);
    let expires = s3.shape(input.member("ResponseExpires").unwrap().shape);
    assert!(matches!(expires.kind, ShapeKind::Timestamp(Some(TimestampFormat::Rfc822))));
}

/// docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
#[test]
fn an_operation_of_iam_has_its_constraints_and_errors() {
    let iam = of("iam").unwrap();
    let operation = iam.operation("CreateRole").unwrap();
    let name = iam.shape(iam.input(operation).unwrap().member("RoleName").unwrap().shape);
    assert_eq!((name.limits.min, name.limits.max), (Some(1.0), Some(64.0)));
    assert_eq!(name.limits.pattern.as_deref(), Some(r"[\w+=,.@-]+"));
    let exists = iam.errors(operation).find(|error| error.name == "EntityAlreadyExistsException").unwrap();
    let ShapeKind::Structure(structure) = &exists.kind else { panic!("an error is a structure") };
    let error = structure.error.as_ref().unwrap();
    assert_eq!((error.code.as_deref(), error.status), (Some("EntityAlreadyExists"), Some(409)));
}

#[test]
fn what_is_no_model_says_why() {
    let metadata = r#""metadata":{"apiVersion":"1","endpointPrefix":"x","protocol":"json","protocols":["json"]}"#;
    let shape = |shape: &str| format!(r#"{{{metadata},"operations":{{}},"shapes":{{"A":{shape}}}}}"#);
    for (text, expected) in [
        ("{}".to_owned(), "x: missing field `metadata` at line 1 column 2"),
        (shape(r#"{"type":"list"}"#), "x: the shape `A` has no member"),
        (shape(r#"{"type":"list","member":{"shape":"B"}}"#), "x: there is no shape `B`"),
        (shape(r#"{"type":"tuple"}"#), "x: the shape `A` is of the type `tuple`, which is not known"),
        (shape(r#"{"type":"string"}"#).replace("\"json\"", "\"soap\""), "x: the protocol `soap` is not known"),
    ] {
        assert_eq!(Model::read("x", &text).unwrap_err().to_string(), expected);
    }
}
