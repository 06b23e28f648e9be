//! What S3 says to a request that fits none of its operations.

use account::Fault;
use model::{Member, MemberLocation, Operation, S3};
use protocol::{Malformed, Reason, Request, Routed};

use super::address::Level;
use super::not_implemented;

/// S3 has no such method there.
pub(super) fn no_operation(request: &Request, level: Level) -> Fault {
    let method = request.method.as_str();
    if method == "POST" && level == Level::Bucket {
        // Uploads from a browser's form: docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
        return not_implemented("PostObject".to_owned());
    }
    let message = "The specified method is not allowed against this resource.";
    Fault::new(405, "MethodNotAllowed", message).with("Method", method).with("ResourceType", level.name())
}

/// A request says one thing: every parameter of its query string is one of the operation's.
pub(super) fn check_query(routed: &Routed<'_>, request: &Request, level: Level) -> Result<(), Fault> {
    let own = &routed.operation.http.query;
    // `POST /bucket/key` without an upload's id completes none.
    if own.is_empty() && routed.lacks_parameter() {
        return Err(no_operation(request, level));
    }
    let Some(first) = routed.unexplained_parameters().next() else { return Ok(()) };
    match (routed.unexplained_parameters().find(|name| is_subresource(name)), own.first()) {
        (Some(other), Some((own, _))) => Err(conflict(own, other)),
        // `DELETE /bucket/key?acl` deletes nothing.
        (Some(_), None) => Err(no_operation(request, level)),
        (None, _) => Err(not_implemented(format!("{} ?{first} on {}", request.method, level.name()))),
    }
}

/// A request for two subresources, in S3's own words. Which of the two would count AWS does not say.
/// docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
fn conflict(own: &str, other: &str) -> Fault {
    let (first, second) = (own.min(other), own.max(other));
    let message = format!("Conflicting query string parameters: {first}, {second}");
    Fault::new(400, "InvalidArgument", message).with("ArgumentName", "ResourceType").with("ArgumentValue", first)
}

/// Whether a parameter is there to tell operations apart.
fn is_subresource(name: &str) -> bool {
    S3.operations().any(|operation| {
        let mut literals = operation.http.query.iter().map(|(literal, _)| literal);
        literals.any(|literal| literal == name) || needs(operation, name) == Some(true)
    }) && !S3.operations().any(|operation| needs(operation, name) == Some(false))
}

/// Whether an operation that no other parameter tells apart cannot be without this one. `None`: it does not have it.
fn needs(operation: &Operation, name: &str) -> Option<bool> {
    let mut members = S3.input(operation).filter(|_| operation.http.query.is_empty())?.members.iter();
    let is_it = |(own, member): &(&String, &Member)| {
        member.place == MemberLocation::Query && member.wire_name.as_deref().unwrap_or(own) == name
    };
    members.find(is_it).map(|(_, member)| member.is_required)
}

/// A request that does not fit its operation.
pub(super) fn malformed(operation: &Operation, request: &Request, malformed: &Malformed) -> Fault {
    let place = malformed.place.as_str();
    let parameter = place.strip_prefix('?');
    let is_header = request.headers.contains_key(place);
    match malformed.reason {
        Reason::Path => Fault::new(400, "InvalidURI", "Couldn't parse the specified URI.").with("URI", place),
        Reason::Type if place == "?partNumber" => argument(
            "Part number must be an integer between 1 and 10000, inclusive".to_owned(),
            malformed,
            "partNumber",
        ),
        Reason::Type if parameter.is_some() || is_header => {
            let name = parameter.unwrap_or(place);
            argument(format!("Provided {name} not an integer or within integer range"), malformed, name)
        }
        Reason::Unexplained if is_header => {
            let message = "A header you provided implies functionality that is not implemented";
            Fault::new(501, "NotImplemented", message).with("Header", place)
        }
        Reason::Unexplained if place == "body" => {
            Fault::new(400, "InvalidRequest", format!("{} takes no body.", operation.name))
        }
        Reason::Duplicate | Reason::Syntax if parameter.is_some() || is_header => {
            argument(format!("{malformed}."), malformed, parameter.unwrap_or(place))
        }
        Reason::Syntax if operation.name == "PutBucketPolicy" => {
            Fault::new(400, "MalformedPolicy", "Policies must be valid JSON and the first byte must be '{'")
        }
        Reason::Ambiguous => argument(format!("{malformed}."), malformed, place),
        Reason::Syntax | Reason::Type | Reason::Unexplained | Reason::Duplicate => not_xml(),
    }
}

/// The error as S3 gives it, also for XML that does not fit the operation.
/// docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
fn not_xml() -> Fault {
    Fault::new(
        400,
        "MalformedXML",
        "The XML you provided was not well-formed or did not validate against our published schema",
    )
}

fn argument(message: String, malformed: &Malformed, name: &str) -> Fault {
    let fault = Fault::new(400, "InvalidArgument", message).with("ArgumentName", name);
    match &malformed.given {
        Some(given) => fault.with("ArgumentValue", given),
        None => fault,
    }
}
