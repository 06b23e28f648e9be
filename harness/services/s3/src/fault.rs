//! S3's errors, with the members that S3 puts into their bodies.
//! docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html

use account::Fault;
use jiff::Timestamp;

pub(super) fn invalid_request(message: impl Into<String>) -> Fault {
    Fault::new(400, "InvalidRequest", message)
}

pub(super) fn invalid_argument(name: &str, value: impl Into<String>, message: impl Into<String>) -> Fault {
    Fault::new(400, "InvalidArgument", message).with("ArgumentName", name).with("ArgumentValue", value)
}

pub(super) fn malformed_xml() -> Fault {
    let message = "The XML you provided was not well-formed or did not validate against our published schema";
    Fault::new(400, "MalformedXML", message)
}

pub(super) fn invalid_ownership(given: &str) -> Fault {
    let message = format!("Invalid x-amz-object-ownership header: {given}");
    Fault::new(400, "InvalidArgument", message).with("ArgumentName", "x-amz-object-ownership")
}

pub(super) fn missing_body() -> Fault {
    Fault::new(400, "MissingRequestBodyError", "Request Body is empty")
}

pub(super) fn access_denied() -> Fault {
    Fault::new(403, "AccessDenied", "Access Denied")
}

/// docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
pub(super) fn invalid_bucket_name(bucket: &str) -> Fault {
    Fault::new(400, "InvalidBucketName", "The specified bucket is not valid.").with("BucketName", bucket)
}

pub(super) fn invalid_encryption(algorithm: &str) -> Fault {
    let message = "The encryption method specified is not supported";
    invalid_argument("x-amz-server-side-encryption", algorithm, message)
}

pub(super) fn invalid_location(constraint: &str) -> Fault {
    let message = "The specified location-constraint is not valid";
    Fault::new(400, "InvalidLocationConstraint", message).with("LocationConstraint", constraint)
}

pub(super) fn invalid_storage_class(class: &str) -> Fault {
    let message = "The storage class you specified is not valid";
    Fault::new(400, "InvalidStorageClass", message).with("StorageClassRequested", class)
}

pub(super) fn no_such_bucket(bucket: &str) -> Fault {
    Fault::new(404, "NoSuchBucket", "The specified bucket does not exist").with("BucketName", bucket)
}

pub(super) fn no_such_key(key: &str) -> Fault {
    Fault::new(404, "NoSuchKey", "The specified key does not exist.").with("Key", key)
}

pub(super) fn no_such_version(key: &str, version: &str) -> Fault {
    Fault::new(404, "NoSuchVersion", "The specified version does not exist.")
        .with("Key", key)
        .with("VersionId", version)
}

pub(super) fn no_such_upload(upload: &str) -> Fault {
    let message = "The specified upload does not exist. The upload ID may be invalid, or the upload may have been \
                   aborted or completed.";
    Fault::new(404, "NoSuchUpload", message).with("UploadId", upload)
}

pub(super) fn invalid_version(version: &str) -> Fault {
    invalid_argument("versionId", version, "Invalid version id specified")
}

/// A read or a tagging of a delete marker by its version id.
pub(super) fn method_not_allowed(method: &str, resource_type: &str) -> Fault {
    Fault::new(405, "MethodNotAllowed", "The specified method is not allowed against this resource.")
        .with("Method", method)
        .with("ResourceType", resource_type)
}

pub(super) fn precondition_failed(condition: &str) -> Fault {
    Fault::new(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
        .with("Condition", condition)
}

pub(super) fn not_modified(etag: &str, modified: Timestamp) -> Fault {
    Fault::new(304, "NotModified", "Not Modified").with_beside("ETag", etag).with_beside("LastModified", iso(modified))
}

/// A header whose value S3 does not take on this operation.
pub(super) fn not_implemented(header: &str, message: &str) -> Fault {
    Fault::new(501, "NotImplemented", "A header you provided implies functionality that is not implemented")
        .with("Header", header)
        .with("additionalMessage", message)
}

pub(super) fn iso(at: Timestamp) -> String {
    format!("{:.3}", Timestamp::from_second(at.as_second()).unwrap_or(at))
}

/// An operation that S3 does not have, or that is not emulated.
pub(super) fn unknown_operation(operation: &str) -> Fault {
    Fault::new(501, "NotImplemented", format!("{operation} is not emulated here"))
}
