//! The catalogue behind the policy engine's explanations.

use policy::{TagsOf, Vocabulary};

use crate::{Key, ResourceType, Row, TagSet, action, key, tag};

/// The catalogue as the vocabulary of explanations.
#[derive(Clone, Copy, Debug, Default)]
pub struct Catalog;

impl Vocabulary for Catalog {
    fn carries(&self, action_name: &str, resource: &str, key_name: &str) -> Option<bool> {
        Some(action(action_name)?.carries_on(resource, key(key_name)?))
    }

    fn lacking_type(&self, action_name: &str, resource: &str, key_name: &str) -> Option<&'static str> {
        let (action, key) = (action(action_name)?, key(key_name)?);
        let differs = !action.carries_on(resource, key) && !action.never_carries(key);
        let kind = || action.rows_on(resource).into_iter().find_map(Row::resource_type);
        differs.then(kind)?.map(ResourceType::name)
    }

    fn keys(&self, action_name: &str, resource: &str) -> Vec<&'static str> {
        let keys = action(action_name).map(|action| action.keys_on(resource)).unwrap_or_default();
        keys.into_iter().map(Key::pattern).collect()
    }

    fn twins(&self, action_name: &str, resource: &str, key_name: &str) -> Vec<String> {
        let Some((set, tag)) = tag(key_name) else { return Vec::new() };
        let rows = action(action_name).map(|action| action.rows_on(resource)).unwrap_or_default();
        let own_name = |row: Row| match set {
            TagSet::Resource => row.resource_tag_twin(),
            TagSet::Request => row.request_tag_twin(),
            TagSet::Object | TagSet::OutpostsObject => None,
        };
        let names = rows.into_iter().filter_map(own_name);
        let mut twins: Vec<_> = names.flat_map(|name| [set.head(), name]).map(|name| format!("{name}/{tag}")).collect();
        twins.sort_unstable();
        twins.dedup();
        twins.retain(|twin| !twin.eq_ignore_ascii_case(key_name));
        twins
    }

    fn tags_of(&self, key_name: &str) -> Option<TagsOf> {
        crate::twin::tags_of(key_name)
    }
}

#[cfg(test)]
mod tests {
    use policy::Vocabulary;

    use super::Catalog;

    const OBJECT: &str = "arn:aws:s3:::b/k";

    #[test]
    fn carries_is_none_only_for_what_aws_does_not_have() {
        for (action, resource, key, expected) in [
            ("s3:GetObject", OBJECT, "aws:RequestTag/Status", Some(false)),
            ("ecs:RunTask", "arn:aws:ecs:us-east-1:111122223333:task-definition/web:1", "aws:RequestTag/a", Some(true)),
            ("s3:GetObject", OBJECT, "s3:ResourceTag/Status", None),
            ("s3:GetObject", OBJECT, "aws:RequestTag", None),
            // HeadObject is an operation; its action is s3:GetObject.
            ("s3:HeadObject", OBJECT, "aws:RequestTag/Status", None),
            ("ec2:RunInstances", "arn:aws:ec2:eu-west-1::image/ami-1", "aws:RequestTag/a", Some(false)),
            ("ec2:RunInstances", "arn:aws:ec2:eu-west-1:111122223333:instance/*", "aws:RequestTag/a", Some(true)),
        ] {
            assert_eq!(Catalog.carries(action, resource, key), expected, "{action} {resource} {key}");
        }
    }

    #[test]
    fn a_type_is_named_only_where_another_carries_the_key() {
        let image = "arn:aws:ec2:eu-west-1::image/ami-1";
        let instance = "arn:aws:ec2:eu-west-1:111122223333:instance/*";
        for (action, resource, key, expected) in [
            ("ec2:RunInstances", image, "aws:RequestTag/a", Some("image")),
            ("ec2:RunInstances", instance, "aws:RequestTag/a", None),
            ("s3:GetObject", OBJECT, "aws:RequestTag/a", None),
            ("ec2:RunInstances", image, "nix:Key", None),
            ("ec2:RunInstances", "arn:aws:s3:::b", "aws:RequestTag/a", None),
        ] {
            assert_eq!(Catalog.lacking_type(action, resource, key), expected, "{action} {resource} {key}");
        }
    }

    #[test]
    fn keys_are_empty_only_for_an_unknown_action() {
        let definition = "arn:aws:ecs:us-east-1:111122223333:task-definition/web:1";
        assert!(Catalog.keys("ecs:runtask", definition).contains(&"aws:RequestTag/${TagKey}"));
        assert_eq!(Catalog.keys("ecs:RunTasks", definition), Vec::<&str>::new());
    }

    #[test]
    fn twins_are_those_of_the_row() {
        for (action, resource, key, expected) in [
            (
                "iam:TagRole",
                "arn:aws:iam::111122223333:role/r",
                "aws:ResourceTag/guard",
                &["iam:ResourceTag/guard"][..],
            ),
            ("rds:DeleteDBInstance", "arn:aws:rds:us-east-1:111122223333:db:d", "AWS:resourcetag/a", &["rds:db-tag/a"]),
            ("rds:CreateDBInstance", "arn:aws:rds:us-east-1:111122223333:db:d", "aws:RequestTag/a", &["rds:req-tag/a"]),
            ("s3:GetObject", OBJECT, "aws:ResourceTag/a", &["s3:BucketTag/a"]),
            ("s3:GetObject", OBJECT, "s3:buckettag/a", &["aws:ResourceTag/a"]),
            ("s3:GetObject", OBJECT, "aws:PrincipalTag/a", &[]),
            ("lambda:InvokeFunction", "arn:aws:lambda:us-east-1:111122223333:function:f", "aws:ResourceTag/a", &[]),
        ] {
            assert_eq!(Catalog.twins(action, resource, key), expected, "{action} {resource} {key}");
        }
    }
}
