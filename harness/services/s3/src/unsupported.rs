//! Features of S3 that are not here, by the members that ask for them.

use serde_json::{Map, Value};

/// The members, however deep they stand. One that is left out of the decision must not be done either.
pub(super) const UNSUPPORTED: &[&str] = &[
    "AccessControlPolicy",
    "AnnotationDirective",
    "BucketNamespace",
    "BypassGovernanceRetention",
    "CopySourceSSECustomerAlgorithm",
    "CopySourceSSECustomerKey",
    "CopySourceSSECustomerKeyMD5",
    // A directory bucket's kind and place.
    "DataRedundancy",
    "GrantFullControl",
    "GrantRead",
    "GrantReadACP",
    "GrantWrite",
    "GrantWriteACP",
    "IfMatchInitiatedTime",
    "IfMatchLastModifiedTime",
    "IfMatchSize",
    "LastModifiedTime",
    "MFADelete",
    "Name",
    "ObjectLockEnabledForBucket",
    "ObjectLockEventHold",
    "ObjectLockEventHoldDurationDays",
    "ObjectLockEventHoldDurationYears",
    "ObjectLockLegalHoldStatus",
    "ObjectLockMode",
    "ObjectLockRetainUntilDate",
    "SSECustomerAlgorithm",
    "SSECustomerKey",
    "SSECustomerKeyMD5",
    "SSEKMSEncryptionContext",
    "Size",
    "Type",
    "WriteOffsetBytes",
];

/// The first member of an input that asks for a feature that is not here. An object's own metadata asks for none.
#[must_use]
pub fn unsupported(input: &Map<String, Value>) -> Option<&'static str> {
    input.iter().filter(|(name, _)| *name != "Metadata").find_map(|(name, value)| {
        let own = UNSUPPORTED.iter().find(|known| *known == name).copied();
        own.or_else(|| in_value(value))
    })
}

fn in_value(value: &Value) -> Option<&'static str> {
    match value {
        Value::Object(members) => unsupported(members),
        Value::Array(items) => items.iter().find_map(in_value),
        _ => None,
    }
}
