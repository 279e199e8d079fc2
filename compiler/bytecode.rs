//! Bytecode: the opcode table, operands, and the code template.

pub mod code;
pub mod disassemble;
pub mod image;
pub mod kind;
pub mod opcode;
pub mod operand;
pub mod positions;
pub mod verify;
