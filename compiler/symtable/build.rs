use super::*;
pub(super) fn collect<'a>(
    module: Mod<'a>,
    arena: &'a Bump,
    locations: &Locations<'_>,
    options: Options,
) -> Result<SymbolTable<'a>, Box<SyntaxError>> {
    let _ = (module, arena, locations, options);
    unimplemented!()
}
