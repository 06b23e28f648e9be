//! Conditions that one required row cannot meet: each is found, and the split that is proposed does what was meant.

use std::collections::BTreeMap;
use std::sync::Arc;

use catalog::{Action, Row};
use policy::{Context, Document, Kind, Policies, Policy, Principal, Request, Verdict, decide};

use super::{asking, findings};

/// An action and a tag key that some of its rows carry, and a required one does not.
struct Pitfall {
    action: Action,
    key: String,
}

fn pitfalls() -> Vec<Pitfall> {
    let mut rows: BTreeMap<(&str, String), Vec<(Row, bool)>> = BTreeMap::new();
    for question in catalog::tag_questions() {
        let asked = (question.row.action().name(), question.key);
        rows.entry(asked).or_default().push((question.row, question.carries));
    }
    rows.retain(|_, rows| {
        rows.iter().any(|(_, carries)| *carries) && rows.iter().any(|(row, carries)| row.is_required() && !carries)
    });
    rows.into_iter().map(|((_, key), rows)| Pitfall { action: rows[0].0.action(), key }).collect()
}

impl Pitfall {
    fn carries(&self, row: Row) -> bool {
        let resource = sample(row);
        self.action.carries_on(&resource, catalog::key(&self.key).unwrap())
    }

    /// The verdict on a call that is checked on each required row, and on each that carries the key.
    fn verdict(&self, policies: &Policies, has_tag: bool) -> Verdict {
        let rows = self.action.rows().filter(|row| row.is_required() || self.carries(*row));
        let verdicts = rows.map(|row| {
            let mut context = Context::new();
            if has_tag && self.carries(row) {
                match self.key.as_str() {
                    "aws:TagKeys" => context.set_many("aws:TagKeys", ["team"]),
                    key => context.set(key, "a"),
                }
            }
            decide(
                policies,
                &Request {
                    principal: Principal::User { arn: "arn:aws:iam::111122223333:user/ann".to_owned() },
                    action: self.action.name().to_owned(),
                    resource: sample(row),
                    resource_account: Some("111122223333".to_owned()),
                    context,
                },
            )
            .verdict
        });
        verdicts.into_iter().find(|verdict| *verdict != Verdict::Allowed).unwrap_or(Verdict::Allowed)
    }
}

fn sample(row: Row) -> String {
    row.resource_type().and_then(|of| of.samples().next()).unwrap_or_else(|| "*".to_owned())
}

fn policies(statements: &str) -> Policies {
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#);
    let (document, said) = Document::read_json(&text, Kind::Identity);
    let document = document.unwrap_or_else(|| panic!("{text}: {said:?}"));
    // Without a key policy nothing can be done with a key of KMS.
    let owner = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:*", "Resource": "*"}}"#;
    let (owner, _) = Document::read_json(owner, Kind::Resource);
    Policies {
        identity: vec![Arc::new(Policy::new("p", Kind::Identity, &document))],
        resource: statements.contains("kms:").then(|| Arc::new(Policy::new("k", Kind::Resource, &owner.unwrap()))),
        ..Policies::default()
    }
}

/// The statement as it should be split, as it is printed.
fn split(statement: &str, code: &str) -> Option<String> {
    let inner = statement.trim().strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap();
    let found = findings(inner).into_iter().find(|finding| finding.code == code)?;
    let help = found.help.unwrap();
    Some(help.split_once(":\n").map_or(String::new(), |(_, statements)| statements.to_owned()))
}

/// Each is checked both ways.
#[test]
fn each_pitfall_is_found_and_its_split_does_what_was_meant() {
    let (mut faults, mut unsplit, mut unsaid) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
    let count = |counts: &mut BTreeMap<String, usize>, of: String| *counts.entry(of).or_default() += 1;
    for pitfall in pitfalls() {
        let (name, key) = (pitfall.action.name(), pitfall.key.as_str());
        let service = pitfall.action.service().prefix();
        let allow =
            format!(r#"{{"Effect": "Allow", "Action": "{name}", "Resource": "*", "Condition": {{{}}}}}"#, asking(key));
        let deny = format!(
            r#"{{"Effect": "Deny", "Action": "{name}", "Resource": "*", "Condition": {{"Null": {{"{key}": "true"}}}}}}"#
        );
        let everything = r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}, "#;
        for (effect, before, statement, code, denied) in [
            ("Allow", "", allow, "ALLOW_UNMET_ON_REQUIRED_RESOURCE", Verdict::ImplicitlyDenied),
            ("Deny", everything, deny, "DENY_MET_ON_REQUIRED_RESOURCE", Verdict::ExplicitlyDenied),
        ] {
            let Some(split) = split(&statement, code) else {
                count(&mut unsaid, format!("{effect} {service}"));
                continue;
            };
            let found = policies(&format!("{before}{statement}"));
            if pitfall.verdict(&found, true) != denied {
                faults.push(format!("{name} {key}: {code} is said and not so"));
            }
            if split.is_empty() {
                count(&mut unsplit, format!("{effect} {service}"));
                continue;
            }
            let mended = policies(&format!("{before}{split}"));
            let verdicts = (pitfall.verdict(&mended, true), pitfall.verdict(&mended, false));
            if verdicts != (Verdict::Allowed, denied) {
                faults.push(format!("{name} {key}: {verdicts:?} {split}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}: {:#?}", faults.len(), &faults[..faults.len().min(20)]);
    let told = |counts: BTreeMap<String, usize>| {
        counts.into_iter().map(|(of, count)| format!("{count} {of}")).collect::<Vec<_>>()
    };
    assert_eq!(told(unsplit), UNSPLIT);
    assert_eq!(told(unsaid), ALTERNATIVES);
}

/// Services and keys, and how many of their actions have the pitfall.
#[test]
fn pitfalls_by_service() {
    let mut counts: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for pitfall in pitfalls() {
        *counts.entry((pitfall.action.service().prefix(), pitfall.key)).or_default() += 1;
    }
    let counts: Vec<_> = counts.into_iter().map(|((service, key), count)| format!("{count} {service} {key}")).collect();
    assert_eq!(counts, PITFALLS);
}

/// What is found and has no split: the form of the resources that carry the key is of those below them as well, such as
/// `index/*` of `index/*/experience/*`.
const UNSPLIT: &[&str] = &[
    "20 Allow profile",
    "1 Allow wafv2",
    "4 Deny aidevops",
    "2 Deny appsync",
    "2 Deny auditmanager",
    "4 Deny bedrock",
    "7 Deny bedrock-agentcore",
    "1 Deny dynamodb",
    "9 Deny greengrass",
    "11 Deny kendra",
    "2 Deny qbusiness",
    "2 Deny sagemaker",
    "1 Deny wafv2",
];

/// What is not said: the reference marks several types as required, and a call names one of them.
const ALTERNATIVES: &[&str] = &[
    "13 Allow bedrock",
    "10 Allow bedrock-agentcore",
    "4 Allow iam",
    "2 Allow iot",
    "2 Allow lex",
    "18 Allow payment-cryptography",
    "2 Allow states",
    "13 Deny bedrock",
    "10 Deny bedrock-agentcore",
    "4 Deny iam",
    "2 Deny iot",
    "2 Deny lex",
    "18 Deny payment-cryptography",
    "2 Deny states",
];

/// How many actions have a required row that lacks a tag key, and another row that has it.
#[rustfmt::skip]
const PITFALLS: &[&str] = &[
    "3 a4b aws:ResourceTag/team", "4 aidevops aws:ResourceTag/team", "1 apprunner aws:ResourceTag/team",
    "2 appsync aws:ResourceTag/team", "2 auditmanager aws:ResourceTag/team",
    "1 bcm-data-exports aws:ResourceTag/team", "20 bedrock aws:ResourceTag/team",
    "17 bedrock-agentcore aws:ResourceTag/team", "3 braket aws:ResourceTag/team",
    "1 codeartifact aws:ResourceTag/team", "1 cognito-idp aws:ResourceTag/team", "1 comprehend aws:RequestTag/team",
    "1 comprehend aws:TagKeys", "1 devicefarm aws:ResourceTag/team", "2 dms dms:cert-tag/team",
    "1 dms dms:data-provider-tag/team", "4 dms dms:endpoint-tag/team", "1 dms dms:instance-profile-tag/team",
    "5 dms dms:rep-tag/team", "1 dms dms:subgrp-tag/team", "1 dms dms:task-tag/team",
    "5 dynamodb aws:ResourceTag/team", "56 ec2 aws:RequestTag/team", "71 ec2 aws:ResourceTag/team",
    "56 ec2 aws:TagKeys", "72 ec2 ec2:ResourceTag/team", "4 ecs ecs:ResourceTag/team",
    "4 elasticache aws:RequestTag/team", "4 elasticache aws:TagKeys", "1 elasticbeanstalk aws:RequestTag/team",
    "1 elasticbeanstalk aws:TagKeys", "2 events aws:ResourceTag/team", "2 fsx aws:RequestTag/team",
    "2 fsx aws:TagKeys", "71 glue aws:ResourceTag/team", "9 greengrass aws:ResourceTag/team",
    "2 iam aws:ResourceTag/team", "2 iam iam:ResourceTag/team", "1 imagebuilder aws:ResourceTag/team",
    "12 iot aws:ResourceTag/team", "6 iotwireless aws:ResourceTag/team", "1 kafka aws:ResourceTag/team",
    "11 kendra aws:ResourceTag/team", "3 kms aws:ResourceTag/team", "2 lex aws:ResourceTag/team",
    "1 medialive aws:ResourceTag/team", "2 mediatailor aws:ResourceTag/team",
    "2 neptune-graph aws:ResourceTag/team", "1 omics aws:ResourceTag/team",
    "21 payment-cryptography aws:ResourceTag/team", "1 personalize aws:ResourceTag/team",
    "10 profile aws:RequestTag/team", "10 profile aws:TagKeys", "2 qbusiness aws:ResourceTag/team",
    "5 rds rds:cluster-pg-tag/team", "4 rds rds:cluster-snapshot-tag/team", "16 rds rds:cluster-tag/team",
    "14 rds rds:db-tag/team", "12 rds rds:og-tag/team", "7 rds rds:pg-tag/team", "3 rds rds:secgrp-tag/team",
    "4 rds rds:snapshot-tag/team", "10 rds rds:subgrp-tag/team", "2 resiliencehub aws:RequestTag/team",
    "2 resiliencehub aws:TagKeys", "1 sagemaker aws:ResourceTag/team", "1 sagemaker sagemaker:ResourceTag/team",
    "1 shield aws:ResourceTag/team", "1 signer aws:ResourceTag/team", "1 ssm aws:ResourceTag/team",
    "3 ssm ssm:resourceTag/team", "6 sso aws:ResourceTag/team", "2 states aws:ResourceTag/team",
    "1 verifiedpermissions aws:ResourceTag/team", "1 waf-regional aws:ResourceTag/team",
    "1 wafv2 aws:ResourceTag/team", "5 workspaces aws:RequestTag/team", "5 workspaces aws:TagKeys",
];
