//! Uuencoding: a line of at most 45 bytes, its length before them, three bytes as four characters from the blank on.

/// The length of a line and its bytes; with `backtick`, zeros are `` ` `` instead of blanks.
pub(super) fn encode(bytes: &[u8], backtick: bool) -> Result<Vec<u8>, &'static str> {
    if bytes.len() > 45 {
        return Err("At most 45 bytes at once");
    }
    let character = |value: u8| if backtick && value == 0 { b'`' } else { b' ' + value };
    let mut out = vec![character(bytes.len() as u8)];
    for group in bytes.chunks(3) {
        let word =
            group.iter().fold(0u32, |word, &byte| word << 8 | u32::from(byte)) << (8 * (3 - group.len()));
        out.extend((0..4).map(|place| character((word >> (18 - 6 * place) & 63) as u8)));
    }
    out.push(b'\n');
    Ok(out)
}

/// The bytes of a line. What is missing at its end counts as blanks.
pub(super) fn decode(line: &[u8]) -> Result<Vec<u8>, &'static str> {
    let (&first, data) = line.split_first().ok_or("Missing length byte")?;
    let len = usize::from(first.wrapping_sub(b' ') & 63);
    let mut out = Vec::with_capacity(len);
    let (mut at, mut word, mut bits) = (0, 0u32, 0);
    while out.len() < len {
        let value = match data.get(at) {
            None | Some(b'\n' | b'\r') => 0,
            Some(&byte @ b' '..=b'`') => (byte - b' ') & 63,
            Some(_) => return Err("Illegal char"),
        };
        at += 1;
        word = word << 6 | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((word >> bits) as u8);
        }
    }
    match data.get(at..).unwrap_or_default().iter().all(|byte| matches!(byte, b' ' | b'`' | b'\n' | b'\r')) {
        true => Ok(out),
        false => Err("Trailing garbage"),
    }
}
