//! What each operation of STS is. docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html

use account::Run;
use account::operation::{Row, adds, always, given, reads, row};

use super::{assume_role, caller_identity, federation};

/// Every operation.
#[rustfmt::skip]
pub(super) static OPERATIONS: &[Row<Run>] = &[
    row(assume_role::OPERATION, assume_role::assume_role),
    row(reads("sts:DecodeAuthorizationMessage"), caller_identity::decode_authorization_message),
    row(reads("sts:GetAccessKeyInfo"), caller_identity::get_access_key_info),
    row(reads("sts:GetCallerIdentity").in_scenarios(&[]), caller_identity::get_caller_identity),
    row(
        adds("sts:GetFederationToken")
            .checked_as(&[always("sts:GetFederationToken"), given("Tags", "sts:TagSession")]).on(&["federated-user"], "Name")
            .passes("Tags").documents(&["Policy"]),
        federation::get_federation_token,
    ),
    row(adds("sts:GetSessionToken"), federation::get_session_token),
];
