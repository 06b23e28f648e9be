//! The JSON Schema for editors and the reader agree on what a scenario file may hold.

use std::collections::BTreeSet;

use serde_json::Value;
use source::FileId;

use super::Read;
use crate::operations::OPERATIONS;

const SCHEMA: &str = include_str!("../../../../scenarios/scenario.schema.json");

/// A scenario with every key that there is.
const EVERYTHING: &str = r#"
title: Everything
source: https://example.com/
template: {file: template.yaml, stack: Stage/Stack, parameters: {"AWS::Region": eu-west-1, Count: 3}, imports: {"Net:Vpc": vpc-1}}
patch: [{op: remove, path: /Resources/Y}]
under-test: Role/Policy/1
given:
  buckets: {b: {abac: true, tags: {k: v}, objects: {o: {body: x, tags: {k: 1}}},
    policy: {Version: "2012-10-17", Statement: {Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*"}}}}
  groups: {g: {policies: {P: DOCUMENT}}}
  users: {u: {groups: [g], tags: {k: v}, boundary: arn:aws:iam::aws:policy/ReadOnlyAccess, policies: {P: DOCUMENT},
    managed-policies: [arn:aws:iam::aws:policy/ReadOnlyAccess, !Ref Own]}}
  roles: {r: {trust: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {Service: ecs-tasks.amazonaws.com}, Action: "sts:AssumeRole"}]}}}
  resources: {"arn:aws:sqs:us-east-1:123456789012:q": {tags: {k: v}, policy: {Version: "2012-10-17", Statement: {Effect: Deny, Principal: "*", Action: "sqs:*", Resource: "*"}}}}
  accounts: {"999988887777": {users: {x: {}}}}
  organization:
    id: o-example
    management: "111111111111"
    members: {"123456789012": {service-control-policies: [[FullAWSAccess], [{Own: DOCUMENT}]], path: r-ab12}}
  endpoints: {s3: {vpce: vpce-1, vpc: vpc-1}}
  templates: {Nested: nested.yaml}
options:
  plain: {}
  full:
    condition: {StringEquals: {"aws:PrincipalTag/k": [v, w]}}
    patch: [{op: remove, path: /Resources/X}]
    under-test: Role/Policy/Sid
    given: {buckets: {b: {abac: false}}}
    launcher: {user: u}
    broker: {user: u, role: Role, copies: [k], session-policy: DOCUMENT, task-role: Role, cluster: c,
      needs: {tags: {k: v}, last-status: RUNNING}, binds: nonce}
callers:
  task: {task: !Ref Task, cluster: !Ref c, tags: {k: v}, propagate-tags: true, managed-tags: true, definition-tags: {k: v},
    through-broker: false, before: [{by: task, call: ecs:TagResource, resourceArn: task, tags: []}, {call: sts:GetCallerIdentity}]}
  user: {user: u}
  session: {assume: Role, by: user, session-tags: {k: v}, transitive: [k], source-identity: me, external-id: x, session-policy: DOCUMENT,
    session-name: task, through-broker: true}
  replayer: {captured: task, signed-for: elsewhere}
requests:
  get: {call: s3:GetObject, bucket: b, key: o}
  list: {call: s3:ListObjectsV2, bucket: !Ref b}
  ask: {action: sqs:ReceiveMessage, resource: "arn:aws:sqs:us-east-1:123456789012:q", context: {"aws:SecureTransport": true}, before: []}
  own: {container: Main, before: [{by: user, call: s3:DeleteObject, bucket: b, key: o}]}
expect:
  plain: {allow: all, because: it is so, see: https://example.com/}
  full:
    - {deny: {task: [get, list, ask], user: all}, not-found: {task: [own]}}
    - {cannot-start: [session, replayer], predicted: true}
claims:
  nobody:
    never: {action: "s3:Delete*", resource: ["arn:aws:s3:::b/*", !Ref b], by: [Role, u], session-tags: none}
    unless: {StringEquals: {"aws:PrincipalTag/k": v}}
    holds: [plain]
    fails: [full]
    because: it is so
    see: https://example.com/
  somebody:
    always: {action: [s3:GetObject], resource: b, by: Role, session-tags: {k: v}}
    when: {Bool: {"aws:SecureTransport": "true"}}
    holds: all
"#;

/// A policy document, written out: scenario files have no aliases.
const DOCUMENT: &str =
    r#"{Version: "2012-10-17", Statement: [{Effect: Allow, Action: "s3:GetObject", Resource: "*"}]}"#;

fn everything() -> String {
    EVERYTHING.replace("DOCUMENT", DOCUMENT)
}

fn schema_takes(validator: &jsonschema::Validator, text: &str) -> bool {
    let (node, findings) = source::yaml::read(FileId(0), text);
    assert_eq!(findings, [], "{text}");
    validator.is_valid(&template::json(&node.unwrap()))
}

fn validator() -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    jsonschema::draft202012::meta::validate(&schema).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

#[test]
fn both_take_a_file_with_every_key() {
    let Read { scenario, findings, .. } = super::read(FileId(0), &everything());
    assert_eq!(findings, []);
    assert!(scenario.is_some());
    let (node, _) = source::yaml::read(FileId(0), &everything());
    let value = template::json(&node.unwrap());
    let errors: Vec<_> =
        validator().iter_errors(&value).map(|error| format!("{} {error}", error.instance_path())).collect();
    assert_eq!(errors, Vec::<String>::new());
}

#[test]
fn both_refuse_what_has_the_wrong_shape() {
    let validator = validator();
    let slips = [
        ("title: Everything", "titel: Everything"),
        ("title: Everything", "title: [Everything]"),
        ("{file: template.yaml,", "{fil: template.yaml,"),
        ("under-test: Role/Policy/1", "under-test: Role"),
        ("abac: true", "abac: yes please"),
        ("{s3: {vpce", "{s4: {vpce"),
        ("[FullAWSAccess]", "[FullAwsAccess]"),
        ("\"999988887777\"", "\"99998888777\""),
        ("launcher: {user: u}", "launcher: u"),
        ("broker: {user: u, role: Role", "broker: {user: u, rule: Role"),
        ("condition: {StringEquals: {", "condition: {StringEquals: {}, X: {"),
        ("  plain: {}", "  all: {}"),
        ("propagate-tags: true", "propagate-tags: 1"),
        ("user: {user: u}", "user: {user: u, task: Task}"),
        ("user: {user: u}", "user: {}"),
        ("{assume: Role, by: user", "{assume: Role, bye: user"),
        ("call: s3:GetObject, bucket: b", "call: s3:GetObjekt, bucket: b"),
        ("own: {container: Main,", "own: {container: Main, key: x,"),
        ("binds: nonce", "binds: once"),
        ("last-status: RUNNING", "last-status: ALIVE"),
        ("cluster: c,\n      needs: {tags", "cluster: c,\n      needs: {tag"),
        ("through-broker: false", "through-broker: no broker"),
        ("before: [{by: task, call", "before: [{by: task, cal"),
        ("{call: sts:GetCallerIdentity}", "{call: sts:GetCallerIdent}"),
        ("before: [{by: user", "before: [x, {by: user"),
        ("signed-for: elsewhere", "signed-for: nobody"),
        ("{captured: task, signed-for", "{captured: task, by: user, signed-for"),
        ("plain: {allow: all,", "plain: {allowed: all,"),
        ("plain: {allow: all,", "plain: {allow: some,"),
        ("plain: {allow: all,", "plain: {"),
        ("{cannot-start: [session, replayer],", "{cannot-start: session,"),
        ("replayer], predicted: true", "replayer], predicted: false"),
        ("replayer], predicted: true", "replayer], predicted: true, because: it is so"),
        ("trust: {", "trusts: {"),
        ("{action: sqs:ReceiveMessage", "{action: [sqs:ReceiveMessage]"),
        ("{action: sqs:ReceiveMessage, resource", "{action: sqs:ReceiveMessage, resources"),
        ("{\"arn:aws:sqs:us-east-1:123456789012:q\": {tags", "{q: {tags"),
        ("123456789012:q\": {tags", "123456789012:q\": {tag"),
        ("    never: {action", "    newer: {action"),
        ("    never: {action: \"s3:Delete*\", resource", "    never: {action: \"s3:Delete*\", on"),
        ("session-tags: none", "session-tags: some"),
        ("    unless: {StringEquals: {", "    unless: {StringEquals: {}, X: {"),
        ("    holds: [plain]", "    holds: plain"),
        ("    holds: all", "    holding: all"),
    ];
    for (right, wrong) in slips {
        assert!(EVERYTHING.contains(right), "{right}");
        let text = everything().replacen(right, wrong, 1);
        let said = super::read(FileId(0), &text).findings;
        assert!(said.iter().any(source::Finding::is_error), "the reader takes `{wrong}`");
        assert!(!schema_takes(&validator, &text), "the schema takes `{wrong}`");
    }
}

#[test]
fn the_schema_lists_the_operations() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let listed = schema["$defs"]["operation"]["enum"].as_array().unwrap();
    let listed: BTreeSet<_> = listed.iter().map(|name| name.as_str().unwrap()).collect();
    let known: BTreeSet<_> = OPERATIONS.iter().map(|operation| operation.row.name).collect();
    assert_eq!(listed, known);
}

/// An editor that checks a scenario of this repository, or of these tests, marks nothing in it.
#[test]
fn the_schema_takes_every_scenario_there_is() {
    let validator = validator();
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut seen = 0;
    for folder in [here.join("tests/data"), here.join("../../scenarios")] {
        for entry in std::fs::read_dir(folder).unwrap() {
            let file = entry.unwrap().path().join("scenario.yaml");
            let Ok(text) = std::fs::read_to_string(&file) else { continue };
            let (node, _) = source::yaml::read(FileId(0), &text);
            let value = template::json(&node.unwrap());
            let errors: Vec<_> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
            assert_eq!(errors, Vec::<String>::new(), "{}", file.display());
            seen += 1;
        }
    }
    assert!(seen >= 4, "{seen}");
}
