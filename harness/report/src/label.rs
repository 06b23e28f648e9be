//! The short names of columns.

/// `a`, `b` … `z`, `aa` … for callers.
pub(crate) fn caller_label(at: usize) -> String {
    let letter = char::from(b'a' + (at % 26) as u8);
    match at / 26 {
        0 => letter.to_string(),
        more => format!("{}{letter}", caller_label(more - 1)),
    }
}

/// `1`, `2` … for requests.
pub(crate) fn request_label(at: usize) -> String {
    (at + 1).to_string()
}
