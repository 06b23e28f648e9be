use super::*;
use crate::{Page, laid_out};

/// The least that a terminal shows.
const SCREEN: (usize, usize) = (80, 24);

#[track_caller]
fn card(name: &str) -> Card {
    cards(name).unwrap_or_else(|error| panic!("{name}: {error}"))[0]
}

fn text(name: &str) -> String {
    card(name).text(&Beside::default())
}

fn every_card() -> impl Iterator<Item = Card> {
    catalog::keys().map(Card::Key).chain(catalog::expand("*").map(Card::Action))
}

#[test]
fn every_key_and_every_action_has_a_card_that_fits_one_screen() {
    let shown_by =
        ["run-instances-row-without-request-tag", "scp-does-not-bind-the-management-account"].map(str::to_owned);
    let mut long = Vec::new();
    for card in every_card() {
        assert_eq!(cards(card.name()).map(|found| found.contains(&card)), Ok(true), "{}", card.name());
        let text = laid_out(&card.text(&Beside { shown_by: &shown_by, ..Beside::default() }), Page::new(SCREEN.0));
        // What has no place to break, such as an address, goes on in the terminal's next line.
        let lines: usize = text.lines().map(|line| line.chars().count().div_ceil(SCREEN.0).max(1)).sum();
        assert!(lines > 3, "{text}");
        if lines > SCREEN.1 {
            long.push(text);
        }
    }
    assert!(long.is_empty(), "{} cards are too long, such as\n{}", long.len(), long[..3.min(long.len())].join("\n"));
}

#[test]
fn a_family_of_keys_is_named_in_many_ways() {
    for name in [
        "aws:RequestTag",
        "AWS:requesttag/team",
        "aws:RequestTag/",
        "aws:RequestTag/${TagKey}",
        "aws:requesttag/tag-key",
    ] {
        assert_eq!(card(name).name(), "aws:RequestTag/${TagKey}", "{name}");
    }
    for (name, expected) in [
        ("s3:ExistingObjectTag/x", "s3:ExistingObjectTag/${TagKey}"),
        ("kms:EncryptionContext", "kms:EncryptionContext:${EncryptionContextKey}"),
        ("events:Metadata", "events:Metadata/${MetadataKey}"),
        ("ec2:attribute", "ec2:Attribute"),
        ("EC2:runinstances", "ec2:RunInstances"),
    ] {
        assert_eq!(card(name).name(), expected, "{name}");
    }
    assert_eq!(cards("rds:CopyOptionGroup").map(|found| found.len()), Ok(2), "AWS gives both one name");
}

/// Each is one slip away from a name.
#[test]
fn a_near_miss_is_told_what_was_meant() {
    for (name, help) in [
        ("aws:RequestTags/team", "did you mean `aws:RequestTag/team`?"),
        ("aws:PrincipalOrgId2", "did you mean `aws:PrincipalOrgID`?"),
        ("s3:ResourceTag/team", "an object's tags are `s3:ExistingObjectTag/team`"),
        ("ecs:TaskTag/team", "no key carries the tags of the task that sends a request"),
        ("ec2:RunInstance", "did you mean `ec2:RunInstances`?"),
        ("s3:ListObjectsV2", "is an operation; AWS checks it as `s3:ListBucket`"),
        ("RequestTag", "write the service before the name: `aws:RequestTag`"),
        ("nonsense", "name a key such as aws:RequestTag"),
        ("", "name a key such as aws:RequestTag"),
        (":", "name a key such as aws:RequestTag"),
        ("a\u{1b}[31m:b", "name a key such as aws:RequestTag"),
    ] {
        let error = cards(name).unwrap_err();
        assert!(error.contains(help) && !error.contains('\u{1b}'), "{name}: {error}");
    }
}

/// docs.aws.amazon.com/service-authorization/latest/reference/list_s3.html: GetObject has s3:ExistingObjectTag, PutObject
/// does not. …/list_dynamodb.html: LeadingKeys stands at GetItem, not at Scan. …/list_ec2.html: RunInstances on an image
/// has aws:ResourceTag and not aws:RequestTag.
#[test]
fn cards_say_what_the_reference_says() {
    let service = |name| Beside { service: catalog::service(name), all: true, ..Beside::default() };
    let objects = card("s3:ExistingObjectTag").text(&service("s3"));
    assert!(objects.contains("  s3:GetObject on ") && !objects.contains("  s3:PutObject on "), "{objects}");
    let leading = card("dynamodb:LeadingKeys").text(&service("dynamodb"));
    assert!(leading.contains("  dynamodb:GetItem on table*") && !leading.contains("  dynamodb:Scan "), "{leading}");
    let launch = card("ec2:RunInstances").text(&Beside { all: true, ..Beside::default() });
    let image = launch.lines().find(|line| line.starts_with("  image*: ")).unwrap();
    assert!(image.contains("aws:ResourceTag") && !image.contains("aws:RequestTag"), "{image}");
    assert!(text("aws:PrincipalTag").contains("in requests for any action"), "{}", text("aws:PrincipalTag"));
    assert!(text("aws:TagKeys").contains("String, several values"), "{}", text("aws:TagKeys"));
    assert!(text("sts:GetCallerIdentity").contains("Fact      "), "{}", text("sts:GetCallerIdentity"));
    assert!(text("kms:ReplicateKey").contains("tags-passed-without-a-key"), "{}", text("kms:ReplicateKey"));
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourceaccount names the
/// actions that do not support the key: all of EBS, and ec2:CreateVpcEndpoint among others.
#[test]
fn some_actions_are_without_the_account_of_the_resource() {
    let of = |service| {
        let service = catalog::service(service);
        card("aws:ResourceAccount").text(&Beside { service, all: true, ..Beside::default() })
    };
    assert!(
        of("ec2").contains("Actions   all of Amazon EC2 but ec2:AcceptTransitGatewayPeeringAttachment, "),
        "{}",
        of("ec2")
    );
    assert!(of("ec2").contains(", ec2:CreateVpcEndpoint,"), "{}", of("ec2"));
    assert!(of("ebs").contains(" but ebs:"), "{}", of("ebs"));
    assert!(of("s3").contains("Actions   all of Amazon S3\n"), "{}", of("s3"));
}

#[test]
fn what_is_left_out_is_told_with_the_option_that_shows_it() {
    let cut = text("aws:RequestTag/team");
    assert!(cut.contains(" more\n") && cut.ends_with("\n\n`--all` shows what is left out here\n"), "{cut}");
    let whole = card("aws:RequestTag").text(&Beside { all: true, ..Beside::default() });
    assert!(!whole.contains(" more") && whole.lines().count() > 1000, "{}", whole.lines().count());
}

/// What JSON has of a card is all that text has.
#[test]
fn json_has_every_row() {
    let value = card("ec2:CreateSnapshot").json(&Beside::default());
    let rows = value["rows"].as_array().unwrap();
    let row = |name: &str| rows.iter().find(|row| row["resourceType"] == name).unwrap()["keys"].as_array().unwrap();
    assert!(row("snapshot").contains(&"aws:RequestTag/${TagKey}".into()));
    assert!(!row("volume").contains(&"aws:RequestTag/${TagKey}".into()));
    let key = card("aws:RequestTag").json(&Beside { service: catalog::service("ec2"), ..Beside::default() });
    let actions = key["actions"].as_array().unwrap();
    let snapshot = actions.iter().find(|action| action["action"] == "ec2:CreateSnapshot").unwrap();
    let carries = |name: &str| {
        let mut rows = snapshot["rows"].as_array().unwrap().iter();
        rows.find(|row| row["resourceType"] == name).unwrap()["carries"].as_bool()
    };
    assert_eq!((carries("snapshot"), carries("volume")), (Some(true), Some(false)));
}
