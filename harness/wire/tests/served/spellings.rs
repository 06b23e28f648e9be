//! A request in spellings that one reader may take for something else than another.

use protocol::Request;

/// Keys that S3 takes. docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
pub(crate) const KEYS: [&str; 22] = [
    "key",
    "a/b",
    "../other/key",
    "..",
    ".",
    "/key",
    "a//b",
    "key/",
    "a;b",
    "a+b",
    "a b",
    "a?acl",
    "a#b",
    "a%2Fb",
    "a%",
    "a&b=c",
    "moto-api/reset",
    "a\\b",
    "é",
    "a:b@c",
    "a\u{7f}b",
    "a?versionId=v",
];

/// Sources of a copy, as the header may have them.
pub(crate) const COPY_SOURCES: [&str; 26] = [
    "box/from",
    "/box/from",
    "//box/from",
    "box//from",
    "box%2Ffrom",
    "%2Fbox%2Ffrom",
    "box/fr%6Fm",
    "box/fr%256Fm",
    "box/from?versionId=v",
    "box/from?versionId=",
    "box/from?versionId=a&versionId=b",
    "box/from%3FversionId=v",
    "box/from?versionid=v",
    "box/from?acl",
    "box/from#x",
    "box/from;x",
    "box/../other/from",
    "box/%2e%2e/other/from",
    "http://evil.test/box/from",
    "arn:aws:s3:::box/from",
    "arn:aws:s3:us-east-1:123456789012:accesspoint/a/object/from",
    "BOX/from",
    "moto-api/from",
    "box",
    "box/",
    "box/a+b",
];

/// Beginnings of a path in which nothing is, or what is an emulator's own.
const BEFORE: [&str; 14] = [
    "/.",
    "/x/..",
    "/%2e%2e",
    "/",
    "//x",
    "/moto-api/..",
    "/moto-api",
    "/_localstack/..",
    "/_ministack",
    "/latest",
    "/v20180820",
    "/health",
    "/other",
    "/box",
];

const AFTER: [&str; 16] = [
    "/",
    "//",
    "/.",
    "/..",
    "/../other",
    "%2F..%2Fother",
    "%2f",
    "%00",
    "%0d%0ax",
    ";x",
    "%3Bx",
    "+",
    "%2B",
    "%20",
    "%3Facl",
    "\\x",
];

const ORIGINS: [&str; 7] = [
    "http://evil.test",
    "http://box.localhost",
    "http://other.localhost",
    "http://moto-api.localhost",
    "HTTP://127.0.0.1",
    "http://user@box.localhost",
    "http:",
];

const PARAMETERS: [&str; 26] = [
    "acl",
    "tagging",
    "uploads",
    "policy",
    "delete",
    "list-type=2",
    "versionId=v",
    "versionId=v&versionId=w",
    "versionId",
    "uploadId=other",
    "partNumber=2",
    "x-id=DeleteBucket",
    "x-amz-acl=public-read",
    "X-Amz-Tagging=a%3D1",
    "x-amz-copy-source=other%2Fsecret",
    "x-mine=1",
    "Action=DeleteQueue&Version=1",
    ";acl",
    "%61cl",
    "acl=%FF",
    "+acl",
    "prefix=a&prefix=b",
    "prefix=a%2Fb+c",
    "response-content-type=text%2Fhtml",
    "=",
    "X-Amz-Expires=1",
];

const HOSTS: [&str; 22] = [
    "BOX.localhost",
    "other.localhost",
    "moto-api.localhost",
    "latest.localhost",
    "a.box.localhost",
    "box.other.localhost",
    "box%2Fsecret.localhost",
    "box/secret.localhost",
    "..localhost",
    "box.localhost.",
    "box.s3.us-east-1.amazonaws.com",
    "box.s3.localhost.localstack.cloud",
    "s3.amazonaws.com",
    "123456789012.s3-control.us-east-1.amazonaws.com",
    "123456789012.localhost",
    "sqs.us-east-1.amazonaws.com",
    "evil.test",
    "",
    "box.localhost:80@moto-api",
    "[::1]",
    "box.localhost, moto-api",
    "box?acl.localhost",
];

const HEADERS: [(&str, &str); 22] = [
    ("x-amz-target", "AmazonEC2ContainerServiceV20141113.DeleteCluster"),
    ("x-http-method-override", "DELETE"),
    ("x-forwarded-host", "moto-api"),
    ("x-forwarded-prefix", "/moto-api"),
    ("x-original-uri", "/moto-api/reset"),
    ("x-rewrite-url", "/moto-api/reset"),
    ("x-amz-copy-source", "other/secret"),
    ("x-amz-copy-source-range", "bytes=0-1"),
    ("x-amz-acl", "public-read"),
    ("x-amz-tagging", "a=1&a=2"),
    ("x-amz-tagging", "a=1"),
    ("x-amz-meta-a", "b"),
    ("x-amz-rename-source", "other/secret"),
    ("x-amz-version-id", "v"),
    ("x-amz-bypass-governance-retention", "true"),
    ("x-amz-expected-bucket-owner", "123456789012"),
    ("x-moto-account-id", "210987654321"),
    ("x-localstack-target", "s3"),
    ("range", "bytes=0-1"),
    ("if-match", "*"),
    ("content-encoding", "aws-chunked"),
    ("connection", "x-amz-date"),
];

const BODIES: [(&str, &str); 4] = [
    ("application/x-www-form-urlencoded", "Action=DeleteBucket&Bucket=other"),
    ("application/xml", "<Tagging><TagSet/></Tagging>"),
    ("application/x-amz-json-1.1", "{\"Bucket\": \"other\"}"),
    (
        "multipart/form-data; boundary=x",
        "--x\r\ncontent-disposition: form-data; name=\"key\"\r\n\r\nsecret\r\n--x--\r\n",
    ),
];

/// A request as it is sent, byte for byte.
#[derive(Clone, Debug)]
pub(crate) struct Spelling {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Spelling {
    /// As a client would send it.
    pub(crate) fn of(request: &Request) -> Spelling {
        let headers = request
            .headers
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
        let mut spelling = Spelling {
            method: request.method.to_string(),
            target: String::new(),
            headers: headers.collect(),
            body: String::from_utf8_lossy(&request.body).into_owned(),
        };
        spelling.target = target(&request.path, &request.query);
        spelling
    }

    /// With this header in the place of others of its name.
    pub(crate) fn with_header(mut self, name: &str, value: &str) -> Spelling {
        self.headers.retain(|(known, _)| known != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    fn with_target(&self, target: String) -> Spelling {
        Spelling { target, ..self.clone() }
    }

    /// Whether the tests' signer makes the same of it as S3 does.
    pub(crate) fn can_be_signed(&self) -> bool {
        let host = self.headers.iter().find(|(name, _)| name == "host").map_or("host", |(_, host)| host);
        let is_plain =
            |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~/?&=:".contains(&byte));
        self.target.starts_with('/')
            && !self.target.contains("//")
            && is_plain(&self.target)
            && is_plain(host)
            && format!("http://{host}{}", self.target).parse::<http::Uri>().is_ok()
    }
}

/// The spellings of a request, and whether the bucket stands in the host of each.
pub(crate) fn spellings(request: &Request) -> impl Iterator<Item = (bool, Spelling)> {
    let by_path = around(request, None).into_iter().map(|spelling| (false, spelling));
    let inside = request.path.strip_prefix("/box").filter(|_| request.path != "/");
    let by_host = inside.map(|path| {
        let path = if path.is_empty() { "/" } else { path };
        around(&Request { path: path.to_owned(), ..request.clone() }, Some("box.localhost"))
    });
    by_path.chain(by_host.into_iter().flatten().map(|spelling| (true, spelling)))
}

fn around(request: &Request, host: Option<&str>) -> Vec<Spelling> {
    let (path, query) = (request.path.as_str(), request.query.as_str());
    let mut usual = Spelling::of(request);
    if let Some(host) = host {
        usual = usual.with_header("host", host);
    }
    let every = |escape: &dyn Fn(u8) -> String| path.bytes().map(escape).collect::<String>();
    let escaped = |byte: u8| format!("%{byte:02X}");
    let mut paths = vec![
        every(&|byte| if byte == b'/' { "/".to_owned() } else { escaped(byte) }),
        every(&|byte| if byte == b'/' { "/".to_owned() } else { escaped(byte).to_ascii_lowercase() }),
        every(&|byte| if byte == b'/' { "/".to_owned() } else { format!("%25{byte:02X}") }),
        format!("/{}", every(&escaped).trim_start_matches("%2F")),
        path.replace('/', "//"),
        path.replace('/', "\\"),
        path.to_ascii_uppercase(),
        path.trim_start_matches('/').to_owned(),
        "*".to_owned(),
    ];
    paths.extend(BEFORE.map(|before| format!("{before}{path}")));
    paths.extend(AFTER.map(|after| format!("{path}{after}")));
    paths.extend(ORIGINS.map(|origin| format!("{origin}{path}")));
    let mut spellings = vec![usual.clone()];
    spellings.extend(paths.iter().map(|path| usual.with_target(target(path, query))));
    let joint = if query.is_empty() { "" } else { "&" };
    for (at, parameter) in PARAMETERS.iter().enumerate() {
        let query = if at % 2 == 0 { format!("{query}{joint}{parameter}") } else { format!("{parameter}&{query}") };
        spellings.push(usual.with_target(target(path, &query)));
    }
    if host.is_some() {
        return spellings;
    }
    spellings.extend(HOSTS.map(|host| usual.clone().with_header("host", host)));
    for (name, value) in HEADERS {
        spellings.push(usual.clone().with_header(name, value));
        if usual.headers.iter().any(|(known, _)| known == name) {
            let mut twice = usual.clone();
            twice.headers.push((name.to_owned(), value.to_owned()));
            spellings.push(twice);
        }
    }
    for (content_type, body) in BODIES {
        let with_type = usual.clone().with_header("content-type", content_type);
        spellings.push(Spelling { body: body.to_owned(), ..with_type });
    }
    for method in ["GET", "PUT", "POST", "DELETE", "HEAD", "get", "PATCH", "OPTIONS"] {
        spellings.push(Spelling { method: method.to_owned(), ..usual.clone() });
    }
    spellings
}

fn target(path: &str, query: &str) -> String {
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}
