//! Names that CloudFormation makes up, here from the stack's name and the logical id alone.

/// A hash that is the same on every machine and in every version: FNV-1a.
fn hash(parts: &[&str]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in parts.iter().flat_map(|part| part.bytes().chain([0])) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    }
    hash
}

/// Letters and digits from a hash.
fn letters(mut hash: u64, length: usize) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut text = String::new();
    for _ in 0..length {
        text.push(char::from(ALPHABET[(hash % 32) as usize]));
        // Twelve letters use 60 of the 64 bits; longer ids go round again.
        hash = (hash / 32) ^ (hash << 59);
    }
    text
}

/// An id of so many characters of an alphabet.
pub(crate) fn id(alphabet: &str, length: usize, parts: &[&str]) -> String {
    let alphabet = alphabet.as_bytes();
    let mut text = String::new();
    for round in 0..length {
        let at = hash(&[parts, &[&round.to_string()]].concat()) % alphabet.len() as u64;
        text.push(char::from(alphabet[at as usize]));
    }
    text
}

/// A name as most services take it: `SourceBucketName` as `source-bucket-name`.
pub(crate) fn dashed(name: &str, limit: usize) -> String {
    let mut text = String::new();
    let mut before = ' ';
    for c in name.chars() {
        let is_new_word = c.is_ascii_uppercase() && (before.is_ascii_lowercase() || before.is_ascii_digit());
        if (is_new_word || !c.is_ascii_alphanumeric()) && !text.is_empty() && !text.ends_with('-') {
            text.push('-');
        }
        text.extend(c.is_ascii_alphanumeric().then(|| c.to_ascii_lowercase()));
        before = c;
    }
    if text.len() > limit {
        // Two long ones may begin alike.
        text.truncate(limit.saturating_sub(7));
        text.push_str(&format!("-{}", id("abcdefghijklmnopqrstuvwxyz", 6, &[name])));
    }
    text.trim_matches('-').to_owned()
}

/// The last number of an address.
pub(crate) fn octet(stack: &str, logical_id: &str) -> u64 {
    1 + hash(&["octet", stack, logical_id]) % 254
}

/// `{stack}-{logical id}-{12 letters}`, shortened in the middle to `limit` as CloudFormation does.
///
/// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
pub(crate) fn physical(stack: &str, logical_id: &str, limit: usize) -> String {
    let suffix = letters(hash(&[stack, logical_id]), 12);
    let room = limit.saturating_sub(suffix.len() + 2);
    let cut = |text: &str, length: usize| text.chars().take(length).collect::<String>();
    let logical = cut(logical_id, room.saturating_sub(stack.chars().count().min(room / 2)));
    let stack = cut(stack, room - logical.chars().count());
    format!("{stack}-{logical}-{suffix}")
}

/// The same without the stack's name: `{logical id}-{12 letters}`.
pub(crate) fn without_stack(stack: &str, logical_id: &str, limit: usize) -> String {
    let suffix = letters(hash(&[stack, logical_id]), 12);
    let room = limit.saturating_sub(suffix.len() + 1);
    format!("{}-{suffix}", logical_id.chars().take(room).collect::<String>())
}

/// A name that AWS's provider for Terraform makes up: what it begins with, the time, and a counter, 26 characters together.
///
/// pkg.go.dev/github.com/hashicorp/terraform-plugin-sdk/v2/helper/id#PrefixedUniqueId
pub(crate) fn terraform(prefix: &str, address: &str) -> String {
    format!("{prefix}202601010000000000{:08x}", hash(&["terraform", address]) as u32)
}

/// A unique id in the form IAM has them: `AROA` and 17 letters.
pub(crate) fn unique_id(prefix: &str, stack: &str, logical_id: &str) -> String {
    format!("{prefix}{}", letters(hash(&[prefix, stack, logical_id]), 17))
}

/// What stands for a value that CloudFormation looks up elsewhere. The same reference gives the same value.
pub(crate) fn looked_up(reference: &str) -> String {
    format!("made-up-{}", letters(hash(&["resolve", reference]), 8).to_lowercase())
}

/// The characters at the end of a secret's ARN.
pub(crate) fn six(stack: &str, logical_id: &str) -> String {
    letters(hash(&["six", stack, logical_id]), 6)
}

/// The last part of a stack's id.
pub(crate) fn uuid(stack: &str) -> String {
    hex(hash(&["stack", stack]), hash(&["id", stack]))
}

/// The id of a key.
pub(crate) fn uuid_of(stack: &str, logical_id: &str) -> String {
    hex(hash(&["key", stack, logical_id]), hash(&["id", stack, logical_id]))
}

fn hex(high: u64, low: u64) -> String {
    let hex = format!("{high:016x}{low:016x}");
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_made_up_name_is_stable_and_its_own() {
        let name = physical("web", "TaskRole", 64);
        assert_eq!(name, physical("web", "TaskRole", 64));
        assert_eq!(name.strip_prefix("web-TaskRole-").map(str::len), Some(12));
        assert_ne!(name, physical("web", "TaskRole2", 64));
        assert_ne!(name, physical("web2", "TaskRole", 64));
        assert_ne!(hash(&["ab", "c"]), hash(&["a", "bc"]));
    }

    #[test]
    fn a_made_up_name_keeps_to_its_limit() {
        for (stack, logical) in
            [("s".repeat(128), "L".repeat(255)), ("s".into(), "L".repeat(255)), ("s".repeat(128), "L".into())]
        {
            assert_eq!(physical(&stack, &logical, 64).chars().count(), 64);
        }
        assert_eq!(physical("ü", "L", 64).chars().count(), 1 + 1 + 1 + 1 + 12);
    }

    #[test]
    fn ids_have_the_form_aws_gives_them() {
        assert_eq!(unique_id("AROA", "s", "L").len(), 21);
        assert_eq!(uuid("s").len(), 36);
    }
}
