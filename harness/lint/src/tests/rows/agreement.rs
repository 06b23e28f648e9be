//! lint, explanations and the catalogue give one answer to each question whether a request carries a tag key.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use catalog::{Catalog, TagQuestion, tag_questions};
use policy::trace::Flag;
use policy::{Context, Document, Kind, Policies, Policy, Principal, Request, Vocabulary, explain};
use source::FileId;

use super::asking;

/// Statements of one policy; there is an end to how much is said of one.
const SOME: usize = 50;

#[test]
fn lint_says_never_of_what_the_row_does_not_carry() {
    let questions: Vec<_> = tag_questions().collect();
    assert!(questions.len() > 50_000, "{}", questions.len());
    let rows: Vec<_> = questions.chunk_by(|one, next| one.row == next.row).collect();
    let wrong: Vec<_> = rows.chunks(SOME).flat_map(wrong_of_lint).collect();
    assert!(wrong.is_empty(), "{} of {}: {:#?}", wrong.len(), questions.len(), &wrong[..wrong.len().min(20)]);
}

/// The questions that lint answers otherwise. Each row has a statement of its own, with a condition for each key.
fn wrong_of_lint<'q>(rows: &[&'q [TagQuestion]]) -> Vec<&'q TagQuestion> {
    let (mut text, mut ends) = (String::from(r#"{"Version":"2012-10-17","Statement":["#), Vec::new());
    for row in rows {
        text += &statement(row);
        ends.push(text.len());
        text.push(',');
    }
    text.pop();
    text += "]}";
    let said = crate::text(FileId(0), &text, Some(Kind::Identity));
    let never = said.iter().filter(|finding| finding.code == "UNSUPPORTED_ACTION_FOR_CONDITION_KEY").map(|finding| {
        let span = finding.span.start as usize..finding.span.end as usize;
        (ends.partition_point(|end| *end <= span.start), text[span].trim_matches('"'))
    });
    let never: HashSet<_> = never.collect();
    let all = rows.iter().enumerate().flat_map(|(at, row)| row.iter().map(move |one| (at, one)));
    all.filter(|(at, one)| one.carries == never.contains(&(*at, one.key.as_str()))).map(|(_, one)| one).collect()
}

fn statement(row: &[TagQuestion]) -> String {
    let (action, resource) = (row[0].row.action().name(), &row[0].resource);
    let single = row.iter().filter(|one| one.key != "aws:TagKeys").map(|one| format!(r#""{}":"a""#, one.key));
    let single = single.collect::<Vec<_>>().join(",");
    let keys = asking("aws:TagKeys");
    format!(
        r#"{{"Effect":"Allow","Action":"{action}","Resource":"{resource}","Condition":{{"StringEquals":{{{single}}},{keys}}}}}"#
    )
}

#[test]
fn explanations_say_never_of_what_the_row_does_not_carry() {
    let mut policies = HashMap::new();
    let mut wrong = Vec::new();
    for question in tag_questions() {
        let TagQuestion { row, resource, key, carries } = &question;
        let policies = policies.entry(key.clone()).or_insert_with(|| policy_on(key));
        let request = Request {
            principal: Principal::User { arn: "arn:aws:iam::111122223333:user/ann".to_owned() },
            action: row.action().name().to_owned(),
            resource: resource.clone(),
            resource_account: None,
            context: Context::new(),
        };
        let trace = explain(policies, &request, &Catalog).trace.unwrap();
        // Of calls that no policy decides on nothing is asked.
        let Some(policy) = trace.policies.first() else { continue };
        let flagged = policy.statements[0].conditions.iter().any(|condition| condition.has(Flag::NeverCarried));
        let known = Catalog.carries(row.action().name(), resource, key);
        if policy.statements[0].failed.is_some() && (flagged == *carries || known != Some(*carries)) {
            wrong.push(question);
        }
    }
    assert!(wrong.is_empty(), "{}: {:#?}", wrong.len(), &wrong[..wrong.len().min(20)]);
}

fn policy_on(key: &str) -> Policies {
    let text = format!(
        r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {{{}}}}}]}}"#,
        asking(key)
    );
    let (document, _) = Document::read_json(&text, Kind::Identity);
    Policies { identity: vec![Arc::new(Policy::new("p", Kind::Identity, &document.unwrap()))], ..Policies::default() }
}

/// Keys that only a resource type lists, for actions that pass no tags: what lint says names the type.
#[test]
fn what_only_the_type_lists_is_said_so() {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for service in catalog::services() {
        for action in service.actions() {
            let key = catalog::key("aws:RequestTag/team").unwrap();
            let is_listed =
                |row: catalog::Row| row.resource_type().is_some_and(|of| of.keys().any(|one| one == key.pattern()));
            if !action.never_carries(key) || !action.rows().any(is_listed) {
                continue;
            }
            *counts.entry(service.prefix()).or_default() += 1;
            let name = action.name();
            let said = super::findings(&format!(
                r#""Effect": "Allow", "Action": "{name}", "Resource": "*", "Condition": {{"StringEquals": {{"aws:RequestTag/team": "a"}}}}"#
            ));
            let help = said
                .iter()
                .find(|finding| finding.code == "UNSUPPORTED_ACTION_FOR_CONDITION_KEY")
                .and_then(|finding| finding.help.clone());
            assert!(help.is_some_and(|help| help.contains("the reference lists it for the type")), "{name}");
        }
    }
    let counts: Vec<_> = counts.into_iter().map(|(service, count)| format!("{count} {service}")).collect();
    let expected = [
        "52 aps",
        "2 aws-marketplace",
        "10 budgets",
        "5 ebs",
        "450 ec2",
        "57 elasticache",
        "32 s3",
        "18 secretsmanager",
        "18 securitylake",
        "44 vpc-lattice",
    ];
    assert_eq!(counts, expected);
}
