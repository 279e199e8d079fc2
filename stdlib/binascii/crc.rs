//! Cyclic redundancy checks.

/// For each byte its CRC-32, and the CRC-32 of the byte with one to seven zeros behind it.
const TABLES: [[u32; 256]; 8] = {
    let mut tables = [[0; 256]; 8];
    let mut byte = 0;
    while byte < 256 {
        let mut crc = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 0 { crc >> 1 } else { crc >> 1 ^ 0xedb8_8320 };
            bit += 1;
        }
        tables[0][byte] = crc;
        byte += 1;
    }
    let mut zeros = 1;
    while zeros < 8 {
        let mut byte = 0;
        while byte < 256 {
            let crc = tables[zeros - 1][byte];
            tables[zeros][byte] = crc >> 8 ^ tables[0][(crc & 0xff) as usize];
            byte += 1;
        }
        zeros += 1;
    }
    tables
};

/// The CRC-32 of IEEE 802.3, continued from a value: eight bytes at a time.
pub(super) fn crc32(bytes: &[u8], start: u32) -> u32 {
    let mut crc = !start;
    let mut chunks = bytes.chunks_exact(8);
    for chunk in &mut chunks {
        let mut word: [u8; 8] = chunk.try_into().expect("chunks of eight");
        word.iter_mut().zip(crc.to_le_bytes()).for_each(|(byte, crc)| *byte ^= crc);
        crc = word.iter().enumerate().fold(0, |crc, (at, &byte)| crc ^ TABLES[7 - at][usize::from(byte)]);
    }
    for &byte in chunks.remainder() {
        crc = crc >> 8 ^ TABLES[0][usize::from(crc as u8 ^ byte)];
    }
    !crc
}

/// The CRC-CCITT of BinHex files, with the polynomial 0x1021, continued from a value.
pub(super) fn crc_hqx(bytes: &[u8], start: u16) -> u16 {
    bytes.iter().fold(start, |crc, &byte| {
        (0..8).fold(
            crc ^ u16::from(byte) << 8,
            |crc, _| {
                if crc & 0x8000 == 0 { crc << 1 } else { crc << 1 ^ 0x1021 }
            },
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        assert_eq!(crc32(b"123456789", 0), 0xcbf4_3926);
        assert_eq!(crc32(b"456789", crc32(b"123", 0)), 0xcbf4_3926);
        assert_eq!(crc_hqx(b"123456789", 0), 0x31c3);
    }
}
