//! An organisation made up, for tests, benches and examples: accounts in units, SCPs, RCPs, roles with tags, buckets with
//! policies. The same seed gives the same one.

use serde_json::{Value, json};

/// How large it is.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Accounts, beside that of the management.
    pub accounts: usize,
    /// Roles of each.
    pub roles: usize,
    /// Buckets of each.
    pub buckets: usize,
}

/// The organisation's id.
const ORGANIZATION: &str = "o-made1up111";
const ROOT: &str = "r-made";
const MANAGEMENT: &str = "999999999999";
const TEAMS: [&str; 12] =
    ["finance", "hr", "legal", "sales", "search", "mobile", "data", "ops", "web", "billing", "risk", "growth"];
const UNITS: [(&str, Option<&str>); 6] = [
    ("ou-made-prod0000", None),
    ("ou-made-prodweb0", Some("ou-made-prod0000")),
    ("ou-made-proddata", Some("ou-made-prod0000")),
    ("ou-made-dev00000", None),
    ("ou-made-sandbox0", Some("ou-made-dev00000")),
    ("ou-made-shared00", None),
];

/// Its files as iam-collect writes them, each under its path.
#[must_use]
pub fn organization(seed: u64, size: Size) -> Vec<(String, String)> {
    let mut made = Made { state: seed | 1, files: Vec::new() };
    made.organization(size.accounts);
    for account in 0..size.accounts {
        made.account(account, size);
    }
    made.files
}

/// The ARNs of its buckets' objects, in order: what there is to ask about.
#[must_use]
pub fn objects(size: Size) -> Vec<String> {
    let of_account =
        |account| (0..size.buckets).map(move |at| format!("arn:aws:s3:::{}/reports/q3", bucket(account, at)));
    (0..size.accounts).flat_map(of_account).collect()
}

fn account_id(account: usize) -> String {
    format!("{:012}", 100_000_000_000 + account)
}

fn bucket(account: usize, at: usize) -> String {
    format!("data-{account}-{at}")
}

struct Made {
    state: u64,
    files: Vec<(String, String)>,
}

impl Made {
    fn below(&mut self, end: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        ((self.state >> 33) as usize) % end.max(1)
    }

    fn file(&mut self, path: &str, value: &Value) {
        self.files.push((format!("aws/aws/{path}.json"), value.to_string()));
    }

    fn organization(&mut self, accounts: usize) {
        let folder = format!("organizations/{ORGANIZATION}");
        self.file(
            &format!("{folder}/metadata"),
            &json!({
                "id": ORGANIZATION, "rootOu": ROOT, "rootAccountId": MANAGEMENT,
                "features": {"SERVICE_CONTROL_POLICY": true, "RESOURCE_CONTROL_POLICY": true}
            }),
        );
        let scp =
            |names: &[&str]| names.iter().map(|name| policy_arn("service_control_policy", name)).collect::<Vec<_>>();
        let rcp =
            |names: &[&str]| names.iter().map(|name| policy_arn("resource_control_policy", name)).collect::<Vec<_>>();
        let mut units = json!({ROOT: {"scps": scp(&["p-FullAWSAccess", "p-regions"]), "rcps": rcp(&["p-RCPFullAWSAccess", "p-members"])}});
        for (unit, parent) in UNITS {
            let scps: &[&str] = match unit {
                "ou-made-prod0000" => &["p-FullAWSAccess", "p-tls"],
                "ou-made-sandbox0" => &["p-FullAWSAccess", "p-noshare"],
                _ => &["p-FullAWSAccess"],
            };
            units[unit] =
                json!({"parent": parent.unwrap_or(ROOT), "scps": scp(scps), "rcps": rcp(&["p-RCPFullAWSAccess"])});
        }
        self.file(&format!("{folder}/ous"), &units);
        let mut all = json!({MANAGEMENT: {"ou": ROOT, "scps": scp(&["p-FullAWSAccess"]), "rcps": []}});
        for account in 0..accounts {
            let unit = UNITS[account % UNITS.len()].0;
            all[account_id(account)] =
                json!({"ou": unit, "scps": scp(&["p-FullAWSAccess"]), "rcps": rcp(&["p-RCPFullAWSAccess"])});
        }
        self.file(&format!("{folder}/accounts"), &all);
        for (kind, name, statement) in control_policies() {
            self.file(&format!("{folder}/{kind}/{}/policy", name.to_lowercase()), &document(&statement));
        }
    }

    fn account(&mut self, account: usize, size: Size) {
        let id = account_id(account);
        self.file(&format!("accounts/{id}/organization"), &json!({"organizationId": ORGANIZATION}));
        let boundary = json!({"Effect": "Allow", "Action": ["s3:Get*", "s3:List*", "sqs:*"], "Resource": "*"});
        self.file(&format!("accounts/{id}/iam/policy/limit/current-policy"), &document(&boundary));
        for at in 0..size.roles {
            self.role(&id, account, at);
        }
        for at in 0..size.buckets {
            self.bucket(&id, account, at, size.accounts);
        }
    }

    fn role(&mut self, id: &str, account: usize, at: usize) {
        let form = self.below(10);
        let team = TEAMS[self.below(TEAMS.len())];
        let name =
            format!("{}-{at}", ["admin", "tag", "own", "read", "ci", "task", "queue", "clear", "tag", "read"][form]);
        let folder = format!("accounts/{id}/iam/role/{name}");
        let mut metadata =
            json!({"arn": format!("arn:aws:iam::{id}:role/{name}"), "id": format!("AROA{account:05}{at:07}")});
        if form == 4 {
            metadata["permissionBoundary"] = json!(format!("arn:aws:iam::{id}:policy/limit"));
        }
        self.file(&format!("{folder}/metadata"), &metadata);
        let clearance = ["low", "high"][self.below(2)];
        self.file(&format!("{folder}/tags"), &json!({"Team": team, "Clearance": clearance}));
        self.file(&format!("{folder}/trust-policy"), &trust(form, id));
        let managed = match form {
            0 => Some("arn:aws:iam::aws:policy/AdministratorAccess"),
            3 | 9 => Some("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"),
            _ => None,
        };
        match managed {
            Some(arn) => self.file(&format!("{folder}/managed-policies"), &json!([arn])),
            None => {
                let own = bucket(account, at % 7);
                let inline = json!([{"PolicyName": "own", "PolicyDocument": document(&identity(form, &own))}]);
                self.file(&format!("{folder}/inline-policies"), &inline);
            }
        }
    }

    fn bucket(&mut self, id: &str, account: usize, at: usize, accounts: usize) {
        let name = bucket(account, at);
        let folder = format!("accounts/{id}/s3/{name}");
        let arn = format!("arn:aws:s3:::{name}");
        self.file(&format!("{folder}/metadata"), &json!({"arn": arn, "name": name, "abacEnabled": true}));
        let team = TEAMS[self.below(TEAMS.len())];
        self.file(&format!("{folder}/tags"), &json!({"Team": team}));
        let objects = json!([arn, format!("{arn}/*")]);
        let other = account_id(self.below(accounts));
        let statement = match self.below(5) {
            0 => return,
            1 => json!({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": objects,
                "Condition": {"Bool": {"aws:SecureTransport": "false"}}}),
            2 => json!({"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": objects,
                "Condition": {"StringEquals": {"aws:PrincipalOrgID": ORGANIZATION, "aws:PrincipalTag/Team": "data"}}}),
            3 => json!({"Effect": "Allow", "Principal": {"AWS": other}, "Action": ["s3:GetObject", "s3:ListBucket"],
                "Resource": objects}),
            _ => json!({"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": objects,
                "Condition": {"ArnNotLike": {"aws:PrincipalArn": ["arn:aws:iam::*:role/admin-*", "arn:aws:iam::*:role/tag-*"]}}}),
        };
        self.file(&format!("{folder}/policy"), &document(&statement));
    }
}

fn policy_arn(kind: &str, name: &str) -> String {
    match name.contains("FullAWSAccess") {
        true => format!("arn:aws:organizations::aws:policy/{kind}/{name}"),
        false => format!("arn:aws:organizations::{MANAGEMENT}:policy/{ORGANIZATION}/{kind}/{name}"),
    }
}

fn document(statement: &Value) -> Value {
    let statements = if statement.is_array() { statement.clone() } else { json!([statement]) };
    json!({"Version": "2012-10-17", "Statement": statements})
}

fn control_policies() -> Vec<(&'static str, &'static str, Value)> {
    let everything = json!({"Effect": "Allow", "Action": "*", "Resource": "*"});
    let everybody = json!({"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"});
    vec![
        ("scps", "p-FullAWSAccess", everything),
        ("rcps", "p-RCPFullAWSAccess", everybody),
        (
            "scps",
            "p-regions",
            json!({"Effect": "Deny", "NotAction": ["iam:*", "sts:*", "organizations:*", "s3:GetObject"], "Resource": "*",
                "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-central-1"]}}}),
        ),
        (
            "scps",
            "p-tls",
            json!({"Effect": "Deny", "Action": "s3:*", "Resource": "*",
                "Condition": {"NumericLessThan": {"s3:TlsVersion": "1.2"}}}),
        ),
        ("scps", "p-noshare", json!({"Effect": "Deny", "Action": ["s3:PutBucketPolicy", "ram:*"], "Resource": "*"})),
        (
            "rcps",
            "p-members",
            json!({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": {
                "StringNotEqualsIfExists": {"aws:PrincipalOrgID": ORGANIZATION},
                "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}}),
        ),
    ]
}

fn identity(form: usize, bucket: &str) -> Value {
    let get = |resource: &str, condition: Value| json!({"Effect": "Allow", "Action": ["s3:GetObject", "s3:GetObjectTagging"], "Resource": resource, "Condition": condition});
    match form {
        1 | 8 => get("*", json!({"StringEquals": {"aws:ResourceTag/Team": "${aws:PrincipalTag/Team}"}})),
        2 => get(
            &format!("arn:aws:s3:::{bucket}/*"),
            json!({"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "192.0.2.0/24"]}}),
        ),
        4 => get("arn:aws:s3:::data-*", json!({"StringEquals": {"aws:PrincipalTag/Team": "web"}})),
        5 => get("arn:aws:s3:::*/${aws:PrincipalTag/Team}/*", json!({"Bool": {"aws:SecureTransport": "true"}})),
        6 => json!({"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}),
        _ => json!([
            {"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
            {"Effect": "Deny", "Action": "s3:*", "Resource": "*",
                "Condition": {"StringNotEquals": {"aws:PrincipalTag/Clearance": "high"}}}
        ]),
    }
}

/// Sessions of the form for CI are given tags by an identity provider.
fn trust(form: usize, id: &str) -> Value {
    let principal = match form {
        4 => json!({"Federated": format!("arn:aws:iam::{id}:oidc-provider/ci.example.com")}),
        5 => json!({"Service": "ecs-tasks.amazonaws.com"}),
        _ => json!({"AWS": format!("arn:aws:iam::{id}:root")}),
    };
    let actions =
        if form == 4 { json!(["sts:AssumeRoleWithWebIdentity", "sts:TagSession"]) } else { json!("sts:AssumeRole") };
    document(&json!({"Effect": "Allow", "Principal": principal, "Action": actions}))
}
