//! Writes a made-up organisation as a folder of iam-collect, and questions about it as JSON Lines.
//!
//! ```text
//! cargo run -p tagproof-access --example organization -- FOLDER [ACCOUNTS [ROLES [BUCKETS]]]
//! ```

#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "it writes files, and says which")]

use std::path::Path;
use std::{env, fs};

use access::generate::{Size, objects, organization};

fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let number = |at: usize, usual| arguments.get(at).and_then(|text| text.parse().ok()).unwrap_or(usual);
    let folder = arguments.first().map_or("organization", String::as_str);
    let size = Size { accounts: number(1, 50), roles: number(2, 100), buckets: number(3, 3) };
    let files = organization(1, size);
    for (path, text) in &files {
        let path = Path::new(folder).join("iam-data").join(path);
        fs::create_dir_all(path.parent().unwrap_or(&path))?;
        fs::write(path, text)?;
    }
    let question = |(id, resource): (usize, &String)| {
        format!("{{\"id\":{id},\"action\":\"s3:GetObject\",\"resource\":\"{resource}\"}}\n")
    };
    let lines: String = objects(size).iter().enumerate().map(question).collect();
    fs::write(Path::new(folder).join("questions.jsonl"), lines)?;
    println!("{} files, {} questions in {folder}", files.len(), size.accounts * size.buckets);
    Ok(())
}
