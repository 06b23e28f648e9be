//! The checksums that S3 takes for a body, under AWS's names.
//! docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html

use crc_fast::{CrcAlgorithm, Digest as Crc};
use md5::Md5;
use sha1::Sha1;
use sha2::digest::DynDigest;
use sha2::{Sha256, Sha512};

/// A checksum algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Crc32,
    Crc32c,
    Crc64Nvme,
    Sha1,
    Sha256,
    Sha512,
    Md5,
}

struct Row {
    algorithm: Algorithm,
    name: &'static str,
    header: &'static str,
    length: usize,
}

const ROWS: [Row; 7] = [
    row(Algorithm::Crc32, "CRC32", "x-amz-checksum-crc32", 4),
    row(Algorithm::Crc32c, "CRC32C", "x-amz-checksum-crc32c", 4),
    row(Algorithm::Crc64Nvme, "CRC64NVME", "x-amz-checksum-crc64nvme", 8),
    row(Algorithm::Sha1, "SHA1", "x-amz-checksum-sha1", 20),
    row(Algorithm::Sha256, "SHA256", "x-amz-checksum-sha256", 32),
    row(Algorithm::Sha512, "SHA512", "x-amz-checksum-sha512", 64),
    row(Algorithm::Md5, "MD5", "x-amz-checksum-md5", 16),
];

const fn row(algorithm: Algorithm, name: &'static str, header: &'static str, length: usize) -> Row {
    Row { algorithm, name, header, length }
}

impl Algorithm {
    /// By its header, in lower case.
    pub(crate) fn of_header(name: &str) -> Option<Algorithm> {
        ROWS.iter().find(|row| row.header == name).map(|row| row.algorithm)
    }

    /// AWS's name: `CRC32`.
    pub(crate) fn name(self) -> &'static str {
        self.row().map_or("", |row| row.name)
    }

    /// Its header: `x-amz-checksum-crc32`.
    pub(crate) fn header(self) -> &'static str {
        self.row().map_or("", |row| row.header)
    }

    /// How many bytes a checksum has.
    pub(crate) fn length(self) -> usize {
        self.row().map_or(0, |row| row.length)
    }

    fn row(self) -> Option<&'static Row> {
        ROWS.iter().find(|row| row.algorithm == self)
    }
}

/// A checksum under way.
pub(crate) enum Hasher {
    Crc { crc: Box<Crc>, length: usize },
    Digest(Box<dyn DynDigest + Send + Sync>),
}

impl Hasher {
    pub(crate) fn new(algorithm: Algorithm) -> Hasher {
        let crc = |kind| Hasher::Crc { crc: Box::new(Crc::new(kind)), length: algorithm.length() };
        match algorithm {
            Algorithm::Crc32 => crc(CrcAlgorithm::Crc32IsoHdlc),
            Algorithm::Crc32c => crc(CrcAlgorithm::Crc32Iscsi),
            Algorithm::Crc64Nvme => crc(CrcAlgorithm::Crc64Nvme),
            Algorithm::Sha1 => Hasher::Digest(Box::new(Sha1::default())),
            Algorithm::Sha256 => Hasher::Digest(Box::new(Sha256::default())),
            Algorithm::Sha512 => Hasher::Digest(Box::new(Sha512::default())),
            Algorithm::Md5 => Hasher::Digest(Box::new(Md5::default())),
        }
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        match self {
            Hasher::Crc { crc, .. } => crc.update(bytes),
            Hasher::Digest(digest) => digest.update(bytes),
        }
    }

    /// Big-endian, as AWS encodes it.
    pub(crate) fn finish(self) -> Vec<u8> {
        match self {
            Hasher::Crc { crc, length } => {
                let bytes = crc.finalize().to_be_bytes();
                bytes[bytes.len().saturating_sub(length)..].to_vec()
            }
            Hasher::Digest(digest) => digest.finalize().to_vec(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::hex;

    /// The check values of "123456789": the CRC catalogue (reveng.sourceforge.io/crc-catalogue), RFC 1321's and
    /// FIPS 180's algorithms by `hashlib`.
    #[test]
    fn known_checksums() {
        let check = |algorithm: Algorithm, expected: &str| {
            let mut hasher = Hasher::new(algorithm);
            hasher.update(b"12345");
            hasher.update(b"6789");
            let sum = hasher.finish();
            assert_eq!(sum.len(), algorithm.length(), "{algorithm:?}");
            assert_eq!(hex(&sum), expected, "{algorithm:?}");
            assert_eq!(Algorithm::of_header(algorithm.header()), Some(algorithm));
        };
        check(Algorithm::Crc32, "cbf43926");
        check(Algorithm::Crc32c, "e3069283");
        check(Algorithm::Crc64Nvme, "ae8b14860a799888");
        check(Algorithm::Sha1, "f7c3bc1d808e04732adf679965ccc34ca7ae3441");
        check(Algorithm::Sha256, "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225");
        check(
            Algorithm::Sha512,
            "d9e6762dd1c8eaf6d61b3c6192fc408d4d6d5f1176d0c29169bc24e71c3f274ad27fcd5811b313d681f7e55ec02d73d499c95455b6\
             b5bb503acf574fba8ffe85",
        );
        check(Algorithm::Md5, "25f9e794323b453885f5181f1b624d0b");
    }

    #[test]
    fn only_checksums_are_checksums() {
        for name in ["x-amz-checksum-type", "x-amz-checksum-mode", "x-amz-checksum-algorithm", "x-amz-checksum-xxhash3"]
        {
            assert_eq!(Algorithm::of_header(name), None, "{name}");
        }
    }
}
