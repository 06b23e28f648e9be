use policy::undocumented::Case;

use super::UNSETTLED;
use crate::arn::ResourceType;
use crate::{Row, action, actions_of, key};

fn row(action_name: &str, resource_type: &str) -> Row {
    let mut rows = action(action_name).unwrap().rows();
    rows.find(|row| row.resource_type().map(ResourceType::name) == Some(resource_type)).unwrap()
}

/// When the reference lists one of these keys at last, the entry has to go.
#[test]
fn what_is_unsettled_is_on_a_row_without_the_key() {
    for &(action_name, resource_type, keys, case) in UNSETTLED {
        let row = row(action_name, resource_type);
        for &name in keys {
            let key = key(&name.replace('/', "/x")).unwrap();
            assert_eq!(row.carries(key), case == Case::RoleTagsInPassRole, "{row:?} {name}");
            assert!(row.unsettled().any(|found| found == (name, case)), "{row:?} {name}");
        }
    }
    assert_eq!(row("ec2:StopInstances", "instance").unsettled().count(), 0);
    assert_eq!(row("ec2:RunInstances", "instance").unsettled().count(), 0);
}

/// Nine rows of EC2: eight of capacity reservations, and one the other way round.
#[test]
fn every_row_of_ec2_with_one_of_the_two_keys_of_tags_is_there() {
    let [global, own] = ["aws:ResourceTag/x", "ec2:ResourceTag/x"].map(|name| key(name).unwrap());
    let one_of_two = actions_of("ec2").flat_map(|action| action.rows());
    let one_of_two: Vec<_> = one_of_two.filter(|row| row.carries(global) != row.carries(own)).collect();
    assert_eq!(one_of_two.len(), 9);
    for row in one_of_two {
        let missing = if row.carries(global) { "ec2:ResourceTag/" } else { "aws:ResourceTag/" };
        assert_eq!(row.unsettled().collect::<Vec<_>>(), [(missing, Case::TwinUnlisted)], "{row:?}");
    }
}
