//! The archive of the embedded library: its form, and how it is read. The build script writes it; both compile this file.
//!
//! ```text
//! header   magic, number of files, length of the dictionary, a hash of the body; each 4 bytes, the hash 8
//! files    a record of eight 4-byte numbers for each file, sorted by path:
//!          where its path lies and how long it is; then for its content and for its code where the frame lies, how long
//!          it is, and how long what is in it
//! body     the zstd dictionary of the frames with code, the paths, the frames; offsets count from here
//! ```
//!
//! A frame that is as long as what is in it is no frame but the very bytes: the code of modules that every program runs is not
//! packed. That code lies together, and so do the paths: a file's pages come into memory by the dozen.
//!
//! Numbers are least significant byte first. A file without code has an empty frame for it. Nothing is parsed when the interpreter
//! starts: a look-up is a binary search in the records, and only what it finds is unpacked.

use std::ops::Range;

/// The first bytes of an archive.
pub(crate) const MAGIC: u32 = u32::from_le_bytes(*b"pyx1");
/// Bytes of the header.
pub(crate) const HEADER: usize = 20;
/// Bytes of the record of a file.
pub(crate) const RECORD: usize = 32;

/// Something packed: a frame, and the length of what is in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Packed {
    pub(crate) at: u32,
    pub(crate) len: u32,
    pub(crate) size: u32,
}

/// A file of the library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct File<'a> {
    /// Its path, relative to the library.
    pub(crate) path: &'a str,
    /// What is in it.
    pub(crate) content: Packed,
    /// The image of the code that it compiles to.
    pub(crate) code: Packed,
}

/// An archive, not looked at until something is asked of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Archive<'a> {
    records: &'a [[u8; RECORD]],
    dictionary: &'a [u8],
    body: &'a [u8],
    edition: u64,
}

impl<'a> Archive<'a> {
    /// The archive that lies in these bytes, if one does.
    pub(crate) fn new(bytes: &'a [u8]) -> Option<Self> {
        let (header, rest) = bytes.split_at_checked(HEADER)?;
        let [magic, files, dictionary, low, high] = numbers(header)?;
        if magic != MAGIC {
            return None;
        }
        let (records, body) = rest.split_at_checked((files as usize).checked_mul(RECORD)?)?;
        let edition = u64::from(high) << 32 | u64::from(low);
        Some(Self {
            records: records.as_chunks().0,
            dictionary: body.get(..dictionary as usize)?,
            body,
            edition,
        })
    }

    /// The zstd dictionary of the frames with code.
    pub(crate) fn dictionary(self) -> &'a [u8] {
        self.dictionary
    }

    /// A number that no other edition of the library has.
    pub(crate) fn edition(self) -> u64 {
        self.edition
    }

    /// How many files there are.
    pub(crate) fn len(self) -> usize {
        self.records.len()
    }

    /// A file, by its place in the order of paths.
    pub(crate) fn file(self, index: usize) -> Option<File<'a>> {
        let [path_at, path_len, at, len, size, code_at, code_len, code_size] =
            numbers(self.records.get(index)?)?;
        Some(File {
            path: std::str::from_utf8(self.bytes(path_at, path_len)?).ok()?,
            content: Packed { at, len, size },
            code: Packed { at: code_at, len: code_len, size: code_size },
        })
    }

    /// A file, by its path.
    pub(crate) fn find(self, path: &str) -> Option<File<'a>> {
        self.file(self.first_from(path)).filter(|file| file.path == path)
    }

    /// The places of the files in a directory, those in directories below it included. The whole library is the directory `""`.
    pub(crate) fn directory(self, path: &str) -> Range<usize> {
        if path.is_empty() {
            return 0..self.len();
        }
        // '0' is the character after '/'.
        self.first_from(&format!("{path}/"))..self.first_from(&format!("{path}0"))
    }

    /// What lies unpacked in the archive.
    pub(crate) fn plain(self, packed: Packed) -> Option<&'a [u8]> {
        (packed.len == packed.size).then(|| self.bytes(packed.at, packed.len)).flatten()
    }

    /// A frame.
    pub(crate) fn frame(self, packed: Packed) -> Option<&'a [u8]> {
        self.bytes(packed.at, packed.len)
    }

    /// The place of the first file that does not come before the path.
    fn first_from(self, path: &str) -> usize {
        self.records.partition_point(|record| {
            let numbers: Option<[u32; 2]> = numbers(record);
            let own = numbers.and_then(|[at, len]| self.bytes(at, len));
            own.is_some_and(|own| own < path.as_bytes())
        })
    }

    fn bytes(self, at: u32, len: u32) -> Option<&'a [u8]> {
        self.body.get(at as usize..)?.get(..len as usize)
    }
}

/// The numbers at the start of a record.
fn numbers<const N: usize>(bytes: &[u8]) -> Option<[u32; N]> {
    let (words, _) = bytes.as_chunks();
    let words: &[[u8; 4]; N] = words.first_chunk()?;
    Some(words.map(u32::from_le_bytes))
}
