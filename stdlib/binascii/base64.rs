//! Base64: three bytes as four characters.

use std::borrow::Cow;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// For each byte its value as a character of base64, or [`NONE`].
const VALUES: [u8; 256] = {
    let mut values = [NONE; 256];
    let mut value = 0;
    while value < ALPHABET.len() {
        values[ALPHABET[value] as usize] = value as u8;
        value += 1;
    }
    values
};

const NONE: u8 = 0xff;

/// The characters, padded, and a line end if that is wished.
pub(super) fn encode(bytes: &[u8], newline: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len().div_ceil(3) * 4 + usize::from(newline));
    for group in bytes.chunks(3) {
        let word =
            group.iter().fold(0u32, |word, &byte| word << 8 | u32::from(byte)) << (8 * (3 - group.len()));
        for place in 0..4 {
            let character = ALPHABET[(word >> (18 - 6 * place) & 63) as usize];
            out.push(if place <= group.len() { character } else { b'=' });
        }
    }
    if newline {
        out.push(b'\n');
    }
    out
}

/// The bytes. Outside of strict mode, all that is no data is skipped, and padding counts at the end only.
pub(super) fn decode(data: &[u8], strict: bool) -> Result<Vec<u8>, Cow<'static, str>> {
    let mut out = Vec::with_capacity(data.len() / 4 * 3 + 3);
    // The characters of the current group of four, their bits, and the padding since the last character.
    let (mut group, mut bits, mut padding) = (0, 0u32, 0);
    for (at, &byte) in data.iter().enumerate() {
        if byte == b'=' {
            padding += 1;
            match group {
                _ if !strict => {}
                0 if at == 0 => return Err("Leading padding not allowed".into()),
                1 => break,
                _ if group == 0 || group + padding > 4 => return Err("Excess padding not allowed".into()),
                _ => {}
            }
            continue;
        }
        let value = VALUES[usize::from(byte)];
        if value == NONE {
            if strict {
                return Err("Only base64 data is allowed".into());
            }
            continue;
        }
        if strict && padding > 0 {
            let complete = group + padding == 4;
            return Err(if complete {
                "Excess data after padding"
            } else {
                "Discontinuous padding not allowed"
            }
            .into());
        }
        padding = 0;
        bits = bits << 6 | u32::from(value);
        group += 1;
        if group > 1 {
            out.push((bits >> (2 * (4 - group))) as u8);
        }
        group %= 4;
    }
    match group {
        0 => Ok(out),
        1 => {
            let count = out.len() / 3 * 4 + 1;
            Err(format!(
                "Invalid base64-encoded string: number of data characters ({count}) cannot be 1 more than a multiple of 4"
            )
            .into())
        }
        _ if group + padding < 4 => Err("Incorrect padding".into()),
        _ => Ok(out),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trips() {
        let bytes: Vec<u8> = (0..=255).collect();
        for len in 0..bytes.len() {
            assert_eq!(decode(&encode(&bytes[..len], true), false).unwrap(), &bytes[..len]);
            assert_eq!(decode(&encode(&bytes[..len], false), true).unwrap(), &bytes[..len]);
        }
    }
}
