use super::*;
pub(super) fn analyze(
    table: &mut SymbolTable<'_>,
    locations: &Locations<'_>,
    options: Options,
) -> Result<(), Box<SyntaxError>> {
    let _ = (table, locations, options);
    unimplemented!()
}
