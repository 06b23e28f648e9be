//! Actions and services that AWS does not have.

use crate::code;
use crate::sink::Sink;
use crate::written::{ActionItem, Statement};

pub(super) fn check(statement: &Statement<'_>, sink: &mut Sink) {
    statement.actions.iter().for_each(|item| check_item(item, sink));
}

fn check_item(item: &ActionItem<'_>, sink: &mut Sink) {
    let whole = item.text;
    // In `*Execution` the wildcard stands for a service and the colon. Reading reports what names no service at all.
    let is_open = !whole.contains(':') && whole.contains(['*', '?']) && !whole.bytes().all(|byte| byte == b'*');
    let parts = if is_open { Some((whole, "")) } else { whole.split_once(':') };
    let Some((prefix, name)) = parts.filter(|(prefix, _)| !prefix.is_empty()) else { return };
    if prefix.contains(['*', '?']) && prefix != "*" {
        let message = format!("`{}` has a wildcard in the name of the service", policy::plain(item.text));
        sink.add(&code::WILDCARD_IN_SERVICE_NAME, item.span, message).help("name the services");
    }
    if !item.is_known || !item.actions.is_empty() || item.text.contains("${") {
        return;
    }
    let is_known = prefix.contains(['*', '?']) || catalog::service(prefix).is_some();
    if !is_known {
        let message = format!("AWS's service authorisation reference has no service `{}`", policy::plain(prefix));
        let near = near(sink, prefix, || catalog::services().map(catalog::Service::prefix).collect());
        sink.add(&code::INVALID_SERVICE_IN_ACTION, item.span, message).help(near);
    } else if item.text.contains(['*', '?']) {
        let message = format!("`{}` matches no action", policy::plain(item.text));
        sink.add(&code::INVALID_ACTION, item.span, message).help("mend the pattern, or leave it out");
    } else {
        let message = format!("AWS's service authorisation reference has no action `{}`", policy::plain(item.text));
        let operation = operation(prefix, name);
        let help = operation.unwrap_or_else(|| {
            near(sink, item.text, || catalog::actions_of(prefix).map(catalog::Action::name).collect())
        });
        sink.add(&code::INVALID_ACTION, item.span, message).help(help);
    }
}

/// "did you mean …?", if something is near.
fn near(sink: &Sink, written: &str, known: impl FnOnce() -> Vec<&'static str>) -> String {
    let near = (!sink.is_full()).then(|| source::suggest(written, known())).flatten();
    near.map(|name| format!("did you mean `{name}`?")).unwrap_or_default()
}

/// Operations whose action has another name.
/// docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
const OPERATIONS: &[(&str, &str)] = &[
    ("HeadObject", "s3:GetObject"),
    ("HeadBucket", "s3:ListBucket"),
    ("ListObjects", "s3:ListBucket"),
    ("ListObjectsV2", "s3:ListBucket"),
    ("ListBuckets", "s3:ListAllMyBuckets"),
    ("CopyObject", "s3:GetObject and s3:PutObject"),
    ("UploadPart", "s3:PutObject"),
    ("CreateMultipartUpload", "s3:PutObject"),
    ("CompleteMultipartUpload", "s3:PutObject"),
    ("DeleteObjects", "s3:DeleteObject"),
    ("ListObjectVersions", "s3:ListBucketVersions"),
    ("ListMultipartUploads", "s3:ListBucketMultipartUploads"),
    ("ListParts", "s3:ListMultipartUploadParts"),
];

fn operation(prefix: &str, name: &str) -> Option<String> {
    let mut found = OPERATIONS.iter().filter(|_| prefix.eq_ignore_ascii_case("s3"));
    let (operation, action) = found.find(|(operation, _)| operation.eq_ignore_ascii_case(name))?;
    Some(format!("{operation} is an operation; its requests are authorised as {action}"))
}
