//! Where the reference lists a key of tags and leaves out another that should be beside it.

use policy::undocumented::Case;

use crate::arn::ResourceType;
use crate::key::Key;
use crate::row::Row;

#[cfg(test)]
mod tests;

const PASSED: &[&str] = &["aws:RequestTag/${TagKey}", "aws:TagKeys"];
const EC2_TWIN: &[&str] = &["ec2:ResourceTag/${TagKey}"];
const GLOBAL_TWIN: &[&str] = &["aws:ResourceTag/${TagKey}"];

/// Action, resource type, the keys that its row lacks, and the undocumented row that says what happens here.
///
/// * EC2 (docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html): three operations have the
///   parameter TagSpecification (docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSubnetCidrReservation.html).
///   Capacity reservations have one of the two keys of a resource's tags, GetActiveVpnTunnelStatus has the other.
/// * KMS: ReplicateKey has the parameter Tags (docs.aws.amazon.com/kms/latest/APIReference/API_ReplicateKey.html), and
///   its row has neither key (docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html).
const UNSETTLED: &[(&str, &str, &[&str], Case)] = &[
    ("ec2:CreateCapacityReservationBySplitting", "capacity-reservation", PASSED, Case::PassedTagsUnlisted),
    ("ec2:CreateSubnetCidrReservation", "subnet", PASSED, Case::PassedTagsUnlisted),
    ("ec2:PurchaseHostReservation", "dedicated-host", PASSED, Case::PassedTagsUnlisted),
    ("kms:ReplicateKey", "key", PASSED, Case::PassedTagsUnlisted),
    ("ec2:CancelCapacityReservation", "capacity-reservation", EC2_TWIN, Case::TwinUnlisted),
    ("ec2:CreateTags", "capacity-reservation", EC2_TWIN, Case::TwinUnlisted),
    ("ec2:GetCapacityReservationUsage", "capacity-reservation", EC2_TWIN, Case::TwinUnlisted),
    ("ec2:GetGroupsForCapacityReservation", "capacity-reservation", EC2_TWIN, Case::TwinUnlisted),
    ("ec2:ModifyCapacityReservation", "capacity-reservation", EC2_TWIN, Case::TwinUnlisted),
    ("ec2:ModifyInstanceCapacityReservationAttributes", "capacity-reservation", EC2_TWIN, Case::TwinUnlisted),
    ("ec2:PurchaseCapacityBlockExtension", "capacity-reservation", EC2_TWIN, Case::TwinUnlisted),
    ("ec2:RunInstances", "capacity-reservation", EC2_TWIN, Case::TwinUnlisted),
    ("ec2:GetActiveVpnTunnelStatus", "vpn-connection", GLOBAL_TWIN, Case::TwinUnlisted),
];

impl Row {
    /// The undocumented row that a request rests on which lacks this key here, where it may well have it: the row does
    /// not carry the key, though the operation takes tags, or though it carries the other key of the same tags.
    #[must_use]
    pub fn unsettled(self, key: Key) -> Option<Case> {
        let of_row = |&&(action, resource_type, ..): &&(&str, &str, &[&str], Case)| {
            action == self.action().name() && Some(resource_type) == self.resource_type().map(ResourceType::name)
        };
        let found = UNSETTLED.iter().filter(of_row).find(|(_, _, keys, _)| keys.contains(&key.pattern()));
        found.map(|&(.., case)| case)
    }
}
