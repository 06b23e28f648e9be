//! Where the reference cannot be the last word on the keys in a request.

use policy::undocumented::Case;

use crate::arn::ResourceType;
use crate::key::Key;
use crate::row::Row;

#[cfg(test)]
mod tests;

const PASSED: &[&str] = &["aws:RequestTag/", "aws:TagKeys"];
const EC2_TWIN: &[&str] = &["ec2:ResourceTag/"];
const GLOBAL_TWIN: &[&str] = &["aws:ResourceTag/"];
const EXTERNAL_ID: &[&str] = &["sts:ExternalId"];
const ACCESS_POINT_TAG: &str = "s3:AccessPointTag/";
const ROLE_TAGS: &[&str] = &["aws:ResourceTag/", "iam:ResourceTag/"];

/// Action, resource type, keys (with a slash at the end for the key with every tag), and the undocumented row that says
/// what happens here.
///
/// * EC2 (docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html): three operations have the
///   parameter TagSpecification (docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSubnetCidrReservation.html).
///   Capacity reservations have one of the two keys of a resource's tags, GetActiveVpnTunnelStatus has the other.
/// * KMS: ReplicateKey has the parameter Tags (docs.aws.amazon.com/kms/latest/APIReference/API_ReplicateKey.html), and
///   its row has neither key (docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html).
/// * IAM: the reference lists a role's tags for iam:PassRole, of which the user guide says that it "does not have reliable
///   results" (docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html).
/// * STS: one call to AssumeRole with ExternalId and Tags is also asked as TagSession, and with SourceIdentity as
///   SetSourceIdentity (docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html). The rows of these lack the key.
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
    ("sts:SetSourceIdentity", "role", EXTERNAL_ID, Case::ExternalIdOfFurtherAction),
    ("sts:TagSession", "role", EXTERNAL_ID, Case::ExternalIdOfFurtherAction),
    ("iam:PassRole", "role", ROLE_TAGS, Case::RoleTagsInPassRole),
];

impl Key {
    /// The rows of the undocumented table by which requests lack the key on some row, though AWS may well send it there.
    pub fn unsettled(self) -> impl Iterator<Item = Case> {
        let of_access_points = (ACCESS_POINT_TAG, Case::AccessPointTag);
        let listed = UNSETTLED.iter().flat_map(|&(.., keys, case)| keys.iter().map(move |&key| (key, case)));
        let mut cases: Vec<Case> =
            listed.chain([of_access_points]).filter(|(name, _)| self.is_called(name)).map(|(_, case)| case).collect();
        cases.sort_unstable();
        cases.dedup();
        cases.into_iter()
    }

    /// Whether it goes by such a name, which may be the start of one.
    fn is_called(self, name: &str) -> bool {
        if name.ends_with('/') { self.pattern().starts_with(name) } else { self.pattern() == name }
    }
}

impl Row {
    /// The keys of which AWS's documentation leaves open whether a request on this row has them, though its operation
    /// passes them or its resource has them. A name that ends in a slash stands for the key with every tag, as
    /// [`policy::Context::leaves_open`] takes it.
    ///
    /// S3 also checks a request through an access point on the bucket or object. Whether it has the access point's tags there,
    /// no page says (docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-tagging.html).
    pub fn unsettled(self) -> impl Iterator<Item = (&'static str, Case)> {
        let of_row = move |&&(action, resource_type, ..): &&(&str, &str, &[&str], Case)| {
            action == self.action().name() && Some(resource_type) == self.resource_type().map(ResourceType::name)
        };
        let of_access_point = self.access_point().map(|_| (ACCESS_POINT_TAG, Case::AccessPointTag));
        let listed =
            UNSETTLED.iter().filter(of_row).flat_map(|&(.., keys, case)| keys.iter().map(move |&key| (key, case)));
        listed.chain(of_access_point)
    }

    /// The row of the undocumented table by which requests on this row lack a key, though AWS may well send it there.
    #[must_use]
    pub fn left_open(self, key: Key) -> Option<Case> {
        self.unsettled().find(|(name, _)| key.is_called(name)).map(|(_, case)| case)
    }
}
