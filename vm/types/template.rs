//! `Template` and `Interpolation`: t-strings (PEP 750).

use crate::exception::PyResult;
use crate::value::Owned;
use crate::vm::Thread;
use pyx_compiler::bytecode::opcode::IntrinsicKind;

impl Thread {
    /// A `Template` of its static strings and interpolations.
    pub(crate) fn template(&self, strings: Owned, interpolations: Owned) -> PyResult {
        let _ = (strings, interpolations);
        Err(self.not_implemented_error("template strings"))
    }

    /// An `Interpolation`.
    pub(crate) fn interpolation(
        &self,
        value: Owned,
        expression: Owned,
        conversion: Option<char>,
        format_spec: Option<Owned>,
    ) -> PyResult {
        let _ = (value, expression, conversion, format_spec);
        Err(self.not_implemented_error("template strings"))
    }

    /// The intrinsics that make type parameters and aliases.
    pub(crate) fn typing_intrinsic(&self, kind: IntrinsicKind, values: &[Owned]) -> PyResult {
        let _ = (kind, values);
        Err(self.not_implemented_error("type parameters"))
    }
}
