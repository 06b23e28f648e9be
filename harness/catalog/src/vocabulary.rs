//! The catalogue behind the policy engine's explanations.

use policy::Vocabulary;

use crate::{action, key};

/// The catalogue as the vocabulary of explanations.
#[derive(Clone, Copy, Debug, Default)]
pub struct Catalog;

impl Vocabulary for Catalog {
    fn carries(&self, name: &str, key_name: &str) -> Option<bool> {
        Some(action(name)?.carries_key(key(key_name)?))
    }

    fn keys(&self, name: &str) -> Vec<String> {
        action(name).into_iter().flat_map(|action| action.keys().map(str::to_owned)).collect()
    }
}

#[cfg(test)]
mod tests {
    use policy::Vocabulary;

    use super::Catalog;

    #[test]
    fn carries_is_none_only_for_what_aws_does_not_have() {
        for (action, key, expected) in [
            ("s3:GetObject", "aws:RequestTag/Status", Some(false)),
            ("ecs:RunTask", "aws:RequestTag/Status", Some(true)),
            ("s3:GetObject", "s3:ResourceTag/Status", None),
            ("s3:GetObject", "aws:RequestTag", None),
            // HeadObject is an operation; its action is s3:GetObject.
            ("s3:HeadObject", "aws:RequestTag/Status", None),
        ] {
            assert_eq!(Catalog.carries(action, key), expected, "{action} {key}");
        }
    }

    #[test]
    fn keys_are_empty_only_for_an_unknown_action() {
        assert!(Catalog.keys("ecs:runtask").iter().any(|key| key == "aws:RequestTag/${TagKey}"));
        assert_eq!(Catalog.keys("ecs:RunTasks"), Vec::<String>::new());
    }
}
