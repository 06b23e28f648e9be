//! Plans and states of Terraform, made by hand, with what they come to. Each file here has cases: a title, the JSON, and what is said
//! and what there is, written from the pages that `template::terraform` names.

#![expect(clippy::disallowed_methods, reason = "tests read their cases from files")]
#![expect(clippy::expect_used, reason = "a test may panic")]

mod mutated;
mod page;

use std::path::{Path, PathBuf};

use source::{FileId, Finding, Span};

/// A case as it stands in its file.
struct Case {
    title: String,
    json: String,
    expected: String,
}

fn cases(theme: &Path) -> Vec<Case> {
    let text = std::fs::read_to_string(theme).expect("a file of cases");
    let one = |case: &str| {
        let (title, rest) = case.split_once('\n').expect("a title");
        let (json, expected) = rest.split_once("\n---\n").expect("JSON, `---`, what is expected");
        Case { title: title.to_owned(), json: json.to_owned(), expected: expected.trim().to_owned() }
    };
    text.split("=== ").skip(1).map(one).collect()
}

fn themes() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/terraform");
    let files = std::fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("a file").path());
    let mut themes: Vec<_> =
        files.filter(|path| path.extension().is_some_and(|extension| extension == "txt")).collect();
    themes.sort();
    themes
}

#[test]
fn each_plan_comes_to_what_its_pages_say() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for theme in themes() {
        for Case { title, json, expected } in cases(&theme) {
            count += 1;
            let got = page::of(&json);
            if got != expected {
                wrong.push(format!("=== {title} ({})\n--- got\n{got}\n--- expected\n{expected}", theme.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n{} of {count} differ", wrong.join("\n\n"), wrong.len());
    assert!(count >= 50, "{count} cases");
}

/// Types whose policies, tags or links decide.
const TYPES: &[&str] = &[
    "aws_autoscaling_group",
    "aws_autoscaling_group_tag",
    "aws_dynamodb_resource_policy",
    "aws_dynamodb_table",
    "aws_dynamodb_tag",
    "aws_ec2_tag",
    "aws_ecs_cluster",
    "aws_ecs_service",
    "aws_ecs_tag",
    "aws_ecs_task_definition",
    "aws_iam_group",
    "aws_iam_group_membership",
    "aws_iam_group_policy",
    "aws_iam_group_policy_attachment",
    "aws_iam_instance_profile",
    "aws_iam_policy",
    "aws_iam_policy_attachment",
    "aws_iam_policy_document",
    "aws_iam_role",
    "aws_iam_role_policy",
    "aws_iam_role_policy_attachment",
    "aws_iam_user",
    "aws_iam_user_group_membership",
    "aws_iam_user_policy",
    "aws_iam_user_policy_attachment",
    "aws_instance",
    "aws_kms_key",
    "aws_kms_key_policy",
    "aws_lambda_function",
    "aws_lambda_function_url",
    "aws_lambda_layer_version_permission",
    "aws_lambda_permission",
    "aws_organizations_policy",
    "aws_organizations_policy_attachment",
    "aws_s3_bucket",
    "aws_s3_bucket_abac",
    "aws_s3_bucket_ownership_controls",
    "aws_s3_bucket_policy",
    "aws_s3_bucket_public_access_block",
    "aws_s3_bucket_versioning",
    "aws_s3_object",
    "aws_secretsmanager_secret",
    "aws_secretsmanager_secret_policy",
    "aws_sns_topic",
    "aws_sns_topic_policy",
    "aws_sqs_queue",
    "aws_sqs_queue_policy",
    "aws_transfer_server",
    "aws_transfer_tag",
    "aws_vpc_endpoint",
    "aws_vpc_endpoint_policy",
];

#[test]
fn every_type_whose_policies_or_tags_decide_is_in_some_plan() {
    let all: Vec<Case> = themes().iter().flat_map(|theme| cases(theme)).collect();
    let is_there = |name: &&&str| all.iter().any(|case| case.json.contains(&format!("\"type\": \"{name}\"")));
    let missing: Vec<_> = TYPES.iter().filter(|name| !is_there(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// Plans that Terraform made, by those who publish them; `awslabs/README.md` says whose they are.
#[test]
fn plans_of_others_come_to_what_stands_in_them() {
    for name in ["identity-policies", "multiple-policies", "no-access-granted", "public-access"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/terraform/awslabs");
        let text = |end: &str| std::fs::read_to_string(folder.join(format!("{name}.{end}"))).expect("a plan of others");
        assert_eq!(page::of(&text("plan.json")), text("expected").trim(), "{name}");
    }
}

/// Every place is inside of the text.
#[test]
fn places_are_in_the_text() {
    for theme in themes() {
        for Case { title, json, .. } in cases(&theme) {
            for finding in page::said(&json) {
                let (start, end) = (finding.span.start as usize, finding.span.end as usize);
                assert!(json.get(start..end).is_some_and(|place| !place.is_empty()), "{title}: {finding:?}");
            }
        }
    }
}

#[test]
fn other_texts_are_none_of_terraforms() {
    for text in [
        "",
        "Resources: {}",
        "{",
        "{\"Resources\": {}, \"Description\": \"a \\\"format_version\\\"\"}",
        "{\"Version\": \"2012-10-17\", \"Statement\": []}",
        "[{\"planned_values\": 1}]",
    ] {
        assert!(template::terraform::read(FileId(0), text).is_none(), "{text}");
    }
}

/// Only a tree that was made of Terraform's JSON may have addresses for logical ids.
#[test]
fn a_template_of_cloudformation_does_not_pass_for_one_of_terraform() {
    let text = "{\"Metadata\": {\"Terraform\": {\"Origin\": \"\"}}, \"Resources\": {\"aws_iam_role.r\": {\"Type\": \"AWS::S3::Bucket\"}}}";
    let (tree, _) = source::yaml::read(FileId(0), text);
    let (_, findings) = template::read(&tree.expect("a tree"));
    assert_eq!(findings.iter().map(|finding| finding.code).collect::<Vec<_>>(), ["BAD_NAME"]);
}

/// What is wrong inside of a policy is told with the address; a plan is often one line.
#[test]
fn a_finding_has_the_address_that_it_is_about() {
    let json = "{\"format_version\":\"1.2\",\"resource_changes\":[{\"address\":\"aws_iam_policy.p\",\"type\":\"aws_iam_policy\",\"name\":\"p\",\
                \"change\":{\"actions\":[\"create\"],\"after\":{\"name\":\"p\",\"policy\":\"{\\\"Statement\\\":{\\\"Action\\\":\\\"s4:x\\\"}}\"}}}]}";
    let tree = template::terraform::read(FileId(0), json).expect("Terraform's JSON").0.expect("a tree");
    let at = json.find("s4:x").expect("the action") as u32;
    let finding = Finding::error("INVALID_ACTION", Span::new(FileId(0), at, at + 4), "no such action");
    assert_eq!(template::terraform::placed(&tree, finding).message, "`aws_iam_policy.p`: no such action");
    let elsewhere = Finding::error("X", Span::new(FileId(0), 0, 3), "elsewhere");
    assert_eq!(template::terraform::placed(&tree, elsewhere.clone()), elsewhere);
}

/// The mark that PowerShell puts before UTF-8 is no part of the JSON.
#[test]
fn a_byte_order_mark_says_nothing() {
    let json = "\u{feff}{\"format_version\": \"1.0\", \"terraform_version\": \"1.9.5\"}";
    assert_eq!(
        template::terraform::read(FileId(0), json).map(|(tree, said)| (tree.is_some(), said)),
        Some((true, Vec::new()))
    );
}
